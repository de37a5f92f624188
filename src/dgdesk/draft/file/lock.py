"""Lets only one process write to a draft, by a lock that the operating system releases when the process ends.

The lock is on a file beside the draft, ``<name>.lock``, never on the draft itself: on POSIX, closing any other handle
of the draft would release SQLite's own locks. The lock file says who holds the draft and is removed when the holder
closes it. A killed process leaves a file without a lock, which the next writer takes.

On Windows one byte far behind the text is locked, since Windows refuses to read locked bytes and others must read who
holds the draft.
"""

from __future__ import annotations

import json
import os
import platform
import stat
import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from dgdesk.draft.file.beside import set_lock_aside
from dgdesk.draft.file.faults import file_error, system_faults
from dgdesk.draft.file.model import LockHolder, stamp
from dgdesk.system.holding import hold, is_held, says_nothing

_MAX_TEXT = 4096
_MAX_FIELD = 120
_NOBODY = LockHolder(user="?", host="?", pid=0, since="?")
# A link in place of the lock file, unpacked together with a draft, must not make us overwrite its target.
_AS_IT_IS = getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_OPEN = os.O_RDWR | os.O_CREAT | _AS_IT_IS
_LOCKED_BYTE: Final = 1 << 30
_MOST_TRIES: Final = 20
"""How often a lock file that was removed meanwhile is made again; some file servers never agree with themselves."""


def this_process(who: str, at: datetime) -> LockHolder:
    """Return the content of this process's lock file: ``who`` has worked here since ``at``."""
    return LockHolder(user=who, host=platform.node(), pid=os.getpid(), since=stamp(at))


class WriterLock:
    """The right to write to one draft, held until `release` or the end of the process."""

    def __init__(self, handle: int, path: Path) -> None:
        self._handle: int | None = handle
        self.path = path

    def __enter__(self) -> WriterLock:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def release(self) -> None:
        """Release the lock and remove the lock file; a second call does nothing."""
        if self._handle is None:
            return
        handle, self._handle = self._handle, None
        # POSIX: remove while locked, so that nobody locks a name that is about to be removed. Windows cannot remove an
        # open file; there, whoever opens it in between keeps it, and the removal fails without harm.
        if sys.platform != "win32":
            with suppress(OSError):
                self.path.unlink()
        os.close(handle)
        if sys.platform == "win32":
            with suppress(OSError):
                self.path.unlink()


def acquire(package: Path, holder: LockHolder) -> WriterLock:
    """Take the writer's lock of ``package`` for ``holder``, without waiting.

    Raises:
        FileError: ``package.held`` (values user, host, pid, since), ``package.read_only_place``,
            ``package.no_locks`` (the disk does not support locks), ``package.disk_full``; ``package.beside_set_aside``,
            ``package.beside_foreign``: the file with the lock file's name is no lock file.
    """
    path = package.with_name(package.name + ".lock")
    handle = _take_current(package, path)
    lock = WriterLock(handle, path)
    # Only now, since nobody holds it: a backup program may have linked the lock file of a working process.
    found = os.fstat(handle)
    if not stat.S_ISREG(found.st_mode) or found.st_nlink > 1:
        os.close(handle)
        set_lock_aside(package, path)
    try:
        with system_faults(package):
            os.ftruncate(handle, 0)
            os.write(handle, json.dumps(_short(holder)._asdict(), ensure_ascii=False).encode("utf-8", "replace"))
    except BaseException:
        lock.release()
        raise
    return lock


def _take_current(package: Path, path: Path) -> int:
    """Lock the file that has the lock file's name now; return its handle. Raises FileError: as `acquire`."""
    for _ in range(_MOST_TRIES):
        with system_faults(package):
            if not _may_be_lock(path):
                set_lock_aside(package, path)
            handle = os.open(path, _OPEN, 0o666)
        try:
            hold(handle, _LOCKED_BYTE)
        except OSError as error:
            os.close(handle)
            holder = read_holder(path)
            if is_held(error) or (says_nothing(error) and holder != _NOBODY):
                raise file_error(package, "package.held", **holder._asdict()) from error
            raise file_error(package, "package.no_locks", detail=error.strerror or "") from error
        if _is_current(handle, path):
            return handle
        os.close(handle)  # the last holder removed the file between our open and our lock: take the new one
    raise file_error(package, "package.no_locks", detail="the file's identity changes")


def read_holder(path: Path) -> LockHolder:
    """Return the holder that a lock file names, "?" for unknown parts; the file may contain anything."""
    try:
        with open(os.open(path, os.O_RDONLY | _AS_IT_IS), "rb") as stream:
            found = json.loads(stream.read(_MAX_TEXT))
        return _short(
            LockHolder(str(found["user"]), str(found["host"]), int(found["pid"]), str(found["since"])),
        )
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return _NOBODY


def _short(holder: LockHolder) -> LockHolder:
    def plain(text: str) -> str:
        return "".join(letter for letter in text if letter.isprintable())[:_MAX_FIELD]

    return holder._replace(user=plain(holder.user), host=plain(holder.host), since=plain(holder.since))


def _may_be_lock(path: Path) -> bool:
    """Return whether this name is free or belongs to a plain file. Raises OSError."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except FileNotFoundError:
        return True


def _is_current(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), os.stat(path))
    except OSError:
        return False
