"""The theme: the style of texts and backgrounds by role, the palette, and the style sheet.

Pages have no style sheet: it would take two thirds of the time that a page takes to open. Widgets that are built once
(bars, dialogs) have one: `sheet`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from math import ceil

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QLabel, QWidget

from dgdesk.resources import resource
from dgdesk.ui.widgets import colours
from dgdesk.ui.widgets.layout import LayoutHints
from dgdesk.ui.widgets.text_layout import TextStyle
from dgdesk.ui.widgets.theme_file import FIGURE, LARGE, NORMAL, SMALL, SPACE

TEXT_STYLES = {
    "sectiontitle": TextStyle(LARGE, strong=True),
    "pagetitle": TextStyle(strong=True, colour="code"),
    "starttitle": TextStyle(LARGE, strong=True),
    "question": TextStyle(strong=True),
    "itemhead": TextStyle(strong=True),
    "rowheader": TextStyle(strong=True),
    "columnhead": TextStyle(SMALL, strong=True),
    "columnhint": TextStyle(SMALL, colour="hint"),
    "evidencehead": TextStyle(strong=True),
    "filename": TextStyle(strong=True),
    "sidehead": TextStyle(strong=True),
    "hint": TextStyle(colour="hint"),
    "note": TextStyle(SMALL, colour="hint"),
    "pillar": TextStyle(SMALL),
    "error": TextStyle(colour="error"),
    "statusfailed": TextStyle(colour="error"),
    "warning": TextStyle(colour="warning"),
    "status": TextStyle(colour="done"),
    "since": TextStyle(colour="hint"),
    "scoretotal": TextStyle(FIGURE, strong=True),
    "echo": TextStyle(colour="base"),
    "estimate": TextStyle(strong=True, colour="warning"),
}
"""Styles of texts by role, for `text_style`, with colour names; other roles have the plain style."""
_PLAIN = TextStyle()

_GROUNDS = {
    # colours of fill and border, radius in pixels
    "card": ("card", "card_line", 8),
    "item": ("item", "card_line", 6),
    "notes": ("notes", "notes_line", 6),
    "evidence": ("evidence", "evidence_line", 6),
    "evidencedone": ("item", "card_line", 6),
    "file": ("file", "file_line", 4),
    "readonly": ("evidence", "evidence_line", 6),
    "readonlyflash": ("waiting", "warning", 6),
    "tablehead": ("tablehead", "", 0),
    "rowband": ("rowband", "", 0),
}
_UNDERLINED = {"tablehead": "tablehead_line", "rowband": "card_line", "tablerow": "tablerow_line"}
_BAR_AT = 14
_COLOUR = re.compile(r"@([a-z_]+)")
_POINTS = re.compile(r"(\d+(?:\.\d+)?)pt")


def text_style(role: str) -> TextStyle:
    """Return the text style of a role, in the current theme and text size."""
    style = TEXT_STYLES.get(role)
    return _in_theme(style, colours.in_use(), _scale()) if style is not None else _PLAIN


@lru_cache(maxsize=256)
def _in_theme(style: TextStyle, table: colours.Colours, scale: float) -> TextStyle:
    colour = str(getattr(table, style.colour)) if style.colour else ""
    return TextStyle(float(f"{style.points * scale:.4g}"), style.strong, colour)


@lru_cache(maxsize=256)
def _filled(css: str, table: colours.Colours, scale: float) -> str:
    """Replace colour names by colours, and scale sizes in points."""
    css = _COLOUR.sub(lambda match: str(getattr(table, match[1])), css)
    return _POINTS.sub(lambda match: f"{float(match[1]) * scale:.4g}pt", css)


def _scale() -> float:
    return round(QGuiApplication.font().pointSizeF() / NORMAL, 2)


def _ground(name: str) -> QColor:
    return QColor(colours.named(name))


class Panel(LayoutHints, QFrame):
    """A painted background of one role (its object name): rounded, underlined, or with a bar at the left."""

    def __init__(self, role: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(role)

    def paintEvent(self, event: QPaintEvent) -> None:
        role, whole = self.objectName(), QRectF(self.rect())
        if role not in _GROUNDS and role not in _UNDERLINED and role != "opened":
            return
        painter = QPainter(self)
        if role in _GROUNDS:
            fill, border, radius = _GROUNDS[role]
            inner = _ground(fill)
            line = _ground(border) if border and colours.named(border) else inner
            asked = event.rect()
            if asked.top() > radius and asked.bottom() < whole.height() - radius - 1:
                # no corner in it: anti-aliasing a card that is pages high costs more than its texts
                painter.fillRect(asked, inner)
                for x in (0, self.width() - 1):
                    painter.fillRect(x, asked.top(), 1, asked.height(), line)
            else:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setBrush(inner)
                painter.setPen(line)
                painter.drawRoundedRect(whole.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        if role in _UNDERLINED:
            painter.fillRect(QRectF(0, whole.height() - 1, whole.width(), 1), _ground(_UNDERLINED[role]))
        if role == "opened":
            painter.fillRect(QRectF(_BAR_AT, 0, 3, whole.height()), QColor(colours.in_use().bar))


class Badge(QLabel):
    """A printed code on a small coloured background."""

    def __init__(self, code: str, parent: QWidget) -> None:
        from dgdesk.ui.widgets.plain import write_plain  # costs 20 ms before the first window: see `app`

        super().__init__(parent)
        write_plain(self, code)
        self.setObjectName("code")
        font = self.font()
        font.setWeight(font.Weight.DemiBold)
        self.setFont(font)
        self.setContentsMargins(SPACE, SPACE // 2, SPACE, SPACE // 2)
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, QColor(colours.in_use().code))
        self.setPalette(palette)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(colours.in_use().badge))
        painter.setPen(QColor(colours.in_use().badge))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.end()
        super().paintEvent(event)


def mark_palette(given: QPalette) -> QPalette:
    """Return a palette that gives radio buttons and check boxes an outline of enough contrast (3 : 1) in Fusion.

    Fusion draws the outline in a darker window colour.
    """
    made = QPalette(given)
    made.setColor(QPalette.ColorRole.Window, QColor(colours.in_use().frame).lighter(140))
    return made


def paint_frame(widget: QWidget, of: QWidget | None = None) -> None:
    """Paint the frame of a button or input box: Fusion's own has a contrast below 3 : 1.

    ``of``: whose frame it is, if ``widget`` only lies over it.
    """
    painter, table, has_focus = QPainter(widget), colours.in_use(), (of or widget).hasFocus()
    pen = QPen(QColor(table.focus if has_focus else table.frame), 2 if has_focus else 1)
    ratio = widget.devicePixelRatioF()
    if ratio == 1:
        painter.setPen(pen)
        painter.drawRoundedRect(widget.rect().adjusted(0, 0, -1, -1), 3, 3)
        return
    # A line around the very edge would lose its outer half where the screen is scaled. It is as wide as whole pixels
    # of the screen, since the edge may lie between two of them.
    pen.setWidthF(ceil(pen.widthF() * ratio) / ratio)
    half = pen.widthF() / 2
    painter.setPen(pen)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.drawRoundedRect(QRectF(widget.rect()).adjusted(half, half, -half, -half), 3, 3)


def sheet() -> str:
    """Return the style sheet of bars, dialogs and the start page, in the current theme and text size."""
    return _filled(_sheet("app") + _sheet("scroll"), colours.in_use(), _scale())


def thin_bars(area: QAbstractScrollArea) -> None:
    """Give an area outside bars and dialogs the thin scroll bars that `sheet` has; its content gets no style sheet."""
    thin = _filled(_sheet("scroll"), colours.in_use(), _scale())
    for bar in (area.verticalScrollBar(), area.horizontalScrollBar()):
        bar.setStyleSheet(thin)


@lru_cache(maxsize=2)
def _sheet(name: str) -> str:
    return resource(f"ui/{name}.qss").read_text(encoding="utf-8")
