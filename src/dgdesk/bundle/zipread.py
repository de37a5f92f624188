"""Bundle: reads a stored zip from a stranger: every byte of its structure must be as dgdesk writes it.

Own reader, for ``zipfile`` takes what stands in the central directory and never looks at gaps, leading or trailing
bytes, or local headers that say something else; another program may unpack those.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from dgdesk.bundle.report import Limits, printable
from dgdesk.bundle.zipform import (
    CENTRAL,
    CENTRAL_MAGIC,
    END,
    END64,
    END64_MAGIC,
    END_MAGIC,
    LOCAL_MAGIC,
    LOCATOR64,
    MAX16,
    MAX32,
    UTF8_NAME,
    Entry,
    central_header,
    end_records,
    local_header,
    read_extra64,
)
from dgdesk.errors import CheckFailed

CHUNK = 1 << 20
_ENCRYPTED, _DESCRIPTOR = 0x0001, 0x0008


def read_directory(stream: BinaryIO, limits: Limits) -> tuple[Entry, ...]:
    """Return the entries in the order they lie in the file, which is the order of the directory.

    Raises:
        CheckFailed: ``zip.*``, the structure is not exactly what ``zipform`` writes, or is larger than the limits.
        OSError: the file cannot be read.
    """
    length = stream.seek(0, os.SEEK_END)
    count, size, offset = _read_end(stream, length)
    if count > limits.entries or size > limits.directory:
        raise CheckFailed("zip.too_many", entries=limits.entries)
    if offset > length:
        raise CheckFailed("zip.damaged")
    tail = end_records(count, size, offset)
    if offset + size + len(tail) != length or _read_at(stream, offset + size, len(tail)) != tail:
        raise CheckFailed("zip.damaged")
    directory = _read_at(stream, offset, size)
    entries: list[Entry] = []
    at = position = 0
    for _ in range(count):
        entry, at = _read_central(directory, at)
        if entry.offset != position:
            raise CheckFailed("zip.gap", name=printable(entry.name))
        if entry.end > offset:
            raise CheckFailed("zip.damaged")
        _check_local(stream, entry)
        entries.append(entry)
        position = entry.end
    if at != size or position != offset:
        raise CheckFailed("zip.damaged")
    return tuple(entries)


def read_chunks(stream: BinaryIO, entry: Entry) -> Iterator[bytes]:
    """Yield an entry's content in chunks of at most 1 MiB.

    Raises:
        CheckFailed: ``zip.checksum``, after the last chunk, if the CRC-32 does not fit.
        OSError: the file cannot be read.
    """
    left, crc = entry.size, 0
    stream.seek(entry.start)
    while left:
        chunk = stream.read(min(left, CHUNK))
        if not chunk:
            raise CheckFailed("zip.damaged")
        left -= len(chunk)
        crc = zlib.crc32(chunk, crc)
        yield chunk
    if crc != entry.crc:
        raise CheckFailed("zip.checksum", name=printable(entry.name))


def read_whole(stream: BinaryIO, entry: Entry, limit: int) -> bytes:
    """Return an entry's content of at most ``limit`` bytes.

    Raises:
        CheckFailed: ``zip.too_big``, or as ``read_chunks``.
        OSError: the file cannot be read.
    """
    if entry.size > limit:
        raise CheckFailed("zip.too_big", name=printable(entry.name), limit=limit)
    return b"".join(read_chunks(stream, entry))


def _read_at(stream: BinaryIO, offset: int, size: int) -> bytes:
    stream.seek(offset)
    return stream.read(size)


def _read_end(stream: BinaryIO, length: int) -> tuple[int, int, int]:
    """Return count, size and offset of the central directory, as claimed."""
    if length < END.size:
        raise CheckFailed("zip.not_zip")
    last = _read_at(stream, length - END.size, END.size)
    magic, _, _, _, count, size, offset, _ = END.unpack(last)
    if magic != END_MAGIC:
        # a zip with something after its end is told apart from what never was one
        raise CheckFailed("zip.damaged" if _read_at(stream, 0, 4) == LOCAL_MAGIC else "zip.not_zip")
    if count == MAX16 or size == MAX32 or offset == MAX32:
        start = length - END.size - LOCATOR64.size - END64.size
        if start < 0:
            raise CheckFailed("zip.damaged")
        magic, _, _, _, _, _, _, count, size, offset = END64.unpack(_read_at(stream, start, END64.size))
        if magic != END64_MAGIC:
            raise CheckFailed("zip.damaged")
    return count, size, offset


def _read_central(directory: bytes, at: int) -> tuple[Entry, int]:
    """Read the directory's entry at ``at``; return it and where the next one begins."""
    if at + CENTRAL.size > len(directory):
        raise CheckFailed("zip.damaged")
    (magic, _, _, flags, method, _, _, crc, _, size, name_size, extra_size, note_size, _, _, _, offset) = (
        CENTRAL.unpack_from(directory, at)
    )
    start = at + CENTRAL.size
    end = start + name_size + extra_size + note_size
    if magic != CENTRAL_MAGIC or end > len(directory):
        raise CheckFailed("zip.damaged")
    try:
        name = directory[start : start + name_size].decode("utf-8" if flags & UTF8_NAME else "ascii")
    except UnicodeDecodeError:
        raise CheckFailed("zip.damaged") from None
    if flags & _ENCRYPTED:
        raise CheckFailed("zip.encrypted", name=printable(name))
    if method:
        raise CheckFailed("zip.compressed", name=printable(name))
    if flags & _DESCRIPTOR:
        raise CheckFailed("zip.foreign", name=printable(name))
    large = read_extra64(directory[start + name_size : start + name_size + extra_size])
    if size == MAX32 and len(large) >= 2:
        size, large = large[0], large[2:]
    if offset == MAX32 and large:
        offset = large[0]
    entry = Entry(name, size, crc, offset)
    if central_header(entry) != directory[at:end]:
        raise CheckFailed("zip.foreign", name=printable(name))
    return entry, end


def _check_local(stream: BinaryIO, entry: Entry) -> None:
    header = local_header(entry)
    if _read_at(stream, entry.offset, len(header)) != header:
        raise CheckFailed("zip.headers_differ", name=printable(entry.name))
