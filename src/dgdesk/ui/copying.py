"""Window, copying: what leaves a text: copied without the marks of display, or opened in the browser."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QClipboard, QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from dgdesk.thai.breaks import plain
from dgdesk.ui.card_menu import add_actions_here
from dgdesk.ui.texts import LINK, Texts


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


def show_text_menu(owner: QWidget, texts: Texts, text: str, selected: str, at: QPoint) -> None:
    """Show the menu of a text: copy the selection, copy all, open and copy its links."""
    menu = QMenu(owner)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    if selected:
        menu.addAction(texts.say("ui.copy"), lambda: copy_plain(selected))
    menu.addAction(texts.say("ui.copy_all"), lambda: copy_plain(text))
    for link in links_in(text):
        menu.addAction(texts.say("ui.open_link", link=_short(link)), partial(open_link, link))
    add_actions_here(menu, owner)
    menu.popup(at)


def _short(link: str) -> str:
    return (link if len(link) <= 60 else link[:57] + "…").replace("&", "&&")
