"""Window, printing, strips: how a page of paper is cut into strips of pixels that fit into little memory. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from dgdesk.evidence.pages.geometry import Bitmap, PageSize, Piece

MOST_DOTS: Final = 600
"""Dots an inch that pages are drawn with; a finer printer gets each dot several times."""
STRIP_PIXELS: Final = 2_000_000
"""Of one strip, four bytes each."""
_DARK: Final = bytes(0 if level < 128 else 255 for level in range(256))
"""A watermark is no reason not to part lines."""


@dataclass(frozen=True, slots=True)
class Placing:
    """Where a page lies on the paper, in the printer's dots; ``times`` is how many of them one pixel is wide."""

    left: int
    top: int
    width: int
    height: int
    times: int


def place(size: PageSize, paper: tuple[int, int], dots: int) -> Placing:
    """Put a page in the middle of paper given in dots, ``dots`` an inch: in its real size, smaller if it must be."""
    width, height = size.width * dots / 72, size.height * dots / 72
    # half a per cent more or less is how printers round A4
    scale = min(1.0, paper[0] / width, paper[1] / height)
    times = -(-dots // MOST_DOTS)
    across, down = max(round(width * scale / times), 1), max(round(height * scale / times), 1)
    wide, high = across * times, down * times
    return Placing((paper[0] - wide) // 2, (paper[1] - high) // 2, wide, high, times)


def piece_from(page: int, at: Placing, top: int) -> Piece | None:
    """Return the piece of page ``page`` (0 is the first) below line ``top``; None where the page ends."""
    width, height = at.width // at.times, at.height // at.times
    bottom = min(top + max(STRIP_PIXELS // width, 1), height)
    return Piece(page, width, height, 0, top, width, bottom) if top < height else None


def quiet_line(made: Bitmap) -> int:
    """Return at which line pixels are best parted: between two that are alike, in the lower half; else their end.

    A PDF printer's file is looked at in other sizes too, where lines that are drawn in two strips look torn.
    """
    line = made.width * 4
    dark = made.data.translate(_DARK)
    for at in range(made.height - 1, made.height // 2, -1):
        if dark[(at - 1) * line : at * line] == dark[at * line : (at + 1) * line]:
            return at
    return made.height


def wanted_pages(ranges: list[tuple[int, int]], count: int, *, backwards: bool = False) -> list[int]:
    """Return the pages (0 is the first) of ranges that count from 1; all of them without any range."""
    chosen = [page for first, last in ranges for page in range(max(first, 1) - 1, min(last, count))]
    pages = sorted(set(chosen)) if ranges else list(range(count))
    return pages[::-1] if backwards else pages


def with_copies(pages: list[int], copies: int, *, together: bool) -> list[int]:
    """Return the pages in the order of printing; ``together``: one whole copy after the other."""
    return pages * copies if together else [page for page in pages for _ in range(copies)]
