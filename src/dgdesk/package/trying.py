"""THE FILE, trying: a change that was broken off is taken back in a copy first, and only if that is sound in the file.

A journal can fit a draft and yet be of another one: two copies of a draft, worked on apart, count their changes alike.
SQLite would mix the two, and the draft would be lost.
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
    """Copy a draft and its journal into a folder, have the change taken back there, and return the sound copy.

    Raises:
        FileError: ``package.beside_foreign`` (values files, tried): without the journal the draft is sound, with it
            not; ``package.unfinished``: neither is; the disk's errors. Draft and journal are as they were.
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
        error.values.update(name=path.name, path=str(path))  # of the copy so far
        raise
    if sound_alone:
        raise file_error(path, "package.beside_foreign", files=journal_of(path).name, tried=True)
    raise file_error(path, "package.unfinished", detail="the change cannot be taken back")


def require_sound_outcome(path: Path, folder: Path) -> bool:
    """Make sure, before a draft is opened to write, that a change broken off can be taken back; whether this was tried.

    Not tried where there is no space for a copy: then the draft is looked at afterwards.

    Raises:
        FileError: as `take_back_in_copy`, but for space.
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
