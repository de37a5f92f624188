"""Tells whether anything opened a file: Linux says so (inotify), whatever library it was."""

from __future__ import annotations

import ctypes
import os
import struct
from pathlib import Path
from types import TracebackType
from typing import Self

_OPENED = 0x20  # IN_OPEN
_EVENT = struct.Struct("iIII")


class Opened:
    """Watches one file; `times` tells how often it was opened since it was asked last."""

    def __init__(self, path: Path) -> None:
        system = ctypes.CDLL(None, use_errno=True)
        self._watch = system.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if self._watch < 0 or system.inotify_add_watch(self._watch, os.fsencode(path), _OPENED) < 0:
            raise OSError(ctypes.get_errno(), "inotify")

    def times(self) -> int:
        try:
            return len(os.read(self._watch, 65536)) // _EVENT.size  # the file itself is watched: events carry no name
        except BlockingIOError:
            return 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._watch)
