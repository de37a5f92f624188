"""Window, viewer, documents: a PDF or a picture as pages of pixels. Used by the worker's thread alone."""

from __future__ import annotations

import importlib
import threading
from typing import Protocol

from PySide6.QtGui import QImage

from dgdesk.answers.media import PDF
from dgdesk.pages.model import Cancelled, PageText, Piece, Size
from dgdesk.pages.spool import Spooled
from dgdesk.ui.viewer.pictures import PictureDocument


class Document(Protocol):
    """Something with pages. ``held`` is how many bytes of pixels it keeps."""

    count: int
    held: int

    def size(self, number: int) -> Size:
        """Return the size of an upright page."""

    def render(self, piece: Piece, cancelled: Cancelled) -> QImage | None:
        """Return a piece of a page; None when cancelled."""

    def text(self, number: int) -> PageText:
        """Return a page's text."""

    def letters(self, number: int) -> str:
        """Return a page's text without its places."""

    def close(self) -> None:
        """Let go of the file."""


def open_document(kind: str, spooled: Spooled) -> Document:
    """Open a file of a kind that can be shown.

    Raises:
        FileError: ``viewer.…``: it is locked or damaged.
    """
    if kind == PDF:
        return PdfDocument(spooled)
    return PictureDocument(spooled, kind)


def preload() -> threading.Thread:
    """Load PDFium in a thread, so that the first PDF need not wait for it (0.1 s, 10 MiB); return the thread."""
    thread = threading.Thread(
        target=lambda: importlib.import_module("dgdesk.pages.pdf"), name="dgdesk viewer preload", daemon=True
    )
    thread.start()
    return thread


class PdfDocument:
    """A PDF."""

    held = 0

    def __init__(self, spooled: Spooled) -> None:
        """Open it; see `open_document`."""
        from dgdesk.pages.pdf import PdfFile  # takes 0.1 s when it is loaded first

        self._spooled = spooled
        self._file = PdfFile(spooled.content)
        self.count = self._file.count

    def size(self, number: int) -> Size:
        """See `Document`."""
        return self._file.size(number)

    def render(self, piece: Piece, cancelled: Cancelled) -> QImage | None:
        """See `Document`."""
        made = self._file.render(piece, cancelled)
        if made is None:
            return None
        # a copy, since the picture does not keep the bytes alive
        return QImage(made.data, made.width, made.height, made.width * 4, QImage.Format.Format_RGB32).copy()

    def text(self, number: int) -> PageText:
        """See `Document`."""
        return self._file.text(number)

    def letters(self, number: int) -> str:
        """See `Document`."""
        return self._file.letters(number)

    def close(self) -> None:
        """See `Document`."""
        self._file.close()
        self._spooled.close()
