"""Window, receiving, table: the files that an agency got, a file a row; several may be chosen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QAbstractItemView, QWidget

from dgdesk.ui.overview.words import share_out
from dgdesk.ui.receiving.entries import MARKS, Entry
from dgdesk.ui.receiving.words import KEYS, LEVELS, SHARES, Wording
from dgdesk.ui.row_model import Column, RowModel
from dgdesk.ui.row_table import RowTable
from dgdesk.ui.services import Services


class ReceivedModel(RowModel[Entry]):
    """The rows."""

    levels = LEVELS
    keys = KEYS
    beside = frozenset(KEYS)

    def __init__(self, wording: Wording, parent: QObject) -> None:
        super().__init__(parent)
        self._wording = wording

    def key_of(self, row: Entry) -> str:
        """Return the path."""
        return str(row.path)

    def cell_words(self, row: Entry, column: Column) -> str:
        """See `Wording.cell`."""
        return self._wording.cell(row, column)

    def head_words(self, column: Column) -> str:
        """Return the head: what stands first in the column."""
        return self._wording.head(column[0])

    def row_words(self, row: Entry) -> str:
        """See `Wording.row`."""
        return self._wording.row(row)

    def mark_of(self, row: Entry, column: Column) -> str:
        """Return the drawing of the verdict."""
        return MARKS[row.standing] if "verdict" in column else ""

    def is_grey(self, row: Entry) -> bool:
        """Whether it was not checked yet."""
        return row.standing == "waiting"

    def widths(self, least: Sequence[int], room: int) -> list[int]:
        """Give what is left to long texts."""
        return share_out(least, [sum(SHARES[key] for key in column) for column in self.columns], room)


class ReceivedTable(RowTable[Entry]):
    """The table."""

    def __init__(self, services: Services, wording: Wording, parent: QWidget) -> None:
        super().__init__(services, ReceivedModel(wording, parent), parent)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.head.sorted_by = ("province", False)

    @property
    def current(self) -> Entry | None:
        """The row with the focus."""
        at = self.currentIndex().row()
        return self.listed.rows[at] if 0 <= at < len(self.listed.rows) else None

    @property
    def chosen(self) -> tuple[Entry, ...]:
        """The rows that are chosen, in their order."""
        rows = sorted({index.row() for index in self.selectionModel().selectedIndexes()})
        return tuple(self.listed.rows[at] for at in rows)
