"""Window, gone line: says that something was taken away, with a button that brings it back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from dgdesk.ui.buttons import PageButton
from dgdesk.ui.plain import set_tip
from dgdesk.ui.stacked import show_if
from dgdesk.ui.text import Texts, WrapLabel


class GoneLine(QWidget):
    """Stands where something was, until something else is done. ``bring_back`` is called by its button."""

    def __init__(self, texts: Texts, bring_back: Callable[[], None], parent: QWidget) -> None:
        super().__init__(parent)
        self._texts = texts
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self.words = WrapLabel(texts, "", "hint", self)
        self.button = PageButton(texts.say("ui.undo"), self)
        self.button.setObjectName("small")
        self.button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.button.clicked.connect(bring_back)
        row.addWidget(self.words, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)

    def show_gone(self, words: str, spoken: str) -> None:
        """Say what is gone, and on the button what comes back."""
        self.words.set_text(words)
        self.button.setAccessibleName(spoken)
        set_tip(self.button, self._texts.show(spoken))
        show_if(self, True)
