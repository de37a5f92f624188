"""Evidence, opening: a document that is open for its pages: sizes, pixels, text, searches, all made by the worker."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final, TypeVar

from dgdesk.errors import FileError
from dgdesk.evidence.reading import MOST_HITS, MOST_PAGES, MOST_TEXT, Hit, hits, page_size, page_text
from dgdesk.evidence.worker.channel import Answer, Channel, Poll, WorkerGone, WorkerMissing
from dgdesk.evidence.worker.limits import LOOK_SECONDS, PAGE_SECONDS
from dgdesk.evidence.worker.protocol import Header, Plain, ProtocolError, whole_number
from dgdesk.pages.model import IsCancelled, PageText, Piece, Size
from dgdesk.system.progress import Cancelled

_DAMAGED: Final = frozenset(
    {"viewer.pdf_locked", "viewer.pdf_damaged", "viewer.picture_damaged", "viewer.too_large", "viewer.no_heic"}
)
_MOST_HELD: Final = 64 << 20
_LONGEST_QUERY: Final = 4_000
Read = TypeVar("Read")


class DocumentLost(FileError):
    """The worker broke a bound over this document: it is shown no more, unless somebody opens it again."""


class OpenDocument:
    """A document's pages. Calls may come from any thread, one after the other. Close it."""

    def __init__(self, channel: Channel, path: Path, kind: str) -> None:
        """Open it; see `Documents.open`."""
        self._channel, self._path, self._kind = channel, path, kind
        self._lost: DocumentLost | None = None
        header = self._ask({"do": "open"}, seconds=PAGE_SECONDS).header
        self.count = self._sound(lambda: whole_number(header, "count", 1, MOST_PAGES))
        self.held = self._sound(lambda: whole_number(header, "held", 0, _MOST_HELD))

    def size(self, number: int) -> Size:
        """Return the size of an upright page (0 is the first).

        Raises:
            FileError: ``viewer.page_damaged``, `DocumentLost`.
        """
        answer = self._ask({"do": "size", "page": number}, seconds=PAGE_SECONDS)
        return self._sound(lambda: page_size(answer.header))

    def render(self, piece: Piece, buffer: memoryview, cancelled: IsCancelled) -> bool:
        """Fill ``buffer`` with the pixels of a piece (blue, green, red, unused); False when cancelled meanwhile.

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
        """Return a page's text and where it stands.

        Raises:
            FileError: ``viewer.page_damaged``, `DocumentLost`.
        """
        answer = self._ask({"do": "text", "page": number}, seconds=PAGE_SECONDS, most=MOST_TEXT)
        return self._sound(lambda: page_text(answer.header, answer.content))

    def search(self, query: str, page: int, most: int) -> tuple[int, tuple[Hit, ...]]:
        """Search some pages from ``page`` on for a folded text; return where to go on (`count`: nowhere), and the hits.

        Raises:
            FileError: `DocumentLost`.
        """
        request: Header = {"do": "search", "query": query[:_LONGEST_QUERY], "page": page, "most": most}
        answer = self._ask(request, seconds=PAGE_SECONDS, most=MOST_HITS)
        return self._sound(lambda: hits(answer.header, answer.content, page, self.count, most))

    def close(self) -> None:
        """Have the worker let go of the file."""
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
    ) -> Answer:
        if self._lost is not None:
            raise self._lost
        whole: dict[str, Plain] = {**request, "path": str(self._path), "kind": self._kind}
        try:
            answer = self._channel.ask(whole, seconds=seconds, most=most, into=into, poll=poll)
        except WorkerGone as error:
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

    def _sound(self, read: Callable[[], Read]) -> Read:
        try:
            return read()
        except ProtocolError as error:
            raise self._lose("viewer.not_shown") from error

    def _lose(self, code: str) -> DocumentLost:
        self._lost = DocumentLost(code)
        return self._lost
