"""Window, labelled: a box with its words above it, and the letter that leads into it."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from dgdesk.ui.widgets.label import Texts
from dgdesk.ui.widgets.plain import plain_label, with_key


def labelled(texts: Texts, code: str, letter: str, box: QWidget, owner: QWidget) -> QVBoxLayout:
    """Return a column of words and box; the words are also the box's accessible name."""
    words = texts.say(code)
    box.setAccessibleName(words)
    label = plain_label(with_key(words, letter), owner)
    label.setBuddy(box)
    column = QVBoxLayout()
    column.setSpacing(2)
    column.addWidget(label)
    column.addWidget(box)
    return column
