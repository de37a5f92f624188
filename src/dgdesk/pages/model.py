"""Pages, value types: a page's size, a piece of it in pixels, its text with the place of every character."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

Box: TypeAlias = tuple[float, float, float, float]
"""Left, top, right, bottom, as fractions of the upright page."""
IsCancelled: TypeAlias = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height of an upright page in points (1/72 inch); both are positive."""

    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Piece:
    """A rectangle of page ``page`` (0 is the first), in pixels, where the whole page is ``width`` × ``height``."""

    page: int
    width: int
    height: int
    left: int
    top: int
    right: int
    bottom: int


@dataclass(frozen=True, slots=True)
class Bitmap:
    """Pixels: four bytes each (blue, green, red, unused), ``width * 4`` bytes a line."""

    width: int
    height: int
    data: bytearray


@dataclass(frozen=True, slots=True)
class PageText:
    """The text of a page as the PDF gives it: ``boxes[i]`` is where ``text[i]`` stands, None where nowhere."""

    text: str
    boxes: Sequence[Box | None]


NO_TEXT = PageText("", ())
