"""Bundle: files that take their name only once they are whole: written beside it, brought to the disk, proved."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from dgdesk.errors import FileError
from dgdesk.renaming import replace_file
from dgdesk.system.parts import part_name

Explain = Callable[[OSError, Path], FileError]
"""What to tell a person when writing a file, or beside it, failed."""

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_READ_ONLY = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})


def explain_write(error: OSError, target: Path) -> FileError:
    """Return what to tell a person when writing to ``target``, or beside it, failed."""
    if error.errno in _FULL:
        return FileError("bundle.disk_full", path=target)
    if error.errno in _READ_ONLY:
        return FileError("bundle.read_only", path=target)
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return FileError("bundle.no_folder", path=target)
    return FileError("bundle.not_written", path=target)


@contextmanager
def made_whole(target: Path, *, replace: bool = False, explain: Explain = explain_write) -> Iterator[Path]:
    """Hand out a path to make, bring to the disk and prove; it takes its name when the block is left.

    Whatever the block raises, nothing is left, and what lay at ``target`` is as it was.

    Raises:
        FileError: ``bundle.exists`` unless ``replace``; every OSError as ``explain`` tells it.
    """
    part: Path | None = None
    try:
        if target.exists() and not replace:
            raise FileError("bundle.exists", path=target)
        part = part_name(target)
        yield part
        replace_file(part, target)
        sync_folder(target.parent)
    except OSError as error:
        raise explain(error, target) from error
    finally:
        if part is not None:
            with suppress(OSError):
                part.unlink(missing_ok=True)


def write_whole(target: Path, content: bytes, *, replace: bool = False, explain: Explain = explain_write) -> None:
    """Write a small file so that it is there whole or not at all; it is read back before it takes its name.

    Raises:
        FileError: as `made_whole`.
    """
    with made_whole(target, replace=replace, explain=explain) as part:
        with part.open("xb") as stream:
            stream.write(content)
            bring_to_disk(stream)
        if part.read_bytes() != content:
            raise OSError("what was written does not read back")


def bring_to_disk(stream: BinaryIO) -> None:
    """Bring to the disk what was written so far. Raises OSError."""
    stream.flush()
    os.fsync(stream.fileno())


def sync_folder(folder: Path) -> None:
    """Bring new names to the disk where the system has such a call; Windows does it by itself.

    The files are whole under their names by now: a network drive that cannot do this does not undo them.
    """
    if os.name == "posix":
        with suppress(OSError):
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
