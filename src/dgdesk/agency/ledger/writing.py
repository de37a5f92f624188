"""Small statements that both databases take, though each has words of its own for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Final

from sqlalchemy import BigInteger, ColumnElement, Connection, Table, literal_column

_ROWS: Final = 200
_NOW: Final = {
    "sqlite": "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)",
    "postgresql": "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)",
}


def database_now(connection: Connection) -> ColumnElement[int]:
    """Return the clock of the database, in milliseconds since 1970: one for all machines that share a server."""
    return literal_column(_NOW[connection.dialect.name], BigInteger())


def insert_new(connection: Connection, table: Table, rows: Iterable[Mapping[str, object]]) -> int:
    """Insert the rows whose keys are not there yet; return how many they were."""
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as insert_postgresql

        statement = insert_postgresql(table).on_conflict_do_nothing()
    else:
        from sqlalchemy.dialects.sqlite import insert as insert_sqlite

        statement = insert_sqlite(table).on_conflict_do_nothing()  # type: ignore[assignment]  # two types, one meaning
    waiting = iter(rows)
    count = 0
    while some := [dict(row) for row in islice(waiting, _ROWS)]:
        count += connection.execute(statement.values(some)).rowcount
    return count


def put(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Insert rows, or replace those that have their keys."""
    keys = [column.name for column in table.primary_key.columns]
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as insert_postgresql

        first = insert_postgresql(table)
        others = {column.name: first.excluded[column.name] for column in table.columns if column.name not in keys}
        connection.execute(first.on_conflict_do_update(index_elements=keys, set_=others), [dict(row) for row in rows])
        return
    from sqlalchemy.dialects.sqlite import insert as insert_sqlite

    second = insert_sqlite(table)
    others = {column.name: second.excluded[column.name] for column in table.columns if column.name not in keys}
    connection.execute(second.on_conflict_do_update(index_elements=keys, set_=others), [dict(row) for row in rows])
