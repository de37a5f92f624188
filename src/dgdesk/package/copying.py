"""THE FILE, safe copies: made by SQLite itself (``VACUUM INTO``), verified, and only then named."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from dgdesk.package import journal
from dgdesk.package.database import Database, database_uri, require_shape, version_of
from dgdesk.package.disk import discard, part_of, publish
from dgdesk.package.faults import file_error
from dgdesk.package.inspection import check
from dgdesk.package.model import Damage
from dgdesk.package.schema import VERSION


def copy_package(database: Database, target: Path, *, replace: bool = False) -> tuple[Damage, ...]:
    """Copy the package to ``target`` and check the copy in full before it gets its name.

    Damage that lies in the package itself (a flipped byte in a file) is copied with it and returned; a copy with any
    other damage is thrown away.

    Raises:
        FileError: ``package.copy_failed`` (the copy is not what the package is), ``package.exists``, disk errors.
    """
    part = part_of(target)
    discard(part)
    try:
        write_copy(database, part)
        with closing(Database(part, "ro")) as copy:
            damages = _differences(database, copy)
        publish(part, target, replace=replace)
    finally:
        discard(part)
    return damages


def write_copy(database: Database, target: Path) -> None:
    """Write the committed content of ``database`` to the new file ``target``, neither checked nor synced."""
    database.outside_transaction("VACUUM INTO ?", (database_uri(target, "rwc"),))


def _differences(original: Database, copy: Database) -> tuple[Damage, ...]:
    version = version_of(original)
    if version_of(copy) != version:
        raise file_error(copy.path, "package.copy_failed", detail="version")
    if version < VERSION:  # an older shape: only SQLite itself can judge it
        with copy.reading() as connection:
            verdict = list(connection.exec_driver_sql("PRAGMA integrity_check(1)").scalars())
        if verdict != ["ok"]:
            raise file_error(copy.path, "package.copy_failed", detail=str(verdict))
        return ()
    require_shape(copy)
    with original.reading() as here, copy.reading() as there:
        if journal.top(here) != journal.top(there):
            raise file_error(copy.path, "package.copy_failed", detail="journal")
    damages = check(copy)
    if damages and set(damages) - set(check(original)):
        raise file_error(copy.path, "package.copy_failed", detail=str(damages[0]))
    return damages
