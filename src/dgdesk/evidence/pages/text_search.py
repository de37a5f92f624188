"""Text on a page: searched however its Thai was typed or stored, and selected between two points.

Texts are compared in the form of `dgdesk.text.normalise.fold`: no case, no white space, no invisible characters, marks
in one order, ำ in one piece, shifted shapes of old fonts as plain letters, Arabic digits.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from dgdesk.evidence.pages.geometry import Box, PageText
from dgdesk.survey.answers.marks import Rect
from dgdesk.text.clusters import CONSONANTS, MARKS, tears
from dgdesk.text.normalise import fold, tidy

_CLUSTER: Final = re.compile(f"เเ|[{CONSONANTS}][{MARKS}]*[ะาำ]?[{MARKS}]*|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Folded:
    """``text`` in the form that is compared; its character ``i`` came from ``source[spans[i][0]:spans[i][1]]``."""

    text: str
    spans: tuple[tuple[int, int], ...]


def folded(source: str) -> Folded:
    """Fold a text and store where each character comes from. ``folded(x).text == fold(x)``."""
    letters: list[str] = []
    origins: list[int] = []
    for at, letter in enumerate(source):
        plain = _fold_short(letter)
        letters += plain
        origins += [at] * len(plain)
    text: list[str] = []
    spans: list[tuple[int, int]] = []
    for start, end in _clusters("".join(letters)):
        whole = _fold_short("".join(letters[start:end])) if end - start > 1 else letters[start]
        text.append(whole)
        spans += [(origins[start], origins[end - 1] + 1)] * len(whole)
    return Folded("".join(text), tuple(spans))


def find(where: Folded, what: str, most: int = 1000) -> tuple[tuple[int, int], ...]:
    """Return where the folded text ``what`` occurs: ranges of the source, in reading order, at most ``most``."""
    found: list[tuple[int, int]] = []
    at = where.text.find(what) if what else -1
    while at >= 0 and len(found) < most:
        spans = where.spans[at : at + len(what)]
        found.append((min(span[0] for span in spans), max(span[1] for span in spans)))
        at = where.text.find(what, at + len(what))
    return tuple(found)


# A text has few different letters and clusters: folding each only once is thirty times faster for a page.
_fold_short = lru_cache(maxsize=16_384)(fold)


def _clusters(text: str) -> list[tuple[int, int]]:
    """Cut a text into parts that can be folded separately: before each character that does not join the one before."""
    cuts: list[tuple[int, int]] = []
    for match in _CLUSTER.finditer(text):
        start, end = match.span()
        joins = cuts and unicodedata.category(text[start])[0] == "M" and text[start] not in MARKS
        if joins:
            cuts[-1] = (cuts[-1][0], end)
        else:
            cuts.append((start, end))
    return cuts


def nearest(page: PageText, x: float, y: float) -> int | None:
    """Return the number of the character nearest to a point; characters of the line at the point's height first."""
    best: tuple[float, float] | None = None
    found = None
    for number, box in enumerate(page.boxes):
        if box is None:
            continue
        away = (_away(y, box[1], box[3]), _away(x, box[0], box[2]))
        if best is None or away < best:
            best, found = away, number
    return found


def between(page: PageText, one: tuple[float, float], other: tuple[float, float]) -> tuple[int, int]:
    """Return the range of characters between two points; empty if the page has no text.

    Its ends are extended to whole clusters, so that no tone or vowel is separated from its letter.
    """
    ends = [end for end in (nearest(page, *one), nearest(page, *other)) if end is not None]
    if not ends:
        return 0, 0
    start, end = min(ends), max(ends) + 1
    while tears(page.text, start):
        start -= 1
    while tears(page.text, end):
        end += 1
    return start, end


def line_rects(boxes: Iterable[Box | None]) -> tuple[Rect, ...]:
    """Return one rectangle for each line of characters that follow one another; lines may run upwards or downwards."""
    lines: list[_Line] = []
    for box in boxes:
        if box is not None and not (lines and lines[-1].takes(box)):
            lines.append(_Line(box))
    return tuple(Rect(*line.box) for line in lines if line.box[0] < line.box[2] and line.box[1] < line.box[3])


def words(page: PageText, start: int, end: int) -> str:
    """Return the text of a range as one tidy line."""
    return " ".join(tidy(page.text[start:end]).split())


def _away(value: float, low: float, high: float) -> float:
    return max(low - value, value - high, 0.0)


class _Line:
    """A line while it is read. ``level``: it runs across the page; None if not known yet."""

    def __init__(self, first: Box) -> None:
        self.box = self._last = first
        self._level: bool | None = None

    def takes(self, box: Box) -> bool:
        """Add a character if it is next to those before it, or in a line that is not level below or above them."""
        beside = _shared(self.box, box, 1) >= 0.5 and self._level is not False
        height = self._last[3] - self._last[1]
        near = max(box[1] - self._last[3], self._last[1] - box[3]) < height
        below = near and _shared(self._last, box, 0) >= 0.5 and self._level is not True
        if not (beside or below):
            return False
        other = box[3] - box[1]
        if beside != below and min(height, other) >= 0.5 * max(height, other):  # a mark on its letter shows nothing
            self._level = beside
        one, self._last = self.box, box
        self.box = min(one[0], box[0]), min(one[1], box[1]), max(one[2], box[2]), max(one[3], box[3])
        return True


def _shared(one: Box, other: Box, side: int) -> float:
    """How much of the smaller width (``side`` 0) or height (1) two boxes share; below 0 if they share none."""
    shared = min(one[side + 2], other[side + 2]) - max(one[side], other[side])
    return shared / min(one[side + 2] - one[side], other[side + 2] - other[side])
