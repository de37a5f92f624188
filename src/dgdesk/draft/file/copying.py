"""Copies of a draft file: made by ``VACUUM INTO``, or row by row around a torn page, and verified."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import asdict
from pathlib import Path

from sqlalchemy import Connection, Table, bindparam, insert, select

from dgdesk.draft.file import journal
from dgdesk.draft.file.beside import journal_of, require_nothing
from dgdesk.draft.file.connecting import database_uri
from dgdesk.draft.file.database import Database, page_bytes, require_shape, version_of
from dgdesk.draft.file.disk import new_package
from dgdesk.draft.file.faults import file_error
from dgdesk.draft.file.inspection import check
from dgdesk.draft.file.model import Damage
from dgdesk.draft.file.rebuild import Rebuilt
from dgdesk.draft.file.schema import (
    CHANGE,
    CHUNK,
    DEFINITION,
    EDIT,
    FILE,
    META,
    STATE,
    VERSION,
    create_schema,
    metadata,
)
from dgdesk.errors import FileError
from dgdesk.system.progress import NO_PROGRESS, Progress


def copy_draft_file(
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
    try:
        database.outside_transaction("VACUUM INTO ?", (database_uri(target, "rwc"),), pulse, copies=True)
    except FileError as error:
        if error.code != "package.disk_full":
            raise
        raise file_error(target, error.code, detail=error.values.get("detail")) from error  # not of what is only read


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


_PIECE = select(CHUNK.c.data).where(CHUNK.c.file == bindparam("file"), CHUNK.c.position == bindparam("position"))
_NUMBERS = select(FILE.c.id).order_by(FILE.c.id)


def write_rows(database: Database, target: Path, pulse: Callable[[], None]) -> None:
    """Write the readable part of a draft of the current version to the new ``target``, neither checked nor synced.

    Everything but evidence must be readable. If a piece of a file cannot be read, the copy has the file without that
    piece and those after it: still damaged, but attaching the same file again repairs it.

    Raises:
        FileError: ``package.damaged``: more than evidence cannot be read.
    """
    with closing(Database(target, "rwc")) as new:
        new.prepare_writing()
        with new.writing() as into:
            create_schema(into)
            with database.reading() as source:
                for table in metadata.sorted_tables:
                    if table is not CHUNK:
                        for row in source.execute(select(table).order_by(*table.primary_key)).mappings():
                            into.execute(insert(table), dict(row))
                numbers = source.execute(_NUMBERS).scalars().all()
            for number in numbers:
                _write_pieces(database, into, number, pulse)


def _write_pieces(database: Database, into: Connection, number: int, pulse: Callable[[], None]) -> None:
    position = 0
    while (data := _piece(database, number, position)) is not None:
        pulse()
        into.execute(insert(CHUNK), {"file": number, "position": position, "data": data})
        position += 1


def _piece(database: Database, number: int, position: int) -> bytes | None:
    """Return a piece, None if it is missing or unreadable; each read has its own view, which an error ends."""
    try:
        with database.reading() as source:
            data: bytes | None = source.execute(_PIECE, {"file": number, "position": position}).scalar()
    except FileError as error:
        if error.code != "package.damaged":
            raise
        return None
    return data


def write_rebuilt(into: Connection, definition: bytes, meta: Mapping[str, str], rebuilt: Rebuilt) -> None:
    """Write everything but files and the register into empty tables, inside the caller's transaction."""
    digest = hashlib.sha256(definition).hexdigest()
    into.execute(insert(DEFINITION), {"id": 1, "sha256": digest, "content": definition})
    _write(into, META, [{"key": key, "value": value} for key, value in meta.items()])
    _write(into, STATE, [{**key._asdict(), "value": value} for key, value in rebuilt.state.items()])
    _write(into, CHANGE, [{"number": number, **asdict(entry)} for number, entry in sorted(rebuilt.entries.items())])
    edits = [
        {"change": number, "position": position, **line._asdict()}
        for number, lines in sorted(rebuilt.lines.items())
        for position, line in enumerate(lines)
    ]
    _write(into, EDIT, edits)


def _write(into: Connection, table: Table, rows: list[dict[str, object]]) -> None:
    if rows:
        into.execute(insert(table), rows)
