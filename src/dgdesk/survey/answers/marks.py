"""Marks (highlights): rectangles on the pages of a file that show its key passage; reads stored ones safely.

A rectangle is given in fractions of the page as it is displayed upright: CropBox, /Rotate and EXIF orientation applied,
the origin at the top left. So the same mark works in the viewer, in the copy of a PDF and in the copy of a picture.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isfinite
from typing import Any, NamedTuple
from unicodedata import category

from dgdesk.system.bounds import without_piles

MOST_MARKS = 200
"""Of one file at one place."""
MOST_RECTS = 500
"""Of all marks of one file at one place together; a page of selected text has about 50."""
LAST_PAGE = 100_000
LONGEST_NOTE = 1_000
LONGEST_TEXT = 4_000
PLACES = 6
"""Decimals that are kept of a fraction: a hundredth of a point on the largest page."""


class Rect(NamedTuple):
    """A rectangle in fractions (0 to 1) of the page; ``left < right`` and ``top < bottom``."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def corners(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom."""
        return self.left, self.top, self.right, self.bottom


class Mark(NamedTuple):
    """One marked passage. ``page`` counts from 1; a picture has page 1, a TIFF its pages.

    ``note`` is the person's remark, ``text`` the text selected in a PDF; both may be empty.
    """

    page: int
    rects: tuple[Rect, ...]
    note: str = ""
    text: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the JSON that the draft stores."""
        return {
            "page": self.page,
            "rects": [list(rect.corners) for rect in self.rects],
            "note": self.note,
            "text": self.text,
        }


def make_rect(left: float, top: float, right: float, bottom: float) -> Rect | None:
    """Return the rectangle between two corners in any order, clipped to the page; None if it is empty."""
    if not all(map(isfinite, (left, top, right, bottom))):
        return None
    x, y = sorted((_cut(left), _cut(right))), sorted((_cut(top), _cut(bottom)))
    return Rect(x[0], y[0], x[1], y[1]) if x[0] < x[1] and y[0] < y[1] else None


def tidy_marks(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """Return marks exactly as they are read back from storage: fractions rounded, texts without control characters.

    Raises:
        ValueError: with the message code ``marks.bad``, ``marks.too_many`` or ``value.too_long``.
    """
    given = tuple(marks)
    if len(given) > MOST_MARKS or sum(len(mark.rects) for mark in given) > MOST_RECTS:
        raise ValueError("marks.too_many")
    return tuple(_tidy(mark) for mark in given)


def marks_from_json(stored: Any) -> tuple[Mark, ...]:
    """Read stored marks. Invalid ones, and those over the limit of a file, are left out."""
    found: list[Mark] = []
    left = MOST_RECTS
    for one in stored[:MOST_MARKS] if isinstance(stored, list | tuple) else ():
        mark = _mark_from_json(one, left)
        if mark is not None:
            found.append(mark)
            left -= len(mark.rects)
    return tuple(found)


def page_list(marks: Iterable[Mark]) -> str:
    """Return the pages of marks as a person writes them: ``1, 3–5``."""
    runs: list[list[int]] = []
    for page in sorted({mark.page for mark in marks}):
        if runs and page == runs[-1][1] + 1:
            runs[-1][1] = page
        else:
            runs.append([page, page])
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in runs)


def _cut(fraction: float) -> float:
    # "+ 0.0" turns minus zero into zero, and an int into a float
    return round(min(max(fraction, 0.0), 1.0), PLACES) + 0.0


def _tidy(mark: Mark) -> Mark:
    rects = tuple(_exact(rect.corners) for rect in mark.rects)
    sound = tuple(rect for rect in rects if rect is not None)
    if not rects or len(sound) != len(rects) or not 1 <= mark.page <= LAST_PAGE:
        raise ValueError("marks.bad")
    note, text = _plain(mark.note), _plain(mark.text)
    if len(note) > LONGEST_NOTE or len(text) > LONGEST_TEXT:
        raise ValueError("value.too_long")
    return Mark(mark.page, sound, note, text)


def _mark_from_json(stored: Any, most_rects: int) -> Mark | None:
    if not isinstance(stored, dict):
        return None
    page, corners = stored.get("page"), stored.get("rects")
    note, text = stored.get("note", ""), stored.get("text", "")
    if not isinstance(page, int) or isinstance(page, bool) or not 1 <= page <= LAST_PAGE:
        return None
    if not isinstance(corners, list | tuple) or not isinstance(note, str) or not isinstance(text, str):
        return None
    read = (_exact(one) for one in corners[:most_rects] if isinstance(one, list | tuple))
    rects = tuple(rect for rect in read if rect is not None)
    return Mark(page, rects, _plain(note[:LONGEST_NOTE]), _plain(text[:LONGEST_TEXT])) if rects else None


def _exact(corners: Sequence[Any]) -> Rect | None:
    """Return the rectangle of four fractions in the right order; None for anything else."""
    if len(corners) != 4 or not all(isinstance(one, int | float) and not isinstance(one, bool) for one in corners):
        return None
    left, top, right, bottom = corners
    # Compared before rounding: a huge int cannot become a float. NaN is outside all bounds.
    if not (0 <= left < right <= 1 and 0 <= top < bottom <= 1):
        return None
    return make_rect(left, top, right, bottom)


def _plain(text: str) -> str:
    """Remove what a text file or a PDF note cannot hold; unify line ends; limit combining marks on one letter."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return without_piles("".join(one for one in lines if one == "\n" or category(one) not in ("Cc", "Cs"))).strip()
