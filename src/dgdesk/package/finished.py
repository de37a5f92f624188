"""THE FILE, finished: whether a file holds whole changes only, or half of one whose journal is gone.

A change that was broken off is taken back from the journal beside the file. Copied without it, or with another one, the
file holds half of the change for ever, and nothing in SQLite tells.
"""

from __future__ import annotations

from dgdesk.errors import FileError
from dgdesk.package.compaction import is_shrinking
from dgdesk.package.database import Database
from dgdesk.package.disk import size_of
from dgdesk.package.faults import file_error
from dgdesk.package.schema import VERSION


def require_finished(database: Database, version: int = VERSION, *, tried: bool = False) -> None:
    """Make sure of it on opening: the file is as long as its head says, and where a change was just taken back that was
    not ``tried`` before, sound.

    Raises:
        FileError: ``package.unfinished``, ``package.damaged``.
    """
    if not require_length(database, version) or (database.taken_back and not tried):
        require_sound(database, version)


def require_length(database: Database, version: int = VERSION) -> bool:
    """Make sure that a file is as long as its head says; False where it is longer, and may be.

    Raises:
        FileError: ``package.unfinished``, ``package.damaged``.
    """
    with database.reading() as connection:
        pages = int(connection.exec_driver_sql("PRAGMA page_count").scalar_one())
        page = int(connection.exec_driver_sql("PRAGMA page_size").scalar_one())
        if size_of(database.path) == pages * page:
            return True
        # Killed at the very end of being made smaller, a file is whole, and has not been cut yet.
        if version == VERSION and is_shrinking(connection):
            return False
    raise file_error(database.path, "package.unfinished", detail=f"{pages} pages in the head")


def require_sound(database: Database, version: int = VERSION, *, missing_files: bool = False) -> None:
    """Make sure that the whole file is sound but for the content of evidence, which is looked at when it is read; with
    ``missing_files`` it is also then that the lack of a whole file is told, by its name.

    Raises:
        FileError: ``package.unfinished``.
    """
    from dgdesk.package.inspection import BAD_TIME, check_changes  # seldom needed when a draft is opened

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
