"""The window of the illustrated guide, and the dialog of keyboard shortcuts."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from PySide6.QtCore import QMimeData, QSize, Qt, QUrl
from PySide6.QtGui import QAction, QImage, QKeySequence, QResizeEvent, QTextDocument
from PySide6.QtWidgets import QGridLayout, QPushButton, QTextBrowser, QWidget

from dgdesk.resources import resource
from dgdesk.text.breaks import plain
from dgdesk.ui.evidence.viewer.tools import KEYS, ON_PAGE
from dgdesk.ui.widgets.fitting import FittedDialog
from dgdesk.ui.widgets.frames import load_frame
from dgdesk.ui.widgets.label import Texts, WrapLabel, open_link

_TAGS = re.compile(r"(<[^>]*>)")
_WIDEST = 760
"""Pixels of the pictures (docs/make_help_pictures.py)."""
_PICTURE = re.compile(r"[a-z_]+\.png")
_FIXED_KEYS = (
    ("Tab / Shift+Tab", "ui.key.next_field"),
    ("Space", "ui.key.choose"),
    ("← ↑ → ↓", "ui.key.arrows"),
    ("1…9", "ui.key.digit"),
    ("Backspace", "ui.key.row_above"),
    ("Menu", "ui.key.card_menu"),
    ("Alt + A…Z", "ui.key.letter"),
    ("Alt / F10", "ui.key.menu"),
    ("Esc", "ui.key.close"),
)


class Guide(QTextBrowser):
    """Shows the guide, with pictures only from the program's folder and lines broken between Thai words."""

    def __init__(self, texts: Texts, parent: QWidget) -> None:
        super().__init__(parent)
        self.setOpenLinks(False)
        self.setAccessibleName(texts.say("ui.help.title"))
        self.anchorClicked.connect(self._follow)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        page = resource(f"help/{texts.catalogue.language}.html").read_text(encoding="utf-8")
        self._page = "".join(part if part.startswith("<") else _broken(part, texts) for part in _TAGS.split(page))
        self._shown_at = self._picture_width()
        self.setHtml(self._page)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if (width := self._picture_width()) != self._shown_at:
            self._shown_at = width
            bar = self.verticalScrollBar()
            at = bar.value() / max(bar.maximum(), 1)
            self.setHtml(self._page)
            bar.setValue(round(at * bar.maximum()))

    def _picture_width(self) -> int:
        """Return the largest width of a picture, in pixels."""
        return min(max(self.viewport().width() - 40, 200), _WIDEST)

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        file = QUrl(name).toString()
        if kind != int(QTextDocument.ResourceType.ImageResource) or not _PICTURE.fullmatch(file):
            return None
        picture = QImage(str(resource(f"help/{file}")))
        width = self._picture_width()
        if picture.width() <= width:
            return picture
        return picture.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)

    def createMimeDataFromSelection(self) -> QMimeData:
        copied = QMimeData()
        copied.setText(plain(self.textCursor().selectedText()).replace("\u2029", "\n"))
        return copied

    def _follow(self, link: QUrl) -> None:
        if link.isRelative():
            self.scrollToAnchor(link.fragment())
        else:
            open_link(link.toString())


class HelpWindow(FittedDialog):
    """The guide in a window that stays open while the user works."""

    def __init__(self, texts: Texts, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(820, 640)
        frame = load_frame("guide", self, texts, {"Guide": lambda owner: Guide(texts, owner)})
        self.guide = frame.get(Guide, "guide")
        frame.get(QPushButton, "close").clicked.connect(self.close)
        self.guide.setFocus()


class ShortcutsDialog(FittedDialog):
    """Lists all keyboard shortcuts."""

    def __init__(self, actions: Sequence[QAction], texts: Texts, parent: QWidget | None) -> None:
        super().__init__(parent)
        frame = load_frame("shortcuts", self, texts)
        content = frame.get(QWidget, "content")
        table = content.layout()
        assert isinstance(table, QGridLayout)
        self.rows = key_rows(actions, texts)
        for number, (keys, words) in enumerate(self.rows):
            left = WrapLabel(texts, keys, "question", content)
            left.setWordWrap(False)
            table.addWidget(left, number, 0)
            table.addWidget(WrapLabel(texts, words, "text", content), number, 1)
        frame.get(QPushButton, "close").clicked.connect(self.reject)

    def sizeHint(self) -> QSize:
        return QSize(640, 600)


def key_rows(actions: Sequence[QAction], texts: Texts) -> list[tuple[str, str]]:
    """Return shortcuts and what they do: those of the menus, then those of inputs and dialogs."""
    rows = []
    for action in actions:
        if action.shortcuts():
            keys = [key.toString(QKeySequence.SequenceFormat.NativeText) for key in action.shortcuts()]
            rows.append((" / ".join(keys), action.text().replace("&&", "&")))
    return rows + [(keys, texts.say(code)) for keys, code in _FIXED_KEYS] + _viewer_rows(texts)


def _viewer_rows(texts: Texts) -> list[tuple[str, str]]:
    """Return the keys of the evidence viewer."""
    native = QKeySequence.SequenceFormat.NativeText
    rows = [(" / ".join(QKeySequence(key).toString(native) for key in keys), name) for name, keys in KEYS]
    return [(keys, texts.say(f"ui.viewing.key.{name}")) for keys, name in (*rows, *ON_PAGE)]


def _broken(part: str, texts: Texts) -> str:
    return html.escape(texts.show(html.unescape(part)), quote=False) if part.strip() else part
