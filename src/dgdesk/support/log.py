"""A small log file in the profile: what the program did and where it failed, without answers, names and paths.

The text of an error may contain an answer, a name or a path; its kind and the lines of code do not.

It contains no answers, names or paths of people: callers give only codes, kinds and numbers, and errors go through
`dgdesk.support.log`. Rotation limits its size; if it cannot be written, the program goes on without it.
"""

from __future__ import annotations

import faulthandler
import logging
import os
import re
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path, PurePath
from types import TracebackType
from typing import IO, Final

from dgdesk.errors import DgdeskError
from dgdesk.system.private import make_private_folder, private_opener, tighten

_MOST_FRAMES: Final = 40
_MOST_CAUSES: Final = 5
_ROOT: Final = "dgdesk"


def describe(error: BaseException) -> tuple[str, ...]:
    """Return an error and its causes as lines: kind, code or number, then the frames, the outermost first."""
    return tuple(_lines(error))


def _lines(error: BaseException) -> Iterator[str]:
    seen: list[BaseException] = []
    current: BaseException | None = error
    while current is not None and current not in seen and len(seen) < _MOST_CAUSES:
        yield f"{'caused by ' if seen else ''}{kind_of(current)}"
        yield from frames(current.__traceback__)
        seen.append(current)
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)


def kind_of(error: BaseException) -> str:
    """Return an error's kind without its text: ``FileError package.damaged``, ``OSError 28``, ``KeyError``."""
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    if isinstance(error, DgdeskError):
        return f"{name} {error.code}"
    number = getattr(error, "sqlite_errorcode", None)
    if number is None and isinstance(error, OSError):
        number = getattr(error, "winerror", None) or error.errno
    return name if number is None else f"{name} {number}"


def frames(trace: TracebackType | None) -> tuple[str, ...]:
    """Return the frames of a trace as ``  dgdesk/ui/app.py:120 open``; the middle of a long one is left out."""
    found = [f"  {short_path(one.filename)}:{one.lineno} {one.name}" for one in traceback.extract_tb(trace)]
    if len(found) > _MOST_FRAMES:
        half = _MOST_FRAMES // 2
        found = [*found[:half], f"  … {len(found) - 2 * half} more", *found[-half:]]
    return tuple(found)


def short_path(filename: str) -> str:
    """Return the path of a code file inside the program or a library, without the folders of a person."""
    parts = PurePath(filename.replace("\\", "/")).parts
    for mark in ("site-packages", "_internal"):
        if mark in parts:
            return "/".join(parts[parts.index(mark) + 1 :])
    if _ROOT in parts:
        at = len(parts) - 1 - parts[::-1].index(_ROOT)
        # the first of the trailing run, since the checkout may be called like the package
        return "/".join(parts[at:])
    return "/".join(parts[-2:])


WITHIN: Final = 60.0
"""Seconds."""
_MOST: Final = 200


class Repeats:
    """Counts errors by their place in the code; any thread may call."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: dict[str, tuple[float, int]] = {}

    def count(self, place: str, now: float) -> int:
        """Return how often an error occurred at a place within a minute of its first time, including this time."""
        with self._lock:
            since, count = self._seen.pop(place, (now, 0))
            if now - since >= WITHIN:
                since, count = now, 0
            self._seen[place] = (since, count + 1)
            if len(self._seen) > _MOST:
                del self._seen[next(iter(self._seen))]
            return count + 1


def place_of(error: BaseException) -> str:
    """Return an error's kind and the innermost line of code."""
    passed = frames(error.__traceback__)
    return f"{kind_of(error)}{passed[-1] if passed else ''}"


_MAIL: Final = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_LONG_NUMBER: Final = re.compile(r"\d(?:[ -]?\d){8,}")  # telephone and citizen numbers
_USER_FOLDER: Final = re.compile(r"((?:[A-Za-z]:)?[\\/](?:Users|home)[\\/])[^\\/\s:\"']+", re.IGNORECASE)
_SHORTEST: Final = 3


def anonymous(text: str, names: Iterable[str], folders: Iterable[Path] = ()) -> str:
    """Return ``text`` without the given names and folders, mail addresses, long numbers and users' folders.

    Names shorter than three characters are not removed: they occur inside ordinary words.
    """
    for folder in sorted(map(str, folders), key=len, reverse=True):
        if len(folder) >= _SHORTEST:
            for form in (folder, folder.replace("\\", "/"), folder.replace("\\", "\\\\")):
                text = text.replace(form, "<folder>")
    text = _USER_FOLDER.sub(r"\1<user>", text)
    for name in sorted((one for one in names if len(one) >= _SHORTEST), key=len, reverse=True):
        text = re.sub(re.escape(name), "<name>", text, flags=re.IGNORECASE)
    text = _MAIL.sub("<mail>", text)
    return _LONG_NUMBER.sub("<number>", text)


FOLDER: Final = "logs"
FILE: Final = "dgdesk.log"
CRASHES: Final = "crashes.txt"
"""The file that the interpreter writes when native code crashes."""
_MOST_BYTES: Final = 256 << 10
_OLDER: Final = 3
_MOST_CRASHES: Final = 256 << 10
_LONGEST_WORD: Final = 80


class EventLog:
    """Writes one line per event: time, name, facts. Never raises. Close it at the end."""

    def __init__(self, folder: Path, clock: Callable[[], datetime]) -> None:
        self._folder, self._clock = folder, clock
        self._handler: RotatingFileHandler | None = None
        self._crashes: IO[bytes] | None = None

    def open(self) -> EventLog:
        """Make the folder and open the files; if that fails, events are dropped."""
        with suppress(OSError, ValueError):
            make_private_folder(self._folder)
            for left in self._folder.glob(f"{FILE}*"):
                tighten(left)
            self._handler = _QuietHandler(
                self._folder / FILE, maxBytes=_MOST_BYTES, backupCount=_OLDER, encoding="utf-8", errors="replace"
            )
        return self

    def watch_crashes(self) -> None:
        """Let the interpreter write its position when native code crashes."""
        with suppress(OSError, ValueError):
            path = self._folder / CRASHES
            tighten(path)
            stale = path.is_file() and path.stat().st_size > _MOST_CRASHES
            self._crashes = open(path, "wb" if stale else "ab", opener=private_opener)  # noqa: SIM115  closed by `close`
            faulthandler.enable(self._crashes)

    def event(self, name: str, **facts: str | int | float | bool) -> None:
        """Write one event. ``facts`` are codes, kinds and numbers, never a person's text or name."""
        text = " ".join(f"{key}={_word(value)}" for key, value in facts.items())
        self._write(f"{name} {text}".rstrip())

    def error(self, name: str, error: BaseException) -> None:
        """Write an error: its kind and the lines of code that it passed."""
        self._write("\n".join((name, *(f"  {line}" for line in describe(error)))))

    def close(self) -> None:
        """Close the files; a second call does nothing."""
        handler, self._handler = self._handler, None
        if handler is not None:
            handler.close()
        crashes, self._crashes = self._crashes, None
        if crashes is not None:
            faulthandler.disable()
            crashes.close()

    def _write(self, text: str) -> None:
        if self._handler is not None:
            stamp = self._clock().isoformat(timespec="milliseconds")
            self._handler.handle(logging.makeLogRecord({"msg": f"{stamp} {text}", "levelno": logging.INFO}))


class _QuietHandler(RotatingFileHandler):
    """Ignores lines that cannot be written (disk full, stick removed): a log must not disturb the work."""

    def _open(self) -> TextIOWrapper:
        """Open the file with access for its owner only."""
        with suppress(FileExistsError):
            os.close(private_opener(self.baseFilename, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        return super()._open()

    def doRollover(self) -> None:
        """Begin a new file; continue the old one if another window has it open (Windows refuses to rename it then)."""
        with suppress(OSError):
            super().doRollover()

    def handleError(self, record: logging.LogRecord) -> None:
        """Do nothing."""


def _word(value: str | float | bool) -> str:
    text = str(value)[:_LONGEST_WORD]
    return "".join(letter if letter.isprintable() and not letter.isspace() else "_" for letter in text)
