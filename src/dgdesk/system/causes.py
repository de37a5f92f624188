"""Why the system refused: one table of its error numbers, Linux's and Windows', so that a message names the true cause.

Python makes the same `PermissionError` of a missing right and of a file that another program holds open, and too long a
path is an error of its own on each system.
"""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from dgdesk.errors import FileError

if TYPE_CHECKING:
    from dgdesk.system.check.facts import Volume

Cause = Literal[
    "missing",
    "forbidden",
    "held",
    "full",
    "too_large",
    "read_only",
    "broken",
    "unreachable",
    "long_name",
    "bad_name",
    "loop",
    "folder",
    "no_folder",
    "there",
    "other",
]
"""Held: another program has it open. Too large: for the file system, though there is space. Unreachable: its drive or
share is gone. Loop: links lead in a circle. No folder: something on the way to it is none."""

BY_ERRNO: Final[dict[int, Cause]] = {
    errno.ENOENT: "missing",
    errno.EACCES: "forbidden",
    errno.EPERM: "forbidden",
    errno.EBUSY: "held",
    errno.ETXTBSY: "held",
    errno.ENOSPC: "full",
    errno.EDQUOT: "full",
    errno.EFBIG: "too_large",
    errno.EROFS: "read_only",
    errno.EIO: "broken",
    errno.ENXIO: "unreachable",
    errno.ENODEV: "unreachable",
    errno.ESTALE: "unreachable",
    errno.EHOSTDOWN: "unreachable",
    errno.EHOSTUNREACH: "unreachable",
    errno.ENETUNREACH: "unreachable",
    errno.ETIMEDOUT: "unreachable",
    errno.ENOTCONN: "unreachable",
    errno.ENAMETOOLONG: "long_name",
    errno.EINVAL: "bad_name",
    errno.EILSEQ: "bad_name",
    errno.ELOOP: "loop",
    errno.EISDIR: "folder",
    errno.ENOTDIR: "no_folder",
    errno.EEXIST: "there",
    errno.ENOTEMPTY: "there",
}
BY_WINERROR: Final[dict[int, Cause]] = {
    2: "missing",  # ERROR_FILE_NOT_FOUND
    3: "missing",  # ERROR_PATH_NOT_FOUND
    5: "forbidden",  # ERROR_ACCESS_DENIED
    15: "unreachable",  # ERROR_INVALID_DRIVE
    19: "read_only",  # ERROR_WRITE_PROTECT
    21: "unreachable",  # ERROR_NOT_READY
    23: "broken",  # ERROR_CRC
    32: "held",  # ERROR_SHARING_VIOLATION
    33: "held",  # ERROR_LOCK_VIOLATION
    39: "full",  # ERROR_HANDLE_DISK_FULL
    53: "unreachable",  # ERROR_BAD_NETPATH
    59: "unreachable",  # ERROR_UNEXP_NET_ERR
    64: "unreachable",  # ERROR_NETNAME_DELETED
    65: "forbidden",  # ERROR_NETWORK_ACCESS_DENIED
    67: "unreachable",  # ERROR_BAD_NET_NAME
    80: "there",  # ERROR_FILE_EXISTS
    112: "full",  # ERROR_DISK_FULL
    121: "unreachable",  # ERROR_SEM_TIMEOUT
    123: "bad_name",  # ERROR_INVALID_NAME
    183: "there",  # ERROR_ALREADY_EXISTS
    206: "long_name",  # ERROR_FILENAME_EXCED_RANGE
    223: "too_large",  # ERROR_FILE_TOO_LARGE
    267: "no_folder",  # ERROR_DIRECTORY
    1117: "broken",  # ERROR_IO_DEVICE
    1231: "unreachable",  # ERROR_NETWORK_UNREACHABLE
    1392: "broken",  # ERROR_FILE_CORRUPT
    1921: "loop",  # ERROR_CANT_RESOLVE_FILENAME
}
MOST_ON_FAT: Final = (4 << 30) - 1
"""Bytes; the largest file on FAT32."""
_NOT_WRITTEN: Final[dict[Cause, str]] = {
    "there": "target.exists",
    "missing": "target.no_folder",
    "no_folder": "target.no_folder",
    "full": "target.disk_full",
    "read_only": "target.read_only",
    "forbidden": "target.forbidden",
    "broken": "target.broken",
}
_OWN_SENTENCE: Final[dict[Cause, str]] = {
    "too_large": "system.too_large",
    "held": "system.held",
    "unreachable": "system.unreachable",
    "long_name": "system.long_name",
    "bad_name": "system.bad_name",
    "loop": "system.loop",
    "folder": "system.folder",
    "no_folder": "system.no_folder",
}
"""Causes that a message about rights, room or a missing folder would hide."""


def cause_of(error: OSError) -> Cause:
    """Return why the system refused; Windows' own number says more than the one that Python makes of it."""
    number = getattr(error, "winerror", None)
    if isinstance(number, int) and number in BY_WINERROR:
        return BY_WINERROR[number]
    return BY_ERRNO.get(error.errno or 0, "other")


def cause_at(error: OSError, target: Path, look: Callable[[Path], Volume] | None = None) -> Cause:
    """Return why ``target`` could not be written: on Windows, FAT32 calls a disk full that has more space than that.

    To be called when the unfinished file is removed: then the free space is all that the file could have had.
    """
    cause = cause_of(error)
    if cause == "full":
        volume = (look or _volume_of)(target.parent)
        if _is_fat(volume) and (volume.free or 0) > MOST_ON_FAT:
            return "too_large"
    return cause


def why_not_written(error: OSError, target: Path, otherwise: str) -> FileError:
    """Return the error for a person: ``target.…`` for a missing folder or right or a full disk, else ``otherwise``."""
    code = _NOT_WRITTEN.get(cause_at(error, target), otherwise)
    return FileError(code, name=target.name, path=str(target))


def check_size(target: Path, size: int, look: Callable[[Path], Volume] | None = None) -> None:
    """Refuse a file of at least ``size`` bytes on a drive that cannot hold it, before it is written.

    Raises:
        FileError: ``system.too_large``.
    """
    if size > MOST_ON_FAT and _is_fat((look or _volume_of)(target.parent)):
        raise FileError("system.too_large", name=target.name, path=str(target))


def _volume_of(folder: Path) -> Volume:
    from dgdesk.system.check.places import volume_of  # only when something goes wrong, or a file is large

    return volume_of(folder)


def _is_fat(volume: Volume) -> bool:
    from dgdesk.system.check.facts import SMALL_FILES

    return volume.filesystem.lower() in SMALL_FILES


def plain_cause(error: OSError, path: Path) -> FileError | None:
    """Return the error ``system.…`` about ``path`` where its cause has a sentence of its own; else None."""
    code = _OWN_SENTENCE.get(cause_at(error, path))
    return None if code is None else FileError(code, name=path.name, path=str(path))
