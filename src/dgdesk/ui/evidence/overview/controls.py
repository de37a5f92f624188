"""The model of the overview table, and the boxes that filter and sort it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QWidget

from dgdesk.survey.definition.form import Form
from dgdesk.survey.rules.evidence_overview import FILTERS, SORT_KEYS, EvidenceFilter, OverviewRow, SortKey, sorted_rows
from dgdesk.ui.evidence.overview import wording
from dgdesk.ui.widgets.icons import OF_PLACE
from dgdesk.ui.widgets.label import Texts
from dgdesk.ui.widgets.list_controls import ListControls
from dgdesk.ui.widgets.row_model import RowColumn, RowModel
from dgdesk.ui.widgets.row_table import RowTable
from dgdesk.ui.widgets.services import Services

_PAUSE = 120
_LONGEST = 34


class SearchLine(QLineEdit):
    """The search box. ``left_down`` is emitted on arrow down or Enter, to move to the table."""

    left_down = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left_down.emit()
        else:
            super().keyPressEvent(event)


class OverviewControls(ListControls):
    """The filter and sort boxes of the overview."""

    def __init__(self, form: Form, texts: Texts, parent: QWidget) -> None:
        super().__init__(texts, parent)
        say = texts.say
        self.search = SearchLine(self)
        self.search.setPlaceholderText(say("ui.overview.search"))
        self.search.setAccessibleName(say("ui.overview.search"))
        self.search.setAccessibleDescription(say("ui.about.filter"))
        self.search.setClearButtonEnabled(True)
        self.search.setMaxLength(200)
        hint = self.search.fontMetrics().horizontalAdvance(self.search.placeholderText())
        self.search.setMinimumWidth(hint + 3 * self.fontMetrics().height())
        states = [(say(f"ui.overview.filter.{one}"), str(one)) for one in FILTERS]
        self.states = self.combo(say("ui.overview.filter"), states)
        asking = {form.nodes[slot.node].section for slot in form.slots.values()}
        sections = [(texts.cut(one.title, _LONGEST), one.id) for one in form.definition.sections if one.id in asking]
        self.sections = self.combo(say("ui.overview.section"), [(say("ui.overview.every_section"), ""), *sections])
        orders = [(say("ui.overview.sort_by", name=say(f"ui.overview.column.{key}")), str(key)) for key in SORT_KEYS]
        order = self.combo(say("ui.overview.sort"), orders)
        self.lay_out((self.search, self.states, self.sections), order, say("ui.overview.descending"))
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._pause.timeout.connect(self.changed)
        self.search.textChanged.connect(lambda _: self._pause.start())

    @property
    def query(self) -> str:
        """The search text."""
        return self.search.text()

    @property
    def wanted(self) -> EvidenceFilter:
        """The states that are listed."""
        return cast(EvidenceFilter, self.states.currentData())

    @property
    def section(self) -> str:
        """The id of the section that is listed; empty for all."""
        return str(self.sections.currentData())

    def show_left(self) -> None:
        """Remove all filters, and list everything that is asked for now."""
        blocked = [QSignalBlocker(box) for box in (self.search, self.states, self.sections)]
        self.search.clear()
        self.states.setCurrentIndex(self.states.findData("asked"))
        self.sections.setCurrentIndex(0)
        for one in blocked:
            one.unblock()
        self.changed.emit()


class OverviewModel(RowModel[OverviewRow]):
    """The rows of the overview."""

    levels = wording.LEVELS
    keys = SORT_KEYS
    beside = frozenset({"state", "points", "files", "size", "marks"})
    shares = wording.SHARES
    heads = "ui.overview.column."

    def key_of(self, row: OverviewRow) -> str:
        """Return the slot of a row."""
        return row.slot

    def fact(self, row: OverviewRow, key: str) -> str:
        """See `wording.fact`."""
        return wording.fact(self.texts, row, cast(SortKey, key))

    def in_order(self, rows: Iterable[OverviewRow], key: str, *, descending: bool) -> tuple[OverviewRow, ...]:
        """See `sorted_rows`."""
        return sorted_rows(rows, cast(SortKey, key), descending=descending)

    def cell_words(self, row: OverviewRow, column: RowColumn) -> str:
        """See `wording.cell_words`."""
        return wording.cell_words(self.texts, row, cast(wording.OverviewColumn, column))

    def mark_of(self, row: OverviewRow, column: RowColumn) -> str:
        """Return the status of a slot."""
        return OF_PLACE[row.state] if "state" in column else ""

    def is_grey(self, row: OverviewRow) -> bool:
        """Return whether a slot is not asked for now."""
        return not row.is_open


class OverviewTable(RowTable[OverviewRow]):
    """The overview table; several rows can be selected."""

    def __init__(self, services: Services, parent: QWidget) -> None:
        super().__init__(services, OverviewModel(services.texts, parent), parent)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)

    @property
    def chosen(self) -> tuple[OverviewRow, ...]:
        """The selected rows, in the order of the table."""
        numbers = sorted(index.row() for index in self.selectionModel().selectedRows())
        return tuple(self.listed.rows[number] for number in numbers)
