"""Geometry of pages: sizes, pieces in pixels, where a page lies in a view that is zoomed and turned. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

Box: TypeAlias = tuple[float, float, float, float]
"""Left, top, right, bottom, as fractions of the upright page."""
IsCancelled: TypeAlias = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class PageSize:
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
    """The text of a page as the PDF gives it: ``boxes[i]`` is the position of ``text[i]``, None if it has none."""

    text: str
    boxes: Sequence[Box | None]


NO_TEXT = PageText("", ())


Turn = Literal[0, 1, 2, 3]
"""Quarters clockwise by which the view is turned."""
Fit = Literal["width", "page", "none"]

LEAST_ZOOM, MOST_ZOOM = 0.25, 4.0
LONGEST = 32_000
"""Pixels: no side of a page is shown longer, whatever the page says."""
WHOLE = 3_000_000
"""Pixels: up to here a page is rendered in one piece, above in tiles."""
TILE = 1024


@dataclass(frozen=True, slots=True)
class PlacedPage:
    """A page shown ``width`` × ``height`` pixels upright, turned by ``turn``, its corner at (``x``, ``y``)."""

    width: int
    height: int
    turn: Turn
    x: float = 0.0
    y: float = 0.0

    @property
    def shown_width(self) -> int:
        """The width after turning."""
        return self.height if self.turn % 2 else self.width

    @property
    def shown_height(self) -> int:
        """The height after turning."""
        return self.width if self.turn % 2 else self.height

    def to_view(self, across: float, down: float) -> tuple[float, float]:
        """Map a point of the page (fractions) to the view (pixels)."""
        for _ in range(self.turn):
            across, down = 1 - down, across
        return self.x + across * self.shown_width, self.y + down * self.shown_height

    def to_page(self, x: float, y: float) -> tuple[float, float]:
        """Map a point of the view to the page; outside of 0..1 it is not on the page."""
        across, down = (x - self.x) / self.shown_width, (y - self.y) / self.shown_height
        for _ in range(self.turn):
            across, down = down, 1 - across
        return across, down

    def box_to_view(self, box: Box) -> Box:
        """Map a rectangle of the page to the view."""
        (x1, y1), (x2, y2) = self.to_view(box[0], box[1]), self.to_view(box[2], box[3])
        return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)

    def step_to_page(self, dx: float, dy: float) -> tuple[float, float]:
        """Map a step on the view (pixels) to one on the page (fractions)."""
        zero, there = self.to_page(self.x, self.y), self.to_page(self.x + dx, self.y + dy)
        return there[0] - zero[0], there[1] - zero[1]


def zoom_for(size: PageSize, turn: Turn, fit: Fit, zoom: float, view: tuple[int, int], per_point: float) -> float:
    """Return the zoom at which a page is shown; 1.0 is its real size, with ``per_point`` pixels per point.

    ``view`` is the size of the view in pixels. A fit may be below 25 %, so that the largest page can be seen whole; no
    zoom makes a side longer than `LONGEST`.
    """
    width, height = (size.height, size.width) if turn % 2 else (size.width, size.height)
    across, down = view[0] / (width * per_point), view[1] / (height * per_point)
    wanted = {"width": across, "page": min(across, down), "none": zoom}[fit]
    if fit == "width":
        wanted = min(wanted, MOST_ZOOM)
    return min(wanted, LONGEST / (max(width, height) * per_point))


def placed(size: PageSize, turn: Turn, zoom: float, per_point: float) -> PlacedPage:
    """Return a page at a zoom, with its corner at (0, 0)."""
    scale = zoom * per_point
    return PlacedPage(max(round(size.width * scale), 1), max(round(size.height * scale), 1), turn)


def pieces(page: int, width: int, height: int, seen: Box) -> tuple[Piece, ...]:
    """Return the pieces to render so that ``seen`` (fractions of the page) is covered, its middle first."""
    if width * height <= WHOLE:
        return (Piece(page, width, height, 0, 0, width, height),)
    left, top, right, bottom = (
        min(max(value, 0.0), 1.0) * side for value, side in zip(seen, (width, height, width, height), strict=True)
    )
    if left >= right or top >= bottom:
        return ()
    found = [
        Piece(page, width, height, x, y, min(x + TILE, width), min(y + TILE, height))
        for y in range(int(top) // TILE * TILE, min(int(bottom) + 1, height), TILE)
        for x in range(int(left) // TILE * TILE, min(int(right) + 1, width), TILE)
    ]
    middle = (left + right) / 2, (top + bottom) / 2

    def away(piece: Piece) -> float:
        return abs((piece.left + piece.right) / 2 - middle[0]) + abs((piece.top + piece.bottom) / 2 - middle[1])

    return tuple(sorted(found, key=away))


def rough(page: int, size: PageSize) -> Piece:
    """Return a page as one small piece, shown until the tiles of a large page are rendered."""
    scale = 1000 / max(size.width, size.height)
    width, height = max(round(size.width * scale), 1), max(round(size.height * scale), 1)
    return Piece(page, width, height, 0, 0, width, height)
