"""Window, row model: rows of a table whose columns join where there is little room, for Qt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

Index = QModelIndex | QPersistentModelIndex
Column = tuple[str, ...]
"""The keys of what one column shows, one below the other."""
Row = TypeVar("Row")
MARK: Final = Qt.ItemDataRole.UserRole + 1
"""The drawing of a cell (of ``status-<name>.svg``), empty where it has none."""
GREY: Final = Qt.ItemDataRole.UserRole + 2
"""Whether a row is of no concern now."""
_NOWHERE: Final = QModelIndex()


class RowModel(QAbstractTableModel, Generic[Row]):
    """The rows. `show_rows` changes what is listed, `show_level` which columns there are.

    A subclass says what stands in them: ``levels`` are the columns by how much room there is, from the widest window
    to the largest text in the smallest; ``keys`` are all that can be shown; ``beside`` are those that may stand in one
    column with a drawing.
    """

    levels: Sequence[Sequence[Column]] = ()
    keys: Sequence[str] = ()
    beside: frozenset[str] = frozenset()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._words: dict[tuple[str, Column], tuple[Row, str]] = {}
        self.rows: tuple[Row, ...] = ()
        self.level = 0

    def key_of(self, row: Row) -> str:
        """Return by what a row is known again."""
        raise NotImplementedError

    def cell_words(self, row: Row, column: Column) -> str:
        """Return what a cell says, plain; lines are parted by ``NEW_LINE``."""
        raise NotImplementedError

    def head_words(self, column: Column) -> str:
        """Return a column's head."""
        raise NotImplementedError

    def row_words(self, row: Row) -> str:
        """Return a whole row as a screen reader says it."""
        raise NotImplementedError

    def mark_of(self, row: Row, column: Column) -> str:
        """Return the drawing of a cell; empty for none."""
        return ""

    def is_grey(self, row: Row) -> bool:
        """Whether a row is of no concern now."""
        return False

    def widths(self, least: Sequence[int], room: int) -> list[int]:
        """Share out the room between the columns of now; each needs ``least``."""
        raise NotImplementedError

    @property
    def columns(self) -> Sequence[Column]:
        """What each column shows."""
        return self.levels[self.level]

    def show_rows(self, rows: tuple[Row, ...]) -> bool:
        """List rows. True: others than before, or in another order; False: at most their words are others."""
        if [self.key_of(row) for row in rows] == [self.key_of(row) for row in self.rows]:
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
        key = self.key_of(one), what
        known = self._words.get(key)
        if known is None or known[0] != one:
            known = self._words[key] = one, self.cell_words(one, what)
        return known[1]

    def mark(self, row: int, column: int) -> str:
        """Return a cell's drawing; empty for none."""
        return self.mark_of(self.rows[row], self.columns[column])

    def number_of(self, key: str) -> int | None:
        """Return which row a key means; None when it is not listed."""
        return next((at for at, row in enumerate(self.rows) if self.key_of(row) == key), None)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Return how many rows are listed."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell's words, its drawing, or what a screen reader says."""
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.words(index.row(), index.column())
        if role == MARK:
            return self.mark(index.row(), index.column())
        if role == GREY:
            return self.is_grey(self.rows[index.row()])
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.row_words(self.rows[index.row()])
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a column's head."""
        heads = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
        if role in heads and orientation == Qt.Orientation.Horizontal and section < len(self.columns):
            return self.head_words(self.columns[section])
        return None
