"""Writes the objects of a PDF file (ISO 32000-1, 7.5): object streams and a cross-reference stream, all compressed.

Objects are text in ASCII; the same objects give the same bytes, and the file's ID comes from them. No stream ends in a
carriage return: some readers take one for a part of the line end that follows.
"""

from __future__ import annotations

import zlib
from functools import lru_cache
from hashlib import sha256
from struct import pack
from typing import Final

_TOGETHER: Final = 250  # objects of one object stream; its numbers fit into one byte
_HEADER: Final = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
_NEXT: Final = b"\x02\x00\x00\x00\x00\x00\x00\x01"  # the next object of the same stream, as a difference
_ROW: Final = ">BIH"
_LEVEL: Final = 5  # a fiftieth larger than by the usual 6, in two thirds of the time
_UP: Final = "/DecodeParms<</Predictor 12/Columns 7>>"


class PdfFile:
    """Objects, numbered from 1 in the order in which they are added or reserved."""

    def __init__(self) -> None:
        self._bodies: list[str] = []
        self._streams: dict[int, tuple[str, bytes]] = {}

    def reserve(self, count: int = 1) -> int:
        """Return the first of ``count`` numbers whose objects are put later."""
        first = len(self._bodies) + 1
        self._bodies += [""] * count
        return first

    def put(self, number: int, body: str) -> None:
        """Give a reserved number its object."""
        self._bodies[number - 1] = body

    def add(self, body: str) -> int:
        """Add an object; return its number."""
        self._bodies.append(body)
        return len(self._bodies)

    def add_stream(self, data: bytes, entries: str = "", *, filler: bytes = b"\n", packed: bool = True) -> int:
        """Add a stream with further ``entries`` of its dictionary; ``filler`` may follow the data without harm."""
        if packed:
            entries += "/Filter/FlateDecode"
            data = _packed(data, filler)
        number = self.reserve()
        self._streams[number] = (entries, data)
        return number

    def written(self, root: int, info: int) -> bytes:
        """The whole file."""
        out = bytearray(_HEADER)
        places: list[tuple[int, int, int]] = [(0, 0, 65535), *((0, 0, 0) for _ in self._bodies)]

        def stream(number: int, entries: str, data: bytes) -> None:
            places[number] = (1, len(out), 0)
            out.extend(f"{number} 0 obj\n<<{entries}/Length {len(data)}>>\nstream\n".encode("ascii"))
            out.extend(data)
            out.extend(b"\nendstream\nendobj\n")

        for number, (entries, data) in self._streams.items():
            stream(number, entries, data)
        plain = [number for number in range(1, len(places)) if number not in self._streams]
        for start in range(0, len(plain), _TOGETHER):
            together = plain[start : start + _TOGETHER]
            holder = len(places)
            places.append((0, 0, 0))
            heads: list[str] = []
            length = 0
            bodies = [self._bodies[number - 1] for number in together]
            for at, (number, body) in enumerate(zip(together, bodies, strict=True)):
                heads.append(f"{number} {length}")
                length += len(body) + 1
                places[number] = (2, holder, at)
            head = " ".join(heads) + "\n"
            text = f"{head}{chr(10).join(bodies)}\n".encode("ascii")
            entries = f"/Type/ObjStm/N {len(together)}/First {len(head)}/Filter/FlateDecode"
            stream(holder, entries, _packed(text, b"\n"))
        self._end(out, places, root, info)
        return bytes(out)

    def _end(self, out: bytearray, places: list[tuple[int, int, int]], root: int, info: int) -> None:
        """Write the cross-reference stream, which is the last object."""
        digest = sha256(out).hexdigest()[:32].upper()
        own = len(places)
        while True:
            start = len(out)
            table = zlib.compress(_differences([*places, (1, start, 0)]))
            if not table.endswith(b"\r"):
                break
            out += b"\n"
        entries = f"/Type/XRef/Size {own + 1}/W[1 4 2]/Root {root} 0 R/Info {info} 0 R/ID[<{digest}><{digest}>]"
        out += f"{own} 0 obj\n<<{entries}/Filter/FlateDecode{_UP}/Length {len(table)}>>\nstream\n".encode("ascii")
        out += table + f"\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n".encode("ascii")


@lru_cache(maxsize=1024)  # a print says a few words thousands of times
def text_string(text: str) -> str:
    """A text string (ISO 32000-1, 7.9.2.2): of ASCII as it is, other text in UTF-16."""
    if text.isascii() and text.isprintable():
        escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
        return f"({escaped})"
    return f"<FEFF{text.encode('utf-16-be', 'replace').hex().upper()}>"


def _packed(data: bytes, filler: bytes) -> bytes:
    """Compress ``data``, with so much filler that the result does not end in a carriage return."""
    while (packed := zlib.compress(data, _LEVEL)).endswith(b"\r"):
        data += filler
    return packed


def _differences(places: list[tuple[int, int, int]]) -> bytes:
    """Rows of the cross-reference stream, each as the difference from the row above (PNG's predictor "up")."""
    rows: list[bytes] = []
    above = bytes(7)
    before = (-1, -1, -1)
    for place in places:
        kind, holder, at = place
        if kind == 2 and before == (2, holder, at - 1):
            rows.append(_NEXT)
            before = place
            continue
        if before[0] >= 0:
            above = pack(_ROW, *before)
        row = pack(_ROW, *place)
        rows.append(b"\x02" + bytes([(own - old) & 0xFF for own, old in zip(row, above, strict=True)]))
        before = place
    return b"".join(rows)
