"""What is in a zip: the names of its files, and the beginning of one. Nothing is written.

Any file may be given, also a damaged or hostile one; what is read and unpacked is bounded.
"""

from __future__ import annotations

import struct
import zlib
from typing import BinaryIO, Final, NamedTuple

_LOCAL: Final = b"PK\x03\x04"
_END: Final = b"PK\x05\x06"
_CENTRAL: Final = b"PK\x01\x02"
_END64: Final = b"PK\x06\x06"
_IN_ZIP64: Final = 0xFFFFFFFF
_MOST_DIRECTORY: Final = 16 << 20
"""Bytes of the directory that are read: all of the largest bundle's."""
_STORED: Final = 0
_DEFLATED: Final = 8


class Entry(NamedTuple):
    """A file in a zip: its name, the number of the method that packed it, its packed size and its place, in bytes."""

    name: str
    method: int = _STORED
    size: int = 0
    at: int = 0


def entries(stream: BinaryIO, head: bytes) -> list[Entry]:
    """Return the files in a zip that begins with ``head``: those of its directory, else of one cut short the first.

    Raises:
        OSError: it cannot be read.
    """
    length = stream.seek(0, 2)
    stream.seek(max(0, length - 22 - 0xFFFF))
    tail = stream.read()
    at = tail.rfind(_END)
    if at >= 0 and len(tail) - at >= 22:
        size, offset = struct.unpack_from("<II", tail, at + 12)
        if _IN_ZIP64 in (size, offset):  # the directory ends where its own end record begins
            end64 = tail.rfind(_END64, 0, at)
            size, offset = struct.unpack_from("<QQ", tail, end64 + 40) if 0 <= end64 <= len(tail) - 56 else (0, 0)
        if offset < length:
            stream.seek(offset)
            if found := _listed(stream.read(min(size, _MOST_DIRECTORY))):
                return found
    if head[:4] == _LOCAL and len(head) >= 30:
        return [Entry(head[30 : 30 + int.from_bytes(head[26:28], "little")].decode("utf-8", "replace"))]
    return []


def _listed(directory: bytes) -> list[Entry]:
    found, at = [], 0
    while directory[at : at + 4] == _CENTRAL and at + 46 <= len(directory):
        method, size, name, extra, note, place = struct.unpack_from("<10xH8xI4xHHH8xI", directory, at)
        found.append(Entry(directory[at + 46 : at + 46 + name].decode("utf-8", "replace"), method, size, place))
        at += 46 + name + extra + note
    return found


def beginning(stream: BinaryIO, entry: Entry, most: int) -> bytes:
    """Return up to ``most`` bytes of a file in the zip, unpacked; nothing if it is damaged or packed in a rare form.

    Raises:
        OSError: it cannot be read.
    """
    stream.seek(entry.at)
    local = stream.read(30)
    if local[:4] != _LOCAL or len(local) < 30 or entry.method not in (_STORED, _DEFLATED):
        return b""
    name, extra = struct.unpack_from("<HH", local, 26)
    if stream.read(name).decode("utf-8", "replace") != entry.name:
        return b""
    stream.seek(extra, 1)
    packed = stream.read(min(entry.size, most))
    if entry.method == _STORED:
        return packed
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, most)
    except zlib.error:
        return b""
