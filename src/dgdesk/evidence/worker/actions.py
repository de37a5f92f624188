"""Evidence, worker, actions: what the worker can be asked, by name. Runs in the worker, where the libraries are.

Tests of other parts use `Actions.answer` in place of a worker process.
"""

from __future__ import annotations

import json
import os
import stat
import struct
import sys
import time
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from dgdesk.answers.inspecting.parsing import parse_content
from dgdesk.answers.media import PDF
from dgdesk.errors import DgdeskError
from dgdesk.evidence.worker.limits import limit_written
from dgdesk.evidence.worker.opened import OpenFile, open_file
from dgdesk.evidence.worker.protocol import VERSION, Header, Plain, ProtocolError, whole_number, words
from dgdesk.pages.finding import find, folded
from dgdesk.pages.model import Piece
from dgdesk.pages.selecting import line_rects
from dgdesk.survey.answers.marks import LAST_PAGE, marks_from_json

Content = bytes | bytearray | memoryview
Made = tuple[dict[str, Plain], Content]
MOST_CODES: Final = 64
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
        from PIL import Image, JpegImagePlugin, PngImagePlugin

        del pikepdf, Image, JpegImagePlugin, PngImagePlugin
        return {}, b""

    def _inspect(self, request: Header, content: bytes) -> Made:
        kind = words(request, "kind")
        with _regular(words(request, "path")) as (stream, size), _honest(kind, self._held_most):
            found = parse_content(stream, words(request, "name"), size, kind)
        return {"media_type": found.media_type, "asks": " ".join(found.asks)}, b""

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
        from dgdesk.marking.copies import make_marked_copy
        from dgdesk.marking.model import PlacedMark

        given = json.loads(content)
        marks = [PlacedMark(str(one["code"]), *marks_from_json([one["mark"]])) for one in given]
        source, target = Path(words(request, "path")), Path(words(request, "target"))
        kind = words(request, "kind")
        limit_written(whole_number(request, "most_written", 1, 1 << 40))
        try:
            with _honest(kind, self._held_most):
                missing = make_marked_copy(source, target, kind, marks, self._alive)
        finally:
            limit_written(None)
        return {}, struct.pack(f"<{len(missing)}I", *missing)

    def _codes(self, request: Header, content: bytes) -> Made:
        from dgdesk.bundle.scan_code import codes

        with _regular(words(request, "path")) as (stream, size):
            scan = stream.read(size)
        found = codes(scan, words(request, "kind"))[:MOST_CODES]
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
