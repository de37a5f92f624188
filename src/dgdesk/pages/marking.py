"""Pages, marking: what drawing, moving and removing do to a list of marks. Pure; the caller stores the result."""

from __future__ import annotations

from dataclasses import replace

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
    return _replaced(marks, mark, replace(marks[mark], rects=(*marks[mark].rects, rect)))


def changed_rect(marks: Marks, spot: Spot, rect: Rect) -> Marks:
    """Replace a rectangle by another; the selected text is removed, since it is no longer what is marked."""
    mark, number = spot
    rects = marks[mark].rects
    if rects[number] == rect:
        return marks
    return _replaced(marks, mark, replace(marks[mark], rects=(*rects[:number], rect, *rects[number + 1 :]), text=""))


def without_rect(marks: Marks, spot: Spot) -> Marks:
    """Remove a rectangle; a mark without rectangles is removed too."""
    mark, number = spot
    rects = marks[mark].rects
    rest = (*rects[:number], *rects[number + 1 :])
    if not rest:
        return without(marks, mark)
    return _replaced(marks, mark, replace(marks[mark], rects=rest, text=""))


def without(marks: Marks, mark: int) -> Marks:
    """Remove a mark."""
    return (*marks[:mark], *marks[mark + 1 :])


def with_note(marks: Marks, mark: int, note: str) -> Marks:
    """Replace the note of a mark."""
    return _replaced(marks, mark, replace(marks[mark], note=note))


def spots(marks: Marks, page: int) -> tuple[Spot, ...]:
    """Return every rectangle on a page (1 is the first)."""
    return tuple(
        (number, at) for number, mark in enumerate(marks) if mark.page == page for at in range(len(mark.rects))
    )


def _replaced(marks: Marks, number: int, mark: Mark) -> Marks:
    return (*marks[:number], mark, *marks[number + 1 :])
