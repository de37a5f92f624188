"""Reads a zip that the strict reader refused, in whatever form it is: do its parts agree, and what is left over?

An accusation needs both: whoever hides something, or says two things of one file, leaves everything else in order.
Damage does not: offsets move, contents no longer fit their sums, more than one header is hit.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO, Final, NamedTuple

from dgdesk.bundle.archive.zip_write import (
    CENTRAL,
    CENTRAL_MAGIC,
    END,
    END_MAGIC,
    LOCAL,
    LOCAL_MAGIC,
    MAX16,
    MAX32,
    ZipEntry,
    central_header,
    local_header,
    read_extra64,
)

_CHUNK: Final = 1 << 20
_MOST_ENTRIES: Final = 20_000
_MOST_DIRECTORY: Final = 16 << 20
_WINDOW: Final = 32
_SMALL: Final = (64, 4)
"""Of a piece of at most so many bytes, so few count as copied."""
_SUMS: Final = 14  # where the fields begin, in a local header, that differ from file to file
_MOST_PIECES: Final = 6
_MOST_PLACES: Final = 64


class Layout(NamedTuple):
    """The entries that a directory names, and where that directory ends in the file."""

    entries: tuple[Entry, ...]
    end: int

    @property
    def at_odds(self) -> tuple[Entry, ...]:
        """The entries whose local header or content does not fit what the directory says."""
        return tuple(one for one in self.entries if not one.agrees)


class Entry(NamedTuple):
    """An entry as the directory names it.

    ``foreign``: its record is not as dgdesk writes it. ``headed``: its local header has the same name. ``locked``: by
    a password. ``agrees``: the local header says the same in every field, and stored content has the announced sum.
    ``altered``: the content has it, and the difference between the headers is no erased or moved byte.
    """

    name: str
    foreign: bool
    extras: frozenset[int]
    headed: bool
    locked: bool
    agrees: bool
    altered: bool


def read_layout(stream: BinaryIO, length: int, before: int = 0) -> Layout | None:
    """Return the layout that the last end record leads to; None if no whole directory is there.

    ``before`` bytes stand in front of the zip. ZIP64 is left to the strict reader.

    Raises:
        OSError: the file cannot be read.
    """
    start = max(0, length - MAX16 - END.size)
    tail = read_at(stream, start, length - start)
    at = tail.rfind(END_MAGIC)
    return None if at < 0 else _layout(stream, length, before, tail[at : at + END.size])


def end_of_whole_zip(stream: BinaryIO, length: int) -> int | None:
    """Return where a zip ends that begins the file, is in order, and is followed by something else.

    Raises:
        OSError: the file cannot be read.
    """
    start = max(0, length - MAX16 - END.size)
    tail = read_at(stream, start, length - start)
    at = tail.find(END_MAGIC)
    while at >= 0 and at + END.size <= len(tail):
        *_, size, offset, note = END.unpack_from(tail, at)
        if offset + size == start + at and not note:
            layout = _layout(stream, length, 0, tail[at : at + END.size])
            if layout is not None and layout.entries and not layout.at_odds:
                return start + at + END.size
        at = tail.find(END_MAGIC, at + 1)
    return None


def _layout(stream: BinaryIO, length: int, before: int, end: bytes) -> Layout | None:
    if len(end) < END.size:
        return None
    *_, count, size, offset, _ = END.unpack(end)
    if count == MAX16 or MAX32 in (size, offset):
        return None
    if count > _MOST_ENTRIES or size > _MOST_DIRECTORY or before + offset + size > length:
        return None
    directory = read_at(stream, before + offset, size)
    found: list[Entry] = []
    position = 0
    for _ in range(count):
        read = _entry(stream, directory, position, before)
        if read is None:
            return None
        one, position = read
        found.append(one)
    return Layout(tuple(found), before + offset + size) if position == size else None


def _entry(stream: BinaryIO, directory: bytes, at: int, before: int) -> tuple[Entry, int] | None:
    """Return the directory's entry at ``at`` and where the next begins; None if there is none."""
    if at + CENTRAL.size > len(directory) or directory[at : at + 4] != CENTRAL_MAGIC:
        return None
    _, made, _, flags, method, time, date, crc, packed, size, *lengths, _, _, mode, offset = CENTRAL.unpack_from(
        directory, at
    )
    name_size, extra_size, note_size = lengths
    start = at + CENTRAL.size
    end = start + name_size + extra_size + note_size
    if end > len(directory):
        return None
    raw, extra = directory[start : start + name_size], directory[start + name_size : end - note_size]
    extras = _extra_ids(extra)
    if extras is None:
        return None
    large = read_extra64(extra)
    if size == MAX32 and len(large) >= 2:
        size, packed, large = large[0], large[1], large[2:]
    offset = large[0] if offset == MAX32 and large else offset
    foreign = bool(extras - {1} or method or mode or time or date != (1 << 5) | 1 or flags & 8 or made >> 8)
    local = read_at(stream, before + offset, LOCAL.size + name_size)
    headed = local[:4] == LOCAL_MAGIC and local[LOCAL.size :] == raw
    same = headed and LOCAL.unpack_from(local)[2:6] == (flags, method, time, date)
    if same and not flags & 8:
        sums = LOCAL.unpack_from(local)[6:9]
        same = sums == (crc, min(packed, MAX32), min(size, MAX32)) or MAX32 in sums[1:]
    fits = (
        bool(method or flags & 1)
        or len(local) < LOCAL.size
        or _has_sum(stream, before + offset, local, {size, packed}, crc)
    )
    plain = ZipEntry(raw.decode("utf-8", "replace"), size, crc, offset)
    right = local_header(plain)[: len(local)]
    moved = _only_erased_or_moved(directory[at:end], central_header(plain)) and (
        _only_erased_or_moved(local, right) or _only_erased_or_moved(right, local, _SUMS)
    )
    agrees = same and fits
    return Entry(plain.name, foreign, extras, headed, bool(flags & 1), agrees, fits and not agrees and not moved), end


def _only_erased_or_moved(found: bytes, right: bytes, first: int = 0) -> bool:
    """Return whether zeros, or the same bytes in another order, are the only difference (or there is none).

    Before ``first`` there must be none.
    """
    if len(found) != len(right) or found[:first] != right[:first]:
        return False
    erased = all(one in (other, 0) for one, other in zip(found, right, strict=True))
    return erased or sorted(found) == sorted(right)


def _extra_ids(extra: bytes) -> frozenset[int] | None:
    found = set()
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<2H", extra)
        if 4 + size > len(extra):
            return None
        found.add(kind)
        extra = extra[4 + size :]
    return frozenset(found)


def _has_sum(stream: BinaryIO, at: int, local: bytes, sizes: set[int], crc: int) -> bool:
    """Return whether the content behind a local header has a sum, by any of the sizes that the headers give."""
    begin = at + len(local)
    extra: int = LOCAL.unpack_from(local)[-1]
    sums = {_sum(stream, begin + more, size) for size in sizes for more in {extra, 0}}
    return crc in sums or sums == {None}


def _sum(stream: BinaryIO, start: int, size: int) -> int | None:
    """Return the CRC-32 of a piece of the file; None if the file is shorter."""
    if start + size > stream.seek(0, os.SEEK_END):
        return None
    total = 0
    for at in range(0, size, _CHUNK):
        total = zlib.crc32(read_at(stream, start + at, min(_CHUNK, size - at)), total)
    return total


def is_repeated(stream: BinaryIO, start: int, end: int, zip_start: int, zip_end: int) -> bool:
    """Return whether the bytes from ``start`` to ``end`` are only copies of the zip's own pieces, or zeros and blanks.

    Raises:
        OSError: the file cannot be read.
    """
    if _run(stream, start, end - start) >= end - start:
        return True
    for _ in range(_MOST_PIECES):
        start = _past_blanks(stream, start, end)
        if start == end:
            return True
        most, few = _SMALL
        window = read_at(stream, start, min(few if end - start <= most else _WINDOW, end - start))
        places = _places(stream, window, zip_start, zip_end)
        longest = max((_same(stream, start, end, one, zip_end) for one in places), default=0)
        if not longest:
            return False
        start += longest
    return False


def _run(stream: BinaryIO, at: int, shift: int) -> int:
    """Return how many bytes around ``at`` are equal to those ``shift`` further on: a piece repeated where it stands."""
    length = stream.seek(0, os.SEEK_END)
    after = _same(stream, at, min(at + shift, length), at + shift, length)
    before, most = 0, min(at, shift)
    while before < most:
        size = min(_CHUNK, most - before)
        low = at - before - size
        left, right = read_at(stream, low, size), read_at(stream, low + shift, size)
        if left != right:
            return after + before + _alike(left[::-1], right[::-1])
        before += size
    return after + before


def _past_blanks(stream: BinaryIO, start: int, end: int) -> int:
    while start < end:
        chunk = read_at(stream, start, min(_CHUNK, end - start))
        if rest := chunk.lstrip(b"\0\xff \t\r\n\x1a"):
            return start + len(chunk) - len(rest)
        start += len(chunk)
    return end


def _places(stream: BinaryIO, window: bytes, start: int, end: int) -> Iterator[int]:
    """Yield where the bytes occur between both offsets; the first places only."""
    found = 0
    for at in range(start, end, _CHUNK):
        chunk = read_at(stream, at, min(_CHUNK + len(window) - 1, end - at))
        place = chunk.find(window)
        while place >= 0 and found < _MOST_PLACES:
            yield at + place
            found += 1
            place = chunk.find(window, place + 1)


def _same(stream: BinaryIO, one: int, one_end: int, other: int, other_end: int) -> int:
    """Return how many bytes from both offsets on are equal."""
    most = min(one_end - one, other_end - other)
    for done in range(0, most, _CHUNK):
        size = min(_CHUNK, most - done)
        left, right = read_at(stream, one + done, size), read_at(stream, other + done, size)
        if left != right:
            return done + _alike(left, right)
    return max(0, most)


def _alike(one: bytes, other: bytes) -> int:
    """Return how many first bytes are equal."""
    return next((at for at, (left, right) in enumerate(zip(one, other, strict=False)) if left != right), len(one))


def read_at(stream: BinaryIO, offset: int, size: int) -> bytes:
    """Return the bytes there; fewer at the end of the file."""
    stream.seek(offset, os.SEEK_SET)
    return stream.read(size)
