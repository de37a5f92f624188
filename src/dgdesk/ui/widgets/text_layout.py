"""Lays out and paints text whose lines break between Thai words, in several styles, with links; also edited text.

Qt breaks Thai words only with libthai, which Windows does not have. Here Qt fills a line to its width, and the line is
then shortened to the last place where dgdesk's word breaker allows a break. Edited text is never changed.

Qt's rich text measures a text again for every width it is asked about, and a page is asked about many. Here the text is
shaped once, and heights are remembered by width.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Any, Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QPainter,
    QTextBlock,
    QTextCharFormat,
    QTextDocument,
    QTextLayout,
    QTextLine,
    QTextOption,
)
from PySide6.QtWidgets import QPlainTextDocumentLayout

from dgdesk.text.breaks import WordBreaker
from dgdesk.ui.widgets import colours

_HAIR = 0.2
"""Pixels: narrower than any letter, but more than rounding can lose."""


class WordLayout(QPlainTextDocumentLayout):
    """The layout of a plain text document whose wrap mode is `WrapAnywhere`."""

    def __init__(self, document: QTextDocument, breaker: WordBreaker) -> None:
        super().__init__(document)
        self._ends = lru_cache(maxsize=64)(lambda text: tuple(accumulate(map(_units, _parts(breaker, text)))))
        self.changing = False

    def blockBoundingRect(self, block: QTextBlock) -> QRectF:
        rect = super().blockBoundingRect(block)
        layout = block.layout()
        if block.isVisible() and layout.lineCount() > 1 and not self._ends_well(block.text(), layout):
            self._lay_out(block, layout)
            rect = super().blockBoundingRect(block)
        return rect

    def documentChanged(self, start: int, removed: int, added: int) -> None:
        self.changing = True
        try:
            super().documentChanged(start, removed, added)
        finally:
            self.changing = False
        self.documentSizeChanged.emit(self.documentSize())

    def _ends_well(self, text: str, layout: QTextLayout) -> bool:
        """Return whether all lines end where `_lay_out` would end them."""
        ends = set(self._ends(text))
        lines = [layout.lineAt(number) for number in range(layout.lineCount())]
        return all(
            line.textStart() + line.textLength() in ends or not _within(ends, line.textStart(), line.textLength())
            for line in lines
        )

    def _lay_out(self, block: QTextBlock, layout: QTextLayout) -> None:
        # the last line is never shortened
        width = layout.lineAt(layout.lineCount() - 1).width()
        margin = self.document().documentMargin()
        ends = self._ends(block.text())
        height = 0.0
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLeadingIncluded(True)
            line.setLineWidth(width)
            start, end = line.textStart(), line.textStart() + line.textLength()
            allowed = ends[bisect_right(ends, end) - 1] if bisect_right(ends, end) else 0
            if start < allowed < end:
                line.setLineWidth(_x_of(line, allowed) + _HAIR)
            line.setPosition(QPointF(margin, height))
            height += line.height()
        layout.endLayout()
        if block.lineCount() != layout.lineCount():
            block.setLineCount(layout.lineCount())
            if not self.changing:
                self.documentSizeChanged.emit(self.documentSize())


def _parts(breaker: WordBreaker, text: str) -> list[str]:
    """Return the parts of a paragraph between which a line may break; white space belongs to the part before it."""
    parts: list[str] = []
    for part in breaker.segments(text):
        if parts and part.isspace():
            parts[-1] += part
        else:
            parts.append(part)
    return parts


def _units(part: str) -> int:
    """Return the length of a part in UTF-16 units, as Qt counts."""
    return len(part) if part.isascii() or max(part) <= "\uffff" else len(part.encode("utf-16-le", "surrogatepass")) // 2


def _x_of(line: QTextLine, at: int) -> float:
    """Return the x of a character; PySide returns it together with the position."""
    found: Any = line.cursorToX(at)
    return float(found[0] if isinstance(found, tuple) else found)


def _within(ends: set[int], start: int, length: int) -> bool:
    return any(at in ends for at in range(start + 1, start + length))


_MOST_WIDTHS = 8
_ONE_LINE = 1_000_000.0
_ANYWHERE = QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere

LabelRole = Literal["plain", "strong", "code", "hint", "own"]


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text in one style."""

    text: str
    look: LabelRole = "plain"


@dataclass(frozen=True, slots=True)
class Link:
    """A web address, and its position in a laid-out text."""

    first: int
    length: int
    address: str


@dataclass(frozen=True, slots=True)
class TextStyle:
    """The style of a label's text: size in points (0: as its widget), weight, colour (empty: as its widget)."""

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
        """Return the style as CSS, for Qt's rich text."""
        size, weight = f"font-size:{self.points:g}pt;" if self.points else "", "font-weight:600;" if self.strong else ""
        return size + weight + (f"color:{self.colour};" if self.colour else "")


class TextLayout:
    """Runs in one paragraph, wrapped to a width. Widths and heights are in pixels."""

    def __init__(
        self,
        runs: Sequence[Run],
        links: Sequence[Link],
        font: QFont,
        *,
        across: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        wrap: QTextOption.WrapMode = _ANYWHERE,
    ) -> None:
        """``runs`` are shown as they are, break hints included; ``links`` are positions in them, joined by spaces."""
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
        """The width of the longest word; of the longest line if the text may not wrap."""
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
        """Paint the text, wrapped to a width, in the painter's pen."""
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
        """Yield the lines as laid out last, break hints included."""
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
    """Return the words of runs without break hints, for screen readers."""
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
