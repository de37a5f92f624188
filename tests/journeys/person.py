"""A person at the real window: looks, and clicks, types and pastes as X events; each one is counted."""

from __future__ import annotations

import json
import os
import select
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from journeys.screen import PATIENCE, Screen, until

CHILD = Path(__file__).with_name("watched_window_child.py")


@dataclass(frozen=True)
class Seen:
    """A widget as it was when somebody looked."""

    kind: str
    kinds: tuple[str, ...]
    role: str
    name: str
    text: str
    says: str
    tip: str
    at: tuple[int, ...]
    whole: tuple[int, ...]
    enabled: bool
    focus: bool
    checked: bool
    window: str
    path: tuple[str, ...]

    @property
    def in_sight(self) -> bool:
        """Whether enough of it is shown to click it."""
        return len(self.at) == 4 and self.at[2] > 5 and self.at[3] >= min(12, self.whole[3])

    def inside(self, kind: str) -> bool:
        """Whether it is in something of this kind."""
        return any(one == kind or one.partition(":")[0] == kind for one in self.path)


@dataclass
class Act:
    """What a person did for one of the ten acts. ``texts`` are the different texts that were typed or pasted."""

    clicks: int = 0
    keys: int = 0
    texts: set[str] = field(default_factory=set)


@dataclass
class Person:
    """The person: at a screen, before one running program."""

    screen: Screen
    process: subprocess.Popen[str]
    act: Act = field(default_factory=Act)

    def look(self) -> list[Seen]:
        """Look at the screen: everything that can be used or read."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write("look\n")
        self.process.stdin.flush()
        ready, _, _ = select.select([self.process.stdout], [], [], PATIENCE)
        line = self.process.stdout.readline() if ready else ""
        assert line, f"the program does not answer; it has ended with {self.process.poll()}"
        found: list[dict[str, Any]] = json.loads(line)
        return [
            Seen(**{key: tuple(value) if isinstance(value, list) else value for key, value in one.items()})
            for one in found
        ]

    def all(self, is_it: Callable[[Seen], bool]) -> list[Seen]:
        """Everything of a kind that is on the screen now."""
        return [one for one in self.look() if is_it(one)]

    def see(self, is_it: Callable[[Seen], bool], what: str) -> Seen:
        """Wait for something, and return it at rest: found twice at one place."""
        last: list[Seen] = []

        def rests() -> Seen | None:
            nonlocal last
            before, last = last, self.all(is_it)
            return last[0] if last and before and last[0].at == before[0].at else None

        try:
            found = until(rests, what)
        except AssertionError as error:
            words = sorted({f"{one.kind} {one.name!r} {one.text!r}" for one in self.look() if one.text or one.name})
            raise AssertionError("\n".join((str(error), *words))) from error
        assert found is not None
        return found

    def sees_no(self, is_it: Callable[[Seen], bool], what: str) -> None:
        """Wait until something is gone."""
        until(lambda: not self.all(is_it), f"the end of {what}")

    @contextmanager
    def doing(self) -> Iterator[Act]:
        """Count anew."""
        before, self.act = self.act, Act()
        try:
            yield self.act
        finally:
            self.act = before

    def click(self, is_it: Callable[[Seen], bool], what: str) -> Seen:
        """Click something, once it can be clicked; what is out of sight is scrolled to with the wheel."""
        found = self.see(lambda one: is_it(one) and one.enabled, what)
        if not found.in_sight:
            found = self.scroll_to(is_it, what)
        self.screen.do("mousemove", *middle(found.at), "click", 1)
        self.act.clicks += 1
        return found

    def scroll_to(self, is_it: Callable[[Seen], bool], what: str) -> Seen:
        """Turn the wheel over the page until something is in sight."""
        for _ in range(80):
            found = self.see(is_it, what)
            area = next(
                (
                    one
                    for one in self.look()
                    if "QAbstractScrollArea" in one.kinds and one.kind in found.path and one.at and holds(one, found)
                ),
                None,
            )
            if found.in_sight and (area is None or area.at[1] <= found.whole[1]):
                return found
            assert area is not None, f"nothing to scroll to {what}"
            # the wheel is turned at the edge, where it cannot turn a box
            self.screen.do("mousemove", area.at[0] + 3, area.at[1] + area.at[3] // 2)
            down = found.whole[1] > area.at[1] + area.at[3] // 2
            self.screen.do("click", "--repeat", 2, "--delay", 10, 5 if down else 4)
            time.sleep(0.15)
        raise AssertionError(f"never in sight: {what}")

    def key(self, *keys: str) -> None:
        """Press keys, each one a keystroke."""
        for one in keys:
            self.screen.do("key", "--clearmodifiers", one)
            self.act.keys += 1

    def write(self, text: str) -> None:
        """Type ASCII letters into what has the keyboard."""
        self.screen.do("type", "--delay", "15", text)
        self.act.keys += len(text)
        self.act.texts.add(text)

    def paste(self, text: str) -> None:
        """Put text on the clipboard and paste it: what a keyboard without Thai letters can do."""
        self.screen.on_clipboard(text.encode(), "UTF8_STRING")
        self.key("ctrl+v")
        self.act.texts.add(text)


def middle(at: tuple[int, ...]) -> tuple[int, int]:
    """The middle of a place."""
    left, top, width, height = at
    return left + width // 2, top + height // 2


def holds(outer: Seen, inner: Seen) -> bool:
    """Whether something is, sideways, within another."""
    return outer.at[0] <= inner.whole[0] and inner.whole[0] + inner.whole[2] <= outer.at[0] + outer.at[2] + 2


@contextmanager
def at_work(screen: Screen, arguments: list[str], variables: Mapping[str, str], python: str) -> Iterator[Person]:
    """Start the program in the person's home, as a desktop does; it is killed when the block ends before it."""
    kept = {name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"}
    process = subprocess.Popen(
        [python, "-P", str(CHILD), *arguments],
        env={**kept, **variables, "DISPLAY": screen.display},
        cwd=variables.get("HOME"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Person(screen, process)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(PATIENCE)
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()
