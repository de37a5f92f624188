"""Tables whose columns have types: what does not fit its column is left out there, and stands in the table ``unread``.

A place for a number may hold something else: what was typed in a draft and is no number. Such a text is kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final, NamedTuple

from dgdesk.agency.tables.model import ONLY_TEXTS, ColumnKind, Kinds
from dgdesk.system.bounds import LARGEST_NUMBER, MOST_DECIMALS, read_moment
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
    if kind == "text" and isinstance(value, str):  # nearly all
        return value if value.isascii() else _SURROGATE.sub("\ufffd", value)
    match value, kind:
        case ((int() | Decimal()), "text"):
            return number_text(value)
        case "", _:
            return None
        case str(), "time":
            return read_moment(value)
        case str(), "whole" if value.isascii() and value.isdigit() and len(value) < len(str(_LARGEST)):
            return int(value)
        case int(), "whole" if -_LARGEST <= value <= _LARGEST:
            return value
        case ((int() | Decimal()), "number") if -LARGEST_NUMBER <= value <= LARGEST_NUMBER:
            number = Decimal(value).quantize(_STEP)
            if number == value:
                return number
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

    def write(self, name: str, row: Sequence[TypedCell], letters: int) -> None:
        """Write a row of it, whose texts have so many letters together."""
        raise NotImplementedError

    def open(self, name: str, header: Sequence[str], kinds: Kinds = ONLY_TEXTS) -> None:
        """Begin a table."""
        self._columns[name] = typed_columns(header, kinds)
        self.begin(name, self._columns[name])

    def add(self, name: str, row: Sequence[SheetCell]) -> None:
        """Add a row."""
        columns = self._columns[name]
        cells: list[TypedCell] = list(row)
        letters = 0
        for at, value in enumerate(row):
            if value is None:
                continue
            try:
                cells[at] = made = typed_cell(value, columns[at].kind)
            except ValueError:
                cells[at] = made = None
                self.open_unread()
                self.add("unread", (row[0], name, columns[at].name, value))
            if isinstance(made, str):
                letters += len(made)
        self.write(name, cells, letters)

    def open_unread(self) -> None:
        """Begin the table ``unread`` if it is not there yet, so that those who ask for it find it."""
        if "unread" not in self._columns:
            self.open("unread", UNREAD)
