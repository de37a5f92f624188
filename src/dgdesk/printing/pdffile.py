"""The objects of a PDF file: ReportLab's document numbers and writes them (`packing`).

Objects are text in ASCII; the same objects give the same bytes.
"""

from __future__ import annotations

import zlib
from functools import lru_cache

from dgdesk.printing.packing import LEVEL, PackedDocument, Written, stream_of


class PdfFile:
    """Objects, numbered in the order in which they are added or reserved."""

    def __init__(self) -> None:
        self._document = PackedDocument()
        self._objects: dict[int, Written] = {}

    def reserve(self, count: int = 1) -> int:
        """Return the first of ``count`` numbers whose objects are put later."""
        first: int = self._document.objectcounter + 1
        for _ in range(count):
            self._number(Written())
        return first

    def put(self, number: int, body: str) -> None:
        """Give a reserved number its object."""
        self._objects[number].body = body.encode("ascii")

    def add(self, body: str) -> int:
        """Add an object; return its number."""
        number = self.reserve()
        self.put(number, body)
        return number

    def add_stream(self, data: bytes, entries: str = "", *, packed: bool = True) -> int:
        """Add a stream with further ``entries`` of its dictionary; return its number."""
        if packed:
            entries += "/Filter/FlateDecode"
            data = zlib.compress(data, LEVEL)
        return self._number(stream_of(data, entries))

    def written(self, root: int, info: int) -> bytes:
        """The whole file."""
        document = self._document
        document.Catalog, document.info = self._objects[root], self._objects[info]
        return document.format()

    def _number(self, one: Written) -> int:
        self._document.Reference(one)
        number: int = self._document.objectcounter
        self._objects[number] = one
        return number


@lru_cache(maxsize=1024)  # a print says a few words thousands of times
def text_string(text: str) -> str:
    """A text string (ISO 32000-1, 7.9.2.2): of ASCII as it is, other text in UTF-16."""
    if text.isascii() and text.isprintable():
        escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
        return f"({escaped})"
    return f"<FEFF{text.encode('utf-16-be', 'replace').hex().upper()}>"
