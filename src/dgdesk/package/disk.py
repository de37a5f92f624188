"""THE FILE, disk: names, and the last steps of writing a file so that a half-made one never has the final name."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path

from dgdesk.package.faults import file_error, system_faults
from dgdesk.renaming import remove_file, replace_file
from dgdesk.system.parts import part_name


def part_of(target: Path) -> Path:
    """A name under which ``target`` is made: nothing has it, and each call gives another."""
    return part_name(target)


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


def discard(part: Path) -> None:
    """Remove a half-made database and its rollback journal, if they are there."""
    for path in (part, part.with_name(part.name + "-journal")):
        with suppress(OSError):
            remove_file(path)


def publish(part: Path, target: Path, *, replace: bool = False) -> None:
    """Bring ``part`` to the disk, then give it its final name and bring that to the disk too where the place can.

    Raises:
        FileError: ``package.exists`` (the name was taken meanwhile), or what the system reports.
    """
    with system_faults(target):
        with part.open("r+b") as stream:
            os.fsync(stream.fileno())
        if not replace and target.exists():
            raise file_error(target, "package.exists")
        replace_file(part, target)
    with suppress(OSError):  # the file is whole under its name by now
        _sync_folder(target.parent)


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


def _sync_folder(folder: Path) -> None:
    if sys.platform == "win32":
        return  # Windows has no such call; its file systems journal the rename
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
