"""Tables as an SQLite database: each of them is one of its tables, and every column has a type.

A whole number is an integer. Any other number is an SQLite float if that has the same digits, else a text: SQLite knows
no decimals. A table of more than `MOST_COLUMNS` goes on in a further one (``answers_2``) beside its first column.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

from dgdesk.agency.tables.model import ColumnKind
from dgdesk.agency.tables.typed import TypedCell, TypedColumn, TypedTables
from dgdesk.system.kinds import TABLES
from dgdesk.text.cells import number_text

MOST_COLUMNS: Final = 2_000
"""SQLite's limit as it is usually built."""
_TYPES: Final[dict[ColumnKind, str]] = {"text": " TEXT", "whole": " INTEGER", "number": "", "time": " TEXT"}
"""A column without a type keeps what is put in, so that no digit of a text is lost."""
_MOST_ROWS: Final = 500
_PREPARE: Final = ("journal_mode=OFF", "synchronous=OFF", "locking_mode=EXCLUSIVE", f"application_id={TABLES}")
"""The file is new, in a private folder, and synced before it gets its name."""


class SqliteFile(TypedTables):
    """A database with all tables."""

    def __init__(self, target: Path, make: Callable[[str], Path]) -> None:
        """``target`` is its name; ``make`` says where a file is made, as `atomic_set` does."""
        super().__init__()
        self._base = sqlite3.connect(make(target.name), isolation_level=None)
        for pragma in _PREPARE:
            self._base.execute(f"PRAGMA {pragma}")
        self._base.execute("BEGIN")
        self._parts: dict[str, list[_Part]] = {}

    def begin(self, name: str, columns: Sequence[TypedColumn]) -> None:
        """Make a table."""
        blocks = [range(min(len(columns), MOST_COLUMNS))]
        while blocks[-1].stop < len(columns):
            blocks.append(range(blocks[-1].stop, min(len(columns), blocks[-1].stop + MOST_COLUMNS - 1)))
        self._parts[name] = [
            _Part(self._base, name if number == 1 else f"{name}_{number}", columns, block)
            for number, block in enumerate(blocks, 1)
        ]

    def write(self, name: str, row: Sequence[TypedCell], letters: int) -> None:
        """Write a row."""
        cells = tuple(map(_stored, row))
        for part in self._parts[name]:
            part.write(cells)

    def finish(self) -> None:
        """Write the last rows. Raises OSError: the disk is full."""
        self.open_unread()
        for parts in self._parts.values():
            for part in parts:
                part.flush()
        _run(lambda: self._base.execute("COMMIT"))
        self._base.close()

    def close(self) -> None:
        """Close what was not finished."""
        self._base.close()


class _Part:
    """A table of the database, with a block of columns of one that is collated."""

    def __init__(self, base: sqlite3.Connection, name: str, columns: Sequence[TypedColumn], block: range) -> None:
        mine = [*(columns[:1] if block.start else ()), *columns[block.start : block.stop]]
        described = ", ".join(f"{_quoted(one.name)}{_TYPES[one.kind]}" for one in mine)
        self._base, self._block = base, block
        self._insert = f"INSERT INTO {_quoted(name)} VALUES ({', '.join('?' * len(mine))})"
        self._rows: list[tuple[str | int | float | None, ...]] = []
        _run(lambda: base.execute(f"CREATE TABLE {_quoted(name)} ({described})"))

    def write(self, row: tuple[str | int | float | None, ...]) -> None:
        cells = row[self._block.start : self._block.stop]
        self._rows.append((row[0], *cells) if self._block.start else cells)
        if len(self._rows) >= _MOST_ROWS:
            self.flush()

    def flush(self) -> None:
        _run(lambda: self._base.executemany(self._insert, self._rows))
        self._rows.clear()


def _stored(value: TypedCell) -> str | int | float | None:
    match value:
        case datetime():
            return value.isoformat()
        case Decimal():
            if value == value.to_integral_value():
                return int(value)
            return near if Decimal(repr(near := float(value))) == value else number_text(value.normalize())
    return value


def _run(work: Callable[[], object]) -> None:
    """Raises OSError: what SQLite says of the disk."""
    try:
        work()
    except sqlite3.OperationalError as error:
        full = (getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF == sqlite3.SQLITE_FULL
        raise OSError(errno.ENOSPC if full else None, str(error)) from error


def _quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'
