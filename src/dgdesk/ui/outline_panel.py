"""Window, outline panel: the outline under its name."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dgdesk.ui.outline import Outline
from dgdesk.ui.widgets.buttons import WhatButton
from dgdesk.ui.widgets.label import Texts, WrapLabel


class OutlinePanel(QWidget):
    """The outline, its name, and the button that explains it."""

    def __init__(self, texts: Texts, outline: Outline, parent: QWidget) -> None:
        super().__init__(parent)
        self.outline = outline
        column, head = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head.setContentsMargins(10, 6, 8, 4)
        head.addWidget(WrapLabel(texts, texts.say("ui.outline"), "sidehead", self), 1)
        head.addWidget(WhatButton(texts, texts.say("ui.outline"), lambda: outline, self))
        column.addLayout(head)
        column.addWidget(outline, 1)
