"""Reads a stored zip from others: every byte of its structure must be as dgdesk writes it.

Only the last bytes are read, and only the form that ``zipform.end_records`` writes passes; the rest of this module
finds out what is wrong: cut short, bytes before or after, a comment, several disks.

``zipfile`` will not do: it believes the central directory and ignores gaps, leading or trailing bytes, and local
headers that differ; another program may unpack those.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import BinaryIO

from dgdesk.bundle.archive.zip_causes import true_cause
from dgdesk.bundle.archive.zip_write import (
    CENTRAL,
    CENTRAL_MAGIC,
    END,
    END64,
    END64_MAGIC,
    END_MAGIC,
    LOCAL,
    LOCAL_MAGIC,
    LOCATOR64,
    LOCATOR64_MAGIC,
    MAX16,
    MAX32,
    UTF8_NAME,
    Sums,
    ZipEntry,
    central_header,
    end_records,
    local_header,
    read_extra64,
)
from dgdesk.bundle.report import Limits, printable
from dgdesk.errors import CheckFailed

_SEARCH = MAX16 + END.size


def read_end(stream: BinaryIO, length: int) -> tuple[int, int, int]:
    """Return count, size and offset of the central directory, as claimed.

    Raises:
        CheckFailed: ``zip.not_zip``, ``zip.cut_short``, ``zip.trailing``, ``zip.comment``, ``zip.disks``,
            ``zip.large_lies``.
        OSError: the file cannot be read.
    """
    last = _read_tail_at(stream, max(0, length - END.size), END.size)
    if len(last) < END.size or last[:4] != END_MAGIC:
        raise CheckFailed(_why_no_end(stream, length))
    _, disk, start_disk, count_here, count, size, offset, note = END.unpack(last)
    if note:
        raise CheckFailed("zip.comment")
    if disk or start_disk or count_here != count:
        raise CheckFailed("zip.disks")
    if count == MAX16 or size == MAX32 or offset == MAX32:
        return _read_end64(stream, length)
    return count, size, offset


def check_tail(stream: BinaryIO, length: int, tail: bytes, offset: int, size: int) -> None:
    """Require that the directory is where the end says and is followed by ``tail`` and nothing else.

    Raises:
        CheckFailed: ``zip.cut_short``, ``zip.leading``, ``zip.hidden``, ``zip.large_lies``.
        OSError: the file cannot be read.
    """
    end = offset + size + len(tail)
    if end > length:
        # An archive whose middle is missing claims a directory past its own end.
        raise CheckFailed("zip.cut_short")
    if end < length:
        begins = _read_tail_at(stream, 0, 4)
        raise CheckFailed(
            "zip.hidden" if begins in (LOCAL_MAGIC, CENTRAL_MAGIC, END_MAGIC) else "zip.leading", name="-"
        )
    if _read_tail_at(stream, offset + size, len(tail)) != tail:
        raise CheckFailed("zip.large_lies")


def _read_end64(stream: BinaryIO, length: int) -> tuple[int, int, int]:
    at = length - END.size - LOCATOR64.size - END64.size
    if at < 0:
        raise CheckFailed("zip.large_lies")
    block = _read_tail_at(stream, at, END64.size + LOCATOR64.size)
    magic, _, _, _, disk, start_disk, count_here, count, size, offset = END64.unpack_from(block)
    locator, _, _, disks = LOCATOR64.unpack_from(block, END64.size)
    if magic != END64_MAGIC or locator != LOCATOR64_MAGIC:
        raise CheckFailed("zip.large_lies")
    if disk or start_disk or count_here != count or disks != 1:
        raise CheckFailed("zip.disks")
    if count < MAX16 and size < MAX32 and offset < MAX32:  # ZIP64 without need: not written by dgdesk
        raise CheckFailed("zip.large_lies")
    return count, size, offset


def _why_no_end(stream: BinaryIO, length: int) -> str:
    """Return the code that says what a file without an end record at its end is."""
    begins = _read_tail_at(stream, 0, 4)
    start = max(0, length - _SEARCH)
    tail = _read_tail_at(stream, start, min(length, _SEARCH))
    at = tail.rfind(END_MAGIC)
    if at >= 0 and at + END.size <= len(tail):
        note = END.unpack_from(tail, at)[-1]
        return "zip.comment" if note and at + END.size + note == len(tail) else "zip.trailing"
    return "zip.cut_short" if begins == LOCAL_MAGIC else "zip.not_zip"


def _read_tail_at(stream: BinaryIO, offset: int, size: int) -> bytes:
    stream.seek(offset, os.SEEK_SET)
    return stream.read(size)


CHUNK = 512 << 10
"""Bytes: a chunk stays in the processor's cache from its reading to its sums, which saves a fifth of the time; smaller
ones are not worth handing to another thread."""
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


def read_directory(stream: BinaryIO, limits: Limits) -> tuple[ZipEntry, ...]:
    """Return the entries in the order of the file, which is also that of the directory.

    Raises:
        CheckFailed: ``zip.*``: the structure is not exactly what ``zipform`` writes, or exceeds the limits; the code is
            that of the true cause (`zip_causes`).
        OSError: the file cannot be read.
    """
    length = stream.seek(0, os.SEEK_END)
    try:
        return _read_strictly(stream, length, limits)
    except CheckFailed as error:
        raise true_cause(stream, length, error) from None


def _read_strictly(stream: BinaryIO, length: int, limits: Limits) -> tuple[ZipEntry, ...]:
    if length > limits.bundle:
        raise CheckFailed("zip.too_large", limit=limits.bundle >> 30)
    count, size, offset = read_end(stream, length)
    if count > limits.entries or size > limits.directory:
        raise CheckFailed("zip.too_many", entries=limits.entries)
    if offset > length:
        raise CheckFailed("zip.cut_short")
    check_tail(stream, length, end_records(count, size, offset), offset, size)
    directory = _read_at(stream, offset, size)
    entries: list[ZipEntry] = []
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


def _check_place(entry: ZipEntry, position: int, offset: int) -> None:
    """Require that the entry begins where the one before ends, and ends before the directory."""
    name = printable(entry.name)
    if entry.offset < position:
        raise CheckFailed("zip.overlap", name=name)
    if entry.offset > position:
        raise CheckFailed("zip.gap" if position else "zip.leading", name=name)
    if entry.end > offset:
        raise CheckFailed("zip.past_end", name=name)


def read_chunks(stream: BinaryIO, entry: ZipEntry, sums: Sums | None = None) -> Iterator[bytes]:
    """Yield an entry's content in chunks of at most `CHUNK` bytes; they are added to ``sums`` too.

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


def read_whole(stream: BinaryIO, entry: ZipEntry, limit: int) -> bytes:
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


def _read_central(directory: bytes, at: int) -> tuple[ZipEntry, int]:
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
    entry = ZipEntry(name, size, crc, offset)
    if central_header(entry) != directory[at:end]:
        raise CheckFailed("zip.large_lies" if large else "zip.foreign", name=printable(name))
    return entry, end


def _check_local(stream: BinaryIO, entry: ZipEntry) -> None:
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
