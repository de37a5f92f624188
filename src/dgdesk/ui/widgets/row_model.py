"""The rows of a table whose columns join where the window is narrow, for Qt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from dgdesk.ui.widgets.label import Texts
from dgdesk.ui.widgets.texts import NEW_LINE
from dgdesk.ui.widgets.wrap_delegate import GREY, MARK

ModelIndex = QModelIndex | QPersistentModelIndex
RowColumn = tuple[str, ...]
"""The keys of what one column shows, one below the other."""
ModelRow = TypeVar("ModelRow")
_NOWHERE: Final = QModelIndex()


class RowModel(QAbstractTableModel, Generic[ModelRow]):
    """The rows. `show_rows` changes what is listed, `show_level` which columns there are.

    A subclass says what stands in them: ``levels`` are the columns, from those of the widest window to those of the
    largest text in the smallest; ``keys`` are all that can be shown; ``beside`` are those that may stand in one
    column with a drawing; ``shares`` say how the width that is left over is shared out; ``heads`` begins the codes of
    the heads' words.
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
        """Return by what a row is known again."""
        raise NotImplementedError

    def fact(self, row: ModelRow, key: str) -> str:
        """Return what a row says of one key, plain; lines are parted by ``NEW_LINE``."""
        raise NotImplementedError

    def in_order(self, rows: Iterable[ModelRow], key: str, *, descending: bool) -> tuple[ModelRow, ...]:
        """Return rows sorted by a key."""
        raise NotImplementedError

    def cell_words(self, row: ModelRow, column: RowColumn) -> str:
        """Return what a cell says: the facts of its keys, one below the other."""
        return NEW_LINE.join(filter(None, (self.fact(row, key) for key in column)))

    def head_words(self, column: RowColumn) -> str:
        """Return a column's head: what stands first in it."""
        return self.texts.say(f"{self.heads}{column[0]}")

    def row_words(self, row: ModelRow) -> str:
        """Return a whole row as a screen reader says it."""
        said = ((self.head_words((key,)), self.fact(row, key)) for key in self.keys)
        return " · ".join(f"{head} {one_line(words)}" for head, words in said if words)

    def mark_of(self, row: ModelRow, column: RowColumn) -> str:
        """Return the drawing of a cell; empty for none."""
        return ""

    def is_grey(self, row: ModelRow) -> bool:
        """Whether a row is of no concern now."""
        return False

    def widths(self, least: Sequence[int], width: int) -> list[int]:
        """Return the widths of the columns of now: each has its ``least``, the rest goes where texts are long."""
        return share_out(least, [sum(self.shares[key] for key in column) for column in self.columns], width)

    @property
    def columns(self) -> Sequence[RowColumn]:
        """What each column shows."""
        return self.levels[self.level]

    def show_rows(self, rows: tuple[ModelRow, ...]) -> bool:
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
    """Give every column its least width, and what is left by shares."""
    spare, whole = max(width - sum(least), 0), sum(shares) or 1
    found = [one + spare * share // whole for one, share in zip(least, shares, strict=True)]
    found[shares.index(max(shares))] += max(width - sum(found), 0)
    return found


def one_line(words: str) -> str:
    """Return words of several lines on one."""
    return " ".join(words.replace(NEW_LINE, " · ").split())
