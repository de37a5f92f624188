"""Window, viewer, documents: pages as pictures of Qt, made by the document worker. Used by the viewer's thread."""

from __future__ import annotations

from PySide6.QtGui import QImage

from dgdesk.evidence.opening import OpenDocument
from dgdesk.pages.model import Cancelled, Piece


def draw(document: OpenDocument, piece: Piece, cancelled: Cancelled) -> QImage | None:
    """Return a piece of a page; None when cancelled. The pixels go straight into the picture.

    Raises:
        FileError: as `OpenDocument.render`.
    """
    image = QImage(piece.right - piece.left, piece.bottom - piece.top, QImage.Format.Format_RGB32)
    if image.isNull():  # the system has no memory for it
        raise MemoryError
    # Four bytes a pixel, so that lines follow each other without a gap.
    return image if document.render(piece, memoryview(image.bits()).cast("B"), cancelled) else None
