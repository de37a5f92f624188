"""Window, printing, printer: a PDF goes to a printer of this PC, drawn by PDFium, strip by strip.

QtPrintSupport is imported when somebody prints: not before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QMarginsF, QRect
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtWidgets import QWidget

from dgdesk.errors import DgdeskError, FileError
from dgdesk.evidence.pages.geometry import Bitmap
from dgdesk.system.progress import Cancelled, Progress
from dgdesk.ui.dialogs import tell
from dgdesk.ui.jobs import run_modal
from dgdesk.ui.printing.strips import piece_from, place, quiet_line, wanted_pages, with_copies
from dgdesk.ui.text import Texts

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

    from dgdesk.evidence.pages.pdf import PdfFile

_WHITE = 255


def make_printer(name: str, *, across: bool = False) -> QPrinter:
    """Return the printer that the system would choose, for A4 upright or ``across``; pages bring their own margins."""
    from PySide6.QtPrintSupport import QPrinter

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(name)
    printer.setCreator("dgdesk")
    turned = QPageLayout.Orientation.Landscape if across else QPageLayout.Orientation.Portrait
    layout = QPageLayout(QPageSize(QPageSize.PageSizeId.A4), turned, QMarginsF())
    layout.setMode(QPageLayout.Mode.FullPageMode)
    printer.setPageLayout(layout)
    return printer


def choose_printer(printer: QPrinter, count: int, parent: QWidget | None) -> bool:
    """Let the person choose printer, pages and copies in the PC's dialog; False if they would rather not."""
    from PySide6.QtPrintSupport import QAbstractPrintDialog, QPrintDialog

    dialog = QPrintDialog(printer, parent)
    dialog.setOption(QAbstractPrintDialog.PrintDialogOption.PrintPageRange)
    dialog.setOption(QAbstractPrintDialog.PrintDialogOption.PrintCollateCopies)
    dialog.setMinMax(1, count)
    chosen = bool(dialog.exec())
    dialog.deleteLater()
    return chosen


def print_content(content: bytes, name: str, texts: Texts, parent: QWidget | None) -> bool:
    """Ask for a printer and print a PDF; whether it was printed. What goes wrong is told."""
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
    """Print the pages that the printer was told, in any thread.

    Raises:
        FileError: ``ui.printing.no_printer``: the printer does not take them; ``viewer.page_damaged``.
        Cancelled: the person stopped it; the printer is told to forget what it has.
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
    """Draw the upper rows of some pixels."""
    if made.data.count(_WHITE) == len(made.data):  # paper is white: half of a page need not be sent
        return
    image = QImage(made.data, made.width, rows, made.width * 4, QImage.Format.Format_RGB32)
    if image.allGray():  # a third of the data
        image = image.convertToFormat(QImage.Format.Format_Grayscale8)
    painter.drawImage(target, image)
