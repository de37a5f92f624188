"""Checks that a file holds only whole changes, not half of one whose journal is missing.

An interrupted change is rolled back from the journal beside the file. If the file was copied without its journal, or
with another one, it holds half of the change for ever, and SQLite does not notice.
"""

from __future__ import annotations

from dgdesk.errors import FileError
from dgdesk.package.compaction import is_shrinking
from dgdesk.package.database import Database
from dgdesk.package.disk import size_of
from dgdesk.package.faults import file_error
from dgdesk.package.schema import VERSION


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
