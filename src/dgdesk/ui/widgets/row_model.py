"""The Qt model of a table whose columns are joined when the window is narrow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from dgdesk.ui.widgets.label import Texts
from dgdesk.ui.widgets.texts import NEW_LINE
from dgdesk.ui.widgets.wrap_delegate import GREY, MARK, ModelIndex

RowColumn = tuple[str, ...]
"""The keys of the facts in one column, one below the other."""
ModelRow = TypeVar("ModelRow")
_NOWHERE: Final = QModelIndex()


class RowModel(QAbstractTableModel, Generic[ModelRow]):
    """The rows of a table. `show_rows` changes the rows, `show_level` the columns.

    A subclass defines the content: ``levels`` are lists of columns, from the widest window to the smallest; ``keys``
    are all facts; ``beside`` are the facts that are shown next to a status icon in a joined column; ``shares`` divide
    the spare width among the columns; ``heads`` is the prefix of the codes of the column heads.
    """

    levels: Sequence[Sequence[RowColumn]] = ()
    keys: Sequence[str] = ()
    beside: frozenset[str] = frozenset()
    shares: Mapping[str, int] = {}
    heads = ""

    def __init__(self, texts: Texts, parent: QObject) -> None:
        super().__init__(parent)
        self.texts = texts
        self._words: dict[tuple[str, RowColumn], tuple[ModelRow, str]] = {}
        self.rows: tuple[ModelRow, ...] = ()
        self.level = 0

    def key_of(self, row: ModelRow) -> str:
        """Return the value that identifies a row when the list changes."""
        raise NotImplementedError

    def fact(self, row: ModelRow, key: str) -> str:
        """Return one fact of a row as plain text; lines are separated by ``NEW_LINE``."""
        raise NotImplementedError

    def in_order(self, rows: Iterable[ModelRow], key: str, *, descending: bool) -> tuple[ModelRow, ...]:
        """Return the rows sorted by a key."""
        raise NotImplementedError

    def cell_words(self, row: ModelRow, column: RowColumn) -> str:
        """Return the text of a cell: the facts of its keys, one below the other."""
        return NEW_LINE.join(filter(None, (self.fact(row, key) for key in column)))

    @property
    def measured(self) -> object:
        """What the widths of the columns are measured by; they are measured again when it is another one."""
        return self.rows

    def measured_words(self, key: str) -> Iterable[str]:
        """Return the texts of one fact that its column must be wide enough for."""
        return (self.cell_words(row, (key,)) for row in self.rows)

    def head_words(self, column: RowColumn) -> str:
        """Return the head of a column: the name of its first key."""
        return self.texts.say(f"{self.heads}{column[0]}")

    def row_words(self, row: ModelRow) -> str:
        """Return a whole row in words, for screen readers."""
        said = ((self.head_words((key,)), self.fact(row, key)) for key in self.keys)
        return " · ".join(f"{head} {one_line(words)}" for head, words in said if words)

    def mark_of(self, row: ModelRow, column: RowColumn) -> str:
        """Return the status icon of a cell; empty for none."""
        return ""

    def is_grey(self, row: ModelRow) -> bool:
        """Return whether a row is shown in grey, because it does not apply now."""
        return False

    def widths(self, least: Sequence[int], width: int) -> list[int]:
        """Return the column widths: each column has at least its ``least``; the rest of ``width`` is shared out."""
        return share_out(least, [sum(self.shares[key] for key in column) for column in self.columns], width)

    @property
    def columns(self) -> Sequence[RowColumn]:
        """The keys of each column."""
        return self.levels[self.level]

    def show_rows(self, rows: tuple[ModelRow, ...]) -> bool:
        """Show rows. Return False if keys and order are the same as before (texts may still differ)."""
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
        """Switch to another list of columns."""
        if level != self.level:
            self.beginResetModel()
            self.level = level
            self.endResetModel()

    def words(self, row: int, column: int) -> str:
        """Return the text of a cell."""
        one, what = self.rows[row], self.columns[column]
        key = self.key_of(one), what
        known = self._words.get(key)
        if known is None or known[0] != one:
            known = self._words[key] = one, self.cell_words(one, what)
        return known[1]

    def mark(self, row: int, column: int) -> str:
        """Return the status icon of a cell; empty for none."""
        return self.mark_of(self.rows[row], self.columns[column])

    def number_of(self, key: str) -> int | None:
        """Return the index of the row with this key; None if it is not shown."""
        return next((at for at, row in enumerate(self.rows) if self.key_of(row) == key), None)

    def rowCount(self, parent: ModelIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: ModelIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: ModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
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
        heads = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
        if role in heads and orientation == Qt.Orientation.Horizontal and section < len(self.columns):
            return self.head_words(self.columns[section])
        return None


def share_out(least: Sequence[int], shares: Sequence[int], width: int) -> list[int]:
    """Give every column its least width, and divide the rest by shares."""
    spare, whole = max(width - sum(least), 0), sum(shares) or 1
    found = [one + spare * share // whole for one, share in zip(least, shares, strict=True)]
    found[shares.index(max(shares))] += max(width - sum(found), 0)
    return found


def one_line(words: str) -> str:
    """Join the lines of a text into one."""
    return " ".join(words.replace(NEW_LINE, " · ").split())
