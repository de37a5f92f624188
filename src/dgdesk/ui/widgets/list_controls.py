"""Boxes above a table: what is listed, and in which order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from dgdesk.ui.widgets.choice import CheckRow
from dgdesk.ui.widgets.inputs import CalmCombo
from dgdesk.ui.widgets.keyboard import chain
from dgdesk.ui.widgets.label import Texts
from dgdesk.ui.widgets.layout import FlowLayout
from dgdesk.ui.widgets.plain import set_tip
from dgdesk.ui.widgets.text_layout import Run

_LEAST_HEIGHT = 30

ListChoice = tuple[str, str]
"""The words of an entry, and the value that they stand for."""


class ListControls(QWidget):
    """The boxes. ``changed`` comes when something else is to be listed, or in another order."""

    changed = Signal()

    def __init__(self, texts: Texts, parent: QWidget) -> None:
        super().__init__(parent)
        self.texts = texts
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def combo(self, name: str, items: Iterable[ListChoice]) -> CalmCombo:
        """Return a box to choose one value in; ``name`` is what a screen reader calls it."""
        combo = CalmCombo(self)
        combo.setMinimumHeight(max(_LEAST_HEIGHT, self.fontMetrics().height() + 8))
        combo.setSizeAdjustPolicy(CalmCombo.SizeAdjustPolicy.AdjustToContents)
        combo.setAccessibleName(name)
        set_tip(combo, self.texts.show(name))
        for words, value in items:
            combo.addItem(words, value)
        combo.currentIndexChanged.connect(self.changed)
        return combo

    def lay_out(self, filters: Sequence[QWidget], order: CalmCombo, descending: str) -> None:
        """Put the filters beside each other, then the box with the order, then a check box with the words given."""
        self.order = order
        self.descending: CheckRow = CheckRow(self.texts, (Run(descending),), self)
        self.descending.toggled.connect(self.changed)
        row = FlowLayout(self, 8)
        parts = (*filters, order, self.descending)
        for part in parts:
            row.addWidget(part)
        chain(parts)

    @property
    def sorted_by(self) -> tuple[str, bool]:
        """The key by which rows are sorted, and whether downwards."""
        return str(self.order.currentData()), self.descending.isChecked()

    def sort_by(self, key: str) -> None:
        """Sort by another key; by the same once more, the other way round."""
        at = self.order.findData(key)
        if self.order.currentIndex() == at:
            self.descending.toggle()
        else:
            self.order.setCurrentIndex(at)
