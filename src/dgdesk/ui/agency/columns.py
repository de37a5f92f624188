"""The columns and filters of the window's two tables, and the texts by which the columns are measured. No Qt."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple, TypeVar

from dgdesk.ui.agency.file_rows import FILE_KEYS, FILE_LEVELS, FILE_SHARES
from dgdesk.ui.agency.line_rows import LINE_FILTERS, LINE_KEYS, LINE_LEVELS, LINE_SHARES
from dgdesk.ui.agency.rows import ListedRow
from dgdesk.ui.agency.statuses import FILTERS

Of = TypeVar("Of")
_MEASURED: Final = 40


class ListKind(NamedTuple):
    """One of the two tables: its columns, filters, and the prefix of its texts' codes."""

    keys: Sequence[str]
    levels: Sequence[Sequence[tuple[str, ...]]]
    shares: Mapping[str, int]
    heads: str
    filters: Sequence[str]
    filter_code: str
    marked: str


RESPONDENTS: Final = ListKind(
    LINE_KEYS, LINE_LEVELS, LINE_SHARES, "ui.receiving.line.", LINE_FILTERS, "ui.receiving.state.", "state"
)
RECEIVED: Final = ListKind(
    FILE_KEYS, FILE_LEVELS, FILE_SHARES, "ui.receiving.column.", FILTERS, "ui.receiving.filter.", "verdict"
)


class Samples(NamedTuple):
    """The longest texts of each column, by which the columns are measured; of all rows, whatever is filtered."""

    longest: Mapping[str, tuple[str, ...]]


def samples_of(rows: Iterable[ListedRow[Of]], kind: ListKind) -> Samples:
    """Return the longest texts of each column."""
    words: dict[str, set[str]] = {key: set() for key in kind.keys}
    for row in rows:
        for key in kind.keys:
            words[key].add(row.cells[key])
    return Samples({key: tuple(heapq.nlargest(_MEASURED, some, key=len)) for key, some in words.items()})
