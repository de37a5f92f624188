"""Long technical texts, folded behind one line: digests, fingerprints, methods."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget

from dgdesk.ui.widgets.buttons import set_lettered_text
from dgdesk.ui.widgets.label import Texts, WrapLabel
from dgdesk.ui.widgets.layout import column
from dgdesk.ui.widgets.theme import sheet
from dgdesk.ui.widgets.theme_file import SPACE


class TechnicalDetails(QWidget):
    """A button "technical details" that shows and hides the text below it; hidden as a whole while it is empty."""

    def __init__(self, texts: Texts, parent: QWidget, letter: str = "J") -> None:
        super().__init__(parent)
        self._texts, self._letter = texts, letter
        inner = column(self, SPACE // 2)
        self.button = QPushButton(self)
        self.button.setObjectName("quiet")
        self.button.setStyleSheet(sheet())
        self.button.setAutoDefault(False)
        self.button.setCheckable(True)
        self.button.toggled.connect(self._fold)
        self.label = WrapLabel(texts, "", "note", self)
        inner.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        inner.addWidget(self.label)
        self._fold(shown=False)
        self.hide()

    def set_text(self, words: str) -> None:
        """Show another text; whether it is folded stays as the person left it."""
        self.label.set_text(words)
        self.setVisible(bool(words))

    def plain_text(self) -> str:
        """Return the text, shown or folded."""
        return self.label.plain_text()

    def _fold(self, shown: bool) -> None:
        mark = "▾" if shown else "▸"
        words = self._texts.say("ui.technical")
        set_lettered_text(self.button, f"{mark} {words}", self._letter)
        self.button.setAccessibleName(words)
        self.label.setVisible(shown)
