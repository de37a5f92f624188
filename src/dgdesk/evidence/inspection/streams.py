"""Compressed data decoded to see whether it can be: nothing is kept, and at most a given number of bytes is made.

A bad sector or a broken transfer leaves a run of zeros; `has_hole` finds it in data that cannot hold one.
"""

from __future__ import annotations

import zlib
from typing import Final

HOLE: Final = bytes(64)
_PIECE: Final = 256 << 10
_RAW: Final = -15


class Budget:
    """How many decoded bytes may still be made."""

    def __init__(self, most: int) -> None:
        self.left = most


def inflates(data: bytes, budget: Budget) -> bool:
    """Tell whether zlib data decodes to its end; what exceeds the budget counts as sound.

    Some programs leave the check sum at the end out; that is no damage.
    """
    try:
        return _ends(zlib.decompressobj(), data, budget) or _ends(zlib.decompressobj(_RAW), data[2:], budget)
    except zlib.error:
        return False


def first_bytes(data: bytes, most: int) -> bytes:
    """Return the beginning of what zlib data decodes to; empty if it does not."""
    try:
        return zlib.decompressobj().decompress(data[:_PIECE], most)
    except zlib.error:
        return b""


def has_hole(data: bytes) -> bool:
    """Tell whether the data has a run of zeros that no compressed data has."""
    return HOLE in data


def _ends(decoder: zlib._Decompress, data: bytes, budget: Budget) -> bool:
    while not decoder.eof:
        if budget.left <= 0:
            return True
        made = decoder.decompress(data, min(_PIECE, budget.left))
        budget.left -= len(made)
        data = decoder.unconsumed_tail
        if not made and not data:
            return decoder.eof
    return True
