"""Pages, finding: finds text on a PDF's page, and the positions of its characters, however its Thai was typed.

Texts are compared in the form of `dgdesk.text.normalise.fold`: no case, no white space, no invisible characters, marks
in one order, ำ in one piece, shifted shapes of old fonts as plain letters, Arabic digits.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from dgdesk.text.clusters import CONSONANTS, MARKS
from dgdesk.text.normalise import fold

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
