"""Window, evidence overview, model: the places for evidence that are listed, for Qt's table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from PySide6.QtCore import QObject

from dgdesk.rules.overview import SORT_KEYS, OverviewRow
from dgdesk.ui.overview import words
from dgdesk.ui.row_model import Column, RowModel
from dgdesk.ui.text import Texts


class OverviewModel(RowModel[OverviewRow]):
    """The rows of the overview."""

    levels = words.LEVELS
    keys = SORT_KEYS
    beside = frozenset({"state", "points", "files", "size", "marks"})

    def __init__(self, texts: Texts, parent: QObject) -> None:
        super().__init__(parent)
        self._texts = texts

    def key_of(self, row: OverviewRow) -> str:
        """Return the place."""
        return row.slot

    def cell_words(self, row: OverviewRow, column: Column) -> str:
        """See `words.cell_words`."""
        return words.cell_words(self._texts, row, cast(words.Column, column))

    def head_words(self, column: Column) -> str:
        """See `words.head_words`."""
        return words.head_words(self._texts, cast(words.Column, column))

    def row_words(self, row: OverviewRow) -> str:
        """See `words.row_words`."""
        return words.row_words(self._texts, row)

    def mark_of(self, row: OverviewRow, column: Column) -> str:
        """Return the drawing of a place's state."""
        return words.MARKS[row.state] if "state" in column else ""

    def is_grey(self, row: OverviewRow) -> bool:
        """Whether a place is not asked now."""
        return row.state == "not_asked"

    def widths(self, least: Sequence[int], room: int) -> list[int]:
        """See `words.widths_for`."""
        return words.widths_for(least, cast(Sequence[words.Column], self.columns), room)
