"""Which windows of the program run now on this profile, and which ended without closing.

Each window holds a lock in the profile's folder ``windows`` (`dgdesk.draft.file.lock`). The system releases the lock
when a process ends for any reason; the file stays until it is removed. So a file without a lock belongs to a window
that was killed, crashed, or lost its power.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from dgdesk.draft.file.lock import WriterLock, acquire, read_holder, this_process
from dgdesk.errors import FileError
from dgdesk.support.log import CRASHES
from dgdesk.system.private import make_private_folder

FOLDER: Final = "windows"
_MOST: Final = 9
_CALL: Final = "call-"


@dataclass(frozen=True, slots=True)
class Around:
    """The other windows: the number that run, and the ISO start times of those that were never closed."""

    others: int = 0
    broken_off: tuple[str, ...] = ()


class Presence:
    """This window among those of the profile. Never raises: without a writable folder it sees no others."""

    def __init__(self, profile: Path, now: datetime) -> None:
        self._folder, self._now = profile / FOLDER, now
        self._lock: WriterLock | None = None
        with suppress(OSError, ValueError):
            make_private_folder(self._folder)

    def look(self) -> Around:
        """Return the other windows; register this one at the first call. Files of windows that ended are removed."""
        others, broken_off = 0, []
        for number in range(1, _MOST + 1):
            path = self._folder / f"window-{number}"
            mark = path.with_name(path.name + ".lock")
            if self._lock is not None and (self._lock.path == mark or not mark.exists()):
                continue
            left = read_holder(mark).since if mark.exists() else ""
            try:
                lock = acquire(path, this_process("dgdesk", self._now))
            except FileError as error:
                if error.code != "package.held":
                    break
                others += 1
                continue
            except (OSError, ValueError):
                break
            if left:
                broken_off.append(left)
            if self._lock is None:
                self._lock = lock
            else:
                lock.release()
        return Around(others, tuple(broken_off))

    def call(self, pid: int) -> bool:
        """Ask the window with a process id to come to the front; False if no other one of this profile has it.

        The request is a file in this person's private folder. The window that is called removes it: see `answered`.
        """
        for number in range(1, _MOST + 1):
            mark = self._folder / f"window-{number}.lock"
            if 0 < pid != os.getpid() and mark.exists() and read_holder(mark).pid == pid:
                _let_come_forward(pid)
                with suppress(OSError):
                    self._call_of(pid).touch()
                    return True
        return False

    def answered(self, pid: int) -> bool:
        """Return whether the window that was called has taken the request."""
        return not self._call_of(pid).exists()

    def take_back(self, pid: int) -> bool:
        """End a request; return whether nobody has answered it. A later process may have the same id."""
        try:
            self._call_of(pid).unlink()
        except OSError:
            return False
        return True

    def called(self) -> bool:
        """Return, once, whether another window has asked this one to come to the front."""
        return self.take_back(os.getpid())

    def leave(self) -> None:
        """Remove this window's file: it was closed properly. A second call does nothing."""
        lock, self._lock = self._lock, None
        if lock is not None:
            lock.release()
            self.called()

    def _call_of(self, pid: int) -> Path:
        return self._folder / f"{_CALL}{pid}"


def _let_come_forward(pid: int) -> None:
    """Allow another process to take the foreground, which Windows gives to the program that a person just started.

    Source: learn.microsoft.com, AllowSetForegroundWindow.
    """
    if sys.platform == "win32":
        import ctypes

        with suppress(OSError, AttributeError):
            ctypes.windll.user32.AllowSetForegroundWindow(pid)


def reported_a_crash(logs: Path, since: str) -> bool:
    """Return whether the interpreter logged a crash since an ISO time.

    Text alone is no crash: Windows' own dialogs raise errors too, and continue.
    """
    try:
        found = (logs / CRASHES).stat()
        return found.st_size > 0 and found.st_mtime >= datetime.fromisoformat(since).timestamp()
    except (OSError, ValueError, OverflowError):
        return False
