"""The objects of a PDF file: ReportLab's document numbers and writes them, pikepdf packs them into object streams.

Objects are text in ASCII; the same objects give the same bytes. What nothing refers to is left out.
"""

from __future__ import annotations

import io
import zlib
from functools import lru_cache
from typing import Final

import pikepdf
from reportlab.pdfbase import pdfdoc

_LEVEL: Final = 5  # a fiftieth larger than by the usual 6, in two thirds of the time
_VERSION: Final = (1, 7)


class PdfFile:
    """Objects, numbered in the order in which they are added or reserved."""

    def __init__(self) -> None:
        self._document = pdfdoc.PDFDocument(invariant=1, pdfVersion=_VERSION)
        self._objects: dict[int, _Written] = {}

    def reserve(self, count: int = 1) -> int:
        """Return the first of ``count`` numbers whose objects are put later."""
        first: int = self._document.objectcounter + 1
        for number in range(first, first + count):
            written = self._objects[number] = _Written()
            self._document.Reference(written)
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
            data = zlib.compress(data, _LEVEL)
        number = self.reserve()
        head = f"<<{entries}/Length {len(data)}>>\nstream\n".encode("ascii")
        self._objects[number].body = head + data + b"\nendstream"
        return number

    def written(self, root: int, info: int) -> bytes:
        """The whole file."""
        document = self._document
        document.Catalog, document.info = self._objects[root], self._objects[info]
        return _together(document.format())


class _Written(pdfdoc.PDFObject):  # type: ignore[misc]  # ReportLab has no types
    """An object in the words of the file."""

    body = b"null"

    def format(self, document: object) -> bytes:
        """ReportLab's hook: the object as it stands in the file."""
        return self.body


def _together(data: bytes) -> bytes:
    """Pack the objects of a file into compressed object streams."""
    stream = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.save(
            stream,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            fix_metadata_version=False,
        )
    return stream.getvalue()


@lru_cache(maxsize=1024)  # a print says a few words thousands of times
def text_string(text: str) -> str:
    """A text string (ISO 32000-1, 7.9.2.2): of ASCII as it is, other text in UTF-16."""
    if text.isascii() and text.isprintable():
        escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
        return f"({escaped})"
    return f"<FEFF{text.encode('utf-16-be', 'replace').hex().upper()}>"
