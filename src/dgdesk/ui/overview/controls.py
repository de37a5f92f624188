"""Window, evidence overview, controls: what is listed and in which order, in boxes above the table."""

from __future__ import annotations

from typing import cast, get_args

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QSizePolicy, QWidget

from dgdesk.definition.form import Form
from dgdesk.rules.overview import FILTERS, SORT_KEYS, SortKey, Wanted
from dgdesk.ui.buttons import PageCheck
from dgdesk.ui.focus_order import chain
from dgdesk.ui.inputs import CalmCombo
from dgdesk.ui.plain import set_tip
from dgdesk.ui.text import Texts
from dgdesk.ui.viewer.flow import FlowLayout

_PAUSE = 120
_LONGEST = 34
_LEAST_HEIGHT = 30


class SearchLine(QLineEdit):
    """The box to search in. ``left_down`` comes with an arrow down or Enter: on to the table."""

    left_down = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go on to the table."""
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left_down.emit()
        else:
            super().keyPressEvent(event)


class Controls(QWidget):
    """The boxes. ``changed`` comes when something else is to be listed, or in another order."""

    changed = Signal()

    def __init__(self, form: Form, texts: Texts, parent: QWidget) -> None:
        super().__init__(parent)
        self._texts = texts
        say = texts.say
        row = FlowLayout(self, 8)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.search = SearchLine(self)
        self.search.setPlaceholderText(say("ui.overview.search"))
        self.search.setAccessibleName(say("ui.overview.search"))
        self.search.setAccessibleDescription(say("ui.about.filter"))
        self.search.setClearButtonEnabled(True)
        self.search.setMaxLength(200)
        hint = self.search.fontMetrics().horizontalAdvance(self.search.placeholderText())
        self.search.setMinimumWidth(hint + 3 * self.fontMetrics().height())
        self.states = self._combo("ui.overview.filter", [(say(f"ui.overview.filter.{one}"), one) for one in FILTERS])
        sections = [(texts.cut(one.title, _LONGEST), one.id) for one in form.definition.sections if _asks(form, one.id)]
        every = (say("ui.overview.every_section"), "")
        self.sections = self._combo("ui.overview.section", [every, *sections])
        named = [(say(f"ui.overview.column.{key}"), key) for key in SORT_KEYS]
        self.order = self._combo(
            "ui.overview.sort", [(say("ui.overview.sort_by", name=name), key) for name, key in named]
        )
        self.descending = PageCheck(say("ui.overview.descending"), self)
        for part in (self.search, self.states, self.sections, self.order, self.descending):
            row.addWidget(part)
        chain((self.search, self.states, self.sections, self.order, self.descending))
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._pause.timeout.connect(self.changed)
        self.search.textChanged.connect(lambda _: self._pause.start())
        for combo in (self.states, self.sections, self.order):
            combo.currentIndexChanged.connect(self.changed)
        self.descending.toggled.connect(self.changed)

    @property
    def query(self) -> str:
        """What is searched for."""
        return self.search.text()

    @property
    def wanted(self) -> Wanted:
        """Which states are listed."""
        return cast(Wanted, self.states.currentData())

    @property
    def section(self) -> str:
        """The id of the section that is listed; empty for all."""
        return str(self.sections.currentData())

    @property
    def sorted_by(self) -> tuple[SortKey, bool]:
        """By what rows are sorted, and whether downwards."""
        return cast(SortKey, self.order.currentData()), self.descending.isChecked()

    def sort_by(self, key: str) -> None:
        """Sort by something else; by the same once more, the other way round."""
        assert key in get_args(SortKey)
        if self.order.currentData() == key:
            self.descending.toggle()
        else:
            self.order.setCurrentIndex(self.order.findData(key))

    def show_left(self) -> None:
        """List everything that is asked for now, without a filter."""
        for box in (self.search, self.states, self.sections):
            box.blockSignals(True)
        self.search.clear()
        self.states.setCurrentIndex(self.states.findData("asked"))
        self.sections.setCurrentIndex(0)
        for box in (self.search, self.states, self.sections):
            box.blockSignals(False)
        self.changed.emit()

    def _combo(self, code: str, items: list[tuple[str, str]]) -> QComboBox:
        combo = CalmCombo(self)
        combo.setMinimumHeight(max(_LEAST_HEIGHT, self.fontMetrics().height() + 8))
        combo.setAccessibleName(self._texts.say(code))
        set_tip(combo, self._texts.show(self._texts.say(code)))
        for words, value in items:
            combo.addItem(words, value)
        return combo


def _asks(form: Form, section: str) -> bool:
    return any(form.nodes[slot.node].section == section for slot in form.slots.values())
