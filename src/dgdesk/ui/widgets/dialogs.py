"""Questions and messages to the user, with buttons that name the action."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStyle, QVBoxLayout, QWidget

from dgdesk.ui.widgets.app_theme import POINTS
from dgdesk.ui.widgets.buttons import set_lettered_text
from dgdesk.ui.widgets.fitting import FittedDialog, largest_on
from dgdesk.ui.widgets.label import Texts, WrapLabel
from dgdesk.ui.widgets.plain import deal_letters, plain_label
from dgdesk.ui.widgets.theme import sheet
from dgdesk.ui.widgets.theme_file import SPACE

Mood = Literal["information", "question", "warning", "error"]

_WIDTH: Final = 440
"""Pixels of the text at the normal text size; larger letters get a wider text, so that it stays as many lines."""
_BESIDE: Final = 120
"""Pixels for the picture and the edges."""
_PIXMAPS = {
    "information": QStyle.StandardPixmap.SP_MessageBoxInformation,
    "question": QStyle.StandardPixmap.SP_MessageBoxQuestion,
    "warning": QStyle.StandardPixmap.SP_MessageBoxWarning,
    "error": QStyle.StandardPixmap.SP_MessageBoxCritical,
}


class MessageDialog(FittedDialog):
    """A message with buttons. ``chosen`` is the number of the button pressed; closing the dialog means the last one."""

    def __init__(
        self,
        texts: Texts,
        message: str,
        buttons: Sequence[str],
        mood: Mood,
        parent: QWidget | None,
        default: int = 0,
    ) -> None:
        """``default``: the button that Enter presses."""
        super().__init__(parent)
        self.setWindowTitle(texts.say(f"ui.mood.{mood}"))
        self.setStyleSheet(sheet())
        self.chosen = len(buttons) - 1
        layout = QVBoxLayout(self)
        layout.setContentsMargins(5 * SPACE // 2, 2 * SPACE, 5 * SPACE // 2, 2 * SPACE)
        layout.setSpacing(2 * SPACE)
        top = QHBoxLayout()
        top.setSpacing(2 * SPACE)
        picture = plain_label("", self)
        picture.setPixmap(self.style().standardIcon(_PIXMAPS[mood]).pixmap(32, 32))
        top.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        self.label = WrapLabel(texts, message, "text", self)
        widest = largest_on(self.screen()).width() - _BESIDE
        self.label.setFixedWidth(min(round(_WIDTH * self.font().pointSizeF() / POINTS), widest))
        top.addWidget(self.label)
        top.addStretch(1)
        layout.addLayout(top)
        row = QHBoxLayout()
        row.addStretch(1)
        self.buttons = fill_row(row, texts, buttons, self._choose, self)
        self.buttons[default].setDefault(True)
        layout.addLayout(row)
        self.buttons[default].setFocus()

    def _choose(self, number: int) -> None:
        self.chosen = number
        self.accept()


def ask(
    texts: Texts,
    message: str,
    buttons: Sequence[str],
    parent: QWidget | None,
    mood: Mood = "question",
    *,
    default: int = 0,
) -> int:
    """Ask a question and return the number of the button pressed. The last button must be the harmless one.

    ``default`` is the number of the button that Enter presses.
    """
    dialog = MessageDialog(texts, message, buttons, mood, parent, default)
    dialog.exec()
    chosen = dialog.chosen
    dialog.deleteLater()
    return chosen


def tell(texts: Texts, message: str, parent: QWidget | None, mood: Mood = "information") -> None:
    """Show a message and wait until it is closed."""
    ask(texts, message, (texts.say("ui.ok"),), parent, mood)


def fill_row(
    row: QHBoxLayout,
    texts: Texts,
    buttons: Sequence[str],
    chosen: Callable[[int], None],
    owner: QWidget,
    *,
    letters: Sequence[tuple[str, str]] = (),
) -> list[QPushButton]:
    """Add a button for each text, with an Alt letter of its own; ``chosen`` is called with the number of the button.

    ``letters`` gives fixed letters for texts, in addition to those of "OK" and "Cancel".
    """
    made = []
    fixed = [(texts.say("ui.ok"), "O"), (texts.say("ui.cancel"), "C"), *letters]
    for number, (words, letter) in enumerate(zip(buttons, deal_letters(buttons, fixed), strict=True)):
        button = QPushButton(owner)
        set_lettered_text(button, words, letter)
        button.clicked.connect(lambda _=False, number=number: chosen(number))
        row.addWidget(button)
        made.append(button)
    return made
