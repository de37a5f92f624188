"""Window, evidence overview, printing: the table on paper, through the PC's dialog, or as a PDF.

Lines break between Thai words, heads stand on every page, everything is black on white. QtPrintSupport is imported only
when somebody prints.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QMarginsF, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QPen,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QFileDialog, QWidget

from dgdesk.errors import FileError, UsageError
from dgdesk.rules.overview import SORT_KEYS, OverviewRow, SortKey
from dgdesk.rules.paging import Slice, pages_of_rows
from dgdesk.thai.breaks import plain
from dgdesk.ui.moments import moment_words
from dgdesk.ui.overview.words import cell_words, head_words
from dgdesk.ui.services import Services

_MARGIN = 11.0
"""Millimetres."""
_POINTS, _TITLE_POINTS = 9.0, 14.0
_DPI = 300
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


def print_overview(parent: QWidget, services: Services, rows: Sequence[OverviewRow], province: str, counts: str) -> str:
    """Let the person choose a printer and print; return what is to be said then, empty when they think better of it.

    Raises:
        UsageError: ``overview.print_failed``.
    """
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    _set_page(printer)
    printer.setDocName(services.texts.say("ui.overview.title"))
    dialog = QPrintDialog(printer, parent)
    dialog.setWindowTitle(services.texts.say("ui.overview.print"))
    if not dialog.exec():
        return ""
    if not paint(printer, services, rows, heading_of(services, province, counts)):
        raise UsageError("overview.print_failed")
    return services.texts.say("ui.overview.paper.printed_done")


def save_overview(parent: QWidget, services: Services, rows: Sequence[OverviewRow], province: str, counts: str) -> str:
    """Let the person choose a place and save a PDF there; return what is to be said then.

    Raises:
        FileError: ``overview.unwritable``.
    """
    say = services.texts.say
    name, _ = QFileDialog.getSaveFileName(
        parent,
        say("ui.overview.save_pdf"),
        str(Path.home() / say("ui.overview.paper.name")),
        say("ui.overview.paper.files"),
    )
    if not name:
        return ""
    path = Path(name if name.lower().endswith(".pdf") else f"{name}.pdf")
    write_pdf(path, services, rows, heading_of(services, province, counts))
    return say("ui.overview.paper.saved", name=path.name)


def heading_of(services: Services, province: str, counts: str) -> Heading:
    """Return what stands over the table, with the date of now."""
    say = services.texts.say
    when = moment_words(services.clock(), services.texts.catalogue.language)
    return Heading(
        say("ui.overview.paper.title"),
        say("ui.overview.paper.province", province=province) if province else "",
        say("ui.overview.paper.printed", when=when),
        counts,
    )


def write_pdf(path: Path, services: Services, rows: Sequence[OverviewRow], heading: Heading) -> None:
    """Write a PDF so that it is there whole or as it was before.

    Raises:
        FileError: ``overview.unwritable``.
    """
    part = path.with_name(path.name + ".part")
    try:
        part.open("wb").close()  # says why it cannot be written; Qt only warns
        writer = QPdfWriter(str(part))
        writer.setResolution(_DPI)
        writer.setTitle(heading.title)
        writer.setCreator("dgdesk")
        _set_page(writer)
        painted = paint(writer, services, rows, heading)
        del writer
        with part.open("r+b") as stream:
            whole = stream.read(5) == b"%PDF-" and stream.seek(-64, os.SEEK_END) > 0 and b"%%EOF" in stream.read()
            os.fsync(stream.fileno())
        if not (painted and whole):
            raise OSError
        os.replace(part, path)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise FileError("overview.unwritable", name=path.name) from error


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
        heads = [head_words(texts, (key,)) for key in SORT_KEYS]
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
                cell_words(self._services.texts, row, (key,)),
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


def _set_page(device: QPagedPaintDevice) -> None:
    margins = QMarginsF(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
    page = QPageSize(QPageSize.PageSizeId.A4)
    device.setPageLayout(QPageLayout(page, QPageLayout.Orientation.Landscape, margins, QPageLayout.Unit.Millimeter))
