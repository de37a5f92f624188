"""Window, receiving, controls: which verdicts are listed, and in which order, in boxes above the table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from dgdesk.ui.choice import CheckRow
from dgdesk.ui.focus_order import chain
from dgdesk.ui.inputs import CalmCombo
from dgdesk.ui.plain import set_tip
from dgdesk.ui.receiving.entries import FILTERS, Wanted
from dgdesk.ui.receiving.words import KEYS
from dgdesk.ui.text import Texts
from dgdesk.ui.text_layout import Run
from dgdesk.ui.viewer.flow import FlowLayout

_LEAST_HEIGHT = 30


class Controls(QWidget):
    """The boxes. ``changed`` comes when something else is to be listed, or in another order."""

    changed = Signal()

    def __init__(self, texts: Texts, parent: QWidget) -> None:
        super().__init__(parent)
        self._texts = texts
        say = texts.say
        row = FlowLayout(self, 8)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.wanted_box, self.order = self._combo("ui.receiving.filter"), self._combo("ui.receiving.order")
        for one in FILTERS:
            self.wanted_box.addItem(say(f"ui.receiving.filter.{one}", count=0), one)
        for key in KEYS:
            name = say(f"ui.receiving.column.{key}")
            self.order.addItem(say("ui.receiving.order_by", name=name), key)
        self.descending: CheckRow = CheckRow(texts, (Run(say("ui.receiving.descending")),), self)
        parts = (self.wanted_box, self.order, self.descending)
        for part in parts:
            row.addWidget(part)
        chain(parts)
        for combo in (self.wanted_box, self.order):
            combo.currentIndexChanged.connect(self.changed)
        self.descending.toggled.connect(self.changed)

    @property
    def wanted(self) -> Wanted:
        """Which verdicts are listed."""
        return cast(Wanted, self.wanted_box.currentData())

    @property
    def sorted_by(self) -> tuple[str, bool]:
        """By which column rows are sorted, and whether downwards."""
        return str(self.order.currentData()), self.descending.isChecked()

    def sort_by(self, key: str) -> None:
        """Sort by a column; by the same once more, the other way round."""
        if self.order.currentData() == key:
            self.descending.toggle()
        else:
            self.order.setCurrentIndex(self.order.findData(key))

    def show_counts(self, counts: Mapping[Wanted, int]) -> None:
        """Say beside each filter how many files it lists."""
        for at, one in enumerate(FILTERS):
            self.wanted_box.setItemText(at, self._texts.say(f"ui.receiving.filter.{one}", count=counts[one]))

    def _combo(self, code: str) -> CalmCombo:
        combo = CalmCombo(self)
        combo.setMinimumHeight(max(_LEAST_HEIGHT, self.fontMetrics().height() + 8))
        combo.setAccessibleName(self._texts.say(code))
        set_tip(combo, self._texts.show(self._texts.say(code)))
        combo.setSizeAdjustPolicy(CalmCombo.SizeAdjustPolicy.AdjustToContents)
        return combo
