"""Scratch: a private folder for copies that must not stay, which goes also when its process was killed.

A folder is held by a lock that ends with its process, however that ends. Whoever makes the next one in the same place
removes those that nobody holds.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self

_HELD: Final = ".held"
_NO_LOCKS: Final = frozenset({errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EINVAL})
"""Some network drives lock nothing: what a killed process leaves there is not swept by anybody."""
_JUST_MADE: Final = 60
"""Seconds in which a folder may still get its lock."""
TEMPORARY: Final = "dgdesk-scratch-"
"""How the names of those begin that lie in the system's temporary folder."""


class Scratch:
    """A folder below ``folder``, readable by its owner alone; its name begins with ``prefix``. Close it."""

    def __init__(self, folder: Path, prefix: str, suffix: str = "") -> None:
        """Sweep, and make the folder.

        Raises:
            OSError: it cannot be made.
        """
        sweep(folder, prefix)
        self.path = Path(tempfile.mkdtemp(suffix, prefix, folder))
        try:
            self._held = (self.path / _HELD).open("xb")
            try:
                _hold(self._held.fileno())
            except OSError as error:
                self._held.close()
                if error.errno not in _NO_LOCKS:
                    raise
        except OSError:
            remove(self.path)
            raise

    def close(self) -> None:
        """Remove the folder; what another program holds goes with the next sweep."""
        self._held.close()
        remove(self.path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def temporary() -> Scratch:
    """A folder in the system's temporary folder.

    Raises:
        OSError: it cannot be made.
    """
    return Scratch(Path(tempfile.gettempdir()), TEMPORARY)


def sweep_temporary() -> None:
    """Remove what `temporary` made for processes that were killed."""
    sweep(Path(tempfile.gettempdir()), TEMPORARY)


def sweep(folder: Path, prefix: str) -> None:
    """Remove what processes left that ended without doing so. Folders without a lock of ours are never emptied."""
    with suppress(OSError):
        for left in [one for one in folder.iterdir() if one.name.startswith(prefix)]:
            if _is_own(left):
                _sweep_one(left)


def remove(folder: Path) -> None:
    """Remove a folder as far as that is possible, read-only files as well."""
    for path in folder.rglob("*"):
        with suppress(OSError):
            if not path.is_symlink():
                # Windows removes nothing that is read-only
                path.chmod(stat.S_IREAD | stat.S_IWRITE | (stat.S_IEXEC if path.is_dir() else 0))
    shutil.rmtree(folder, ignore_errors=True)


def _is_own(path: Path) -> bool:
    """Whether it is a folder of this person: in a temporary folder for all, others may set traps."""
    with suppress(OSError):
        found = path.lstat()
        return stat.S_ISDIR(found.st_mode) and (sys.platform == "win32" or found.st_uid == os.getuid())
    return False


def _sweep_one(left: Path) -> None:
    with suppress(OSError), (left / _HELD).open("r+b") as stream:
        _hold(stream.fileno())  # refused while its process lives
        stream.close()
        remove(left)
    with suppress(OSError):
        if not (left / _HELD).exists() and time.time() - left.stat().st_mtime > _JUST_MADE:
            left.rmdir()  # only where nothing is in it


if sys.platform == "win32":
    import msvcrt

    def _hold(handle: int) -> None:
        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _hold(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
