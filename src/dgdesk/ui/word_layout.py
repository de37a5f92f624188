"""Window, word layout: lines of edited text end between Thai words, without a mark being put into the text.

Qt knows Thai words only through libthai, which Windows does not have. Here Qt fills a line to its width, and the line
is then narrowed to the last place where our breaker allows an end. What is typed is never touched.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache
from itertools import accumulate
from typing import Any

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QTextBlock, QTextDocument, QTextLayout, QTextLine
from PySide6.QtWidgets import QPlainTextDocumentLayout

from dgdesk.text.breaks import WordBreaker

_HAIR = 0.2
"""Pixels: less than any letter is wide, more than rounding can lose."""


class WordLayout(QPlainTextDocumentLayout):
    """The layout of a plain text document whose text option is `WrapAnywhere`."""

    def __init__(self, document: QTextDocument, breaker: WordBreaker) -> None:
        super().__init__(document)
        self._ends = lru_cache(maxsize=64)(lambda text: tuple(accumulate(map(_units, _parts(breaker, text)))))
        self.changing = False

    def blockBoundingRect(self, block: QTextBlock) -> QRectF:
        """Lay the paragraph out if need be, and return its room."""
        rect = super().blockBoundingRect(block)
        layout = block.layout()
        if block.isVisible() and layout.lineCount() > 1 and not self._ends_well(block.text(), layout):
            self._lay_out(block, layout)
            rect = super().blockBoundingRect(block)
        return rect

    def documentChanged(self, start: int, removed: int, added: int) -> None:
        """Follow the text; its size is told when all lines have their ends."""
        self.changing = True
        try:
            super().documentChanged(start, removed, added)
        finally:
            self.changing = False
        self.documentSizeChanged.emit(self.documentSize())

    def _ends_well(self, text: str, layout: QTextLayout) -> bool:
        """Whether the lines end where `_lay_out` would have them end: narrowed, or at an end by themselves."""
        ends = set(self._ends(text))
        lines = [layout.lineAt(number) for number in range(layout.lineCount())]
        return all(
            line.textStart() + line.textLength() in ends or not _within(ends, line.textStart(), line.textLength())
            for line in lines
        )

    def _lay_out(self, block: QTextBlock, layout: QTextLayout) -> None:
        # the last line is never narrowed
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
    """The parts of a paragraph between which a line may end; white space belongs to the part before it."""
    parts: list[str] = []
    for part in breaker.segments(text):
        if parts and part.isspace():
            parts[-1] += part
        else:
            parts.append(part)
    return parts


def _units(part: str) -> int:
    """How many of Qt's characters a part has: one beyond U+FFFF counts as two."""
    return len(part) if part.isascii() or max(part) <= "\uffff" else len(part.encode("utf-16-le", "surrogatepass")) // 2


def _x_of(line: QTextLine, at: int) -> float:
    """Where a letter begins; PySide returns the place together with the position asked for."""
    found: Any = line.cursorToX(at)
    return float(found[0] if isinstance(found, tuple) else found)


def _within(ends: set[int], start: int, length: int) -> bool:
    return any(at in ends for at in range(start + 1, start + length))
