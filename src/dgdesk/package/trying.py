"""Undoes an interrupted change in a copy first, and in the draft itself only if that copy is sound.

A journal can fit a draft and still belong to another one: two copies of a draft, edited separately, count their changes
alike. SQLite would mix the two, and the draft would be lost.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from dgdesk.errors import FileError
from dgdesk.package.beside import journal_of, require_own_files
from dgdesk.package.connecting import Mode
from dgdesk.package.database import Database, require_shape, version_of
from dgdesk.package.disk import copy_bytes
from dgdesk.package.faults import file_error
from dgdesk.package.finished import require_length, require_sound

_NO_SPACE = ("package.disk_full", "package.disk_error")


def take_back_in_copy(path: Path, folder: Path) -> Path:
    """Copy a draft and its journal into a folder, roll the change back there, and return the sound copy.

    Raises:
        FileError: ``package.beside_foreign`` (values files, tried): the draft is sound without the journal but not
            with it; ``package.unfinished``: neither is sound; errors of the disk. Draft and journal do not change.
    """
    try:
        copy = folder / "mended.dgdesk"
        copy_bytes(path, copy)
        if journal_of(path).exists():
            copy_bytes(journal_of(path), journal_of(copy))
        if _is_sound(copy, "rw"):
            return copy
        alone = folder / "alone.dgdesk"
        copy_bytes(path, alone)
        sound_alone = _is_sound(alone, "ro")
    except FileError as error:
        error.values.update(name=path.name, path=str(path))  # it named the copy
        raise
    if sound_alone:
        raise file_error(path, "package.beside_foreign", files=journal_of(path).name, tried=True)
    raise file_error(path, "package.unfinished", detail="the change cannot be taken back")


def require_sound_outcome(path: Path, folder: Path) -> bool:
    """Check, before a draft is opened to write, that an interrupted change can be rolled back; return whether tried.

    Without space for a copy it is not tried: then the draft is checked afterwards.

    Raises:
        FileError: as `take_back_in_copy`, except for missing space.
    """
    if not require_own_files(path):
        return False
    try:
        take_back_in_copy(path, folder)
    except FileError as error:
        if error.code not in _NO_SPACE:
            raise
        return False
    return True


def _is_sound(copy: Path, mode: Mode) -> bool:
    try:
        with closing(Database(copy, mode)) as database:
            version = version_of(database)
            require_shape(database, version)
            require_length(database, version)
            require_sound(database, version)
    except FileError as error:
        if error.code in _NO_SPACE:
            raise
        return False
    return True
