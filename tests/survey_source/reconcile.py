"""Tests of the survey: lay the lines of the source, known by digests alone, over the pieces of the reading."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from survey_source.reading import Piece
from survey_source.skeleton import OPENING, digest, marks, short, signs, skeleton

_LOOK_AHEAD = 1500
Own = Callable[[Piece], bool]


@dataclass(frozen=True)
class Line:
    """A line of the source: its number, the length and digest of its skeleton, the digests of its marks and signs."""

    number: int
    length: int
    words: str
    marks: str
    signs: str

    @classmethod
    def of(cls, fact: str) -> Line:
        number, length, *digests = fact.split()
        return cls(int(number), int(length), *digests)


@dataclass(frozen=True)
class Difference:
    """Lines whose words stand elsewhere in the data (``moved``), or are printed a second time (``again``).

    ``pieces`` names where in the data these words are, in the order in which the lines print them.
    """

    how: Literal["moved", "again"]
    lines: tuple[int, ...]
    pieces: tuple[str, ...]
    reason: str


def lay(lines: Iterable[Line], pieces: Sequence[Piece], differences: Sequence[Difference], own: Own) -> list[str]:
    """Lay the lines over the pieces, end to end. Return what does not fit: nothing may be left over on either side.

    Lines and pieces of ``differences`` and the program's ``own`` pieces are left out on their side.
    """
    in_order, cover = _in_order(lines, pieces, differences, own)
    return list(cover.problems(in_order))


def misspelt(
    lines: Sequence[Line], pieces: Sequence[Piece], differences: Sequence[Difference], own: Own
) -> dict[str, set[int]]:
    """Return the lines whose marks or signs differ from the data's. To be asked once the words fit."""
    by_where = {piece.where: piece for piece in pieces}
    runs = [_in_order(lines, pieces, differences, own)]
    runs += [
        ([line for line in lines if line.number in moved.lines], _Cover([by_where[where] for where in moved.pieces]))
        for moved in differences
        if moved.how == "moved"
    ]
    found = [(line, text) for in_order, cover in runs for line, text in cover.texts(in_order)]
    return {
        "marks": {line.number for line, text in found if short(marks(text)) != line.marks},
        "signs": {line.number for line, text in found if short(signs(text)) != line.signs},
    }


def holds(difference: Difference, lines: Sequence[Line], pieces: Sequence[Piece]) -> bool:
    """Tell whether the difference's pieces hold its lines: moved ones exactly, repeated ones somewhere, in order."""
    by_where = {piece.where: piece for piece in pieces}
    bones = "".join(skeleton(by_where[where].text) for where in difference.pieces)
    at, gaps = 0, 0
    for line in (line for line in lines if line.number in difference.lines):
        found = _find(line, bones, at, len(bones))
        if found is None:
            return False
        gaps += found - at
        at = found + line.length
    return difference.how == "again" or (gaps == 0 and at == len(bones))


def _in_order(
    lines: Iterable[Line], pieces: Sequence[Piece], differences: Sequence[Difference], own: Own
) -> tuple[list[Line], _Cover]:
    left_out = {line for difference in differences for line in difference.lines}
    moved = {where for difference in differences if difference.how == "moved" for where in difference.pieces}
    return (
        [line for line in lines if line.number not in left_out],
        _Cover([piece for piece in pieces if not own(piece) and piece.where not in moved]),
    )


class _Cover:
    """The skeleton of some pieces, and where each sign of it stands in their text."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.text, self.bones = "", ""
        self.places: list[int] = []
        self.owners: list[Piece] = []
        for piece in (piece for piece in pieces if piece.sort != "limit"):
            bones, places = _bones(piece.text)
            self.bones += bones
            self.places += [len(self.text) + place for place in places]
            self.owners += [piece] * len(bones)
            self.text += f"{piece.text}\n"

    def problems(self, lines: Iterable[Line]) -> Iterator[str]:
        """Yield what does not fit, and find the way back by looking ahead for the next line of some length."""
        at = 0
        for line in lines:
            found = _find(line, self.bones, at, at if line.length < 6 else at + _LOOK_AHEAD)
            if found is None:
                yield f"line {line.number} is not in the data, where {self._place(at)} stands"
                continue
            if found > at:
                yield f"before line {line.number} the data holds what the source does not: {self._names(at, found)}"
            at = found + line.length
        if at < len(self.bones):
            yield f"after the last line the data goes on: {self._names(at, len(self.bones))}"

    def texts(self, lines: Iterable[Line]) -> Iterator[tuple[Line, str]]:
        """Yield every line with the data's text of it, up to the next line's first letter and the signs before it."""
        at, start = 0, 0
        for line in lines:
            at += line.length
            end = self.places[at] if at < len(self.places) else len(self.text)
            end = len(self.text[:end].rstrip(f" \n{OPENING}"))
            yield line, self.text[start:end]
            start = end

    def _place(self, at: int) -> str:
        return f"{self.owners[at].where!r} ({self.bones[at : at + 30]})" if at < len(self.owners) else "the end"

    def _names(self, start: int, end: int) -> str:
        return ", ".join(dict.fromkeys(piece.where for piece in self.owners[start:end]))


@cache
def _bones(text: str) -> tuple[str, tuple[int, ...]]:
    """Return a text's skeleton and where in the text each sign of it stands."""
    bones = [(skeleton(sign), at) for at, sign in enumerate(text)]
    return "".join(bone for bone, _ in bones), tuple(at for bone, at in bones for _ in bone)


def _find(line: Line, bones: str, first: int, last: int) -> int | None:
    """Slide a window of the line's length over the skeleton; return the first place whose digest is the line's."""
    for at in range(first, min(last, len(bones) - line.length) + 1):
        if digest(bones[at : at + line.length]) == line.words:
            return at
    return None
