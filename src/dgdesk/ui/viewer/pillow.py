"""Window, viewer, Pillow: pictures that Qt cannot read. Used by the worker's thread alone."""

from __future__ import annotations

import importlib
import io
from typing import Any, Final

from PySide6.QtCore import QSize
from PySide6.QtGui import QImage

from dgdesk.answers.media import HEIC, JPEG, PNG, TIFF
from dgdesk.errors import FileError
from dgdesk.pages.spool import Spooled

FORMATS: Final = {JPEG: b"jpeg", PNG: b"png", TIFF: b"tiff"}
PICTURES: Final = frozenset({*FORMATS, HEIC, "image/heif"})
MOST_BYTES: Final = 32 << 20
"""Of a picture that is held to be shown; a larger one is held smaller."""
MOST_PIXELS: Final = 150_000_000


class Pillow:
    """What Qt cannot read: TIFFs of rare kinds, and HEIC where pi-heif is installed."""

    def __init__(self, spooled: Spooled, kind: str) -> None:
        """Look at it.

        Raises:
            FileError: ``viewer.no_heic``, ``viewer.picture_damaged``, ``viewer.too_large``.
        """
        from PIL import Image

        if kind not in FORMATS:
            try:
                importlib.import_module("pi_heif").register_heif_opener()
            except ImportError as error:
                raise FileError("viewer.no_heic") from error
        formats = (FORMATS[kind].decode().upper(),) if kind in FORMATS else ("HEIF",)
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
            if self._image.width * self._image.height > MOST_PIXELS:
                raise FileError("viewer.too_large")
            upright = ImageOps.exif_transpose(self._image)
            full = QSize(upright.width, upright.height)
            held = fitting(full, 4)
            if held != full:  # made smaller first: in full colour it may not fit into memory
                grey = upright.convert("L") if upright.mode == "1" else upright
                upright = grey.resize((held.width(), held.height()))
            plain = upright.convert("RGBA")
            data = plain.tobytes()
        except FileError:
            raise
        except Exception as error:  # as above
            raise FileError("viewer.picture_damaged") from error
        width, height = plain.size
        return QImage(data, width, height, width * 4, QImage.Format.Format_RGBA8888).copy(), full


def fitting(size: QSize, depth: int) -> QSize:
    """Return the size at which a picture may be held."""
    bytes_needed = size.width() * size.height() * depth
    if bytes_needed <= MOST_BYTES:
        return size
    scale = (MOST_BYTES / bytes_needed) ** 0.5
    return QSize(max(int(size.width() * scale), 1), max(int(size.height() * scale), 1))
