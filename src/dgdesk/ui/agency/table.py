"""The table of received files, a file a row, and the boxes that filter and sort it."""

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
    """The rows."""

    levels = LEVELS
    keys = KEYS
    beside = frozenset(KEYS)
    shares = SHARES
    heads = "ui.receiving.column."

    def __init__(self, wording: Wording, parent: QWidget) -> None:
        super().__init__(wording.texts, parent)
        self._wording = wording

    def key_of(self, row: InboxEntry) -> str:
        """Return the path."""
        return str(row.path)

    def fact(self, row: InboxEntry, key: str) -> str:
        """See `Wording.fact`."""
        return self._wording.fact(row, key)

    def in_order(self, rows: Iterable[InboxEntry], key: str, *, descending: bool) -> tuple[InboxEntry, ...]:
        """See `words.in_order`."""
        return in_order(rows, self._wording, key, descending=descending)

    def cell_words(self, row: InboxEntry, column: RowColumn) -> str:
        """Return what a cell says; beside other facts, the number of problems says what it counts."""
        if len(column) == 1 or "problems" not in column:
            return super().cell_words(row, column)
        count = len(row.problems)
        counted = self.texts.say("ui.receiving.problem_count", count=count) if count else ""
        facts = (counted if key == "problems" else self.fact(row, key) for key in column)
        return NEW_LINE.join(filter(None, facts))

    def mark_of(self, row: InboxEntry, column: RowColumn) -> str:
        """Return the status of the verdict."""
        return MARKS[row.standing] if "verdict" in column else ""

    def is_grey(self, row: InboxEntry) -> bool:
        """Whether it was not checked yet."""
        return row.standing == "waiting"


class ReceivedTable(RowTable[InboxEntry]):
    """The table; several rows may be chosen."""

    def __init__(self, services: Services, wording: Wording, parent: QWidget) -> None:
        super().__init__(services, ReceivedModel(wording, parent), parent)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)

    @property
    def chosen(self) -> tuple[InboxEntry, ...]:
        """The rows that are chosen, in their order."""
        rows = sorted({index.row() for index in self.selectionModel().selectedIndexes()})
        return tuple(self.listed.rows[at] for at in rows)


class InboxControls(ListControls):
    """Which verdicts are listed, and in which order."""

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
        """Which verdicts are listed."""
        return cast(VerdictFilter, self.wanted_box.currentData())

    def show_counts(self, counts: Mapping[VerdictFilter, int]) -> None:
        """Say beside each filter how many files it lists."""
        for at, one in enumerate(FILTERS):
            self.wanted_box.setItemText(at, self.texts.say(f"ui.receiving.filter.{one}", count=counts[one]))
