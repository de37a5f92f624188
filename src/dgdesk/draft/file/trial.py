"""Whether a file holds whole changes only; an interrupted change is undone in a copy first.

A journal can fit a draft and still belong to another one: two copies of a draft, edited separately, count their changes
alike. SQLite would mix the two, and the draft would be lost.

An interrupted change is rolled back from the journal beside the file. If the file was copied without its journal, or
with another one, it holds half of the change for ever, and SQLite does not notice.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from dgdesk.draft.file.beside import journal_of, require_own_files
from dgdesk.draft.file.compaction import is_shrinking
from dgdesk.draft.file.connecting import Mode
from dgdesk.draft.file.database import Database, require_shape, version_of
from dgdesk.draft.file.disk import copy_bytes, size_of
from dgdesk.draft.file.faults import file_error
from dgdesk.draft.file.schema import VERSION
from dgdesk.errors import FileError

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


def require_finished(database: Database, version: int = VERSION, *, tried: bool = False) -> None:
    """Check a file on opening: it has the length in its head, and is sound if a change was rolled back.

    ``tried``: the rollback was tried in a copy before, so soundness is not checked again.

    Raises:
        FileError: ``package.unfinished``, ``package.damaged``.
    """
    if not require_length(database, version) or (database.taken_back and not tried):
        require_sound(database, version)


def require_length(database: Database, version: int = VERSION) -> bool:
    """Check that a file has the length in its head; return False if it is longer, which may be right.

    Raises:
        FileError: ``package.unfinished``, ``package.damaged``.
    """
    with database.reading() as connection:
        pages = int(connection.exec_driver_sql("PRAGMA page_count").scalar_one())
        page = int(connection.exec_driver_sql("PRAGMA page_size").scalar_one())
        if size_of(database.path) == pages * page:
            return True
        # A process killed at the very end of shrinking leaves a complete file that is not truncated yet.
        if version == VERSION and is_shrinking(connection):
            return False
    raise file_error(database.path, "package.unfinished", detail=f"{pages} pages in the head")


def require_sound(database: Database, version: int = VERSION, *, missing_files: bool = False) -> None:
    """Check the whole file except the content of evidence, which is checked when it is read.

    With ``missing_files`` a missing evidence file is no error here either: reading it reports its name.

    Raises:
        FileError: ``package.unfinished``.
    """
    from dgdesk.draft.file.inspection import BAD_TIME, check_changes  # seldom needed when a draft is opened

    try:
        damages = check_changes(database, version)
    except FileError as error:
        if error.code not in ("package.damaged", "package.value_damaged"):
            raise
        raise file_error(database.path, "package.unfinished", detail=str(error.values.get("detail", ""))) from error
    reported_elsewhere = {BAD_TIME, *(("package.check_missing_file",) if missing_files else ())}
    damages = tuple(one for one in damages if one.code not in reported_elsewhere)
    if damages:
        raise file_error(database.path, "package.unfinished", detail=f"{damages[0].code} {damages[0].detail}")
