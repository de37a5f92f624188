"""Tells whether files that state their own length, or mark their end, are whole; nothing is decoded.

Sources: ISO 14496-12, 4.2 (boxes); GIF89a, 27 (trailer); RFC 9649 (WebP, RIFF); the head of a Windows bitmap.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO, Final

from dgdesk.evidence import media

_MOST_BOXES: Final = 10_000
_TAIL: Final = 4 << 10
_PADDING: Final = b"\0 \t\r\n\x1a"


def is_whole(stream: BinaryIO, size: int, kind: str) -> bool:
    """Tell it of a file of a kind in `CHECKED`; ``size`` is in bytes."""
    return CHECKED[kind](stream, size)


def has_whole_boxes(stream: BinaryIO, size: int) -> bool:
    """Tell whether the outer boxes end with the file, and both parts of a picture or film are there."""
    at, seen = 0, set()
    for _ in range(_MOST_BOXES):
        if at == size:
            return b"meta" in seen or b"moov" in seen
        stream.seek(at)
        head = stream.read(16)
        if len(head) < 8:
            return False
        length = int.from_bytes(head[:4])
        if length == 1:
            length = int.from_bytes(head[8:16])
        elif length == 0:
            length = size - at
        if length < 8 or at + length > size:
            return False
        seen.add(head[4:8])
        at += length
    return False


def _ends_with(end: bytes) -> Callable[[BinaryIO, int], bool]:
    def check(stream: BinaryIO, size: int) -> bool:
        stream.seek(max(0, size - _TAIL))
        return stream.read(_TAIL).rstrip(_PADDING).endswith(end)

    return check


def _states_riff(stream: BinaryIO, size: int) -> bool:
    stream.seek(4)
    return int.from_bytes(stream.read(4), "little") + 8 <= size


def _states_bitmap(stream: BinaryIO, size: int) -> bool:
    stream.seek(2)
    return 14 < int.from_bytes(stream.read(4), "little") <= size


CHECKED: Final = {
    media.GIF: _ends_with(b";"),
    media.RTF: _ends_with(b"}"),
    media.WEBP: _states_riff,
    media.BMP: _states_bitmap,
    media.MP4: has_whole_boxes,
    media.AVIF: has_whole_boxes,
    media.HEIF: has_whole_boxes,
}
"""The kinds that can be told. The survey lists none of them; each is asked about for that too."""
