"""The dialog that shows the survey's table of indicators."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from dgdesk.survey.definition.models import Indicator, IndicatorTable
from dgdesk.survey.definition.texts import joined
from dgdesk.ui.form.field_parts import NotesBox
from dgdesk.ui.widgets.buttons import give_keys, what_this_is
from dgdesk.ui.widgets.fitting import FittedDialog
from dgdesk.ui.widgets.label import Texts, WrapLabel
from dgdesk.ui.widgets.layout import column
from dgdesk.ui.widgets.theme import Panel, sheet
from dgdesk.ui.widgets.theme_file import SPACE

_INDENT = 18


class IndicatorDialog(FittedDialog):
    """Shows the table of indicators."""

    def __init__(self, table: IndicatorTable, texts: Texts, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(texts.say("ui.indicators"))
        self.setStyleSheet(sheet())
        self.resize(860, 620)
        layout = QVBoxLayout(self)
        area = QScrollArea(self)
        area.setAccessibleName(texts.say("ui.indicators"))
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFrameShape(QFrame.Shape.NoFrame)
        content = QWidget()
        content.setObjectName("pagecontent")
        inner = column(content, 3 * SPACE // 2)
        inner.setContentsMargins(2 * SPACE, 3 * SPACE // 2, 2 * SPACE, 3 * SPACE // 2)
        for pillar in table.pillars:
            card = Panel("card", content)
            grid = QGridLayout(card)
            grid.setContentsMargins(2 * SPACE, 3 * SPACE // 2, 2 * SPACE, 3 * SPACE // 2)
            grid.setColumnStretch(0, 1)
            grid.setColumnStretch(1, 1)
            grid.setHorizontalSpacing(2 * SPACE)
            grid.addWidget(WrapLabel(texts, pillar.heading, "hint", card), 0, 0, 1, 2)
            title = joined(pillar.title, pillar.weight_text)
            grid.addWidget(WrapLabel(texts, title, "question", card), 1, 0, 1, 2)
            for number, heading in enumerate(table.headings):
                grid.addWidget(WrapLabel(texts, heading, "columnhead", card), 2, number)
            for row, (depth, indicator) in enumerate(_lines(pillar.indicators), start=3):
                star = "*" if indicator.starred else ""
                name = WrapLabel(texts, joined(indicator.number, indicator.name + star), "text", card)
                name.setContentsMargins(depth * _INDENT, 0, 0, 0)
                grid.addWidget(name, row, 0)
                grid.addWidget(WrapLabel(texts, indicator.purpose, "hint", card), row, 1)
            inner.addWidget(card)
        inner.addWidget(NotesBox(texts, (table.footnote,), content))
        inner.addStretch(1)
        area.setWidget(content)
        layout.addWidget(area)
        close = QPushButton(texts.say("ui.close"), self)
        give_keys((close, "C"))
        close.clicked.connect(self.accept)
        below = QHBoxLayout()
        below.addWidget(what_this_is(self, texts, "ui.what.indicators"))
        below.addStretch(1)
        below.addWidget(close)
        layout.addLayout(below)


def _lines(indicators: tuple[Indicator, ...], depth: int = 0) -> Iterator[tuple[int, Indicator]]:
    for indicator in indicators:
        yield depth, indicator
        yield from _lines(indicator.indicators, depth + 1)
