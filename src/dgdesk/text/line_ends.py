"""What it costs to end a printed line between two words: nothing at a space, more inside a compound.

The words of `dgdesk.text.breaks` are fine: ค่า, ใช้ and จ่าย are three. A reader sees one word there, ค่าใช้จ่าย, and
stumbles where a line ends inside it. So the words between two spaces are read once more, as the fewest entries of a
list of compounds; where no such reading has a word's end, a line end is dear. The list is
``resources/i18n/compounds.txt`` (``build/words.py`` makes it) with the survey's terms.

What the prints of the shipped editions ask is worked out beforehand: ``resources/i18n/line_ends.txt``
(``build/cuts.py`` makes it). The list of compounds is only needed for what a person typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Final

from dgdesk.resources import resource
from dgdesk.text.breaks import read_terms

SPACE: Final = 0.0
"""At white space, and after a sign."""
WORD: Final = 3.0
"""Between two words."""
NUMBER: Final = 5.0
"""At the space between a number and its word."""
ADDRESS: Final = 10.0
"""Inside a web address or a long file name, after a sign."""
COMPOUND: Final = 40.0
"""Inside a compound."""
BARE: Final = 80.0
"""After การ, ความ and the like, which mean nothing without the next word."""
TORN: Final = 4000.0
"""Inside a word; only where no other end fits."""

MARKS: Final = {WORD: "|", COMPOUND: "+", BARE: "="}
"""How the file of known line ends is written: words, and between two of them what a line end there costs."""
_COSTS: Final = {mark: cost for cost, mark in MARKS.items()}
_AS_WORDS: Final = str.maketrans(dict.fromkeys(MARKS.values(), MARKS[WORD]))

PREFIXES: Final = frozenset(("การ", "ความ", "ผู้", "ชาว", "นัก"))
_MOST_JOINED: Final = 8
_LONGEST: Final = 22  # letters; the list has nothing longer
_REMEMBERED: Final = 4096


class LineEndCosts:
    """The costs of line ends by a list of compounds. The list is read when it is first needed; any thread may ask.

    ``known`` is a file of words whose costs, as this list gives them, are written between them (`MARKS`).
    """

    def __init__(self, compounds: Path, terms: Iterable[str] = (), known: Path | None = None) -> None:
        self._path, self._known_path = compounds, known
        self._terms = frozenset(term.replace("|", "") for term in terms)
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._found)

    def between(self, words: Sequence[str]) -> tuple[float, ...]:
        """For each of ``words``, which are Thai and stand side by side, the cost of a line that begins with it."""
        return self._remembered(tuple(words))

    @cached_property
    def _compounds(self) -> frozenset[str]:
        return self._terms.union(self._path.read_text(encoding="utf-8").split("\n"))

    @cached_property
    def _known(self) -> dict[str, str]:
        if self._known_path is None:
            return {}
        written = self._known_path.read_text(encoding="utf-8")
        return dict(zip(written.translate(_AS_WORDS).split("\n"), written.split("\n"), strict=True))

    def _found(self, words: tuple[str, ...]) -> tuple[float, ...]:
        known = self._known.get(MARKS[WORD].join(words))
        if not known:
            return self.of_compounds(words)
        return (WORD, *[_COSTS[sign] for sign in known if sign in _COSTS])

    def of_compounds(self, words: Sequence[str]) -> tuple[float, ...]:
        """As `between`, by the list of compounds, whatever is known."""
        count = len(words)
        joined = self._joined(words)
        # The fewest words from the beginning to each place, and from each place to the end.
        before = [0, *range(1, count + 1)]
        for at in range(count):
            before[at + 1] = min(before[at + 1], before[at] + 1)
            for end in joined[at]:
                before[end] = min(before[end], before[at] + 1)
        after = [0] * (count + 1)
        for at in range(count - 1, -1, -1):
            after[at] = min((after[end] for end in joined[at]), default=after[at + 1])
            after[at] = min(after[at], after[at + 1]) + 1
        parts = [before[at] + after[at] == before[count] for at in range(count + 1)]
        costs = [WORD if parts[at] else COMPOUND for at in range(count)]
        for at in range(1, count):
            if words[at - 1] in PREFIXES and parts[at - 1] and before[at - 1] + 1 == before[at]:
                # unless another word of the same reading ends here: วิชาการ, ใจความ
                costs[at] = max(costs[at], BARE)
                for begin in range(max(0, at - _MOST_JOINED), at - 1):
                    if parts[at] and at in joined[begin] and before[begin] + 1 == before[at]:
                        costs[at] = WORD
        return tuple(costs)

    def _joined(self, words: Sequence[str]) -> list[list[int]]:
        """For each word, where compounds end that begin with it."""
        known = self._compounds
        found: list[list[int]] = []
        for at, word in enumerate(words):
            ends: list[int] = []
            for end in range(at + 1, min(len(words), at + _MOST_JOINED)):
                word += words[end]
                if len(word) > _LONGEST:
                    break
                if word in known:
                    ends.append(end + 1)
            found.append(ends)
        return found


@cache
def thai_line_ends() -> LineEndCosts:
    """The costs of the program, with the compounds and the terms that ship with it."""
    return LineEndCosts(
        resource("i18n/compounds.txt"), read_terms(resource("i18n/terms.txt")), resource("i18n/line_ends.txt")
    )
