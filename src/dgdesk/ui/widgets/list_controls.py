"""Filter and sort boxes above a table."""

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
from dgdesk.ui.widgets.theme_file import SPACE

_LEAST_HEIGHT = 30

ListChoice = tuple[str, str]
"""The text of an entry and its value."""


class ListControls(QWidget):
    """A row of filter and sort boxes. ``changed`` is emitted when another filter or order is chosen."""

    changed = Signal()

    def __init__(self, texts: Texts, parent: QWidget) -> None:
        super().__init__(parent)
        self.texts = texts
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def combo(self, name: str, items: Iterable[ListChoice]) -> CalmCombo:
        """Return a box to choose one value; ``name`` is its accessible name."""
        combo = CalmCombo(self)
        combo.setMinimumHeight(max(_LEAST_HEIGHT, combo.minimumSizeHint().height()))
        combo.setSizeAdjustPolicy(CalmCombo.SizeAdjustPolicy.AdjustToContents)
        combo.setAccessibleName(name)
        set_tip(combo, self.texts.show(name))
        for words, value in items:
            combo.addItem(words, value)
        combo.currentIndexChanged.connect(self.changed)
        return combo

    def lay_out(self, filters: Sequence[QWidget], order: CalmCombo, descending: str) -> None:
        """Lay out filters, sort box, and a check box for descending order with the text ``descending``."""
        self.order = order
        self.descending: CheckRow = CheckRow(self.texts, (Run(descending),), self)
        self.descending.toggled.connect(self.changed)
        row = FlowLayout(self, SPACE)
        parts = (*filters, order, self.descending)
        for part in parts:
            row.addWidget(part)
        chain(parts)

    @property
    def sorted_by(self) -> tuple[str, bool]:
        """The sort key, and whether the order is descending."""
        return str(self.order.currentData()), self.descending.isChecked()

    def sort_by(self, key: str) -> None:
        """Sort by a key; if it is the present one, reverse the order."""
        at = self.order.findData(key)
        if self.order.currentIndex() == at:
            self.descending.toggle()
        else:
            self.order.setCurrentIndex(at)
