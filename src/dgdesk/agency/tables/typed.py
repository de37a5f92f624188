"""Tables whose columns have types: what does not fit its column is left out there, and stands in the table ``unread``.

A place for a number may hold something else: what was typed in a draft and is no number. Such a text is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

from dgdesk.agency.tables.model import ONLY_TEXTS, ColumnKind, Kinds
from dgdesk.system.bounds import MOST_DECIMALS, fits_number, read_moment
from dgdesk.text.cells import SheetCell, number_text

UNREAD: Final = ("file", "table", "column", "text")
TypedCell = str | int | Decimal | datetime | None
"""A number has `MOST_DECIMALS` decimals, a whole number 64 bits."""
_LARGEST: Final = (1 << 63) - 1
_STEP: Final = Decimal(1).scaleb(-MOST_DECIMALS)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


class TypedColumn(NamedTuple):
    """A column's name, which no other column of its table has in whatever case, and what it holds."""

    name: str
    kind: ColumnKind


def typed_columns(header: Sequence[str], kinds: Kinds) -> tuple[TypedColumn, ...]:
    """Return the columns of a table; a name that is used already gets a number."""
    names: dict[str, None] = {}
    found = []
    for name in header:
        made, number = name, 1
        while made.casefold() in names:
            number += 1
            made = f"{name} ({number})"
        names[made.casefold()] = None
        found.append(TypedColumn(made, kinds.get(name, "text")))
    return tuple(found)


def typed_cell(value: str | int | Decimal, kind: ColumnKind) -> TypedCell:
    """Return a value as its column holds it; nothing for an empty text in a column that holds no texts.

    Half a character, which no file can hold, becomes U+FFFD.

    Raises:
        ValueError: it does not fit the column.
    """
    match value, kind:
        case str(), "text":
            return _SURROGATE.sub("\ufffd", value)
        case (int() | Decimal()), "text":
            return number_text(value)
        case "", _:
            return None
        case str(), "time":
            return read_moment(value)
        case str(), "whole" if value.isascii() and value.isdigit() and len(value) < len(str(_LARGEST)):
            return int(value)
        case int(), "whole" if -_LARGEST <= value <= _LARGEST:
            return value
        case int() | Decimal(), "number" if fits_number(number := Decimal(value)):
            return number.quantize(_STEP)
    raise ValueError("does not fit the column")


class TypedTables:
    """The part that files with types share. Their writers have `begin` and `write`."""

    further: Final = ()
    long_texts: Final = 0

    def __init__(self) -> None:
        self._columns: dict[str, tuple[TypedColumn, ...]] = {}

    def begin(self, name: str, columns: Sequence[TypedColumn]) -> None:
        """Make a table."""
        raise NotImplementedError

    def write(self, name: str, row: Sequence[TypedCell]) -> None:
        """Write a row of it."""
        raise NotImplementedError

    def open(self, name: str, header: Sequence[str], kinds: Kinds = ONLY_TEXTS) -> None:
        """Begin a table."""
        self._columns[name] = typed_columns(header, kinds)
        self.begin(name, self._columns[name])

    def add(self, name: str, row: Sequence[SheetCell]) -> None:
        """Add a row."""
        self.write(name, tuple(self._cells(name, row)))

    def open_unread(self) -> None:
        """Begin the table ``unread`` if it is not there yet, so that those who ask for it find it."""
        if "unread" not in self._columns:
            self.open("unread", UNREAD)

    def _cells(self, name: str, row: Sequence[SheetCell]) -> Iterator[Any]:
        for (column, kind), value in zip(self._columns[name], row, strict=True):
            if value is None:
                yield None
                continue
            try:
                yield typed_cell(value, kind)
            except ValueError:
                yield None
                self.open_unread()
                self.add("unread", (row[0], name, column, value))
