"""An open document: sizes, pixels, text and searches of its pages; the worker's answers are read as untrusted input.

Every function raises `ProtocolError` for an answer that no correct worker gives.
"""

from __future__ import annotations

import json
import struct
import sys
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from math import isfinite
from pathlib import Path
from typing import Final, TypeVar, overload

from dgdesk.errors import FileError
from dgdesk.evidence import media
from dgdesk.evidence.inspection.issue import PARSED_ASKS, Content
from dgdesk.evidence.pages.geometry import Box, IsCancelled, PageSize, PageText, Piece
from dgdesk.evidence.worker.limits import LOOK_SECONDS, PAGE_SECONDS
from dgdesk.evidence.worker.protocol import (
    Header,
    Plain,
    Poll,
    ProtocolError,
    WorkerAnswer,
    WorkerChannel,
    WorkerLost,
    WorkerMissing,
    whole_number,
    words,
)
from dgdesk.survey.answers.marks import LAST_PAGE, Rect
from dgdesk.system.progress import Cancelled

_DAMAGED: Final = frozenset(
    {"viewer.pdf_locked", "viewer.pdf_damaged", "viewer.picture_damaged", "viewer.too_large", "viewer.no_heic"}
)
_MOST_HELD: Final = 64 << 20
_LONGEST_QUERY: Final = 4_000
ReadValue = TypeVar("ReadValue")


class DocumentLost(FileError):
    """The worker exceeded a limit with this document: it is no longer shown, unless somebody opens it again."""


class OpenDocument:
    """A document's pages. Calls may come from any thread, one after the other. Close it."""

    def __init__(self, channel: WorkerChannel, path: Path, kind: str) -> None:
        """Open it; see `Documents.open`."""
        self._channel, self._path, self._kind = channel, path, kind
        self._lost: DocumentLost | None = None
        header = self._ask({"do": "open"}, seconds=PAGE_SECONDS).header
        self.count = self._sound(lambda: whole_number(header, "count", 1, MOST_PAGES))
        self.held = self._sound(lambda: whole_number(header, "held", 0, _MOST_HELD))

    def size(self, number: int) -> PageSize:
        """Return the size of an upright page (0 is the first).

        Raises:
            FileError: ``viewer.page_damaged``, `DocumentLost`.
        """
        answer = self._ask({"do": "size", "page": number}, seconds=PAGE_SECONDS)
        return self._sound(lambda: page_size(answer.header))

    def render(self, piece: Piece, buffer: memoryview, cancelled: IsCancelled) -> bool:
        """Fill ``buffer`` with the pixels of a piece (blue, green, red, unused); False if cancelled.

        Raises:
            FileError: ``viewer.page_damaged``, `DocumentLost`.
        """
        request: Header = {
            **{"do": "render", "page": piece.page, "width": piece.width, "height": piece.height},
            **{"left": piece.left, "top": piece.top, "right": piece.right, "bottom": piece.bottom},
        }
        try:
            self._ask(request, seconds=PAGE_SECONDS, into=buffer, poll=cancelled)
        except Cancelled:
            return False
        return True

    def text(self, number: int) -> PageText:
        """Return a page's text and the position of each character.

        Raises:
            FileError: ``viewer.page_damaged``, `DocumentLost`.
        """
        answer = self._ask({"do": "text", "page": number}, seconds=PAGE_SECONDS, most=MOST_TEXT)
        return self._sound(lambda: page_text(answer.header, answer.content))

    def search(self, query: str, page: int, most: int) -> tuple[int, tuple[PageHit, ...]]:
        """Search some pages from ``page`` for a folded text; return the page to continue at (`count`: done) and hits.

        Raises:
            FileError: `DocumentLost`.
        """
        request: Header = {"do": "search", "query": query[:_LONGEST_QUERY], "page": page, "most": most}
        answer = self._ask(request, seconds=PAGE_SECONDS, most=MOST_HITS)
        return self._sound(lambda: hits(answer.header, answer.content, page, self.count, most))

    def close(self) -> None:
        """Have the worker close the file."""
        if self._lost is None:
            with suppress(FileError, Cancelled):
                self._ask({"do": "close"}, seconds=LOOK_SECONDS)

    def _ask(
        self,
        request: Header,
        *,
        seconds: float,
        most: int = 0,
        into: memoryview | None = None,
        poll: Poll | None = None,
    ) -> WorkerAnswer:
        if self._lost is not None:
            raise self._lost
        whole: dict[str, Plain] = {**request, "path": str(self._path), "kind": self._kind}
        try:
            answer = self._channel.ask(whole, seconds=seconds, most=most, into=into, poll=poll)
        except WorkerLost as error:
            raise self._lose("viewer.not_shown") from error
        except WorkerMissing as error:
            raise self._lose("viewer.no_worker") from error
        code = answer.header.get("error")
        if code is None:
            return answer
        if isinstance(code, str) and code in _DAMAGED:
            raise FileError(code)
        page = answer.header.get("page")
        if code == "viewer.page_damaged" and isinstance(page, int) and 0 < page <= MOST_PAGES:
            raise FileError("viewer.page_damaged", page=page)
        raise self._lose("viewer.not_shown")

    def _sound(self, read: Callable[[], ReadValue]) -> ReadValue:
        try:
            return read()
        except ProtocolError as error:
            raise self._lose("viewer.not_shown") from error

    def _lose(self, code: str) -> DocumentLost:
        self._lost = DocumentLost(code)
        return self._lost


MOST_PAGES: Final = LAST_PAGE
"""Pages behind the last that can be marked are not shown."""
MOST_LETTERS: Final = 100_000
_A_LETTER: Final = 36
MOST_TEXT: Final = MOST_LETTERS * _A_LETTER
MOST_HITS: Final = 1 << 20
"""Bytes of one answer of a search."""
MOST_CODES: Final = 64
MOST_CODES_BYTES: Final = 1 << 20
_LONGEST_CODE: Final = 1_000
_LARGEST: Final = 1e7
_HIT: Final = struct.Struct("<IIdddd")
_ZIPPED: Final = frozenset({media.ZIP, media.DOCX, media.XLSX, media.PPTX, media.ODT, media.ODS, media.ODP})
_IN_OLE: Final = frozenset(
    {media.OLE, media.DOC, media.XLS, media.PPT, media.DOCX, media.XLSX, media.PPTX, media.PROGRAM}
)
PageHit = tuple[int, tuple[Rect, ...]]
"""A page (0 is the first), and the rectangles of one place on it."""


def inspected(header: Header, kind: str) -> Content:
    """Read the result of an inspection; ``kind`` is the kind of the file by its first bytes."""
    found, asks = words(header, "media_type"), tuple(words(header, "asks").split())
    allowed = _ZIPPED if kind in _ZIPPED else _IN_OLE if kind == media.OLE else frozenset({kind})
    if found not in allowed or not PARSED_ASKS.issuperset(asks) or len(set(asks)) != len(asks):
        raise ProtocolError("inspected")
    return Content(found, asks, whole_number(header, "pages", 0, LAST_PAGE), header.get("signed") is True)


def page_size(header: Header) -> PageSize:
    """Read a page's size."""
    width, height = header.get("width"), header.get("height")
    if not isinstance(width, int | float) or not isinstance(height, int | float):
        raise ProtocolError("size")
    if not all(isfinite(side) and 0 < side < _LARGEST for side in (width, height)):
        raise ProtocolError("size")
    return PageSize(float(width), float(height))


def page_text(header: Header, content: bytes) -> PageText:
    """Read a page's text with the position of each character."""
    count = whole_number(header, "letters", 0, MOST_LETTERS)
    if len(content) != count * _A_LETTER:
        raise ProtocolError("text")
    try:
        text = content[: count * 4].decode("utf-32-le", "surrogatepass")
    except UnicodeDecodeError as error:
        raise ProtocolError("text") from error
    places = array("d", content[count * 4 :])
    if sys.byteorder == "big":
        places.byteswap()
    return PageText(text, Boxes(places))


class Boxes(Sequence[Box | None]):
    """Positions of characters, four numbers each, made into tuples on demand: a page may have 100,000."""

    def __init__(self, places: array[float]) -> None:
        self._places = places

    def __len__(self) -> int:
        return len(self._places) // 4

    @overload
    def __getitem__(self, at: int) -> Box | None: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Box | None, ...]: ...
    def __getitem__(self, at: int | slice) -> Box | tuple[Box | None, ...] | None:
        if isinstance(at, slice):
            return tuple(self[one] for one in range(*at.indices(len(self))))
        start = range(len(self))[at] * 4
        left, top, right, bottom = self._places[start : start + 4]
        # also None for NaN
        return (left, top, right, bottom) if 0 <= left < right <= 1 and 0 <= top < bottom <= 1 else None

    def __iter__(self) -> Iterator[Box | None]:
        return (self[at] for at in range(len(self)))


def hits(header: Header, content: bytes, first: int, count: int, most: int) -> tuple[int, tuple[PageHit, ...]]:
    """Read the page to continue at, and the hits of a search from page ``first`` in a document of ``count`` pages."""
    following = whole_number(header, "next", first + 1, max(count, first + 1))
    if len(content) % _HIT.size:
        raise ProtocolError("hits")
    found: dict[tuple[int, int], list[Rect]] = {}
    for page, number, *corners in _HIT.iter_unpack(content):
        left, top, right, bottom = corners
        if not (first <= page < following and number <= most and 0 <= left < right <= 1 and 0 <= top < bottom <= 1):
            raise ProtocolError("hits")
        found.setdefault((page, number), []).append(Rect(left, top, right, bottom))
    return following, tuple((page, tuple(rects)) for (page, _), rects in found.items())


def pages_missing(content: bytes) -> tuple[int, ...]:
    """Read which pages a marked copy lacks."""
    if len(content) % 4 or len(content) > 4 * LAST_PAGE:
        raise ProtocolError("missing")
    return struct.unpack(f"<{len(content) // 4}I", content)


def code_texts(content: bytes) -> tuple[str, ...]:
    """Read the texts of QR codes."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ProtocolError("codes") from error
    if not isinstance(found, list) or len(found) > MOST_CODES:
        raise ProtocolError("codes")
    if not all(isinstance(one, str) and len(one) <= _LONGEST_CODE for one in found):
        raise ProtocolError("codes")
    return tuple(found)
