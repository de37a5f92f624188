"""What the worker can be asked, by name, and the file that is open. Runs in the worker, where the libraries are loaded.

Tests of other parts use `Actions.answer` in place of a worker process.
"""

from __future__ import annotations

import json
import mmap
import os
import stat
import struct
import sys
import time
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final, Protocol

from dgdesk.errors import DgdeskError
from dgdesk.evidence.inspection.parse import parse_content
from dgdesk.evidence.media import PDF
from dgdesk.evidence.pages.geometry import Bitmap, IsCancelled, PageSize, PageText, Piece
from dgdesk.evidence.pages.text_search import find, folded, line_rects
from dgdesk.evidence.worker.limits import limit_written
from dgdesk.evidence.worker.protocol import VERSION, Header, Plain, ProtocolError, whole_number, words
from dgdesk.survey.answers.marks import LAST_PAGE, marks_from_json

_MAPPED_FROM = 1 << 20


class OpenFile(Protocol):
    """A document with pages. ``held`` is how many bytes of pixels it has in memory."""

    count: int
    held: int

    def size(self, number: int) -> PageSize:
        """Return the size of an upright page."""

    def render(self, piece: Piece, cancelled: IsCancelled) -> Bitmap | None:
        """Return a piece of a page; None if cancelled."""

    def text(self, number: int) -> PageText:
        """Return a page's text."""

    def letters(self, number: int) -> str:
        """Return a page's text without positions."""

    def close(self) -> None:
        """Close the file."""


def open_file(path: str, kind: str) -> OpenFile:
    """Open a file of a kind that can be shown; the file must not change until it is closed.

    Raises:
        FileError: ``viewer.…``: it is locked or damaged.
        OSError: it cannot be read.
    """
    if kind == PDF:
        return _Pdf(path)
    from dgdesk.evidence.pages.pictures import PictureFile

    return PictureFile(Path(path), kind)


class _Pdf:
    """A PDF; a small one is read into memory, a large one is mapped."""

    held = 0

    def __init__(self, path: str) -> None:
        from dgdesk.evidence.pages.pdf import PdfFile

        self._stream: BinaryIO = open(path, "rb")  # noqa: SIM115  closed by `close`
        self._map: mmap.mmap | None = None
        try:
            size = self._stream.seek(0, 2)
            self._stream.seek(0)
            content: bytes | mmap.mmap
            if size < _MAPPED_FROM:
                content = self._stream.read()
            else:
                # copy-on-write, since only a writable mapping can be passed to a C library
                content = self._map = mmap.mmap(self._stream.fileno(), 0, access=mmap.ACCESS_COPY)
            self._file = PdfFile(content)
        except BaseException:
            self._let_go()
            raise
        self.count = self._file.count
        self.size, self.render = self._file.size, self._file.render
        self.text, self.letters = self._file.text, self._file.letters

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        self._let_go()

    def _let_go(self) -> None:
        if self._map is not None:
            self._map.close()
        self._stream.close()


WorkerContent = bytes | bytearray | memoryview
Made = tuple[dict[str, Plain], WorkerContent]
_SEARCH_SECONDS: Final = 0.03
"""A search answers after this time at the latest page, so that a page that is waited for has its turn."""
_NEAR: Final = 200 << 20
"""Bytes: no honest document has so many objects. What is large in one, its streams, qpdf does not hold."""
_MOST_RECTS: Final = 20
"""Of one hit: words run over two lines, seldom three."""
_HUGE: Final = (1 << 31) - 1


class Actions:
    """Answers questions. The last document stays open, so that its next page is quick."""

    def __init__(self, alive: Callable[[], None] = lambda: None, held_most: Callable[[], int] = lambda: 0) -> None:
        """``alive`` is called repeatedly in work page by page; ``held_most`` gives the peak memory in bytes."""
        self._alive, self._held_most = alive, held_most
        self._key: tuple[str, str] | None = None
        self._open: OpenFile | None = None
        self._known: dict[str, Callable[[Header, bytes], Made]] = {
            "hello": self._hello,
            "prepare": self._prepare,
            "inspect": self._inspect,
            "open": self._count,
            "size": self._size,
            "render": self._render,
            "text": self._text,
            "search": self._search,
            "mark": self._mark,
            "codes": self._codes,
            "cells": self._cells,
            "close": self._close,
        }

    def answer(self, request: Header, content: bytes) -> Made:
        """Answer a question. An expected failure is returned as a message code under ``error``.

        Raises:
            ProtocolError: it is not a valid question.
            MemoryError: the worker must end after it, since its memory is not released.
        """
        act = self._known.get(words(request, "do"))
        if act is None:
            raise ProtocolError("do")
        try:
            return act(request, content)
        except DgdeskError as error:
            page = error.values.get("page")
            return {"error": error.code, **({"page": page} if isinstance(page, int) else {})}, b""
        except (MemoryError, ProtocolError):
            raise
        except OSError as error:
            return {"error": "system", "number": error.errno or 0}, b""
        except Exception:  # libraries raise any kind of error over damaged files
            return {"error": "damaged"}, b""

    def close(self) -> None:
        """Close the document that is open."""
        was, self._open, self._key = self._open, None, None
        if was is not None:
            was.close()

    def _hello(self, request: Header, content: bytes) -> Made:
        return {"version": VERSION}, b""

    def _prepare(self, request: Header, content: bytes) -> Made:
        import pikepdf
        import pypdfium2
        from PIL import Image, JpegImagePlugin, PngImagePlugin

        del pikepdf, pypdfium2, Image, JpegImagePlugin, PngImagePlugin
        return {}, b""

    def _inspect(self, request: Header, content: bytes) -> Made:
        kind = words(request, "kind")
        with _regular(words(request, "path")) as (stream, size), _honest(kind, self._held_most):
            found = parse_content(stream, words(request, "name"), size, kind)
        return {
            "media_type": found.media_type,
            "asks": " ".join(found.asks),
            "pages": found.pages,
            "signed": found.signed,
        }, b""

    def _document(self, request: Header) -> OpenFile:
        key = words(request, "path"), words(request, "kind")
        if self._open is None or self._key != key:
            self.close()
            self._open, self._key = open_file(*key), key
        return self._open

    def _count(self, request: Header, content: bytes) -> Made:
        document = self._document(request)
        return {"count": min(document.count, LAST_PAGE), "held": document.held}, b""

    def _size(self, request: Header, content: bytes) -> Made:
        size = self._document(request).size(self._page(request))
        return {"width": size.width, "height": size.height}, b""

    def _render(self, request: Header, content: bytes) -> Made:
        sides = [
            whole_number(request, name, 0, _HUGE) for name in ("width", "height", "left", "top", "right", "bottom")
        ]
        made = self._document(request).render(Piece(self._page(request), *sides), lambda: False)
        if made is None:
            raise ProtocolError("cancelled")
        return {}, made.data

    def _text(self, request: Header, content: bytes) -> Made:
        text = self._document(request).text(self._page(request))
        places = array("d")
        for box in text.boxes:
            places.extend(box if box is not None else (0.0, 0.0, 0.0, 0.0))
        if sys.byteorder == "big":
            places.byteswap()
        return {"letters": len(text.text)}, text.text.encode("utf-32-le", "surrogatepass") + places.tobytes()

    def _search(self, request: Header, content: bytes) -> Made:
        document, query = self._document(request), words(request, "query")
        most, number = whole_number(request, "most", 1, 100_000), self._page(request)
        end, count, packed = time.monotonic() + _SEARCH_SECONDS, 0, bytearray()
        while number < min(document.count, LAST_PAGE) and count < most:
            for rects in _hits(document, number, query, most - count):
                count += 1
                for rect in rects:
                    packed += struct.pack("<IIdddd", number, count, *rect)
            number += 1
            if time.monotonic() >= end:
                break
        return {"next": number, "hits": count}, packed

    def _page(self, request: Header) -> int:
        return whole_number(request, "page", 0, _HUGE)

    def _mark(self, request: Header, content: bytes) -> Made:
        from dgdesk.evidence.highlights.copies import make_marked_copy
        from dgdesk.evidence.highlights.geometry import PlacedMark

        given = json.loads(content)
        marks = [PlacedMark(str(one["code"]), *marks_from_json([one["mark"]])) for one in given]
        source, target = Path(words(request, "path")), Path(words(request, "target"))
        kind = words(request, "kind")
        limit_written(whole_number(request, "most_written", 1, 1 << 40))
        try:
            with _honest(kind, self._held_most):
                made = make_marked_copy(source, target, kind, marks, self._alive)
        finally:
            limit_written(None)
        return {"unsigned": made.unsigned}, struct.pack(f"<{len(made.missing)}I", *made.missing)

    def _codes(self, request: Header, content: bytes) -> Made:
        from dgdesk.evidence.pages.scan_code import MOST_CODES, codes

        kind, first = words(request, "kind"), self._page(request)
        with _regular(words(request, "path")) as (stream, size):
            scan = stream.read(size)
        found = codes(scan, kind, first)
        return {"after": found.after or 0}, json.dumps(found.texts[:MOST_CODES]).encode("ascii")

    def _cells(self, request: Header, content: bytes) -> Made:
        from dgdesk.evidence.inspection.workbook_cells import read_cells
        from dgdesk.evidence.workbook import TooLarge

        try:
            with _regular(words(request, "path")) as (stream, size):
                found = read_cells(stream, size, words(request, "sheets").split())
        except TooLarge as error:
            return {"error": "workbook.too_large", "sheet": error.sheet, "row": error.row, "column": error.column}, b""
        return {}, json.dumps(found).encode("ascii")

    def _close(self, request: Header, content: bytes) -> Made:
        if self._key is not None and self._key[0] == words(request, "path"):
            self.close()
        return {}, b""


def _hits(document: OpenFile, number: int, query: str, most: int) -> Iterator[list[tuple[float, float, float, float]]]:
    """Yield the rectangles of each occurrence of the text on a page; none if the page cannot be read."""
    try:
        found = find(folded(document.letters(number)), query, most)
        boxes = document.text(number).boxes if found else ()
    except DgdeskError:
        return
    for start, end in found:
        rects = [rect.corners for rect in line_rects(boxes[start:end])][:_MOST_RECTS]
        if rects:
            yield rects


@contextmanager
def _honest(kind: str, held_most: Callable[[], int]) -> Iterator[None]:
    """Do not trust qpdf's result if the process came near its memory limit.

    qpdf takes a failed allocation for damage, repairs that, and continues with the few pages that are left.
    """
    before = held_most()
    yield
    if kind == PDF and held_most() > max(before, _NEAR):
        raise MemoryError


@contextmanager
def _regular(path: str) -> Iterator[tuple[BinaryIO, int]]:
    """Open a regular file; a pipe or a device might never end."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(handle, "rb") as stream:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            raise OSError("no file")
        yield stream, found.st_size
