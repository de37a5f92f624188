"""ReportLab's document, writing its objects packed: object streams and a table of places that is a stream as well.

ReportLab numbers the objects, writes those that stay alone and counts the places; what is added here is the form of
PDF 1.5 (ISO 32000-1, 7.5.7 and 7.5.8), which halves a tagged file. The same objects give the same bytes.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import chain
from struct import Struct
from typing import Final, NamedTuple

from reportlab.pdfbase import pdfdoc

LEVEL: Final = 5  # a fiftieth larger than by the usual 6, in two thirds of the time
_VERSION: Final = (1, 7)
_TOGETHER: Final = 200  # objects in one stream: a reader unpacks all of them for one; at most 256, by `_ROW`
_ROW: Final = Struct(">BIB")  # of the table: what it is, the place or the stream, the place in the stream
_UP: Final = b"\x02"  # each row begins with how it is written: as the difference from the row above


class Written(pdfdoc.PDFObject):  # type: ignore[misc]  # ReportLab has no types
    """An object in the words of the file; ``alone``, as a stream must be, it is in no object stream."""

    body = b"null"
    alone = False

    def format(self, document: object) -> bytes:
        """ReportLab's hook: the object as it stands in the file."""
        return self.body


class _Place(NamedTuple):
    """A row of the table of places: free (0), at a byte of the file (1), or in an object stream (2)."""

    kind: int = 0
    where: int = 0
    at: int = 0


class PackedDocument(pdfdoc.PDFDocument):  # type: ignore[misc]  # ReportLab has no types
    """A document of `Written` objects; set ``Catalog`` and ``info`` before it is written."""

    def __init__(self) -> None:
        super().__init__(invariant=1, pdfVersion=_VERSION)
        # ReportLab begins each document with a dictionary of fonts, to which nothing of ours refers.
        for known in (self.idToObject, self.idToObjectNumberAndVersion, self.numberToId):
            known.clear()
        self.objectcounter = 0

    def format(self) -> bytes:
        """The whole file, as ReportLab's own `format`, but packed."""
        file = pdfdoc.PDFFile(self._pdfVersion)
        places: dict[int, _Place] = {}
        objects: dict[int, Written] = {number: self.idToObject[name] for number, name in self.numberToId.items()}
        for number, one in objects.items():
            if one.alone:
                places[number] = self._put(file, one)
        inside = [number for number, one in objects.items() if not one.alone]
        for begin in range(0, len(inside), _TOGETHER):
            some = inside[begin : begin + _TOGETHER]
            stream = self._named(_together(some, [objects[number].body for number in some]))
            places |= {number: _Place(2, stream, at) for at, number in enumerate(some)}
            places[stream] = self._put(file, self.idToObject[self.numberToId[stream]])
        start = file.offset
        table = self._named(self._table(places, _name(file.strings), start))
        self._put(file, self.idToObject[self.numberToId[table]])
        file.add(f"startxref\n{start}\n%%EOF\n")
        return bytes(file.format(self))

    def _named(self, stream: Written) -> int:
        """Give a stream the next number; return it."""
        self.Reference(stream)
        return int(self.objectcounter)

    def _put(self, file: pdfdoc.PDFFile, one: Written) -> _Place:
        """Write an object that stays alone; return its place."""
        return _Place(1, file.add(pdfdoc.PDFIndirectObject(one.__InternalName__, one).format(self)))

    def _table(self, places: Mapping[int, _Place], name: str, start: int) -> Written:
        """The table of all places, its own at byte ``start`` the last; it ends the file as a trailer does."""
        own = int(self.objectcounter) + 1
        nothing = _Place()
        rows = b"".join([_ROW.pack(*places.get(number, nothing)) for number in range(own)])
        rows += _ROW.pack(1, start, 0)
        root, info = (self.Reference(one).format(self).decode("ascii") for one in (self.Catalog, self.info))
        return stream_of(
            zlib.compress(b"".join(_differences(rows, _ROW.size)), LEVEL),
            f"/Type/XRef/Size {own + 1}/W[1 4 1]/Root {root}/Info {info}/ID[<{name}><{name}>]/Filter/FlateDecode"
            f"/DecodeParms<</Predictor 12/Columns {_ROW.size}>>",
        )


def stream_of(data: bytes, entries: str) -> Written:
    """A stream of ``data`` as it is in the file, with the ``entries`` of its dictionary."""
    made = Written()
    made.alone = True
    made.body = f"<<{entries}/Length {len(data)}>>\nstream\n".encode("ascii") + data + b"\nendstream"
    return made


def _together(numbers: Sequence[int], bodies: Sequence[bytes]) -> Written:
    """An object stream: the numbers with where each object begins, then the objects."""
    head: list[int] = []
    at = 0
    for number, body in zip(numbers, bodies, strict=True):
        head += (number, at)
        at += len(body) + 1
    first = " ".join(map(str, head)).encode("ascii") + b"\n"
    data = zlib.compress(first + b"\n".join(bodies), LEVEL)
    return stream_of(data, f"/Type/ObjStm/N {len(bodies)}/First {len(first)}/Filter/FlateDecode")


def _differences(rows: bytes, size: int) -> Iterator[bytes]:
    """Each row of ``size`` bytes as the difference from the one above; they differ little, so they pack well."""
    less = bytes([(one - above) & 0xFF for one, above in zip(rows, chain(bytes(size), rows), strict=False)])
    for begin in range(0, len(less), size):
        yield _UP + less[begin : begin + size]


def _name(strings: Sequence[bytes]) -> str:
    """The file's identifier, by all that is written so far: in hex, 16 bytes."""
    digest = sha256()
    for one in strings:
        digest.update(one)
    return digest.hexdigest()[:32]
