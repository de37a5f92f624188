"""The rows of the window's tables: all texts, the places in every order, and what a search looks in.

They are made in the thread of a job, so that the window only shows, filters and searches. Pure functions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Generic, TypeVar

from dgdesk.text.collation import collation_key
from dgdesk.text.normalise import fold

Of = TypeVar("Of")


@dataclass(frozen=True, slots=True)
class ListedRow(Generic[Of]):
    """One row. ``cells``: its texts by column; ``group``: the filter that lists it; ``of``: what it shows.

    ``ranks``: its place by each column, in ascending order. ``search``: all that it is found by, see `searchable`.
    """

    key: str
    cells: Mapping[str, str]
    group: str
    mark: str
    of: Of = field(compare=False)
    search: str = field(default="", compare=False)
    grey: bool = False
    ranks: Mapping[str, int] = field(default_factory=dict, compare=False)


def ranked(
    rows: Sequence[ListedRow[Of]],
    keys: Sequence[str],
    ties: Sequence[str],
    places: Mapping[str, Callable[[ListedRow[Of]], Any]],
) -> tuple[ListedRow[Of], ...]:
    """Return the rows with their ranks, in the order of the first of ``ties``.

    By each of ``keys`` unknown values come last; equal ones are in the order of ``ties``. ``places``: by what a column
    is sorted, if not by its text in the order of a Thai dictionary.
    """
    words: dict[str, Any] = {}

    def text_key(text: str) -> Any:
        found = words.get(text)
        if found is None:
            found = words[text] = collation_key(text, numbers=True)
        return found

    behind = [(*(text_key(row.cells.get(key, "")) for key in ties), row.key) for row in rows]
    ranks: list[dict[str, int]] = [{} for _ in rows]
    for key in keys:
        by = places.get(key)
        first = [by(row) if by is not None else text_key(row.cells.get(key, "")) for row in rows]
        empty = [not row.cells.get(key) for row in rows]
        order = sorted(range(len(rows)), key=lambda at: (empty[at], first[at], behind[at]))
        for rank, at in enumerate(order):
            ranks[at][key] = rank
    made = [replace(row, ranks=found) for row, found in zip(rows, ranks, strict=True)]
    return tuple(sorted(made, key=lambda row: row.ranks[ties[0]]))


def searchable(texts: Iterable[str]) -> str:
    """Return what `found_rows` looks in; a line end keeps a word from being found across two texts."""
    return "\n".join(map(_folded, filter(None, texts)))


@lru_cache(8192)
def _folded(text: str) -> str:
    """Names of signers, editions and states stand in many rows, and to fold Thai takes time."""
    return fold(text)


def found_rows(
    rows: Iterable[ListedRow[Of]], searched: str, wanted: Callable[[str], bool]
) -> tuple[ListedRow[Of], ...]:
    """Return the rows of a filter that hold every word of a search, however its Thai was typed."""
    words = [fold(word) for word in searched.split()]
    return tuple(row for row in rows if wanted(row.group) and all(word in row.search for word in words))
