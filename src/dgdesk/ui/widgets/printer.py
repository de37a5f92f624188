"""Prints a PDF on a printer of this PC, page by page in strips of pixels.

QtPrintSupport is imported only when something is printed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QMarginsF, QRect
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtWidgets import QWidget

from dgdesk.errors import DgdeskError, FileError
from dgdesk.evidence.pages.geometry import Bitmap, PageSize, Piece
from dgdesk.system.progress import Cancelled, Progress
from dgdesk.ui.widgets.dialogs import tell
from dgdesk.ui.widgets.jobs import run_modal
from dgdesk.ui.widgets.label import Texts

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

    from dgdesk.evidence.pages.pdf import PdfFile

MOST_DOTS: Final = 600
"""Resolution of rendered pages, in dots per inch; a finer printer gets each dot several times."""
STRIP_PIXELS: Final = 2_000_000
"""Size of one strip, four bytes a pixel."""
_DARK: Final = bytes(0 if level < 128 else 255 for level in range(256))
"""Maps grey levels to black or white, so that a light watermark does not prevent a cut."""


@dataclass(frozen=True, slots=True)
class Placing:
    """Where a page is on the paper, in the printer's dots; ``times`` is the number of dots per pixel."""

    left: int
    top: int
    width: int
    height: int
    times: int


def place(size: PageSize, paper: tuple[int, int], dots: int) -> Placing:
    """Place a page on paper of ``paper`` dots at ``dots`` per inch: in its real size, or smaller if it does not fit."""
    width, height = size.width * dots / 72, size.height * dots / 72
    # printers round A4 by up to half a per cent
    scale = min(1.0, paper[0] / width, paper[1] / height)
    times = -(-dots // MOST_DOTS)
    across, down = max(round(width * scale / times), 1), max(round(height * scale / times), 1)
    wide, high = across * times, down * times
    return Placing((paper[0] - wide) // 2, (paper[1] - high) // 2, wide, high, times)


def piece_from(page: int, at: Placing, top: int) -> Piece | None:
    """Return the strip of page ``page`` (0 is the first) below line ``top``; None at the end of the page."""
    width, height = at.width // at.times, at.height // at.times
    bottom = min(top + max(STRIP_PIXELS // width, 1), height)
    return Piece(page, width, height, 0, top, width, bottom) if top < height else None


def quiet_line(made: Bitmap) -> int:
    """Return the line where a strip is best cut: between two equal lines in its lower half, else at its end.

    The output of a PDF printer is also viewed at other sizes, where a line drawn in two strips looks torn.
    """
    line = made.width * 4
    dark = made.data.translate(_DARK)
    for at in range(made.height - 1, made.height // 2, -1):
        if dark[(at - 1) * line : at * line] == dark[at * line : (at + 1) * line]:
            return at
    return made.height


def wanted_pages(ranges: list[tuple[int, int]], count: int, *, backwards: bool = False) -> list[int]:
    """Return the pages (0 is the first) of ranges that count from 1; all pages if there is no range."""
    chosen = [page for first, last in ranges for page in range(max(first, 1) - 1, min(last, count))]
    pages = sorted(set(chosen)) if ranges else list(range(count))
    return pages[::-1] if backwards else pages


def with_copies(pages: list[int], copies: int, *, together: bool) -> list[int]:
    """Return the pages in the order of printing; ``together``: one complete copy after the other."""
    return pages * copies if together else [page for page in pages for _ in range(copies)]


_WHITE = 255


def make_printer(name: str, *, across: bool = False) -> QPrinter:
    """Return the default printer, set to A4 upright or ``across``, without margins: the pages have their own."""
    from PySide6.QtPrintSupport import QPrinter

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(name)
    printer.setCreator("dgdesk")
    turned = QPageLayout.Orientation.Landscape if across else QPageLayout.Orientation.Portrait
    layout = QPageLayout(QPageSize(QPageSize.PageSizeId.A4), turned, QMarginsF())
    layout.setMode(QPageLayout.Mode.FullPageMode)
    printer.setPageLayout(layout)
    return printer


def has_printer() -> bool:
    """Whether this PC has a printer; the system's dialog would show an empty list, or nothing at all."""
    from PySide6.QtPrintSupport import QPrinterInfo

    return bool(QPrinterInfo.availablePrinterNames())


def choose_printer(printer: QPrinter, count: int, parent: QWidget | None) -> bool:
    """Let the user choose printer, pages and copies in the system's dialog; False if it was cancelled.

    Raises:
        FileError: ``ui.printing.none_here``: this PC has no printer.
    """
    if not has_printer():
        raise FileError("ui.printing.none_here")
    from PySide6.QtPrintSupport import QAbstractPrintDialog, QPrintDialog

    dialog = QPrintDialog(printer, parent)
    dialog.setOption(QAbstractPrintDialog.PrintDialogOption.PrintPageRange)
    dialog.setOption(QAbstractPrintDialog.PrintDialogOption.PrintCollateCopies)
    dialog.setMinMax(1, count)
    chosen = bool(dialog.exec())
    dialog.deleteLater()
    return chosen


def print_content(content: bytes, name: str, texts: Texts, parent: QWidget | None) -> bool:
    """Let the user choose a printer and print a PDF; return whether it was printed. Errors are shown."""
    from dgdesk.evidence.pages.pdf import PdfFile

    try:
        file = PdfFile(content)
        try:
            size = file.size(0)
            printer = make_printer(name, across=size.width > size.height)
            if not choose_printer(printer, file.count, parent):
                return False
            run_modal(
                texts,
                texts.say("ui.printing.working"),
                lambda progress: print_file(file, printer, progress),
                parent,
            )
        finally:
            file.close()
    except Cancelled:
        return False
    except DgdeskError as error:
        tell(texts, texts.error(error), parent, "warning")
        return False
    return True


def print_file(file: PdfFile, printer: QPrinter, progress: Progress) -> None:
    """Print the pages that the user chose; may be called in any thread.

    Raises:
        FileError: ``ui.printing.no_printer``: the printer refuses; ``viewer.page_damaged``.
        Cancelled: the user stopped it; the printer is asked to drop the document.
    """
    pages = _order(printer, file.count)
    painter = QPainter()
    if not pages or not painter.begin(printer):
        raise FileError("ui.printing.no_printer")
    try:
        for done, page in enumerate(pages):
            if done and not printer.newPage():
                raise FileError("ui.printing.no_printer")
            progress.report(done, len(pages))
            _print_page(file, page, printer, painter, progress)
        progress.report(len(pages), len(pages))
    except BaseException:
        printer.abort()
        raise
    finally:
        ended = painter.end()
    if not ended:
        raise FileError("ui.printing.no_printer")


def _order(printer: QPrinter, count: int) -> list[int]:
    from PySide6.QtPrintSupport import QPrinter as Kinds

    ranges = [(one.from_, one.to) for one in printer.pageRanges().toRangeList()]
    if not ranges and printer.printRange() == Kinds.PrintRange.PageRange and printer.fromPage():
        ranges = [(printer.fromPage(), printer.toPage())]
    pages = wanted_pages(ranges, count, backwards=printer.pageOrder() == Kinds.PageOrder.LastPageFirst)
    if printer.supportsMultipleCopies():
        return pages
    return with_copies(pages, max(printer.copyCount(), 1), together=printer.collateCopies())


def _print_page(file: PdfFile, page: int, printer: QPrinter, painter: QPainter, progress: Progress) -> None:
    paper = printer.pageLayout().fullRectPixels(printer.resolution()).size()
    at = place(file.size(page), (paper.width(), paper.height()), printer.resolution())
    top = 0
    while (piece := piece_from(page, at, top)) is not None:
        progress.check()
        made = file.render(piece, lambda: progress.cancelled)
        if made is None:
            raise Cancelled
        rows = made.height if piece.bottom == piece.height else quiet_line(made)
        place_on_paper = QRect(at.left, at.top + top * at.times, at.width, rows * at.times)
        _draw(made, rows, place_on_paper, painter)
        top += rows


def _draw(made: Bitmap, rows: int, target: QRect, painter: QPainter) -> None:
    """Draw the upper rows of a bitmap."""
    if made.data.count(_WHITE) == len(made.data):  # paper is white: half of a page need not be sent
        return
    image = QImage(made.data, made.width, rows, made.width * 4, QImage.Format.Format_RGB32)
    if image.allGray():  # a third of the data
        image = image.convertToFormat(QImage.Format.Format_Grayscale8)
    painter.drawImage(target, image)
