"""What collated rows are written to, and how a text too long for a cell goes on in a table of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final, Literal, Protocol

from dgdesk.text.cells import SheetCell, split

ColumnKind = Literal["text", "whole", "number", "time"]
"""What a column holds where columns have types. ``time``: an ISO 8601 text with its zone."""
Kinds = Mapping[str, ColumnKind]
ONLY_TEXTS: Final[Kinds] = MappingProxyType({})
LONG_TEXTS: Final = ("file", "table", "column", "part", "text")
_LONG_PART: Final = 32_000


class Tables(Protocol):
    """The target of the rows."""

    @property
    def further(self) -> tuple[str, ...]:
        """The names of the sheets in which a table that exceeds a sheet goes on."""

    @property
    def long_texts(self) -> int:
        """How many texts are too long for their cells, and stand whole in the table ``long_texts``."""

    def open(self, name: str, header: Sequence[str], kinds: Kinds = ONLY_TEXTS) -> None:
        """Begin a table. ``kinds``: the columns that hold something else than texts."""

    def add(self, name: str, row: Sequence[SheetCell]) -> None:
        """Add a row to an open table; its texts are untrusted."""


class FittingTables:
    """Tables whose texts fit their cells: longer texts also go, in parts, into the table ``long_texts``.

    That table exists only if it is needed. ``fits`` says whether a text fits a cell.
    """

    def __init__(self, tables: Tables, fits: Callable[[str], bool]) -> None:
        self._tables, self._fits = tables, fits
        self._headers: dict[str, Sequence[str]] = {}
        self.long_texts = 0

    @property
    def further(self) -> tuple[str, ...]:
        """See `Tables.further`."""
        return self._tables.further

    def open(self, name: str, header: Sequence[str], kinds: Kinds = ONLY_TEXTS) -> None:
        """Begin a table."""
        self._headers[name] = header
        self._tables.open(name, header, kinds)

    def add(self, name: str, row: Sequence[SheetCell]) -> None:
        """Add a row, and its long texts in parts."""
        self._tables.add(name, row)
        for column, cell in enumerate(row):
            if isinstance(cell, str) and not self._fits(cell):
                self._add_long(row[0], name, self._headers[name][column], cell)

    def _add_long(self, file: SheetCell, name: str, column: str, text: str) -> None:
        if "long_texts" not in self._headers:
            self.open("long_texts", LONG_TEXTS, {"part": "whole"})
        self.long_texts += 1
        for number, part in enumerate(split(text, _LONG_PART), 1):
            self._tables.add("long_texts", (file, name, column, number, part))
