"""Window, evidence overview, printing: the table through the PC's print dialog, or as a PDF.

QtPrintSupport is imported only when somebody prints.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMarginsF
from PySide6.QtGui import QPagedPaintDevice, QPageLayout, QPageSize, QPdfWriter
from PySide6.QtWidgets import QFileDialog, QWidget

from dgdesk.errors import FileError, UsageError
from dgdesk.moments import moment_words
from dgdesk.rules.overview import OverviewRow
from dgdesk.system.atomic import atomic_file
from dgdesk.ui.overview.paper import Heading, paint
from dgdesk.ui.services import Services

_MARGIN = 11.0
"""Millimetres."""
_DPI = 300


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

    def prove(part: Path) -> None:
        with part.open("rb") as stream:
            if stream.read(5) != b"%PDF-" or stream.seek(-64, os.SEEK_END) <= 0 or b"%%EOF" not in stream.read():
                raise OSError

    with atomic_file(path, replace=True, prove=prove, explain=_unwritable) as part:
        writer = QPdfWriter(str(part))
        writer.setResolution(_DPI)
        writer.setTitle(heading.title)
        writer.setCreator("dgdesk")
        _set_page(writer)
        painted = paint(writer, services, rows, heading)
        del writer
        if not painted:
            raise OSError


def _unwritable(error: OSError, path: Path) -> FileError:
    return FileError("overview.unwritable", name=path.name)


def _set_page(device: QPagedPaintDevice) -> None:
    margins = QMarginsF(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
    page = QPageSize(QPageSize.PageSizeId.A4)
    device.setPageLayout(QPageLayout(page, QPageLayout.Orientation.Landscape, margins, QPageLayout.Unit.Millimeter))
