"""Window, text: words for display with break marks between Thai words, and the label that wraps them.

U+200B is only ever in what is shown: what is copied loses it, what is edited never has it.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache, partial

from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import (
    QClipboard,
    QContextMenuEvent,
    QDesktopServices,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
)
from PySide6.QtWidgets import QLabel, QMenu, QSizePolicy, QWidget

from dgdesk.errors import DgdeskError
from dgdesk.messages import Catalogue
from dgdesk.thai.breaks import WordBreaker, breakable, plain
from dgdesk.thai.script import ZERO_WIDTH_SPACE
from dgdesk.ui.colours import LINK as LINK_COLOUR
from dgdesk.ui.looks import TEXT_LOOKS

LINK = re.compile(r"https?://[^\s()<>“”\"\u0e00-\u0e7f\u200b]+[^\s()<>“”\"\u0e00-\u0e7f\u200b.,;:]")
_LONG = re.compile(r"[!-~]{25,}")
_IN_ADDRESS = re.compile(r"(?<=[/\-_.?=&])(?=[^/\-_.?=&])")

_MIDDLE = frozenset({"unit", "status"})
"""Roles that stand beside a box or button, in the middle of its height."""


class Texts:
    """Every text of the window: worded by the catalogue, broken into words for display."""

    def __init__(self, catalogue: Catalogue, breaker: WordBreaker) -> None:
        self.catalogue = catalogue
        self._shown = lru_cache(maxsize=8192)(lambda text: _LONG.sub(_loosened, breakable(text, breaker)))

    def say(self, code: str, /, **values: object) -> str:
        """Word a code, as plain text: for titles, buttons and accessible names."""
        return self.catalogue.text(code, **values)

    def show(self, text: str) -> str:
        """Return ``text`` with marks where a line may break; addresses break after their signs."""
        parts = []
        at = 0
        for link in LINK.finditer(text):
            parts.append(self._shown(text[at : link.start()]))
            parts.append(_IN_ADDRESS.sub(ZERO_WIDTH_SPACE, link[0]))
            at = link.end()
        parts.append(self._shown(text[at:]))
        return ZERO_WIDTH_SPACE.join(part for part in parts if part) if len(parts) > 1 else parts[0]

    def cut(self, text: str, most: int = 60) -> str:
        """Return the beginning of a text, plain, cut between words when it is longer than ``most`` letters."""
        if len(text) <= most:
            return text
        kept = ""
        for word in self.show(text).replace(" ", f" {ZERO_WIDTH_SPACE}").split(ZERO_WIDTH_SPACE):
            if len(kept) + len(word) > most:
                break
            kept += word
        return f"{kept.rstrip()} …"

    def label(self, code: str, /, **values: object) -> str:
        """Word a code for display."""
        return self.show(self.say(code, **values))

    def error(self, error: DgdeskError) -> str:
        """Word an error, plain; one that the catalogue does not know is still said in words."""
        if error.code in self.catalogue:
            return self.catalogue.error(error)
        return self.say("ui.unknown_error", code=error.code)


def _loosened(match: re.Match[str]) -> str:
    """Let a long name or path break after its signs, so that nothing needs more width than there is."""
    parts = re.split(r"(?<=[/\\\-_.?=&:@])", match[0])
    pieces = [part[at : at + 24] for part in parts for at in range(0, len(part), 24)]
    return ZERO_WIDTH_SPACE.join(pieces)


def copy_plain(text: str, mode: QClipboard.Mode = QClipboard.Mode.Clipboard) -> None:
    """Put ``text`` on the clipboard without the marks of display."""
    QGuiApplication.clipboard().setText(plain(text).replace("\u2029", "\n"), mode)


def open_link(address: str) -> None:
    """Open a web address in the browser; anything but http and https is ignored."""
    url = QUrl(plain(address))
    if url.scheme() in ("http", "https"):
        QDesktopServices.openUrl(url)


def links_in(text: str) -> tuple[str, ...]:
    """Return the web addresses in a text."""
    return tuple(link[0] for link in LINK.finditer(plain(text)))


class WrapLabel(QLabel):
    """A label that wraps between Thai words, can be selected, and opens its links.

    ``role`` is its object name; its look is in `TEXT_LOOKS`.
    """

    def __init__(self, texts: Texts, text: str = "", role: str = "text", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self.setObjectName(role)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.RichText)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        upright = Qt.AlignmentFlag.AlignVCenter if role in _MIDDLE else Qt.AlignmentFlag.AlignTop
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | upright)
        self.linkActivated.connect(open_link)
        self.set_text(text)

    def set_text(self, text: str) -> None:
        """Show another text (plain; break marks are put in here)."""
        flags = Qt.TextInteractionFlag.TextSelectableByMouse
        if links_in(text):
            flags |= Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        self.setTextInteractionFlags(flags)
        look = TEXT_LOOKS.get(self.objectName(), "")
        self.setText(f'<p style="margin:0;{look}">{self._linked(text)}</p>' if text else "")
        self.setAccessibleName(text)

    def set_role(self, role: str) -> None:
        """Take another look; it shows with the next text."""
        self.setObjectName(role)

    def plain_text(self) -> str:
        """Return the whole text without marks."""
        return self.accessibleName()

    def _linked(self, text: str) -> str:
        parts = []
        at = 0
        for link in LINK.finditer(text):
            parts.append(html.escape(self._texts.show(text[at : link.start()])))
            shown = _IN_ADDRESS.sub(ZERO_WIDTH_SPACE, link[0])
            parts.append(f'<a href="{html.escape(link[0])}" style="color:{LINK_COLOUR}">{html.escape(shown)}</a>')
            at = link.end()
        parts.append(html.escape(self._texts.show(text[at:])))
        return ZERO_WIDTH_SPACE.join(part for part in parts if part).replace("\n", "<br>")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy without marks."""
        if event.matches(QKeySequence.StandardKey.Copy):
            copy_plain(self.selectedText())
            event.accept()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """X11 copies what is selected; that too must be without marks."""
        super().mouseReleaseEvent(event)
        if self.hasSelectedText() and QGuiApplication.clipboard().supportsSelection():
            copy_plain(self.selectedText(), QClipboard.Mode.Selection)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer copying and the links, in Thai."""
        show_text_menu(self, self._texts, self.plain_text(), self.selectedText(), event.globalPos())
        event.accept()


def show_text_menu(owner: QWidget, texts: Texts, text: str, selected: str, at: QPoint) -> None:
    """Show the menu of a text: copy the selection, copy all, open and copy its links."""
    menu = QMenu(owner)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    if selected:
        menu.addAction(texts.say("ui.copy"), lambda: copy_plain(selected))
    menu.addAction(texts.say("ui.copy_all"), lambda: copy_plain(text))
    for link in links_in(text):
        menu.addAction(texts.say("ui.open_link", link=_short(link)), partial(open_link, link))
    menu.popup(at)


def _short(link: str) -> str:
    return (link if len(link) <= 60 else link[:57] + "…").replace("&", "&&")
