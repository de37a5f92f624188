"""Lays out and paints text whose lines break between words: runs of several looks, with web addresses as links.

Qt's rich text measures a text again for every width it is asked about, and a page is asked about many; here the text is
shaped once, and heights are remembered by width.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QTextCharFormat, QTextLayout, QTextOption

from dgdesk.ui import colours

_MOST_WIDTHS = 8
_ONE_LINE = 1_000_000.0
_ANYWHERE = QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere

Look = Literal["plain", "strong", "code", "hint", "own"]


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text in one look."""

    text: str
    look: Look = "plain"


@dataclass(frozen=True, slots=True)
class Link:
    """A web address, and where in a laid-out text it is shown."""

    first: int
    length: int
    address: str


@dataclass(frozen=True, slots=True)
class TextStyle:
    """How the text of a label looks: size in points (0: as its widget), weight, colour (empty: as its widget)."""

    points: float = 0.0
    strong: bool = False
    colour: str = ""

    def font(self, own: QFont) -> QFont:
        """Return a widget's font in this style."""
        font = QFont(own)
        if self.points:
            font.setPointSizeF(self.points)
        if self.strong:
            font.setWeight(QFont.Weight.DemiBold)
        return font

    @property
    def css(self) -> str:
        """The same for Qt's rich text."""
        size, weight = f"font-size:{self.points:g}pt;" if self.points else "", "font-weight:600;" if self.strong else ""
        return size + weight + (f"color:{self.colour};" if self.colour else "")


class TextLayout:
    """Runs beside each other, wrapped to a width. Widths and heights are in pixels."""

    def __init__(
        self,
        runs: Sequence[Run],
        links: Sequence[Link],
        font: QFont,
        *,
        across: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        wrap: QTextOption.WrapMode = _ANYWHERE,
    ) -> None:
        """``runs`` are shown as they are, marks for breaks included; ``links`` are places in them, joined by spaces."""
        self._layout = QTextLayout(" ".join(run.text for run in runs), font)
        option = QTextOption(across)
        option.setWrapMode(wrap)
        self._layout.setTextOption(option)
        self._layout.setCacheEnabled(True)
        if formats := [*_run_formats(runs, font), *(_link_format(link) for link in links)]:
            self._layout.setFormats(formats)
        self._links = links
        self._width = -1.0
        self._heights: dict[float, int] = {}
        self._one_line: tuple[int, int, int] | None = None

    @property
    def natural_width(self) -> int:
        """The width of the longest line when nothing wraps."""
        return self._unwrapped()[0]

    @property
    def least_width(self) -> int:
        """The width of the longest word; of the longest line where nothing may wrap."""
        return self._unwrapped()[1]

    @property
    def line_height(self) -> int:
        """The height when nothing wraps."""
        return self._unwrapped()[2]

    @property
    def first_line(self) -> float:
        """The height of the first line."""
        if not self._layout.lineCount():
            self._lay(_ONE_LINE)
        return self._layout.lineAt(0).height()

    def height(self, width: float) -> int:
        """Return the height at a width."""
        if self._one_line is not None and width >= self._one_line[0]:
            return self._one_line[2]
        found = self._heights.get(width)
        if found is None:
            if len(self._heights) >= _MOST_WIDTHS:
                self._heights.clear()
            found = self._heights[width] = self._lay(width)
        return found

    def draw(self, painter: QPainter, at: QPointF, width: float) -> None:
        """Paint with the painter's pen, wrapped to a width."""
        self._lay_for(width)
        self._layout.draw(painter, at)

    def link_at(self, point: QPointF, width: float) -> str | None:
        """Return the web address at a point of the text wrapped to a width."""
        if not self._links:
            return None
        self._lay_for(width)
        for line in map(self._layout.lineAt, range(self._layout.lineCount())):
            if line.y() <= point.y() < line.y() + line.height() and 0 <= point.x() <= line.naturalTextWidth():
                place = line.xToCursor(point.x())
                return next((one.address for one in self._links if 0 <= place - one.first <= one.length), None)
        return None

    def lines(self) -> Iterator[str]:
        """Yield the lines as they were laid out last, marks included."""
        text = self._layout.text()
        for line in map(self._layout.lineAt, range(self._layout.lineCount())):
            yield text[line.textStart() : line.textStart() + line.textLength()]

    def _unwrapped(self) -> tuple[int, int, int]:
        if self._one_line is None:
            height = self._lay(_ONE_LINE)
            widest, word = math.ceil(self._layout.maximumWidth()), math.ceil(self._layout.minimumWidth())
            wraps = self._layout.textOption().wrapMode() != QTextOption.WrapMode.ManualWrap
            self._one_line = widest, word if wraps else widest, height
        return self._one_line

    def _lay_for(self, width: float) -> None:
        if self._width != width:
            self._lay(width)

    def _lay(self, width: float) -> int:
        layout = self._layout
        self._width = width
        height = 0
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLeadingIncluded(True)
            line.setLineWidth(max(width, 1.0))
            line.setPosition(QPointF(0, height))
            height += math.ceil(line.height())
        layout.endLayout()
        return height


def plain_text(runs: Sequence[Run]) -> str:
    """Return the words of runs, as a screen reader says them."""
    return " ".join(run.text for run in runs if run.text)


def _run_formats(runs: Sequence[Run], font: QFont) -> Iterator[QTextLayout.FormatRange]:
    at = 0
    for run in runs:
        if run.look != "plain":
            char = QTextCharFormat()
            if run.look in ("code", "strong"):
                char.setFontWeight(QFont.Weight.DemiBold)
            if run.look != "strong":
                char.setForeground(QColor(colours.in_use().code if run.look == "code" else colours.in_use().hint))
            if run.look == "own":
                char.setFontItalic(False)
                char.setFontPointSize(font.pointSizeF() - 1)
            yield _format(at, len(run.text), char)
        at += len(run.text) + 1


def _link_format(link: Link) -> QTextLayout.FormatRange:
    char = QTextCharFormat()
    char.setForeground(QColor(colours.in_use().link))
    char.setFontUnderline(True)
    return _format(link.first, link.length, char)


def _format(first: int, length: int, char: QTextCharFormat) -> QTextLayout.FormatRange:
    found = QTextLayout.FormatRange()
    found.start, found.length, found.format = first, length, char
    return found
