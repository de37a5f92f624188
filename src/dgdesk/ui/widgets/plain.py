"""Texts for parts of Qt that guess whether a text is HTML; and the letter that, with Alt, presses a button.

Tooltips, "what's this", labels and message boxes take a text for HTML as soon as it begins as a tag does; Qt then opens
what it names, a file of another computer included. Words of a draft, names of files and bundles may begin so. What
passes here is shown letter by letter.
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
    from dgdesk.ui.widgets.texts import Texts  # the last words are said where a part of the program may be missing


def with_key(text: str, letter: str) -> str:
    """Mark ``letter`` in ``text`` as its key; a text without it, as any in Thai, gets it behind, in brackets."""
    text = text.replace("&", "&&")
    at = text.lower().find(letter.lower())
    return f"{text}(&{letter.upper()})" if at < 0 else f"{text[:at]}&{text[at:]}"


def free_letter(words: str, taken: Collection[str]) -> str:
    """Return a letter for (English) words that is not taken: that of a word's beginning if may be, then any in it.

    Capitals; empty when every letter and figure is taken.
    """
    begins = "".join(word[:1] for word in words.split())
    for letter in begins + words + ascii_uppercase + digits:
        if letter.isascii() and letter.isalnum() and letter.upper() not in taken:
            return letter.upper()
    return ""


def deal_keys(texts: Sequence[str], fixed: Sequence[tuple[str, str]] = ()) -> list[str]:
    """Return texts with a key each, no two the same; ``fixed`` gives texts that always have the same letter."""
    known = dict(fixed)
    taken = {known[text] for text in texts if text in known}
    found = []
    for text in texts:
        letter = known.get(text) or free_letter(text, taken)
        taken.add(letter)
        found.append(with_key(text, letter) if letter else text)
    return found


class TakesTip(Protocol):
    """A widget or an action."""

    def setToolTip(self, text: str, /) -> None:
        """Take a tooltip."""


def unguessed(text: str) -> str:
    """Return what a part of Qt that guesses shows as ``text``, letter by letter.

    Qt's own guess decides: what it takes for plain stays as it is, so that those who listen to the window hear no
    markup; the rest is escaped.
    """
    return _escaped(text) if OfGui.mightBeRichText(text) else text


def set_tip(on: TakesTip, text: str) -> None:
    """Give a widget or an action a tooltip."""
    on.setToolTip(unguessed(text))


def set_item_tip(item: QTreeWidgetItem, column: int, text: str) -> None:
    """Give a cell of a tree a tooltip."""
    item.setToolTip(column, unguessed(text))


def show_tip(where: QPoint, text: str, over: QWidget) -> None:
    """Show a tooltip now."""
    QToolTip.showText(where, unguessed(text), over)


def set_what(on: QWidget, texts: Texts, text: str) -> None:
    """Give a widget its "what's this"; lines break between words."""
    on.setWhatsThis(_escaped(texts.show(text)))


def show_what(where: QPoint, of: QWidget) -> None:
    """Show the "what's this" that `set_what` gave a widget."""
    QWhatsThis.showText(where, of.whatsThis(), of)


def show_words(where: QPoint, texts: Texts, text: str, over: QWidget) -> None:
    """Show words as "what's this" does."""
    QWhatsThis.showText(where, _escaped(texts.show(text)), over)


def plain_label(text: str, parent: QWidget | None) -> QLabel:
    """Return one of Qt's own labels, for a picture or a line that need not wrap; most texts want a `WrapLabel`."""
    label = QLabel(parent)
    write_plain(label, text)
    return label


def write_plain(label: QLabel, text: str) -> None:
    """Write on one of Qt's own labels, once and for all as plain text."""
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(text)


def error_box(title: str, text: str) -> None:
    """Show Qt's own message box and wait until it is closed."""
    box = QMessageBox(QMessageBox.Icon.Critical, title, "")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(text)
    box.exec()


def _escaped(text: str) -> str:
    return f'<p style="white-space:pre-wrap">{html.escape(text)}</p>'
