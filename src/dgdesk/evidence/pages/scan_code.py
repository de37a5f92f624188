"""Reads the QR codes on a scan, a picture or a PDF, by zxing-cpp, in the worker only.

PDFium is called through `dgdesk.evidence.pages.pdf`, which holds its lock, so any thread may call this module.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from dgdesk.errors import DgdeskError, FileError
from dgdesk.system.sources import StillWritten, read_whole

LARGEST = 50 << 20
"""Bytes of a scan."""
_SECONDS = 2.0
"""After so long no further page is begun at one time."""
_MOST_PIXELS = 7_500_000
_DPI = 200
_LONGEST = 1_000
MOST_CODES: Final = 64
"""Codes after which no further page is begun at one time."""
_BEGINNINGS = {
    b"%PDF-": "application/pdf",
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"II*\x00": "image/tiff",
    b"MM\x00*": "image/tiff",
}
_FORMATS = ("JPEG", "PNG", "TIFF")


def read_scan(path: Path) -> tuple[bytes, str]:
    """Return a scan's content and its media type, detected from its first bytes.

    Raises:
        FileError: ``scan.unreadable``, ``scan.too_large``, ``scan.wrong_kind``; ``package.source_changing``: another
            program is writing it.
    """
    try:
        content = read_whole(path, LARGEST)
    except (OSError, ValueError) as error:
        raise FileError("scan.unreadable", name=path.name) from error
    except StillWritten as error:
        raise FileError("package.source_changing", name=path.name) from error
    if len(content) > LARGEST:
        raise FileError("scan.too_large", name=path.name, most=LARGEST >> 20)
    for beginning, media_type in _BEGINNINGS.items():
        if content.startswith(beginning):
            return content, media_type
    raise FileError("scan.wrong_kind", name=path.name)


class CodesFound(NamedTuple):
    """The texts of codes; ``after``: the page to go on with, None after the last one."""

    texts: tuple[str, ...]
    after: int | None = None


def codes(content: bytes, media_type: str, first: int = 0, clock: Callable[[], float] = time.monotonic) -> CodesFound:
    """Return the texts of all QR codes found, in the order of pages; none if the file cannot be opened or read.

    Pages of a PDF or TIFF are searched from page ``first`` on for about two seconds, at least one, at 200 dpi if the
    page is no larger than A3. A damaged page ends the search.
    """
    import zxingcpp

    formats = zxingcpp.barcode_formats_from_str("QRCode")
    found: list[str] = []
    end = clock() + _SECONDS
    try:
        for number, page in _pages(content, media_type, first):
            if number > first and (clock() >= end or len(found) >= MOST_CODES):
                return CodesFound(tuple(found), number)
            texts = (str(code.text)[:_LONGEST] for code in zxingcpp.read_barcodes(page, formats=formats))
            found += dict.fromkeys(texts)
    except (DgdeskError, OSError, ValueError, SyntaxError, ArithmeticError, Warning):
        pass  # codes found before it count
    return CodesFound(tuple(found))


def _pages(content: bytes, media_type: str, first: int) -> Iterator[tuple[int, Any]]:
    """Yield pages by number as greyscale pictures of Pillow."""
    return _pdf_pages(content, first) if media_type == "application/pdf" else _picture_pages(content, first)


def _picture_pages(content: bytes, first: int) -> Iterator[tuple[int, Any]]:
    import io

    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
                for number in range(first, getattr(picture, "n_frames", 1)):
                    picture.seek(number)
                    page = picture.convert("L")
                    page.thumbnail((4_000, 4_000))
                    yield number, page
        except Image.DecompressionBombError as error:
            raise ValueError("too many pixels") from error


def _pdf_pages(content: bytes, first: int) -> Iterator[tuple[int, Any]]:
    from PIL import Image

    from dgdesk.evidence.pages.geometry import Piece
    from dgdesk.evidence.pages.pdf import PdfFile

    document = PdfFile(content)
    try:
        for number in range(first, document.count):
            size = document.size(number)
            scale = min(_DPI / 72, (_MOST_PIXELS / (size.width * size.height)) ** 0.5)
            width, height = max(1, int(size.width * scale)), max(1, int(size.height * scale))
            made = document.render(Piece(number, width, height, 0, 0, width, height), lambda: False)
            if made is not None:
                page = Image.frombytes("RGB", (made.width, made.height), bytes(made.data), "raw", "BGRX")
                yield number, page.convert("L")
    finally:
        document.close()
