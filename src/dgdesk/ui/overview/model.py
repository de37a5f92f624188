"""Window, evidence overview, model: the rows that are listed, for Qt's table."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from dgdesk.rules.overview import OverviewRow
from dgdesk.ui.overview.words import LEVELS, MARKS, Column, cell_words, head_words, row_words
from dgdesk.ui.text import Texts

Index = QModelIndex | QPersistentModelIndex
MARK: Final = Qt.ItemDataRole.UserRole + 1
"""The drawing of a cell, empty where it has none."""
GREY: Final = Qt.ItemDataRole.UserRole + 2
"""Whether a row is not asked now."""
_NOWHERE: Final = QModelIndex()


class OverviewModel(QAbstractTableModel):
    """The rows. `show_rows` changes what is listed, `show_level` which columns there are."""

    def __init__(self, texts: Texts, parent: QObject) -> None:
        super().__init__(parent)
        self._texts = texts
        self._words: dict[tuple[str, Column], tuple[OverviewRow, str]] = {}
        self.rows: tuple[OverviewRow, ...] = ()
        self.level = 0

    @property
    def columns(self) -> tuple[Column, ...]:
        """What each column shows."""
        return LEVELS[self.level]

    def show_rows(self, rows: tuple[OverviewRow, ...]) -> bool:
        """List rows. True: others than before, or in another order; False: at most their words are others."""
        same = [row.slot for row in rows] == [row.slot for row in self.rows]
        if same:
            changed = [at for at, (new, old) in enumerate(zip(rows, self.rows, strict=True)) if new != old]
            self.rows = rows
            if changed:
                last = len(self.columns) - 1
                self.dataChanged.emit(self.index(changed[0], 0), self.index(changed[-1], last))
            return False
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()
        return True

    def show_level(self, level: int) -> None:
        """Take other columns."""
        if level != self.level:
            self.beginResetModel()
            self.level = level
            self.endResetModel()

    def words(self, row: int, column: int) -> str:
        """Return what a cell says."""
        one, what = self.rows[row], self.columns[column]
        known = self._words.get((one.slot, what))
        if known is None or known[0] != one:
            known = self._words[one.slot, what] = one, cell_words(self._texts, one, what)
        return known[1]

    def number_of(self, slot: str) -> int | None:
        """Return which row is a place's; None when it is not listed."""
        return next((at for at, row in enumerate(self.rows) if row.slot == slot), None)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Return how many rows are listed."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a cell's words, its drawing, or what a screen reader says."""
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self.words(index.row(), index.column())
        if role == MARK:
            return MARKS[row.state] if "state" in self.columns[index.column()] else ""
        if role == GREY:
            return row.state == "not_asked"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row_words(self._texts, row)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a column's head."""
        heads = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
        if role in heads and orientation == Qt.Orientation.Horizontal and section < len(self.columns):
            return head_words(self._texts, self.columns[section])
        return None
