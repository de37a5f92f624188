"""Writes a small log file in the profile for the help desk: what the program did and where it failed.

It contains no answers, names or paths of people: callers give only codes, kinds and numbers, and errors go through
`dgdesk.support.traces`. Rotation limits its size; if it cannot be written, the program goes on without it.
"""

from __future__ import annotations

import faulthandler
import logging
import os
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import IO, Final

from dgdesk.support.traces import describe
from dgdesk.system.private import make_private_folder, private_opener, tighten

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
