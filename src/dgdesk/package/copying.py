"""Makes safe copies of a draft file: by SQLite itself (``VACUUM INTO``), checked before they get their name."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from dgdesk.errors import FileError
from dgdesk.package import journal
from dgdesk.package.beside import journal_of, require_nothing
from dgdesk.package.connecting import database_uri
from dgdesk.package.database import Database, page_bytes, require_shape, version_of
from dgdesk.package.disk import new_package
from dgdesk.package.faults import file_error
from dgdesk.package.inspection import check
from dgdesk.package.model import Damage
from dgdesk.package.rescue import write_rows
from dgdesk.package.schema import VERSION
from dgdesk.system.progress import NO_PROGRESS, Progress


def copy_package(
    database: Database,
    target: Path,
    *,
    replace: bool = False,
    progress: Progress = NO_PROGRESS,
) -> tuple[Damage, ...]:
    """Copy the draft to ``target`` and check the whole copy before it gets its name.

    Damage of the draft itself (a flipped byte in a file) is copied too and returned; a copy with any other damage is
    removed. If a torn page prevents SQLite from copying, the rows are copied one by one: everything else in the copy is
    sound, and attaching the damaged file again repairs it there.

    Raises:
        Cancelled: the person stopped it; there is no copy, and what lay at ``target`` is as it was.
        FileError: ``package.copy_failed`` (the copy is not what the package is), ``package.exists``, disk errors.
    """
    with database.reading() as connection:
        everything, free = page_bytes(connection)
    size = everything - free
    progress = progress.count(2 * size)  # written once, read once

    with new_package(target, replace=replace) as part:

        def pulse() -> None:
            progress.check()
            with suppress(OSError):  # not there yet
                progress.reach(min(size, part.stat().st_size))

        try:
            write_copy(database, part, pulse)
        except FileError as error:
            if error.code != "package.damaged" or version_of(database) < VERSION:
                raise
            for path in (part, journal_of(part)):
                path.unlink(missing_ok=True)
            write_rows(database, part, pulse)
        progress.reach(size)
        with closing(Database(part, "ro")) as copy:
            damages = _differences(database, copy, progress.mapped(lambda done, _: (size + min(size, done), 2 * size)))
        progress.check()
        progress.reach(2 * size)
    return damages


def write_copy(database: Database, target: Path, pulse: Callable[[], None] | None = None) -> None:
    """Write the committed content of ``database`` to the new file ``target``, without check or sync."""
    require_nothing(target)
    database.outside_transaction("VACUUM INTO ?", (database_uri(target, "rwc"),), pulse)


def _differences(original: Database, copy: Database, progress: Progress) -> tuple[Damage, ...]:
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
    damages = check(copy, progress=progress)
    if damages and set(damages) - set(check(original)):
        raise file_error(copy.path, "package.copy_failed", detail=str(damages[0]))
    return damages
