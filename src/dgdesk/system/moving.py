"""Moves a file to an unused name, also onto another drive; a kill at any moment leaves it whole at one of the names."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path
from typing import Final

from dgdesk.system.atomic import atomic_file, name_new, sync_folder
from dgdesk.system.renaming import remove_file

_PIECE: Final = 1 << 20


def move_new(source: Path, target: Path) -> None:
    """Move a file; the folder of ``target`` exists. A copy on another drive is compared before the source is removed.

    After a kill both may be there, and are the same (`is_moved`).

    Raises:
        NameTaken: the name is used.
        FileError: as `atomic_file`.
        OSError: it cannot be moved; the source is still there.
    """
    try:
        name_new(source, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _copy(source, target)
        remove_file(source)
    sync_folder(target.parent)
    sync_folder(source.parent)


def is_moved(source: Path, target: Path) -> bool:
    """Return whether ``target`` holds what ``source`` holds: an earlier move ended before the source was removed.

    Raises:
        OSError: one of them cannot be read.
    """
    one, two = source.stat(), target.stat()
    if (one.st_dev, one.st_ino) == (two.st_dev, two.st_ino) and one.st_ino:
        return True
    return one.st_size == two.st_size and _same(source, target)


def _copy(source: Path, target: Path) -> None:
    times = source.stat()
    with atomic_file(target, replace=False, kind="bundle") as part:
        shutil.copyfile(source, part)
        os.utime(part, ns=(times.st_atime_ns, times.st_mtime_ns))
        if not _same(source, part):
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(target))


def _same(one: Path, two: Path) -> bool:
    with one.open("rb") as first, two.open("rb") as second:
        while True:
            some = first.read(_PIECE)
            if some != second.read(_PIECE):
                return False
            if not some:
                return True
