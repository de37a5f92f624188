"""Names of packages on the disk, and making one so that a half-made package never has the final name."""

from __future__ import annotations

import shutil
from contextlib import AbstractContextManager
from pathlib import Path

from dgdesk.package.faults import file_error, system_error, system_faults
from dgdesk.system.atomic import atomic_file


def new_package(target: Path, *, replace: bool = False) -> AbstractContextManager[Path]:
    """Hand out the path at which to make a package; when the block is left, it is brought to the disk and named.

    Whatever the block raises, nothing is left of it, its rollback journal neither.

    Raises:
        FileError: ``package.exists`` (the name was taken meanwhile; not with ``replace``), or what the system reports.
    """
    return atomic_file(target, replace=replace, explain=system_error)


def absolute(path: Path) -> Path:
    """The file's real place: absolute, links followed, so that one file has one lock.

    Raises:
        FileError: ``package.bad_name``.
    """
    try:
        return path.resolve()
    except (OSError, ValueError, RuntimeError) as error:
        raise file_error(path, "package.bad_name", detail=str(error)) from error


def existing(path: Path) -> Path:
    """`absolute`, after making sure that a file lies there.

    Raises:
        FileError: ``package.missing``, ``package.is_folder``, ``package.not_a_package``, ``package.bad_name``,
            ``package.cannot_open`` (no right to look there).
    """
    path = absolute(path)
    with system_faults(path, denied="package.cannot_open"):
        if path.is_dir():
            raise file_error(path, "package.is_folder")
        if not path.exists():
            raise file_error(path, "package.missing")
        if not path.is_file():
            raise file_error(path, "package.not_a_package", detail="no regular file")
    return path


def free_name(path: Path) -> Path:
    """A name of a file to be made.

    Raises:
        FileError: ``package.exists``, ``package.is_folder``, ``package.folder_missing``, ``package.bad_name``.
    """
    path = absolute(path)
    with system_faults(path):
        if path.is_dir():
            raise file_error(path, "package.is_folder")
        if path.exists():
            raise file_error(path, "package.exists")
        if not path.parent.is_dir():
            raise file_error(path, "package.folder_missing")
    return path


def copy_bytes(source: Path, target: Path) -> None:
    """Copy a file that nobody writes to."""
    with system_faults(source, denied="package.cannot_open"):
        shutil.copyfile(source, target)


def size_of(path: Path) -> int:
    """The size of an open package in bytes.

    Raises:
        FileError: ``package.moved``: it is no longer where it was opened; what the system reports.
    """
    with system_faults(path):
        try:
            return path.stat().st_size
        except FileNotFoundError as error:
            raise file_error(path, "package.moved") from error
