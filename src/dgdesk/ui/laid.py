"""Window, laid: the layout of one label's text: what it measures at a width, and how it is painted.

Qt's rich text measures a text anew for every width it is asked about, and a page is asked about many; here the text is
shaped once, and heights are remembered by width.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QTextCharFormat, QTextLayout, QTextOption

_SIZE = re.compile(r"font-size:([\d.]+)pt")
_COLOUR = re.compile(r"color:(#[0-9a-fA-F]{6})")
_MOST_WIDTHS = 8
_ONE_LINE = 1_000_000.0


@dataclass(frozen=True, slots=True)
class TextLook:
    """How a text looks: size in points (0: as its widget), weight, colour (empty: as its widget)."""

    points: float = 0.0
    strong: bool = False
    colour: str = ""

    def font(self, own: QFont) -> QFont:
        """Return a widget's font in this look."""
        font = QFont(own)
        if self.points:
            font.setPointSizeF(self.points)
        if self.strong:
            font.setWeight(QFont.Weight.DemiBold)
        return font


@lru_cache(maxsize=256)
def look_of(css: str) -> TextLook:
    """Read the look from its CSS (size in pt, weight 600, colour)."""
    size, colour = _SIZE.search(css), _COLOUR.search(css)
    return TextLook(float(size[1]) if size else 0.0, "font-weight:600" in css, colour[1] if colour else "")


class LaidText:
    """A text of one look with links in it. Widths and heights are in pixels."""

    def __init__(
        self,
        text: str,
        links: Sequence[tuple[int, int]],
        font: QFont,
        link_colour: str,
        *,
        across: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        wraps: bool = True,
    ) -> None:
        """``links`` are the places (first, length) of web addresses in ``text``."""
        self._layout = QTextLayout(text, font)
        option = QTextOption(across)
        option.setWrapMode(QTextOption.WrapMode.WordWrap if wraps else QTextOption.WrapMode.ManualWrap)
        self._layout.setTextOption(option)
        self._layout.setCacheEnabled(True)
        if links:
            self._layout.setFormats([_link(first, length, link_colour) for first, length in links])
        self._heights: dict[int, int] = {}
        self._width = -1.0
        self.natural_width = 0
        """The width of the longest line when nothing wraps."""
        self.least_width = 0
        """The width of the longest word."""
        self.line_height = self._lay(_ONE_LINE)
        """The height when nothing wraps."""
        self.natural_width = math.ceil(self._layout.maximumWidth())
        self.least_width = math.ceil(self._layout.minimumWidth()) if wraps else self.natural_width

    def height(self, width: int) -> int:
        """Return the height at a width."""
        if width >= self.natural_width:
            return self.line_height
        found = self._heights.get(width)
        if found is None:
            if len(self._heights) >= _MOST_WIDTHS:
                self._heights.clear()
            found = self._heights[width] = self._lay(max(float(width), 1.0))
        return found

    def draw(self, painter: QPainter, x: float, y: float, width: int) -> None:
        """Paint at a place, laid out for a width, with the painter's pen."""
        if self._width != width:
            self._lay(max(float(width), 1.0))
        self._layout.draw(painter, QPointF(x, y))

    def _lay(self, width: float) -> int:
        layout = self._layout
        self._width = width
        height = 0
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLeadingIncluded(True)
            line.setLineWidth(width)
            line.setPosition(QPointF(0, height))
            height += math.ceil(line.height())
        layout.endLayout()
        return height


def _link(first: int, length: int, colour: str) -> QTextLayout.FormatRange:
    found = QTextLayout.FormatRange()
    look = QTextCharFormat()
    look.setForeground(QColor(colour))
    look.setFontUnderline(True)
    found.start, found.length, found.format = first, length, look
    return found
