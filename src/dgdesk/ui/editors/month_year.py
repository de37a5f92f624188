"""Window, editors: a month and a Buddhist year."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from dgdesk.text.dates import MONTHS
from dgdesk.ui.editors.base import Editor, shown_text
from dgdesk.ui.months import join_month_year, split_month_year
from dgdesk.ui.parts import Parts
from dgdesk.ui.widgets.inputs import CalmCombo, LineInput
from dgdesk.ui.widgets.label import WrapLabel

_WHOLE_YEAR = 4


class MonthYearEditor(Editor):
    """A list of months and a box for the year; the printed words stand before them."""

    def __init__(self, parts: Parts, position: int, parent: QWidget) -> None:
        super().__init__(parts, position, parent)
        words = self.node.field.blanks
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self.month = CalmCombo(self)
        self.month.setMaxVisibleItems(13)
        self.month.addItem("")
        self.month.addItems(list(MONTHS))
        self.year = LineInput(self)
        self.year.setFixedWidth(100)
        self.year.setAlignment(Qt.AlignmentFlag.AlignRight)
        for number, box in enumerate((self.month, self.year)):
            if number < len(words):
                word = WrapLabel(parts.texts, words[number], "unit", self)
                word.setWordWrap(False)
                row.addWidget(word, 0, Qt.AlignmentFlag.AlignVCenter)
            row.addWidget(box)
            box.setAccessibleName(" ".join((self.node.label, *words[number : number + 1])))
        row.addStretch(1)
        if not self.editable:
            self.month.freeze(parts.texts.say("ui.frozen"))
        self.year.setReadOnly(not self.editable)
        self.pending = parts.pending(self._write, self)
        self.month.activated.connect(self._chosen)
        self.year.textEdited.connect(self._typed)
        self.year.left.connect(self._leave)
        self.refresh()

    def refresh(self) -> None:
        """Show what is stored, unless it is these boxes that just said so."""
        if not self.pending.writing:
            self.pending.drop()
            month, year = split_month_year(shown_text(self.value))
            self.month.setCurrentIndex(month)
            self.year.show_text(year)

    def focus_target(self) -> QWidget:
        """See `Editor`."""
        return self.month

    def _typed(self, text: str) -> None:
        # Half a year reads as another one (25 as 2525): it is written when it is whole, or when the box is left.
        if len(text.strip()) >= _WHOLE_YEAR:
            self.pending.touch()
        else:
            self.pending.wait()

    def _chosen(self) -> None:
        self.pending.touch()
        self.pending.flush()

    def _write(self) -> bool:
        return self.parts.bridge.set_answer_from_text(
            self.address, join_month_year(self.month.currentIndex(), self.year.text())
        )

    def _leave(self) -> None:
        self.pending.when_released(self._finish)

    def _finish(self) -> None:
        if self.pending.flush():
            self.refresh()
