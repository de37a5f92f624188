"""Window, evidence overview, paper: the table laid out and painted, page by page.

Lines break between Thai words, heads stand on every page, everything is black on white.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QPagedPaintDevice,
    QPainter,
    QPen,
    QTextLayout,
    QTextOption,
)

from dgdesk.rules.overview import SORT_KEYS, OverviewRow, SortKey
from dgdesk.rules.paging import Slice, pages_of_rows
from dgdesk.thai.breaks import plain
from dgdesk.ui.overview.words import fact
from dgdesk.ui.services import Services

_POINTS, _TITLE_POINTS = 9.0, 14.0
_WIDTHS: Final[dict[SortKey, float]] = {
    "code": 17,
    "question": 80,
    "asked": 36,
    "files": 60,
    "size": 16,
    "marks": 23,
    "state": 25,
    "points": 18,
}
"""Shares of a sheet's width; millimetres of A4 across."""
_STRONG: Final = frozenset({"missing", "damaged"})


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands over the table: ``title``, whose it is and as of when; ``counts`` in a sentence."""

    title: str
    province: str
    printed: str
    counts: str


def paint(device: QPagedPaintDevice, services: Services, rows: Sequence[OverviewRow], heading: Heading) -> bool:
    """Paint every page; False where the device takes nothing."""
    painter = QPainter()
    if not painter.begin(device):
        return False
    try:
        paper = _Paper(painter, device, services, rows, heading)
        for number in range(len(paper.pages)):
            if number and not device.newPage():
                return False
            paper.paint_page(number)
    finally:
        painter.end()
    return True


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines of a cell, without the marks between words: what is copied from a PDF has none either."""

    lines: tuple[str, ...]
    font: QFont


class _Paper:
    """The table laid out for one device."""

    def __init__(
        self,
        painter: QPainter,
        device: QPagedPaintDevice,
        services: Services,
        rows: Sequence[OverviewRow],
        heading: Heading,
    ) -> None:
        self._painter, self._device, self._services, self._heading = painter, device, services, heading
        self._width, self._height = float(device.width()), float(device.height())
        self._plain = self._font(_POINTS, QFont.Weight.Normal)
        self._strong = self._font(_POINTS, QFont.Weight.DemiBold)
        self._large = self._font(_TITLE_POINTS, QFont.Weight.DemiBold)
        self._line = QFontMetricsF(self._plain, device).height()
        self._pad = self._line * 0.25
        whole = sum(_WIDTHS.values())
        self._widths = [self._width * _WIDTHS[key] / whole for key in SORT_KEYS]
        texts = services.texts
        heads = [texts.say(f"ui.overview.column.{key}") for key in SORT_KEYS]
        self._heads = [self._lay(words, self._strong, at) for at, words in enumerate(heads)]
        self._cells = [self._row(row) for row in rows]
        self._foot = 1.6 * self._line
        title = self._line * (_TITLE_POINTS / _POINTS)
        about = [part for part in (heading.province, heading.printed) if part]
        self._about = self._text(" · ".join(about), self._plain, self._width)
        self._counts = self._text(heading.counts, self._plain, self._width)
        self._top = title + self._line * (len(self._about.lines) + len(self._counts.lines) + 0.6)
        head = max(len(one.lines) for one in self._heads) * self._line + 2 * self._pad
        self._head = head
        room = self._height - head - self._foot
        counts = [max(len(one.lines) for one in row) for row in self._cells]
        self.pages = pages_of_rows(
            counts, (room - self._top) / self._line, room / self._line, 2 * self._pad / self._line
        )

    def paint_page(self, number: int) -> None:
        """Paint one page: the title on the first, heads, rows, the number."""
        painter = self._painter
        painter.setPen(QPen(QColor(Qt.GlobalColor.black), self._line * 0.03))
        y = 0.0
        if number == 0:
            y = self._paint_title()
        y = self._paint_head(y)
        for piece in self.pages[number]:
            y = self._paint_slice(piece, y)
        self._paint_foot(number)

    def _paint_title(self) -> float:
        title = self._text(self._heading.title, self._large, self._width)
        self._draw(title, 0, 0)
        y = self._line * (_TITLE_POINTS / _POINTS)
        for text in (self._about, self._counts):
            self._draw(text, 0, y)
            y += len(text.lines) * self._line
        return self._top

    def _paint_head(self, y: float) -> float:
        self._rule(y, 2.0)
        x = 0.0
        for at, text in enumerate(self._heads):
            self._draw(text, x, y + self._pad)
            x += self._widths[at]
        self._rule(y + self._head, 2.0)
        return y + self._head

    def _paint_slice(self, piece: Slice, y: float) -> float:
        x = 0.0
        for at, text in enumerate(self._cells[piece.row]):
            self._draw(text, x, y + self._pad, piece.first, piece.last)
            x += self._widths[at]
        bottom = y + (piece.last - piece.first) * self._line + 2 * self._pad
        self._rule(bottom, 1.0)
        return bottom

    def _paint_foot(self, number: int) -> None:
        say = self._services.texts.say
        painter = self._painter
        painter.setFont(self._plain)
        place = QRectF(0, self._height - self._line, self._width, self._line)
        page = say("ui.overview.paper.page", page=number + 1, pages=len(self.pages))
        painter.drawText(place, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom), page)
        left = " · ".join(part for part in (self._heading.title, self._heading.province) if part)
        painter.drawText(place, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom), left)

    def _draw(self, block: _Block, x: float, y: float, first: int = 0, last: int | None = None) -> None:
        self._painter.setFont(block.font)
        ascent = QFontMetricsF(block.font, self._device).ascent()
        for number, line in enumerate(block.lines[first:last]):
            self._painter.drawText(QPointF(x, y + ascent + number * self._line), line)

    def _rule(self, y: float, width: float) -> None:
        self._painter.fillRect(QRectF(0, y, self._width, width * self._line * 0.03), QColor(Qt.GlobalColor.black))

    def _row(self, row: OverviewRow) -> list[_Block]:
        strong = row.state in _STRONG
        return [
            self._lay(
                fact(self._services.texts, row, key),
                self._strong if key == "code" or (key == "state" and strong) else self._plain,
                at,
            )
            for at, key in enumerate(SORT_KEYS)
        ]

    def _lay(self, words: str, font: QFont, column: int) -> _Block:
        return self._text(words, font, self._widths[column] - 2 * self._pad)

    def _text(self, words: str, font: QFont, width: float) -> _Block:
        layout = QTextLayout(self._services.texts.show(words), font, self._device)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        option.setUseDesignMetrics(True)
        layout.setTextOption(option)
        shown = layout.text()
        lines = []
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            lines.append(plain(shown[line.textStart() : line.textStart() + line.textLength()]).rstrip())
        layout.endLayout()
        return _Block(tuple(lines), font)

    def _font(self, points: float, weight: QFont.Weight) -> QFont:
        font = QFont(QGuiApplication.font())
        font.setPointSizeF(points)
        font.setWeight(weight)
        return font
