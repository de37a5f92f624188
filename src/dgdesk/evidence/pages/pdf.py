"""PDF pages through pypdfium2: count, sizes, pixels, and text with places. Runs in the worker.

PDFium is not thread-safe, not even for two documents: every call happens under one lock of the process. Other callers
of pypdfium2 must hold it too. Source: "Thread incompatibility" in pypdfium2's README.
"""

from __future__ import annotations

import ctypes
import math
import mmap
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pypdfium2.raw as pdfium  # the import initialises PDFium

from dgdesk.errors import FileError
from dgdesk.evidence.pages.geometry import Bitmap, Box, IsCancelled, PageSize, PageText, Piece

LOCK: Final = threading.RLock()
"""Held around every call into PDFium, wherever in the program it is made."""

MOST_PIXELS: Final = 8_000_000
"""A piece with more is refused: that is a mistake of the caller, not of the file."""
_MOST_LETTERS: Final = 100_000
_LARGEST: Final = 1e7
_GRAIN: Final = 1_000_000
_WHITE: Final = 0xFFFFFFFF


class PdfFile:
    """An open PDF. Calls may come from any thread, one after the other. Close it."""

    def __init__(self, content: bytes | mmap.mmap) -> None:
        """Open a PDF in memory or in a mapped file, which must not change until `close`.

        Raises:
            FileError: ``viewer.pdf_locked`` (it needs a password), ``viewer.pdf_damaged``.
        """
        self._content = content
        self._page: Any = None
        self._page_number = -1
        # A view of the caller's bytes: they may be large, so they are not copied.
        view = ctypes.c_char_p(content) if isinstance(content, bytes) else _address(content)
        with LOCK:
            self._raw: Any = pdfium.FPDF_LoadMemDocument64(view, len(content), None)
            reason = 0 if self._raw else pdfium.FPDF_GetLastError()
            self.count = pdfium.FPDF_GetPageCount(self._raw) if self._raw else 0
        self._view = view
        if not self._raw:
            self._view = None
            locked = reason in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)
            raise FileError("viewer.pdf_locked" if locked else "viewer.pdf_damaged")
        if self.count < 1:
            self.close()
            raise FileError("viewer.pdf_damaged")

    def close(self) -> None:
        """Close the file; a second call does nothing."""
        with LOCK:
            self._leave_page()
            if self._raw:
                pdfium.FPDF_CloseDocument(self._raw)
            self._raw = None
        self._view = None

    def size(self, number: int) -> PageSize:
        """Return the size of a page; A4 if the page states an impossible size.

        Raises:
            FileError: ``viewer.page_damaged``.
        """
        found = pdfium.FS_SIZEF()
        with LOCK:
            if not pdfium.FPDF_GetPageSizeByIndexF(self._raw, number, ctypes.byref(found)):
                raise FileError("viewer.page_damaged", page=number + 1)
        width, height = float(found.width), float(found.height)
        sane = all(math.isfinite(side) and 0 < side < _LARGEST for side in (width, height))
        return PageSize(width, height) if sane else PageSize(595, 842)

    def render(self, piece: Piece, cancelled: IsCancelled) -> Bitmap | None:
        """Return the pixels of a piece; None if ``cancelled`` returned true.

        Raises:
            FileError: ``viewer.page_damaged``.
            ValueError: the piece has more than `MOST_PIXELS` pixels, or none.
        """
        width, height = piece.right - piece.left, piece.bottom - piece.top
        if width < 1 or height < 1 or width * height > MOST_PIXELS:
            raise ValueError(f"piece of {width} × {height}")
        data = bytearray(width * height * 4)
        buffer = (ctypes.c_ubyte * len(data)).from_buffer(data)
        # PDFium asks regularly whether to pause; a pause that is not resumed ends the rendering.
        pause = pdfium.IFSDK_PAUSE(version=1)
        asked = type(pause.NeedToPauseNow)(lambda _: cancelled())
        pause.NeedToPauseNow = asked
        with LOCK:
            page = self._load(piece.page)
            bitmap = pdfium.FPDFBitmap_CreateEx(width, height, pdfium.FPDFBitmap_BGRx, buffer, width * 4)
            if not bitmap:
                raise FileError("viewer.page_damaged", page=piece.page + 1)
            try:
                pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, _WHITE)
                place = (-piece.left, -piece.top, piece.width, piece.height, 0, pdfium.FPDF_ANNOT)
                state = pdfium.FPDF_RenderPageBitmap_Start(bitmap, page, *place, ctypes.byref(pause))
                pdfium.FPDF_RenderPage_Close(page)
            finally:
                pdfium.FPDFBitmap_Destroy(bitmap)
        if state == pdfium.FPDF_RENDER_TOBECONTINUED:
            return None
        if state != pdfium.FPDF_RENDER_DONE:
            raise FileError("viewer.page_damaged", page=piece.page + 1)
        del buffer
        return Bitmap(width, height, data)

    def text(self, number: int) -> PageText:
        """Return the text of a page, at most its first 100,000 characters, and their positions.

        Raises:
            FileError: ``viewer.page_damaged``.
        """
        with LOCK, self._text_page(number) as (page, text_page):
            letters = _letters(text_page)
            return PageText(letters, _boxes(page, text_page, len(letters)))

    def letters(self, number: int) -> str:
        """Return only the text of a page, which is many times faster. Raises as `text`."""
        with LOCK, self._text_page(number) as (_, text_page):
            return _letters(text_page)

    @contextmanager
    def _text_page(self, number: int) -> Iterator[tuple[Any, Any]]:
        page = self._load(number)
        text_page = pdfium.FPDFText_LoadPage(page)
        if not text_page:
            raise FileError("viewer.page_damaged", page=number + 1)
        try:
            yield page, text_page
        finally:
            pdfium.FPDFText_ClosePage(text_page)

    def _load(self, number: int) -> Any:
        """Return the page; the last page stays loaded, since it is usually asked for again."""
        if self._page_number != number:
            self._leave_page()
            self._page = pdfium.FPDF_LoadPage(self._raw, number)
            if not self._page:
                raise FileError("viewer.page_damaged", page=number + 1)
            self._page_number = number
        return self._page

    def _leave_page(self) -> None:
        page, self._page, self._page_number = self._page, None, -1
        if page:
            pdfium.FPDF_ClosePage(page)


def _address(content: mmap.mmap) -> Any:
    """The address of a mapped file; the result keeps the mapping alive."""
    return (ctypes.c_ubyte * len(content)).from_buffer(content)


def _letters(text_page: Any) -> str:
    """The text, with exactly one character for each of PDFium's."""
    count = min(max(pdfium.FPDFText_CountChars(text_page), 0), _MOST_LETTERS)
    buffer = (ctypes.c_ushort * (count + 1))()
    written = pdfium.FPDFText_GetText(text_page, 0, count, buffer)
    text = bytes(buffer)[: 2 * count].decode("utf-16-le", "surrogatepass")
    # PDFium leaves out characters without a letter and gives two units for rare ones: positions would not fit.
    if written == count + 1 and len(text) == count and "\0" not in text:
        return text
    return "".join(_letter(pdfium.FPDFText_GetUnicode(text_page, at)) for at in range(count))


def _letter(code: int) -> str:
    """One character for one of PDFium's, so that positions stay the same; "\\0" for an invalid one."""
    return chr(code) if 0 < code < 0x110000 else "\0"


def _boxes(page: Any, text_page: Any, count: int) -> tuple[Box | None, ...]:
    """The positions of the characters. PDFium maps three points with rotation and crop box; the rest is done here."""
    (x0, y0), (x1, y1), (x2, y2) = (_on_display(page, *point) for point in ((0, 0), (100, 0), (0, 100)))
    ax, ay, bx, by = (x1 - x0) / 100, (y1 - y0) / 100, (x2 - x0) / 100, (y2 - y0) / 100
    loose = pdfium.FS_RECTF()
    sides = [ctypes.c_double() for _ in range(4)]
    references = [ctypes.byref(side) for side in sides]
    boxes: list[Box | None] = []
    for at in range(count):
        if pdfium.FPDFText_GetLooseCharBox(text_page, at, ctypes.byref(loose)) and loose.right > loose.left:
            left, bottom, right, top = loose.left, loose.bottom, loose.right, loose.top
        elif pdfium.FPDFText_GetCharBox(text_page, at, *references):
            left, right, bottom, top = (side.value for side in sides)
        else:
            boxes.append(None)
            continue
        xs = sorted((x0 + ax * left + bx * bottom, x0 + ax * right + bx * top))
        ys = sorted((y0 + ay * left + by * bottom, y0 + ay * right + by * top))
        box = (max(xs[0], 0.0), max(ys[0], 0.0), min(xs[1], 1.0), min(ys[1], 1.0))
        # also False for NaN
        boxes.append(box if box[0] < box[2] and box[1] < box[3] else None)
    return tuple(boxes)


def _on_display(page: Any, x: float, y: float) -> tuple[float, float]:
    """Map a point of the PDF's page to fractions of the upright page."""
    across, down = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDF_PageToDevice(page, 0, 0, _GRAIN, _GRAIN, 0, x, y, ctypes.byref(across), ctypes.byref(down))
    return across.value / _GRAIN, down.value / _GRAIN
