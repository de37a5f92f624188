"""Safe plain text for the parts of Qt that guess whether a text is HTML; and Alt letters of buttons.

Tooltips, "What's this", labels and message boxes treat a text as HTML if it begins like a tag; Qt then loads what it
names, even a file of another computer. Words of a draft and names of files may begin like this. Texts that pass here
are shown literally.
"""

from __future__ import annotations

import html
from collections.abc import Collection, Sequence
from string import ascii_uppercase, digits
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import Qt as OfGui
from PySide6.QtWidgets import QLabel, QMessageBox, QToolTip, QTreeWidgetItem, QWhatsThis, QWidget

if TYPE_CHECKING:
    from dgdesk.ui.widgets.texts import Texts  # for types only: error boxes must work when other modules are missing


def free_letter(words: str, taken: Collection[str]) -> str:
    """Return a letter of (English) words that is not taken, if possible the first letter of a word.

    The letter is a capital; empty if every letter and digit is taken.
    """
    begins = "".join(word[:1] for word in words.split())
    for letter in begins + words + ascii_uppercase + digits:
        if letter.isascii() and letter.isalnum() and letter.upper() not in taken:
            return letter.upper()
    return ""


def deal_letters(texts: Sequence[str], fixed: Sequence[tuple[str, str]] = ()) -> list[str]:
    """Return an Alt letter for each text, all different; ``fixed`` gives the texts that always have the same letter."""
    known = dict(fixed)
    taken = {known[text] for text in texts if text in known}
    found = []
    for text in texts:
        letter = known.get(text) or free_letter(text, taken)
        taken.add(letter)
        found.append(letter)
    return found


class TakesTip(Protocol):
    """A widget or an action with a tooltip."""

    def setToolTip(self, text: str, /) -> None:
        """Set the tooltip."""


def unguessed(text: str) -> str:
    """Return the text so that Qt shows it literally where it guesses the format.

    Qt's own guess decides: a text that it takes for plain is returned unchanged, so that a screen reader hears no
    markup; any other text is escaped.
    """
    return _escaped(text) if OfGui.mightBeRichText(text) else text


def set_tip(on: TakesTip, text: str) -> None:
    """Set the tooltip of a widget or an action."""
    on.setToolTip(unguessed(text))


def set_item_tip(item: QTreeWidgetItem, column: int, text: str) -> None:
    """Set the tooltip of a cell of a tree."""
    item.setToolTip(column, unguessed(text))


def show_tip(where: QPoint, text: str, over: QWidget) -> None:
    """Show a tooltip now."""
    QToolTip.showText(where, unguessed(text), over)


def set_what(on: QWidget, texts: Texts, text: str) -> None:
    """Set the "What's this" text of a widget; lines break between words."""
    on.setWhatsThis(_escaped(texts.show(text)))


def show_what(where: QPoint, of: QWidget) -> None:
    """Show the "What's this" text that `set_what` gave a widget."""
    QWhatsThis.showText(where, of.whatsThis(), of)


def show_words(where: QPoint, texts: Texts, text: str, over: QWidget) -> None:
    """Show a text as "What's this" does."""
    QWhatsThis.showText(where, _escaped(texts.show(text)), over)


def plain_label(text: str, parent: QWidget | None) -> QLabel:
    """Return a plain `QLabel`, for a picture or a line that need not wrap; most texts need a `WrapLabel`."""
    label = QLabel(parent)
    write_plain(label, text)
    return label


def write_plain(label: QLabel, text: str) -> None:
    """Set the text of a `QLabel`, always as plain text."""
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(text)


def error_box(title: str, text: str) -> None:
    """Show Qt's message box with an error and wait until it is closed."""
    box = QMessageBox(QMessageBox.Icon.Critical, title, "")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(text)
    box.exec()


def _escaped(text: str) -> str:
    return f'<p style="white-space:pre-wrap">{html.escape(text)}</p>'
