"""Reads the end of an untrusted zip: where its directory is, or the reason for which it is refused.

Only the last bytes are read, and only the form that ``zipform.end_records`` writes passes; the rest of this module
finds out what is wrong: cut short, bytes before or after, a comment, several disks.
"""

from __future__ import annotations

import os
from typing import BinaryIO

from dgdesk.bundle.zipform import (
    CENTRAL_MAGIC,
    END,
    END64,
    END64_MAGIC,
    END_MAGIC,
    LOCAL_MAGIC,
    LOCATOR64,
    LOCATOR64_MAGIC,
    MAX16,
    MAX32,
)
from dgdesk.errors import CheckFailed

_SEARCH = MAX16 + END.size


def read_end(stream: BinaryIO, length: int) -> tuple[int, int, int]:
    """Return count, size and offset of the central directory, as claimed.

    Raises:
        CheckFailed: ``zip.not_zip``, ``zip.cut_short``, ``zip.trailing``, ``zip.comment``, ``zip.disks``,
            ``zip.large_lies``.
        OSError: the file cannot be read.
    """
    last = _read_at(stream, max(0, length - END.size), END.size)
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
        begins = _read_at(stream, 0, 4)
        raise CheckFailed(
            "zip.hidden" if begins in (LOCAL_MAGIC, CENTRAL_MAGIC, END_MAGIC) else "zip.leading", name="-"
        )
    if _read_at(stream, offset + size, len(tail)) != tail:
        raise CheckFailed("zip.large_lies")


def _read_end64(stream: BinaryIO, length: int) -> tuple[int, int, int]:
    at = length - END.size - LOCATOR64.size - END64.size
    if at < 0:
        raise CheckFailed("zip.large_lies")
    block = _read_at(stream, at, END64.size + LOCATOR64.size)
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
    begins = _read_at(stream, 0, 4)
    start = max(0, length - _SEARCH)
    tail = _read_at(stream, start, min(length, _SEARCH))
    at = tail.rfind(END_MAGIC)
    if at >= 0 and at + END.size <= len(tail):
        note = END.unpack_from(tail, at)[-1]
        return "zip.comment" if note and at + END.size + note == len(tail) else "zip.trailing"
    return "zip.cut_short" if begins == LOCAL_MAGIC else "zip.not_zip"


def _read_at(stream: BinaryIO, offset: int, size: int) -> bytes:
    stream.seek(offset, os.SEEK_SET)
    return stream.read(size)
