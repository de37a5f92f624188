"""Private folders for temporary copies, which are removed even if their process was killed.

A lock holds the folder; it ends with its process for any reason. The next process that makes such a folder in the same
place removes those without a holder.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self

from dgdesk.system.holding import hold

_HELD: Final = ".held"
_NO_LOCKS: Final = frozenset({errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EINVAL})
"""Some network drives have no locks: what a killed process leaves there is never swept."""
_SWEPT: Final = (FileNotFoundError, BlockingIOError, PermissionError)
"""Errors if another process sweeps a new folder before it is locked: then another folder is made."""
_TRIES: Final = 20
TEMPORARY: Final = "dgdesk-scratch-"
"""The beginning of the names of scratch folders in the system's temporary folder."""


class Scratch:
    """A folder in ``folder`` that only its owner may read; its name begins with ``prefix``. Close it."""

    def __init__(self, folder: Path, prefix: str, suffix: str = "", *, to_publish: bool = False) -> None:
        """Sweep, and make the folder.

        ``to_publish``: files made inside are moved into ``folder`` later and need the access rights of that folder.
        Windows passes rights on when a file is made, not when it is moved.

        Raises:
            OSError: it cannot be made.
        """
        sweep(folder, prefix)
        mode = 0o777 if to_publish and sys.platform == "win32" else 0o700
        for left in reversed(range(_TRIES)):
            self.path = folder / f"{prefix}{os.urandom(4).hex()}{suffix}"
            try:
                self.path.mkdir(mode)
            except FileExistsError:
                if not left:
                    raise
                continue
            try:
                self._held = _take(self.path / _HELD)
                return
            except _SWEPT:
                remove(self.path)
                if not left:
                    raise
            except BaseException:
                remove(self.path)
                raise

    def close(self) -> None:
        """Remove the folder; the next sweep removes what another program holds."""
        self._held.close()
        remove(self.path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def temporary() -> Scratch:
    """Make a scratch folder in the system's temporary folder.

    Raises:
        OSError: it cannot be made.
    """
    return Scratch(Path(tempfile.gettempdir()), TEMPORARY)


def sweep_temporary() -> None:
    """Remove the `temporary` folders of killed processes."""
    sweep(Path(tempfile.gettempdir()), TEMPORARY)


def sweep(folder: Path, prefix: str) -> None:
    """Remove the folders of processes that were killed. Folders without a lock of ours are never touched."""
    with suppress(OSError):
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries if entry.name.startswith(prefix)]
        for name in names:
            if _is_own(folder / name):
                _sweep_one(folder / name)


def remove(folder: Path) -> None:
    """Remove a folder as far as possible, including read-only files."""
    shutil.rmtree(folder, ignore_errors=True)
    if not folder.exists():
        return
    for path in folder.rglob("*"):
        with suppress(OSError):
            if not path.is_symlink():
                # Windows does not remove read-only files.
                path.chmod(stat.S_IREAD | stat.S_IWRITE | (stat.S_IEXEC if path.is_dir() else 0))
    shutil.rmtree(folder, ignore_errors=True)


def _take(lock: Path) -> BinaryIO:
    """Make and hold the lock of a new folder.

    Raises:
        OSError: it cannot be made; one of `_SWEPT`: another process mistook the folder for an abandoned one.
    """
    stream = lock.open("xb", buffering=0)
    try:
        hold(stream.fileno())
        lock.lstat()
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            stream.close()
            raise
    return stream


def _is_own(path: Path) -> bool:
    """Return whether a folder belongs to this person: in a shared temporary folder, others may set traps."""
    with suppress(OSError):
        found = path.lstat()
        return stat.S_ISDIR(found.st_mode) and (sys.platform == "win32" or found.st_uid == os.getuid())
    return False


def _sweep_one(left: Path) -> None:
    """Remove a folder without a holder. A process that is just making it has no lock yet, and makes another.

    The lock is removed last: if this process ends in between, the next one removes the rest. Windows cannot remove an
    open file: the lock is closed first, and stays if its owner has it open.
    """
    lock = left / _HELD
    with suppress(OSError), lock.open("r+b") as stream:
        hold(stream.fileno())  # refused while its process runs
        for path in left.iterdir():
            if path != lock:
                _remove_any(path)
        if sys.platform == "win32":
            stream.close()
        if [*left.iterdir()] == [lock]:
            lock.unlink()
    with suppress(OSError):
        left.rmdir()  # only if it is empty


def _remove_any(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        remove(path)
        return
    if sys.platform == "win32":
        path.chmod(stat.S_IREAD | stat.S_IWRITE)
    path.unlink()
