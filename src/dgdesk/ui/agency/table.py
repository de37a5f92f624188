"""The window's two tables, of respondents and of files, and the controls that filter, search and sort them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Generic, TypeVar

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QAbstractItemView, QWidget

from dgdesk.ui.agency.columns import ListKind, Samples
from dgdesk.ui.agency.rows import ListedRow
from dgdesk.ui.widgets.inputs import LineInput
from dgdesk.ui.widgets.label import Texts
from dgdesk.ui.widgets.list_controls import ListControls
from dgdesk.ui.widgets.row_model import RowColumn, RowModel
from dgdesk.ui.widgets.row_table import RowTable
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.texts import NEW_LINE

Of = TypeVar("Of")
_PAUSE: Final = 150
"""Milliseconds after the last letter before a search begins."""
_LONGEST: Final = 200


class ListedModel(RowModel[ListedRow[Of]], Generic[Of]):
    """The rows of one table."""

    def __init__(self, texts: Texts, kind: ListKind, parent: QWidget) -> None:
        super().__init__(texts, parent)
        self.kind = kind
        self.levels, self.keys, self.shares, self.heads = kind.levels, kind.keys, kind.shares, kind.heads
        self.beside = frozenset(kind.keys)
        self.samples = Samples({key: () for key in kind.keys})

    def show_samples(self, samples: Samples) -> None:
        """Measure the columns by other texts; a column without any is not shown."""
        self.samples = samples
        first = self.kind.keys[0]
        shown = [key for key in self.kind.keys if key == first or any(samples.longest[key])]
        levels = tuple(_without(level, shown) for level in self.kind.levels)
        if levels != self.levels:
            self.beginResetModel()
            self.levels = levels
            self.endResetModel()

    def key_of(self, row: ListedRow[Of]) -> str:
        """Return what tells the row from others."""
        return row.key

    def fact(self, row: ListedRow[Of], key: str) -> str:
        """Return one text of a row."""
        return row.cells[key]

    def in_order(self, rows: Iterable[ListedRow[Of]], key: str, *, descending: bool) -> tuple[ListedRow[Of], ...]:
        """Sort by the ranks of a column."""
        return tuple(sorted(rows, key=lambda row: row.ranks[key], reverse=descending))

    def cell_words(self, row: ListedRow[Of], column: RowColumn) -> str:
        """Return a cell's text. In a cell with other facts, a bare number gets a label."""
        if len(column) == 1:
            return row.cells[column[0]]
        return NEW_LINE.join(filter(None, (self._labelled(row, key) for key in column)))

    def _labelled(self, row: ListedRow[Of], key: str) -> str:
        words = row.cells[key]
        if key == "problems":
            return self.texts.say("ui.receiving.problem_count", count=int(words)) if words not in ("", "0") else ""
        if key == "revision":
            return self.texts.say("ui.receiving.revision", number=words) if words else ""
        return words

    def mark_of(self, row: ListedRow[Of], column: RowColumn) -> str:
        """Return the status icon, in the column of the state or verdict."""
        return row.mark if self.kind.marked in column else ""

    def is_grey(self, row: ListedRow[Of]) -> bool:
        """Whether nothing has come, or the file is not judged yet."""
        return row.grey

    @property
    def measured(self) -> object:
        """The longest texts of all rows, so that the columns stay as they are while a person searches."""
        return self.samples

    def measured_words(self, key: str) -> Iterable[str]:
        """Return the longest texts of a column."""
        return self.samples.longest[key]


def _without(level: Sequence[RowColumn], shown: Sequence[str]) -> tuple[RowColumn, ...]:
    kept = (tuple(key for key in column if key in shown) for column in level)
    return tuple(column for column in kept if column)


class ListedTable(RowTable[ListedRow[Of]], Generic[Of]):
    """One table, with multiple selection."""

    def __init__(self, services: Services, kind: ListKind, name: str, about: str, parent: QWidget) -> None:
        self.model_of: ListedModel[Of] = ListedModel(services.texts, kind, parent)
        super().__init__(services, self.model_of, parent)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setAccessibleName(name)
        self.setAccessibleDescription(about)

    @property
    def chosen(self) -> tuple[Of, ...]:
        """What the selected rows show, in the order of the table."""
        rows = sorted({index.row() for index in self.selectionModel().selectedRows()})
        return tuple(self.listed.rows[at].of for at in rows)


class FinderControls(ListControls):
    """The filter, the search box, and the sort order of one table."""

    def __init__(self, texts: Texts, kind: ListKind, parent: QWidget) -> None:
        super().__init__(texts, parent)
        say = texts.say
        self._kind = kind
        filters = [(say(f"{kind.filter_code}{one}", count=0), str(one)) for one in kind.filters]
        self.wanted_box = self.combo(say("ui.receiving.filter"), filters)
        self.search = LineInput(self)
        hint = self.search.fontMetrics().horizontalAdvance(say("ui.receiving.search"))
        self.search.setMinimumWidth(hint + 4 * self.search.fontMetrics().height())
        self.search.setMaxLength(_LONGEST)
        self.search.setPlaceholderText(say("ui.receiving.search"))
        self.search.setAccessibleName(say("ui.receiving.search"))
        self.search.setClearButtonEnabled(True)
        orders = [(say("ui.receiving.order_by", name=say(f"{kind.heads}{key}")), key) for key in kind.keys]
        order = self.combo(say("ui.receiving.order"), orders)
        self.lay_out((self.wanted_box, self.search), order, say("ui.receiving.descending"))
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._pause.timeout.connect(self.changed)
        self.search.textChanged.connect(lambda _: self._pause.start())

    @property
    def wanted(self) -> str:
        """The selected filter."""
        return str(self.wanted_box.currentData())

    def show_only(self, wanted: str) -> None:
        """Select a filter, and search for nothing."""
        self.search.clear()
        self.wanted_box.setCurrentIndex(self.wanted_box.findData(wanted))

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """Show the number of rows of each filter."""
        for at, one in enumerate(self._kind.filters):
            self.wanted_box.setItemText(at, self.texts.say(f"{self._kind.filter_code}{one}", count=counts[one]))
