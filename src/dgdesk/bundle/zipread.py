"""Reads an untrusted stored zip: every byte of its structure must be as dgdesk writes it.

``zipfile`` will not do: it believes the central directory and ignores gaps, leading or trailing bytes, and local
headers that differ; another program may unpack those.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import BinaryIO

from dgdesk.bundle.report import Limits, printable
from dgdesk.bundle.zipend import check_tail, read_end
from dgdesk.bundle.zipform import (
    CENTRAL,
    CENTRAL_MAGIC,
    LOCAL,
    MAX32,
    UTF8_NAME,
    Entry,
    central_header,
    end_records,
    local_header,
    read_extra64,
)
from dgdesk.bundle.zipsums import Sums
from dgdesk.errors import CheckFailed

CHUNK = 1 << 20
_FIELDS = (
    "signature",
    "version",
    "flags",
    "method",
    "time",
    "date",
    "crc",
    "packed size",
    "size",
    "name size",
    "extra",
)
_ENCRYPTED, _DESCRIPTOR = 0x0001, 0x0008
_LINK = 0xA  # S_IFLNK, as Unix programs write it into the upper half of the attributes


def read_directory(stream: BinaryIO, limits: Limits) -> tuple[Entry, ...]:
    """Return the entries in the order of the file, which is also that of the directory.

    Raises:
        CheckFailed: ``zip.*``: the structure is not exactly what ``zipform`` writes, or exceeds the limits.
        OSError: the file cannot be read.
    """
    length = stream.seek(0, os.SEEK_END)
    if length > limits.bundle:
        raise CheckFailed("zip.too_large", limit=limits.bundle >> 30)
    count, size, offset = read_end(stream, length)
    if count > limits.entries or size > limits.directory:
        raise CheckFailed("zip.too_many", entries=limits.entries)
    if offset > length:
        raise CheckFailed("zip.cut_short")
    check_tail(stream, length, end_records(count, size, offset), offset, size)
    directory = _read_at(stream, offset, size)
    entries: list[Entry] = []
    at = position = 0
    for _ in range(count):
        entry, at = _read_central(directory, at)
        _check_place(entry, position, offset)
        _check_local(stream, entry)
        entries.append(entry)
        position = entry.end
    if at != size:
        raise CheckFailed("zip.count")  # the directory holds more than the end says
    if position != offset:
        raise CheckFailed("zip.hidden")
    return tuple(entries)


def _check_place(entry: Entry, position: int, offset: int) -> None:
    """Require that the entry begins where the one before ends, and ends before the directory."""
    name = printable(entry.name)
    if entry.offset < position:
        raise CheckFailed("zip.overlap", name=name)
    if entry.offset > position:
        raise CheckFailed("zip.gap" if position else "zip.leading", name=name)
    if entry.end > offset:
        raise CheckFailed("zip.past_end", name=name)


def read_chunks(stream: BinaryIO, entry: Entry, sums: Sums | None = None) -> Iterator[bytes]:
    """Yield an entry's content in chunks of at most 1 MiB; they are added to ``sums`` too.

    Raises:
        CheckFailed: ``zip.checksum``: after the last chunk, if the CRC-32 does not fit.
        OSError: the file cannot be read.
    """
    left, sums = entry.size, sums or Sums()
    stream.seek(entry.start)
    while left:
        chunk = stream.read(min(left, CHUNK))
        if not chunk:
            raise CheckFailed("zip.damaged")
        left -= len(chunk)
        sums.add(chunk)
        yield chunk
    if sums.crc != entry.crc:
        raise CheckFailed("zip.checksum", name=printable(entry.name))


def read_whole(stream: BinaryIO, entry: Entry, limit: int) -> bytes:
    """Return the content of an entry of at most ``limit`` bytes.

    Raises:
        CheckFailed: ``zip.too_big``; as ``read_chunks``.
        OSError: the file cannot be read.
    """
    if entry.size > limit:
        raise CheckFailed("zip.too_big", name=printable(entry.name), limit=limit)
    return b"".join(read_chunks(stream, entry))


def _read_at(stream: BinaryIO, offset: int, size: int) -> bytes:
    stream.seek(offset)
    return stream.read(size)


def _read_central(directory: bytes, at: int) -> tuple[Entry, int]:
    """Read the directory's entry at ``at``; return it and where the next one begins."""
    if at + CENTRAL.size > len(directory):
        raise CheckFailed("zip.count")  # fewer entries than the end says
    (
        magic,
        _,
        _,
        flags,
        method,
        _,
        _,
        crc,
        packed,
        size,
        name_size,
        extra_size,
        note_size,
        _,
        _,
        mode,
        offset,
    ) = CENTRAL.unpack_from(directory, at)
    start = at + CENTRAL.size
    end = start + name_size + extra_size + note_size
    if magic != CENTRAL_MAGIC or end > len(directory):
        raise CheckFailed("zip.damaged")
    first, second = start + name_size, start + name_size + extra_size
    try:
        name = directory[start : start + name_size].decode("utf-8" if flags & UTF8_NAME else "ascii")
    except UnicodeDecodeError:
        raise CheckFailed("zip.damaged") from None
    if flags & _ENCRYPTED:
        raise CheckFailed("zip.encrypted", name=printable(name))
    if method:
        raise CheckFailed("zip.compressed", name=printable(name))
    if flags & _DESCRIPTOR:
        raise CheckFailed("zip.descriptor", name=printable(name))
    if mode >> 28 == _LINK:
        raise CheckFailed("zip.link", name=printable(name))
    if note_size:
        raise CheckFailed("zip.comment")
    if packed != size:
        raise CheckFailed("zip.sizes_differ", name=printable(name))
    extra = directory[first:second]
    large = read_extra64(extra)
    if extra and not large:
        raise CheckFailed("zip.extra", name=printable(name))
    if size == MAX32 and len(large) >= 2:
        size, large = large[0], large[2:]
    if offset == MAX32 and large:
        offset = large[0]
    entry = Entry(name, size, crc, offset)
    if central_header(entry) != directory[at:end]:
        raise CheckFailed("zip.large_lies" if large else "zip.foreign", name=printable(name))
    return entry, end


def _check_local(stream: BinaryIO, entry: Entry) -> None:
    header = local_header(entry)
    found = _read_at(stream, entry.offset, len(header))
    if found != header:
        raise CheckFailed("zip.headers_differ", name=printable(entry.name), field=_first_difference(found, header))


def _first_difference(found: bytes, header: bytes) -> str:
    """Return the name of the first field of a local header that differs (APPNOTE 4.3.7)."""
    if len(found) < LOCAL.size:
        return "signature"
    pairs = zip(_FIELDS, LOCAL.unpack_from(found), LOCAL.unpack_from(header), strict=True)
    return next((name for name, one, other in pairs if one != other), "name or extra")
