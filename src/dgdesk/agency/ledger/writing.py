"""Small statements that both databases take, though each has words of its own for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from sqlalchemy import BigInteger, ColumnElement, Connection, Insert, Table, literal_column

_NOW: Final = {
    "sqlite": "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)",
    "postgresql": "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)",
}


def database_now(connection: Connection) -> ColumnElement[int]:
    """Return the clock of the database, in milliseconds since 1970: one for all machines that share a server."""
    return literal_column(_NOW[connection.dialect.name], BigInteger())


def insert_new(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> int:
    """Insert the rows whose keys are not there yet; return how many they were. All rows have the same columns."""
    return connection.execute(_insert_new(connection.dialect.name, table), list(rows)).rowcount if rows else 0


@cache
def _insert_new(dialect: str, table: Table) -> Insert:
    if dialect == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as insert_postgresql

        return insert_postgresql(table).on_conflict_do_nothing()
    from sqlalchemy.dialects.sqlite import insert as insert_sqlite

    return insert_sqlite(table).on_conflict_do_nothing()
