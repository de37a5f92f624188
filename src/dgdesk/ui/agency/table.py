"""The table of received files, and the controls that filter and sort it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

from PySide6.QtWidgets import QAbstractItemView, QWidget

from dgdesk.ui.agency.entries import FILTERS, MARKS, InboxEntry, VerdictFilter
from dgdesk.ui.agency.wording import KEYS, LEVELS, SHARES, Wording, in_order
from dgdesk.ui.widgets.label import Texts
from dgdesk.ui.widgets.list_controls import ListControls
from dgdesk.ui.widgets.row_model import RowColumn, RowModel
from dgdesk.ui.widgets.row_table import RowTable
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.texts import NEW_LINE


class ReceivedModel(RowModel[InboxEntry]):
    """The rows, one for each file."""

    levels = LEVELS
    keys = KEYS
    beside = frozenset(KEYS)
    shares = SHARES
    heads = "ui.receiving.column."

    def __init__(self, wording: Wording, parent: QWidget) -> None:
        super().__init__(wording.texts, parent)
        self._wording = wording

    def key_of(self, row: InboxEntry) -> str:
        """Return the file's path."""
        return str(row.path)

    def fact(self, row: InboxEntry, key: str) -> str:
        """See `Wording.fact`."""
        return self._wording.fact(row, key)

    def in_order(self, rows: Iterable[InboxEntry], key: str, *, descending: bool) -> tuple[InboxEntry, ...]:
        """See `wording.in_order`."""
        return in_order(rows, self._wording, key, descending=descending)

    def cell_words(self, row: InboxEntry, column: RowColumn) -> str:
        """Return a cell's text. In a cell with other facts, the number of problems gets a label."""
        if len(column) == 1 or "problems" not in column:
            return super().cell_words(row, column)
        count = len(row.problems)
        counted = self.texts.say("ui.receiving.problem_count", count=count) if count else ""
        facts = (counted if key == "problems" else self.fact(row, key) for key in column)
        return NEW_LINE.join(filter(None, facts))

    def mark_of(self, row: InboxEntry, column: RowColumn) -> str:
        """Return the status icon, in the column of the verdict."""
        return MARKS[row.status] if "verdict" in column else ""

    def is_grey(self, row: InboxEntry) -> bool:
        """Whether the file is not verified yet."""
        return row.status == "waiting"


class ReceivedTable(RowTable[InboxEntry]):
    """The table, with multiple selection."""

    def __init__(self, services: Services, wording: Wording, parent: QWidget) -> None:
        super().__init__(services, ReceivedModel(wording, parent), parent)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)

    @property
    def chosen(self) -> tuple[InboxEntry, ...]:
        """The selected entries, in the order of the table."""
        rows = sorted({index.row() for index in self.selectionModel().selectedIndexes()})
        return tuple(self.listed.rows[at] for at in rows)


class InboxControls(ListControls):
    """The filter by verdict, and the sort order."""

    def __init__(self, texts: Texts, parent: QWidget) -> None:
        super().__init__(texts, parent)
        say = texts.say
        filters = [(say(f"ui.receiving.filter.{one}", count=0), str(one)) for one in FILTERS]
        self.wanted_box = self.combo(say("ui.receiving.filter"), filters)
        orders = [(say("ui.receiving.order_by", name=say(f"ui.receiving.column.{key}")), key) for key in KEYS]
        order = self.combo(say("ui.receiving.order"), orders)
        self.lay_out((self.wanted_box,), order, say("ui.receiving.descending"))

    @property
    def wanted(self) -> VerdictFilter:
        """The selected filter."""
        return cast(VerdictFilter, self.wanted_box.currentData())

    def show_counts(self, counts: Mapping[VerdictFilter, int]) -> None:
        """Show the number of files of each filter."""
        for at, one in enumerate(FILTERS):
            self.wanted_box.setItemText(at, self.texts.say(f"ui.receiving.filter.{one}", count=counts[one]))
