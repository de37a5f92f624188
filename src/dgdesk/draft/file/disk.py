"""Paths of draft files, and making a draft file so that a half-made one never has the final name."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dgdesk.draft.file.faults import check_length_of_name, file_error, system_error, system_faults
from dgdesk.errors import FileError
from dgdesk.system.atomic import atomic_file
from dgdesk.system.causes import cause_of


@contextmanager
def new_package(target: Path, *, replace: bool = False) -> Iterator[Path]:
    """Give the path at which to make a draft file; at the end of the block it is synced and gets its name.

    If the block raises, nothing is left, including the rollback journal.

    Raises:
        FileError: ``package.exists`` (the name is used by now; not with ``replace``), errors of the system as
            `new_place_faults`.
    """
    with new_place_faults(target), atomic_file(target, replace=replace, explain=system_error) as part:
        try:
            yield part
        except FileError as error:  # nobody knows the half-made file by its own name
            if error.values.get("path") != str(part):
                raise
            raise file_error(target, error.code, detail=error.values.get("detail")) from error


@contextmanager
def new_place_faults(target: Path) -> Iterator[None]:
    """Say of a place where nothing can be written why a new file or folder is not there.

    For a draft that is there already, ``package.read_only_place`` leads to opening it read-only; for a new one nothing
    of that makes sense.

    Raises:
        FileError: ``target.read_only``, ``target.forbidden`` for ``package.read_only_place``.
    """
    try:
        yield
    except FileError as error:
        if error.code != "package.read_only_place":
            raise
        cause = error.__cause__
        read_only = isinstance(cause, OSError) and cause_of(cause) == "read_only"
        raise file_error(target, "target.read_only" if read_only else "target.forbidden") from error


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
