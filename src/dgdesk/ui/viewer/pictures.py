"""Window, viewer, pictures: a picture, or the pictures of a TIFF, as pages. Used by the worker's thread alone."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QFile, QIODevice, QRect, QSize, Qt
from PySide6.QtGui import QImage, QImageIOHandler, QImageReader, QPainter

from dgdesk.errors import FileError
from dgdesk.pages.model import NO_TEXT, Cancelled, PageText, Piece, Size
from dgdesk.pages.spool import Spooled
from dgdesk.ui.viewer.pillow import FORMATS, MOST_BYTES, MOST_PIXELS, Pillow, fitting

_DOTS = 96
"""Pixels an inch of a picture at 100 %."""
_GREY = frozenset({QImage.Format.Format_Grayscale8, QImage.Format.Format_Indexed8, QImage.Format.Format_Mono})


class PictureDocument:
    """A picture, or the pictures of a TIFF. One is held in memory, upright, at the size it can be afforded."""

    def __init__(self, spooled: Spooled, kind: str) -> None:
        """Look at it; see `open_document`."""
        self._spooled, self._kind = spooled, kind
        self._number, self._image = -1, QImage()
        self._full: dict[int, Size] = {}
        self._source = Pillow(spooled, kind) if kind not in FORMATS else None
        reader = self._reader() if self._source is None else None
        if reader is not None and not reader.canRead():
            self._source = Pillow(spooled, kind)
        self.count = max(reader.imageCount(), 1) if reader is not None and self._source is None else 1
        if self._source is not None:
            self.count = self._source.count
        self._load(0)
        self.held = MOST_BYTES

    def size(self, number: int) -> Size:
        """See `Document`."""
        self._load(number)
        return self._full[number]

    def render(self, piece: Piece, cancelled: Cancelled) -> QImage | None:
        """See `Document`."""
        self._load(piece.page)
        across, down = self._image.width() / piece.width, self._image.height() / piece.height
        part = QRect(
            int(piece.left * across),
            int(piece.top * down),
            max(round((piece.right - piece.left) * across), 1),
            max(round((piece.bottom - piece.top) * down), 1),
        )
        wanted = QSize(piece.right - piece.left, piece.bottom - piece.top)
        cut = self._image if part == self._image.rect() else self._image.copy(part)
        smooth = Qt.TransformationMode.SmoothTransformation
        scaled = cut.scaled(wanted, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
        return scaled.convertToFormat(QImage.Format.Format_RGB32)

    def text(self, number: int) -> PageText:
        """A picture has no text."""
        return NO_TEXT

    def letters(self, number: int) -> str:
        """A picture has no text."""
        return ""

    def close(self) -> None:
        """See `Document`."""
        self._image = QImage()
        self._spooled.close()

    def _load(self, number: int) -> None:
        if number == self._number:
            return
        self._image, self._number = QImage(), -1
        try:
            image, size = self._read(number) if self._source is None else self._source.read(number)
        except FileError:
            if self._source is not None:
                raise
            self._source = Pillow(self._spooled, self._kind)
            image, size = self._source.read(number)
        if image.hasAlphaChannel():  # a scan without ground is read on white
            white = QImage(image.size(), QImage.Format.Format_RGB32)
            white.fill(Qt.GlobalColor.white)
            _paint_over(white, image)
            image = white
        self._image, self._number = image, number
        self._full[number] = Size(max(size.width(), 1) * 72 / _DOTS, max(size.height(), 1) * 72 / _DOTS)

    def _reader(self) -> QImageReader:
        if self._spooled.data is not None:
            self._bytes = QByteArray(self._spooled.data)
            device: QIODevice = QBuffer(self._bytes)
            device.open(QIODevice.OpenModeFlag.ReadOnly)
        else:
            assert self._spooled.stream is not None
            self._spooled.stream.seek(0)
            file = QFile()
            file.open(
                self._spooled.stream.fileno(), QIODevice.OpenModeFlag.ReadOnly, QFile.FileHandleFlag.DontCloseHandle
            )
            file.seek(0)
            device = file
        self._device = device  # the reader does not keep it
        reader = QImageReader(device, QByteArray(FORMATS[self._kind]))
        reader.setAutoDetectImageFormat(False)
        reader.setAutoTransform(True)
        return reader

    def _read(self, number: int) -> tuple[QImage, QSize]:
        reader = self._reader()
        if number and not reader.jumpToImage(number):
            raise FileError("viewer.page_damaged", page=number + 1)
        full = reader.size()
        if full.isValid() and full.width() * full.height() > MOST_PIXELS:
            raise FileError("viewer.too_large")
        turned = bool(reader.transformation() & QImageIOHandler.Transformation.TransformationRotate90)
        if full.isValid():
            depth = 1 if reader.imageFormat() in _GREY else 4
            held = fitting(full, depth)
            if held != full:
                reader.setScaledSize(held)
        image = reader.read()
        if image.isNull():
            raise FileError("viewer.picture_damaged")
        if not full.isValid():
            full = image.size()
        elif turned:
            full = full.transposed()
        return _afforded(image), full


def _afforded(image: QImage) -> QImage:
    held = fitting(image.size(), max(image.depth() // 8, 1))
    if held == image.size():
        return image
    return image.scaled(held, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)


def _paint_over(ground: QImage, image: QImage) -> None:
    painter = QPainter(ground)
    painter.drawImage(0, 0, image)
    painter.end()
