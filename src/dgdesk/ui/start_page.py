"""Window, start page: begin a new survey, or open a draft."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from dgdesk.ui.editors.picker import SearchCombo
from dgdesk.ui.looks import Panel, sheet
from dgdesk.ui.parts import column
from dgdesk.ui.services import Services
from dgdesk.ui.text import WrapLabel


class StartPage(QWidget):
    """What a person sees first. ``new_wanted`` carries the province's name, as typed; ``open_wanted`` nothing."""

    new_wanted = Signal(str)
    open_wanted = Signal()

    def __init__(self, title: str, provinces: Sequence[str], services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("startpage")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(sheet())
        texts = services.texts
        outer = QHBoxLayout(self)
        outer.addStretch(1)
        middle = QWidget(self)
        middle.setFixedWidth(620)
        outer.addWidget(middle)
        outer.addStretch(1)
        layout = QVBoxLayout(middle)
        layout.setSpacing(18)
        layout.addStretch(1)
        layout.addWidget(WrapLabel(texts, title, "starttitle", middle))
        layout.addWidget(WrapLabel(texts, texts.say("ui.start.intro"), "text", middle))
        new = self._card(layout, texts.say("ui.start.new"), texts.say("ui.start.new_hint"), services, middle)
        self.province = SearchCombo(list(provinces), new)
        self.province.box.setPlaceholderText(texts.say("ui.search_list"))
        self.province.setAccessibleName(texts.say("ui.start.province"))
        self.new_button = _button(texts.say("ui.start.new_button"), new, "primary")
        self.new_button.clicked.connect(lambda: self.new_wanted.emit(self.province.currentText().strip()))
        _add_row(new, WrapLabel(texts, texts.say("ui.start.province"), "unit", new), self.province, self.new_button)
        old = self._card(layout, texts.say("ui.start.open"), texts.say("ui.start.open_hint"), services, middle)
        self.open_button = _button(texts.say("ui.start.open_button"), old, "plain")
        self.open_button.clicked.connect(self.open_wanted)
        _add_row(old, self.open_button)
        layout.addStretch(2)

    def _card(self, layout: QVBoxLayout, title: str, hint: str, services: Services, owner: QWidget) -> QFrame:
        card = Panel("card", owner)
        inner = column(card, 8)
        inner.setContentsMargins(18, 14, 18, 16)
        inner.addWidget(WrapLabel(services.texts, title, "question", card))
        inner.addWidget(WrapLabel(services.texts, hint, "hint", card))
        layout.addWidget(card)
        return card


def _button(text: str, owner: QWidget, role: str) -> QPushButton:
    button = QPushButton(text, owner)
    button.setObjectName(role)
    return button


def _add_row(card: QFrame, *widgets: QWidget) -> None:
    row = QHBoxLayout()
    row.setSpacing(10)
    for widget in widgets:
        row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        if isinstance(widget, WrapLabel):
            widget.setWordWrap(False)
    row.addStretch(1)
    inner = card.layout()
    if isinstance(inner, QVBoxLayout):
        inner.addLayout(row)
