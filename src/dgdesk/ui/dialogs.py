"""Window, dialogs: the questions and messages of the window, with buttons that say what they do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStyle, QVBoxLayout, QWidget

from dgdesk.ui.choice_row import fill_row
from dgdesk.ui.fitting import FittedDialog
from dgdesk.ui.looks import sheet
from dgdesk.ui.plain import plain_label
from dgdesk.ui.text import Texts, WrapLabel

Mood = Literal["information", "question", "warning", "error"]

_PIXMAPS = {
    "information": QStyle.StandardPixmap.SP_MessageBoxInformation,
    "question": QStyle.StandardPixmap.SP_MessageBoxQuestion,
    "warning": QStyle.StandardPixmap.SP_MessageBoxWarning,
    "error": QStyle.StandardPixmap.SP_MessageBoxCritical,
}


class MessageDialog(FittedDialog):
    """A sentence and its buttons. ``chosen`` is the number of the button, or that of the last one if just closed."""

    def __init__(self, texts: Texts, message: str, buttons: Sequence[str], mood: Mood, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(texts.say("ui.program"))
        self.setStyleSheet(sheet())
        self.chosen = len(buttons) - 1
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 14)
        layout.setSpacing(16)
        top = QHBoxLayout()
        top.setSpacing(14)
        picture = plain_label("", self)
        picture.setPixmap(self.style().standardIcon(_PIXMAPS[mood]).pixmap(32, 32))
        top.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        self.label = WrapLabel(texts, message, "text", self)
        self.label.setFixedWidth(440)
        top.addWidget(self.label)
        top.addStretch(1)
        layout.addLayout(top)
        row = QHBoxLayout()
        row.addStretch(1)
        self.buttons = fill_row(row, texts, buttons, self._choose, self)
        self.buttons[0].setDefault(True)
        layout.addLayout(row)

    def _choose(self, number: int) -> None:
        self.chosen = number
        self.accept()


def ask(texts: Texts, message: str, buttons: Sequence[str], parent: QWidget | None, mood: Mood = "question") -> int:
    """Return the number of the button chosen. Closing the dialog is the last button: make that the harmless one."""
    dialog = MessageDialog(texts, message, buttons, mood, parent)
    dialog.exec()
    chosen = dialog.chosen
    dialog.deleteLater()
    return chosen


def tell(texts: Texts, message: str, parent: QWidget | None, mood: Mood = "information") -> None:
    """Say something and wait until it is read."""
    ask(texts, message, (texts.say("ui.ok"),), parent, mood)
