"""Counts where the lines of a print end, on the text as it was before it was broken.

PyThaiNLP cuts that text (`word_tokenize`, engine newmm) by its own list of words and the survey's terms. An end
between two Thai letters is ``torn`` if no piece ends there and no two words of the list meet; it is ``inside`` a
compound if two words meet there, but no reading of the text between two spaces with as few words ends there; and it is
``bare`` after การ, ความ, ผู้, ชาว or นัก that stand alone.

    python -P -m printing.line_ends      (in the folder of the tests)
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import accumulate
from unittest.mock import patch

from pythainlp.corpus import thai_words
from pythainlp.tokenize import word_tokenize
from pythainlp.util import Trie, dict_trie

from dgdesk.printing.fonts import Fonts
from dgdesk.printing.paragraph import Paragraph
from dgdesk.printing.pen import Pen
from dgdesk.resources import resource
from dgdesk.text.breaks import read_terms
from dgdesk.text.invisible import visible

PREFIXES = ("การ", "ความ", "ผู้", "ชาว", "นัก")
_THAI = re.compile("[\u0e01-\u0e3a\u0e40-\u0e4e]+")
_LONGEST = 30


@cache
def words() -> frozenset[str]:
    """The words that a line should not part."""
    terms = (term.replace("|", "") for term in read_terms(resource("i18n/terms.txt")))
    return frozenset(word for word in thai_words() if len(word) <= _LONGEST) | frozenset(terms)


@cache
def _trie() -> Trie:
    return dict_trie(words())


@lru_cache(100_000)
def cut(text: str) -> frozenset[int]:
    """Where the pieces of a text end."""
    return frozenset(accumulate(map(len, word_tokenize(text, custom_dict=_trie(), engine="newmm"))))


@cache
def composed(text: str) -> bool:
    """Whether ``text`` is one word of the list or several."""
    known = words()
    return text in known or any(text[:at] in known and composed(text[at:]) for at in range(1, len(text)))


@lru_cache(100_000)
def shortest_ends(run: str) -> frozenset[int]:
    """Where words end in any reading of ``run`` with the fewest words; letters of no word count as a word each."""
    known, count = words(), len(run)
    before = list(range(count + 1))
    after = list(range(count, -1, -1))
    spans = [
        (begin, end)
        for begin in range(count)
        for end in range(begin + 1, min(count, begin + _LONGEST) + 1)
        if end == begin + 1 or run[begin:end] in known
    ]
    for begin, end in spans:
        before[end] = min(before[end], before[begin] + 1)
    for begin, end in reversed(spans):
        after[begin] = min(after[begin], after[end] + 1)
    return frozenset(at for at in range(count + 1) if before[at] + after[at] == before[count])


@dataclass
class LineEnds:
    """What was counted, with the places of each kind."""

    count: Counter[str] = field(default_factory=Counter)
    places: dict[str, Counter[str]] = field(default_factory=dict)

    @property
    def between_letters(self) -> int:
        """Line ends between two Thai letters."""
        return self.count["thai"]

    def add(self, row: str, at: int) -> None:
        """Count the line end at ``at`` of a text that holds no line feed."""
        self.count["all"] += 1
        if not (0 < at < len(row) and _THAI.match(row[at - 1]) and _THAI.match(row[at])):
            return
        self.count["thai"] += 1
        ends = cut(row)
        begin = max((end for end in ends if end < at), default=0)
        if at in ends and row[begin:at] in PREFIXES:
            self._note("bare", row, at)
        if at in ends:
            return
        end = min(end for end in ends if end > at)
        if not (composed(row[begin:at]) and composed(row[at:end])):
            self._note("torn", row, at)
            return
        run = next(one for one in _THAI.finditer(row) if one.start() < at < one.end())
        if at - run.start() not in shortest_ends(run.group()):
            self._note("inside", row, at)

    def _note(self, kind: str, row: str, at: int) -> None:
        self.count[kind] += 1
        self.places.setdefault(kind, Counter())[row[max(0, at - 12) : at] + "|" + row[at : at + 12]] += 1

    def __add__(self, other: LineEnds) -> LineEnds:
        kinds = {*self.places, *other.places}
        return LineEnds(
            self.count + other.count,
            {kind: self.places.get(kind, Counter()) + other.places.get(kind, Counter()) for kind in kinds},
        )


def rows_of(paragraph: Paragraph, width: float, fonts: Fonts) -> list[list[str]]:
    """The lines of a paragraph as text, for each line of its own text; found by the number of their clusters."""
    rows: list[list[str]] = []
    whole = visible("".join(run.text for run in paragraph.runs)).replace("\r\n", "\n")
    lines = list(paragraph.lines(width))
    for row in whole.splitlines() or [""]:
        found: list[str] = []
        at = 0
        while lines and (at < len(row) or not found):
            drawn = sum(len(codes) for piece in lines.pop(0).pieces for _, codes in piece.text.codes) // 4
            text = "".join(fonts.regular.clusters(row[at:])[:drawn])
            found.append(text)
            at += len(text)
        assert "".join(found) == row
        rows.append(found)
    assert not lines
    return rows


@contextmanager
def drawn_paragraphs() -> Iterator[list[tuple[Paragraph, float]]]:
    """Every paragraph that is drawn meanwhile, with its width."""
    found: list[tuple[Paragraph, float]] = []
    draw = Paragraph.draw_lines

    def noted(self: Paragraph, pen: Pen, x: float, top: float, width: float, start: int, end: int) -> None:
        if start == 0:
            found.append((self, width))
        draw(self, pen, x, top, width, start, end)

    with patch.object(Paragraph, "draw_lines", noted):
        yield found


def count_line_ends(drawn: list[tuple[Paragraph, float]]) -> LineEnds:
    """Count the line ends of paragraphs."""
    found = LineEnds()
    fonts = Fonts()
    for paragraph, width in drawn:
        for lines in rows_of(paragraph, width, fonts):
            row = "".join(lines)
            for at in list(accumulate(map(len, lines)))[:-1]:
                found.add(row, at)
    return found


def main() -> None:
    """Print the counts for the demo, in large print, and for the form without answers."""
    from printing.survey.demo import demo_source, print_demo

    source = demo_source()
    total = LineEnds()
    for name in ("final", "large", "blank"):
        with drawn_paragraphs() as drawn:
            pages = print_demo(source, name).pages
        found = count_line_ends(drawn)
        total += found
        print(f"{name}: {pages} pages, {dict(found.count)}")
    print("all:", dict(total.count))
    for kind, places in total.places.items():
        print(f"{kind}:", ", ".join(f"{place} ×{times}" for place, times in places.most_common(60)))


if __name__ == "__main__":
    sys.exit(main())
