"""Window, viewer, documents: a PDF or a picture as pages of pixels. Used by the worker's thread alone."""

from __future__ import annotations

import importlib
import io
import threading
from typing import Any, Protocol

from PySide6.QtCore import QBuffer, QByteArray, QFile, QIODevice, QRect, QSize, Qt
from PySide6.QtGui import QImage, QImageIOHandler, QImageReader

from dgdesk.answers.media import HEIC, JPEG, PDF, PNG, TIFF
from dgdesk.errors import FileError
from dgdesk.pages.model import NO_TEXT, Cancelled, PageText, Piece, Size
from dgdesk.pages.spool import Spooled

_FORMATS = {JPEG: b"jpeg", PNG: b"png", TIFF: b"tiff"}
PICTURES = frozenset({*_FORMATS, HEIC, "image/heif"})
_MOST_BYTES = 32 << 20
"""Of a picture that is held to be shown; a larger one is held smaller."""
_MOST_PIXELS = 150_000_000
_DOTS = 96
"""Pixels an inch of a picture at 100 %."""


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


class PictureDocument:
    """A picture, or the pictures of a TIFF. One is held in memory, upright, at the size it can be afforded."""

    def __init__(self, spooled: Spooled, kind: str) -> None:
        """Look at it; see `open_document`."""
        self._spooled, self._kind = spooled, kind
        self._number, self._image = -1, QImage()
        self._full: dict[int, Size] = {}
        self._source = Pillow(spooled, kind) if kind not in _FORMATS else None
        reader = self._reader() if self._source is None else None
        if reader is not None and not reader.canRead():
            self._source = Pillow(spooled, kind)
        self.count = max(reader.imageCount(), 1) if reader is not None and self._source is None else 1
        if self._source is not None:
            self.count = self._source.count
        self._load(0)
        self.held = _MOST_BYTES

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
        reader = QImageReader(device, QByteArray(_FORMATS[self._kind]))
        reader.setAutoDetectImageFormat(False)
        reader.setAutoTransform(True)
        return reader

    def _read(self, number: int) -> tuple[QImage, QSize]:
        reader = self._reader()
        if number and not reader.jumpToImage(number):
            raise FileError("viewer.page_damaged", page=number + 1)
        full = reader.size()
        if full.isValid() and full.width() * full.height() > _MOST_PIXELS:
            raise FileError("viewer.too_large")
        turned = bool(reader.transformation() & QImageIOHandler.Transformation.TransformationRotate90)
        if full.isValid():
            depth = 1 if reader.imageFormat() in _GREY else 4
            fitting = _fitting(full, depth)
            if fitting != full:
                reader.setScaledSize(fitting)
        image = reader.read()
        if image.isNull():
            raise FileError("viewer.picture_damaged")
        if not full.isValid():
            full = image.size()
        elif turned:
            full = full.transposed()
        return _afforded(image), full


class Pillow:
    """What Qt cannot read: TIFFs of rare kinds, and HEIC where pi-heif is installed."""

    def __init__(self, spooled: Spooled, kind: str) -> None:
        """Look at it.

        Raises:
            FileError: ``viewer.no_heic``, ``viewer.picture_damaged``, ``viewer.too_large``.
        """
        from PIL import Image

        if kind not in _FORMATS:
            try:
                importlib.import_module("pi_heif").register_heif_opener()
            except ImportError as error:
                raise FileError("viewer.no_heic") from error
        formats = (_FORMATS[kind].decode().upper(),) if kind in _FORMATS else ("HEIF",)
        stream = io.BytesIO(spooled.data) if spooled.data is not None else spooled.stream
        assert stream is not None
        stream.seek(0)
        try:
            self._image: Any = Image.open(stream, formats=formats)
            self.count = int(getattr(self._image, "n_frames", 1))
        except Image.DecompressionBombError as error:
            raise FileError("viewer.too_large") from error
        except Exception as error:  # Pillow's readers raise of everything on damaged files
            raise FileError("viewer.picture_damaged") from error

    def read(self, number: int) -> tuple[QImage, QSize]:
        """Return a picture, upright, and its full size.

        Raises:
            FileError: ``viewer.picture_damaged``, ``viewer.too_large``.
        """
        from PIL import ImageOps

        try:
            self._image.seek(number)
            if self._image.width * self._image.height > _MOST_PIXELS:
                raise FileError("viewer.too_large")
            upright = ImageOps.exif_transpose(self._image)
            full = QSize(upright.width, upright.height)
            fitting = _fitting(full, 4)
            if fitting != full:  # made smaller first: in full colour it may not fit into memory
                grey = upright.convert("L") if upright.mode == "1" else upright
                upright = grey.resize((fitting.width(), fitting.height()))
            plain = upright.convert("RGBA")
            data = plain.tobytes()
        except FileError:
            raise
        except Exception as error:  # as above
            raise FileError("viewer.picture_damaged") from error
        width, height = plain.size
        return QImage(data, width, height, width * 4, QImage.Format.Format_RGBA8888).copy(), full


_GREY = frozenset({QImage.Format.Format_Grayscale8, QImage.Format.Format_Indexed8, QImage.Format.Format_Mono})


def _fitting(size: QSize, depth: int) -> QSize:
    """Return the size at which a picture may be held."""
    bytes_needed = size.width() * size.height() * depth
    if bytes_needed <= _MOST_BYTES:
        return size
    scale = (_MOST_BYTES / bytes_needed) ** 0.5
    return QSize(max(int(size.width() * scale), 1), max(int(size.height() * scale), 1))


def _afforded(image: QImage) -> QImage:
    fitting = _fitting(image.size(), max(image.depth() // 8, 1))
    if fitting == image.size():
        return image
    return image.scaled(fitting, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)


def _paint_over(ground: QImage, image: QImage) -> None:
    from PySide6.QtGui import QPainter

    painter = QPainter(ground)
    painter.drawImage(0, 0, image)
    painter.end()
