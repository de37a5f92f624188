"""Row by row into a new package, where a torn page keeps SQLite from copying the whole at once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, bindparam, insert, select

from dgdesk.errors import FileError
from dgdesk.package.database import Database
from dgdesk.package.schema import CHUNK, FILE, create_schema, metadata

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
