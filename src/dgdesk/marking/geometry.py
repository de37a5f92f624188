"""Marking, geometry: from fractions of a page as it is displayed to the units that a PDF or a picture counts in.

PDF 32000-1:2008, 7.7.3.3 (CropBox, Rotate), 14.11.2 (page boundaries); damaged boxes as PDFium, the viewer, takes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dgdesk.survey.answers.marks import Rect

Point = tuple[float, float]
_LETTER = (0.0, 0.0, 612.0, 792.0)


@dataclass(frozen=True, slots=True)
class PageFrame:
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
