"""Says which pages of the print a scan has, by the codes in their corners: all, missing, doubled, or of another print.

The codes are no proof, and a page whose code cannot be read may be there all the same: nothing is refused for them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, starmap
from operator import le
from typing import Final

from dgdesk.bundle.qr import read_page

_SHORT: Final = 16  # digits of the answers digest that stand for a print for signature


@dataclass(frozen=True, slots=True)
class ScannedPages:
    """The pages of a scan whose code was read. ``other`` counts pages of other prints: of a draft, of other answers."""

    pages: int = 0
    found: tuple[int, ...] = ()
    missing: tuple[int, ...] = ()
    doubled: tuple[int, ...] = ()
    other: int = 0
    in_order: bool = True

    @property
    def sound(self) -> bool:
        """Whether the scan has every page of the print once, in order, and none of another."""
        return not (self.missing or self.doubled or self.other) and self.in_order

    def sentences(self) -> tuple[tuple[str, Mapping[str, object]], ...]:
        """What a person should know, as message codes with values; nothing if there was no code."""
        told: list[tuple[str, Mapping[str, object]]] = []
        if self.found and not self.missing:
            told.append(("scan.pages_all", {"pages": self.pages}))
        if self.missing:
            words: Mapping[str, object] = {
                "found": len(self.found),
                "pages": self.pages,
                "missing": _spans(self.missing),
            }
            told.append(("scan.pages_missing", words))
        if self.doubled:
            told.append(("scan.pages_doubled", {"doubled": _spans(self.doubled)}))
        if not self.in_order:
            told.append(("scan.pages_order", {}))
        if self.other:
            told.append(("scan.pages_other", {"count": self.other}))
        return tuple(told)


NO_PAGES: Final = ScannedPages()


def scanned_pages(texts: Sequence[str], answers_digest: str) -> ScannedPages:
    """Look through the codes of a scan, in the order of its pages, for those of the print with this answers digest.

    Where prints of the same answers have different numbers of pages, the one with the most pages here counts, and the
    pages of the others are pages of another print.
    """
    read = [code for code in map(read_page, texts) if code is not None]
    own = [code for code in read if code.name == answers_digest[:_SHORT].upper()]
    if not own:
        return ScannedPages(other=len(read))
    pages = Counter(code.pages for code in own).most_common(1)[0][0]
    numbers = [code.page for code in own if code.pages == pages]
    counted = Counter(numbers)
    return ScannedPages(
        pages,
        tuple(sorted(counted)),
        tuple(number for number in range(1, pages + 1) if number not in counted),
        tuple(sorted(number for number, count in counted.items() if count > 1)),
        len(read) - len(numbers),
        all(starmap(le, pairwise(numbers))),
    )


def _spans(numbers: Sequence[int]) -> str:
    """Page numbers as people write them: "3, 5–8"."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ", ".join(f"{first}–{last}" if last > first else f"{first}" for first, last in spans)
