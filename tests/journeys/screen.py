"""A screen of its own with a person at it: an X server, and keys and clicks that go through it as real events."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

PATIENCE = 60.0
"""Seconds that a step may take on a busy machine."""


@dataclass(frozen=True)
class Screen:
    """An X server, by its name."""

    display: str

    def do(self, *words: object) -> str:
        """Let xdotool do something, and return what it prints."""
        done = subprocess.run(
            ["xdotool", *map(str, words)],
            env={**os.environ, "DISPLAY": self.display},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        return done.stdout

    def windows(self) -> list[str]:
        """The numbers of all windows with a title that are shown."""
        shown = self.do("search", "--onlyvisible", "--name", "").split()
        return [number for number in shown if self.do("getwindowname", number).strip()]

    def window(self, title: str) -> str:
        """Wait for a window whose title holds ``title``, give it the keyboard, and return its number."""
        found = until(lambda: self.do("search", "--onlyvisible", "--name", title).split(), f"a window {title!r}")
        self.give_keyboard(found[-1])
        return found[-1]

    def another_window(self, known: str) -> str:
        """Wait for a window beside a known one, give it the keyboard, and return its number."""
        found = until(lambda: [each for each in self.windows() if each != known], "another window")
        self.give_keyboard(found[-1])
        return found[-1]

    def give_keyboard(self, number: str) -> None:
        """Give a window the keyboard: there is no window manager that would."""
        self.do("windowfocus", "--sync", number)

    def write(self, number: str, text: str) -> None:
        """Type ASCII text into a window; xdotool loses letters that the keyboard's layout lacks."""
        self.give_keyboard(number)
        self.do("type", "--delay", "40", text)

    def key(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for each in keys:
            self.do("key", "--clearmodifiers", each)

    def on_clipboard(self, content: bytes, kind: str) -> None:
        """Put something on the clipboard, as a program beside does that copies it. ``kind`` is the X target."""
        # xclip stays in the background, and ends with the X server
        subprocess.run(
            ["xclip", "-selection", "clipboard", "-target", kind],
            env={**os.environ, "DISPLAY": self.display},
            input=content,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=PATIENCE,
            check=True,
        )
        until(lambda: self._clipboard(kind) == content, "the content on the clipboard")

    def _clipboard(self, kind: str) -> bytes:
        """What is on the clipboard now."""
        found = subprocess.run(
            ["xclip", "-selection", "clipboard", "-target", kind, "-out"],
            env={**os.environ, "DISPLAY": self.display},
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
        return found.stdout


@contextmanager
def screen(width: int, height: int) -> Iterator[Screen]:
    """Start an X server of this size; it ends with the block.

    Without ``-noreset`` it begins again whenever its last client has gone, and refuses the next one meanwhile: xdotool
    comes and goes all the time, and the program that starts just then would find no screen.
    """
    read, write = os.pipe()
    size = f"{width}x{height}x24"
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", size, "-nolisten", "tcp", "-noreset"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    try:
        with os.fdopen(read) as told:
            yield Screen(f":{told.readline().strip()}")
    finally:
        server.terminate()
        server.wait(PATIENCE)


@contextmanager
def window_manager(shown_on: Screen) -> Iterator[None]:
    """Have a window manager give frames, places and the keyboard to windows; it ends with the block."""
    process = subprocess.Popen(
        ["openbox", "--sm-disable"],
        env={**os.environ, "DISPLAY": shown_on.display},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE)


@contextmanager
def program(shown_on: Screen, command: list[str], variables: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Start the program on a screen; it is killed when the block ends before it."""
    kept = {name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"}
    process = subprocess.Popen(command, env={**kept, **variables, "DISPLAY": shown_on.display})
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(PATIENCE)


def until(ask: Callable[[], T], what: str) -> T:
    """Ask again until the answer is true, and return it."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if answer := ask():
            return answer
        time.sleep(0.1)
    raise AssertionError(f"not seen within {PATIENCE:.0f} s: {what}")


def source_variables(home: Path) -> dict[str, str]:
    """The variables of a person who has never started the program."""
    return {"DGDESK_HOME": str(home / "profile"), "HOME": str(home)}
