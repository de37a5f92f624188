"""Paths of draft files, and making a draft file so that a half-made one never has the final name."""

from __future__ import annotations

import shutil
from contextlib import AbstractContextManager
from pathlib import Path

from dgdesk.draft.file.faults import check_length_of_name, file_error, system_error, system_faults
from dgdesk.system.atomic import atomic_file


def new_package(target: Path, *, replace: bool = False) -> AbstractContextManager[Path]:
    """Give the path at which to make a draft file; at the end of the block it is synced and gets its name.

    If the block raises, nothing is left, including the rollback journal.

    Raises:
        FileError: ``package.exists`` (the name is used by now; not with ``replace``), errors of the system.
    """
    return atomic_file(target, replace=replace, explain=system_error)


def absolute(path: Path) -> Path:
    """Return the real path: absolute, links followed, so that one file has one lock.

    Raises:
        FileError: ``package.bad_name``, ``package.path_too_long``, ``system.loop``; errors of the system.
    """
    try:
        return path.resolve()
    except RuntimeError as error:  # Python's own word for links in a circle
        raise file_error(path, "system.loop", detail=str(error)) from error
    except OSError as error:
        raise system_error(error, path, denied="package.cannot_open") from error
    except ValueError as error:
        raise file_error(path, "package.bad_name", detail=str(error)) from error


def existing(path: Path) -> Path:
    """Return `absolute` of an existing file.

    Raises:
        FileError: ``package.missing``, ``package.is_folder``, ``package.not_a_package``, ``package.bad_name``,
            ``package.cannot_open`` (access to the folder is denied).
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
    """Return `absolute` of a file that does not exist yet.

    Raises:
        FileError: ``package.exists``, ``package.is_folder``, ``package.folder_missing``, ``package.bad_name``,
            ``package.path_too_long``.
    """
    path = absolute(path)
    with system_faults(path):
        if path.is_dir():
            raise file_error(path, "package.is_folder")
        if path.exists():
            raise file_error(path, "package.exists")
        if not path.parent.is_dir():
            raise file_error(path, "package.folder_missing")
    check_length_of_name(path)
    return path


def copy_bytes(source: Path, target: Path) -> None:
    """Copy a file that no process writes to."""
    with system_faults(source, denied="package.cannot_open"):
        shutil.copyfile(source, target)


def size_of(path: Path) -> int:
    """Return the size of an open draft file in bytes.

    Raises:
        FileError: ``package.moved``: it is no longer where it was opened; errors of the system.
    """
    with system_faults(path):
        try:
            return path.stat().st_size
        except FileNotFoundError as error:
            raise file_error(path, "package.moved") from error
