"""Geometry of highlights: editing the rectangles of a list of marks, and their units in a PDF or picture. Pure.

PDF 32000-1:2008, 7.7.3.3 (CropBox, Rotate), 14.11.2 (page boundaries); damaged boxes as PDFium, the viewer, takes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from dgdesk.survey.answers.marks import Mark, Rect

Marks = tuple[Mark, ...]
Spot = tuple[int, int]
"""The number of a mark, and of a rectangle in it."""

LEAST = 0.004
"""A rectangle is never narrower or lower than this part of the page."""


def rect_between(one: tuple[float, float], other: tuple[float, float]) -> Rect | None:
    """Return the rectangle between two corners, inside the page; None if it is so small that it was not intended."""
    (x1, x2), (y1, y2) = (sorted(min(max(value, 0.0), 1.0) for value in pair) for pair in zip(one, other, strict=True))
    return Rect(x1, y1, x2, y2) if x2 - x1 >= LEAST and y2 - y1 >= LEAST else None


def moved(rect: Rect, dx: float, dy: float) -> Rect:
    """Move a rectangle, but not beyond the page."""
    dx = min(max(dx, -rect.left), 1.0 - rect.right)
    dy = min(max(dy, -rect.top), 1.0 - rect.bottom)
    return Rect(
        max(rect.left + dx, 0.0), max(rect.top + dy, 0.0), min(rect.right + dx, 1.0), min(rect.bottom + dy, 1.0)
    )


def with_rect(marks: Marks, mark: int, rect: Rect) -> Marks:
    """Add a rectangle to a mark."""
    return _replaced(marks, mark, marks[mark]._replace(rects=(*marks[mark].rects, rect)))


def changed_rect(marks: Marks, spot: Spot, rect: Rect) -> Marks:
    """Replace a rectangle by another; the selected text is removed, since it is no longer what is marked."""
    mark, number = spot
    rects = marks[mark].rects
    if rects[number] == rect:
        return marks
    return _replaced(marks, mark, marks[mark]._replace(rects=(*rects[:number], rect, *rects[number + 1 :]), text=""))


def without_rect(marks: Marks, spot: Spot) -> Marks:
    """Remove a rectangle; a mark without rectangles is removed too."""
    mark, number = spot
    rects = marks[mark].rects
    rest = (*rects[:number], *rects[number + 1 :])
    if not rest:
        return without(marks, mark)
    return _replaced(marks, mark, marks[mark]._replace(rects=rest, text=""))


def without(marks: Marks, mark: int) -> Marks:
    """Remove a mark."""
    return (*marks[:mark], *marks[mark + 1 :])


def with_note(marks: Marks, mark: int, note: str) -> Marks:
    """Replace the note of a mark."""
    return _replaced(marks, mark, marks[mark]._replace(note=note))


def spots(marks: Marks, page: int) -> tuple[Spot, ...]:
    """Return every rectangle on a page (1 is the first)."""
    return tuple(
        (number, at) for number, mark in enumerate(marks) if mark.page == page for at in range(len(mark.rects))
    )


def _replaced(marks: Marks, number: int, mark: Mark) -> Marks:
    return (*marks[:number], mark, *marks[number + 1 :])


Point = tuple[float, float]
_LETTER = (0.0, 0.0, 612.0, 792.0)


class PageFrame(NamedTuple):
    """The part of a page that is displayed, in its own units, and by how many degrees it is turned clockwise."""

    left: float
    bottom: float
    right: float
    top: float
    turned: int

    def point(self, across: float, down: float) -> Point:
        """Return the point of the page for fractions of the displayed page, from its left and top."""
        width, height = self.right - self.left, self.top - self.bottom
        match self.turned:
            case 90:
                return self.left + down * width, self.bottom + across * height
            case 180:
                return self.right - across * width, self.bottom + down * height
            case 270:
                return self.right - down * width, self.top - across * height
        return self.left + across * width, self.top - down * height

    def corners(self, rect: Rect) -> tuple[Point, Point, Point, Point]:
        """Return the corners of the displayed rectangle: top left, top right, bottom left, bottom right."""
        return (
            self.point(rect.left, rect.top),
            self.point(rect.right, rect.top),
            self.point(rect.left, rect.bottom),
            self.point(rect.right, rect.bottom),
        )


def page_frame(media: Sequence[float] | None, crop: Sequence[float] | None, rotate: int) -> PageFrame:
    """Return the frame of a page; a missing or empty box is replaced by the larger one, finally by a letter page."""
    outer = _box(media) or _LETTER
    inner = _box(crop) or outer
    left, bottom = max(inner[0], outer[0]), max(inner[1], outer[1])
    right, top = min(inner[2], outer[2]), min(inner[3], outer[3])
    if left >= right or bottom >= top:
        left, bottom, right, top = outer
    return PageFrame(left, bottom, right, top, int(rotate / 90) % 4 * 90)


def pixels(rect: Rect, width: int, height: int) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom in pixels, at least one pixel wide and high, inside the picture."""
    left, top = min(int(rect.left * width), width - 1), min(int(rect.top * height), height - 1)
    return left, top, max(round(rect.right * width), left + 1), max(round(rect.bottom * height), top + 1)


def _box(numbers: Sequence[float] | None) -> tuple[float, float, float, float] | None:
    if numbers is None or len(numbers) != 4:
        return None
    one, two, three, four = numbers
    left, right = sorted((one, three))
    bottom, top = sorted((two, four))
    return (left, bottom, right, top) if left < right and bottom < top else None


class CopyMade(NamedTuple):
    """What became of a marked copy: the marked pages that the file lacks, and whether its signatures were taken out."""

    missing: tuple[int, ...] = ()
    unsigned: bool = False


class PlacedMark(NamedTuple):
    """A mark and the printed code of the question whose evidence it marks."""

    code: str
    mark: Mark


def in_words(placed: PlacedMark) -> str:
    """Return the text that a reader shows for a mark: the question's code and the note."""
    return f"{placed.code} {placed.mark.note}".strip()
