"""The picture beside the text of setup's first and last page, as a bitmap."""

from __future__ import annotations

import struct

WIDTH, HEIGHT = 164, 314
"""Pixels that NSIS shows at 100 %; it stretches them on finer screens."""
_TOP, _BOTTOM = (0x2B, 0x5C, 0xA6), (0x16, 0x3A, 0x73)
_PAPER, _LINE, _TICK = (0xFF, 0xFF, 0xFF), (0xC9, 0xD6, 0xEA), (0x1B, 0x7F, 0x4B)


def side_picture() -> bytes:
    """Return a form with ticked lines on blue, 24 bits a pixel."""
    rows = []
    for y in reversed(range(HEIGHT)):
        row = b"".join(bytes(reversed(_pixel(x, y))) for x in range(WIDTH))
        rows.append(row + bytes(-len(row) % 4))
    body = b"".join(rows)
    info = struct.pack("<IiiHHIIiiII", 40, WIDTH, HEIGHT, 1, 24, 0, len(body), 2835, 2835, 0, 0)
    return struct.pack("<2sIHHI", b"BM", 14 + len(info) + len(body), 0, 0, 14 + len(info)) + info + body


def _pixel(x: int, y: int) -> tuple[int, int, int]:
    left, top, right, bottom = 42, 92, 122, 204
    if left <= x < right and top <= y < bottom:
        line, within = divmod(y - top - 14, 24)
        if 0 <= line < 4 and within < 12:
            if 12 <= x - left < 24:
                return _TICK
            if 32 <= x - left < 68 and 4 <= within < 8:
                return _LINE
        return _PAPER
    share = y / HEIGHT
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(_TOP, _BOTTOM, strict=True))
    return red, green, blue
