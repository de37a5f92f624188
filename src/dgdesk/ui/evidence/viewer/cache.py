"""A cache of rendered pieces with a limit in bytes; the least recently used are dropped."""

from __future__ import annotations

from collections import OrderedDict

from PySide6.QtGui import QImage

from dgdesk.evidence.pages.geometry import Piece

MOST_BYTES = 60 << 20


class PieceCache:
    """Images by piece. ``limit`` is in bytes."""

    def __init__(self, limit: int = MOST_BYTES) -> None:
        self.limit = limit
        self.held = 0
        self._images: OrderedDict[Piece, QImage] = OrderedDict()

    def put(self, piece: Piece, image: QImage) -> None:
        """Store a piece, unless it alone exceeds the limit."""
        old = self._images.pop(piece, None)
        if old is not None:
            self.held -= old.sizeInBytes()
        if image.sizeInBytes() > self.limit:
            return
        self._images[piece] = image
        self.held += image.sizeInBytes()
        while self.held > self.limit:
            _, dropped = self._images.popitem(last=False)
            self.held -= dropped.sizeInBytes()

    def get(self, piece: Piece) -> QImage | None:
        """Return a piece and mark it as used."""
        image = self._images.get(piece)
        if image is not None:
            self._images.move_to_end(piece)
        return image

    def any_whole(self, page: int) -> QImage | None:
        """Return the rendering of a whole page used last, at any size."""
        for piece in reversed(self._images):
            whole = Piece(page, piece.width, piece.height, 0, 0, piece.width, piece.height)
            if piece == whole:
                return self._images[piece]
        return None

    def clear(self) -> None:
        """Drop all pieces."""
        self._images.clear()
        self.held = 0
