"""A label that wraps between Thai words, with links and a copy menu."""

from __future__ import annotations

import html
from functools import partial

from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, Qt, QUrl
from PySide6.QtGui import (
    QClipboard,
    QColor,
    QContextMenuEvent,
    QDesktopServices,
    QEnterEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QLabel, QMenu, QSizePolicy, QWidget

from dgdesk.text.breaks import plain
from dgdesk.text.clusters import ZERO_WIDTH_SPACE
from dgdesk.ui.widgets import colours
from dgdesk.ui.widgets.context_menu import add_actions_here
from dgdesk.ui.widgets.text_layout import TextLayout, TextStyle
from dgdesk.ui.widgets.texts import LINK, Texts
from dgdesk.ui.widgets.theme import text_style

__all__ = ["LINK", "Texts", "WrapLabel", "copy_plain", "links_in", "open_link", "show_text_menu"]

_SHORT_LINE, _FEW_LINES = 40, 4
"""Preferred length of a line, in letters; twice as many in a text that would still have many lines."""
_OTHER_LOOK = frozenset({QEvent.Type.FontChange, QEvent.Type.StyleChange, QEvent.Type.PaletteChange})

_MIDDLE = frozenset({"unit", "status", "since"})
"""Roles of labels next to a box or button, centred on its height."""


def _policy(wraps: bool) -> QSizePolicy:
    policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
    policy.setHeightForWidth(wraps)
    return policy


_WRAPS, _ONE_LINE = _policy(True), _policy(False)


class WrapLabel(QLabel):
    """A label that wraps between Thai words, can be selected, and opens its links.

    ``role`` is its object name; `dgdesk.ui.widgets.theme` gives the style. Most labels are never touched: they are laid
    out and painted here. A label that is clicked, focused or selected is from then on painted by Qt's rich text, which
    handles selection and links. Its size is the same before and after.
    """

    _awake = False
    _laid: TextLayout | None = None
    _words = ""
    _style = TextStyle()
    _links = False

    def __init__(self, texts: Texts, text: str = "", role: str = "text", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self._wraps = True
        self.setObjectName(role)
        self.setSizePolicy(_WRAPS)
        self._upright = Qt.AlignmentFlag.AlignVCenter if role in _MIDDLE else Qt.AlignmentFlag.AlignTop
        self._across = Qt.AlignmentFlag.AlignLeft
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        if text:
            self.set_text(text)

    def set_text(self, text: str) -> None:
        """Show another text (plain; break hints are added here)."""
        style = text_style(self.objectName())
        if text == self._words and style == self._style:
            return
        self._words, self._style = text, style
        had_links, self._links = self._links, bool(text) and LINK.search(text) is not None
        self._laid = None
        self.setAccessibleName(text)
        if self._awake:
            self._tell_qt()
        elif had_links != self._links:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if self._links else Qt.FocusPolicy.ClickFocus)
        self.updateGeometry()
        self.update()

    def set_role(self, role: str) -> None:
        """Set another role; its style shows with the next text."""
        self.setObjectName(role)

    def plain_text(self) -> str:
        """Return the whole text without break hints."""
        return self._words

    def text(self) -> str:
        """Return the text as Qt's rich text, with break hints."""
        return f'<p style="margin:0;{self._style.css}">{self._linked(self._words)}</p>' if self._words else ""

    def wordWrap(self) -> bool:
        return self._wraps

    def setWordWrap(self, on: bool) -> None:
        self._wraps = on
        self.setSizePolicy(_WRAPS if on else _ONE_LINE)
        if self._awake:
            super().setWordWrap(on)
        self._forget()

    def setAlignment(self, where: Qt.AlignmentFlag) -> None:
        super().setAlignment(where)
        self._across = where & Qt.AlignmentFlag.AlignHorizontal_Mask
        self._upright = where & Qt.AlignmentFlag.AlignVertical_Mask
        self._forget()

    def heightForWidth(self, width: int) -> int:
        margins = self.contentsMargins()
        inner = width - margins.left() - margins.right()
        return self._layout_of_text().height(inner) + margins.top() + margins.bottom()

    def sizeHint(self) -> QSize:
        laid = self._layout_of_text()
        width = laid.natural_width
        if self._wraps:
            width = self._comfortable_width(laid)
        margins = self.contentsMargins()
        return QSize(
            width + margins.left() + margins.right(), laid.height(width) + margins.top() + margins.bottom()
        ).expandedTo(self.minimumSize())

    def minimumSizeHint(self) -> QSize:
        laid = self._layout_of_text()
        margins = self.contentsMargins()
        return QSize(
            laid.least_width + margins.left() + margins.right(), laid.line_height + margins.top() + margins.bottom()
        )

    def setSelection(self, start: int, length: int) -> None:
        self._wake()
        super().setSelection(start, length)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._awake:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        if self.testAttribute(Qt.WidgetAttribute.WA_StyleSheetTarget):
            self.drawFrame(painter)
        if not self._words:
            return
        laid, inside = self._layout_of_text(), self.contentsRect()
        drop = 0
        if self._upright == Qt.AlignmentFlag.AlignVCenter:
            drop = (inside.height() - laid.height(inside.width())) // 2
        colour = self._style.colour
        painter.setPen(QColor(colour) if colour else self.palette().color(self.foregroundRole()))
        laid.draw(painter, QPointF(inside.x(), inside.y() + drop), inside.width())

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in _OTHER_LOOK and self._words:
            self._style = text_style(self.objectName())
            self._forget()
            if self._awake:
                self._tell_qt()
        super().changeEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        if self._links:
            self._wake()
        super().enterEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._wake()
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.focusNextPrevChild(event.reason() == Qt.FocusReason.TabFocusReason)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._wake()
        super().mousePressEvent(event)

    def _comfortable_width(self, laid: TextLayout) -> int:
        short = _SHORT_LINE * self.fontMetrics().averageCharWidth()
        few = laid.natural_width < _FEW_LINES * 2 * short
        return max(laid.least_width, min(laid.natural_width, short if few else 2 * short))

    def _forget(self) -> None:
        if self._laid is not None:
            self._laid = None
            self.updateGeometry()
            self.update()

    def _layout_of_text(self) -> TextLayout:
        if self._laid is None:
            self._laid = self._texts.label_layout(
                self._words, self._style, self.font(), self._across, wraps=self._wraps
            )
        return self._laid

    def _wake(self) -> None:
        if not self._awake:
            self._awake = True
            super().setWordWrap(self._wraps)
            self.setTextFormat(Qt.TextFormat.RichText)
            super().setAlignment(self._across | self._upright)
            self.linkActivated.connect(open_link)
            self._tell_qt()

    def _tell_qt(self) -> None:
        flags = Qt.TextInteractionFlag.TextSelectableByMouse
        if self._links:
            flags |= Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        self.setTextInteractionFlags(flags)
        self.setText(self.text())

    def _linked(self, text: str) -> str:
        style = f'style="color:{colours.in_use().link}"'
        parts = [
            f'<a href="{html.escape(address)}" {style}>{html.escape(shown)}</a>' if address else html.escape(shown)
            for shown, address in self._texts.pieces(text)
        ]
        return ZERO_WIDTH_SPACE.join(parts).replace("\n", "<br>")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            copy_plain(self.selectedText())
            event.accept()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if self.hasSelectedText() and QGuiApplication.clipboard().supportsSelection():
            copy_plain(self.selectedText(), QClipboard.Mode.Selection)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        show_text_menu(self, self._texts, self.plain_text(), self.selectedText(), event.globalPos())
        event.accept()


def copy_plain(text: str, mode: QClipboard.Mode = QClipboard.Mode.Clipboard) -> None:
    """Put ``text`` on the clipboard without break hints."""
    QGuiApplication.clipboard().setText(plain(text).replace("\u2029", "\n"), mode)


def open_link(address: str) -> None:
    """Open a web address in the browser; only http and https are allowed."""
    url = QUrl(plain(address))
    if url.scheme() in ("http", "https"):
        QDesktopServices.openUrl(url)


def links_in(text: str) -> tuple[str, ...]:
    """Return the web addresses in a text."""
    return tuple(link[0] for link in LINK.finditer(plain(text)))


def show_text_menu(owner: QWidget, texts: Texts, text: str, selected: str, at: QPoint) -> None:
    """Show the context menu of a text: copy the selection, copy all, open and copy its links."""
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
