"""Decides whether a rollback journal can have been left by this program beside this draft.

SQLite trusts a journal: it writes the journal's pages into the draft, gives the draft the length that the journal says,
and removes the file that it names (a "super-journal", for changes to several files at once, which the program never
makes). So it is read here first, as SQLite reads it (sqlite.org/fileformat2, "The Rollback Journal"; pager.c).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO, Final, Literal

from dgdesk.package.head import HEAD_BYTES, Head, parse_head

Verdict = Literal["cold", "hot", "foreign"]
"""Cold: there is nothing to roll back, and the next change overwrites it. Hot: it fits the draft, and SQLite rolls the
change back. Foreign: SQLite must not see it."""

MAGIC: Final = bytes.fromhex("d9d505f920a163d7")
_SECTORS: Final = (512, 4096)
"""Sector sizes, in bytes, that SQLite writes on the systems that the program supports."""
_FIELDS: Final = 28  # bytes of a journal's head
_ALL: Final = 0xFFFFFFFF  # an unstated count of records: as many as there are


@dataclass(frozen=True, slots=True)
class _Section:
    """A head of a journal; it has one for each time that it was synced to the disk."""

    records: int
    pages: int
    """Pages of the draft before the change."""
    sector: int
    page: int


def names_a_file(journal: BinaryIO, size: int) -> bool:
    """Return whether a journal ends with a super-journal's name, or would if one more byte fitted. Raises OSError."""
    return size >= len(MAGIC) and _read(journal, size - len(MAGIC), len(MAGIC)) == MAGIC


def judge(journal: BinaryIO, size: int, draft: Head | None, draft_size: int) -> Verdict:
    """Judge a journal of ``size`` bytes beside a draft. Raises OSError.

    It fits if the draft is at least as long as the journal says, and its first page is the one saved in the journal or
    its direct successor: the first page counts the changes and is written only at the end of a change.
    """
    if names_a_file(journal, size):
        return "foreign"
    if _read(journal, 0, 1) in (b"", b"\0"):
        return "cold"
    first, begun = _first_section(journal)
    if first is None or size < first.sector:
        return "foreign"
    if draft is None or first.sector not in _SECTORS or first.pages * first.page > draft_size or first.pages == 0:
        return "foreign"
    saved, sound = _saved_first_page(journal, size, first) if begun else (None, True)
    if not sound:
        return "foreign"
    if saved is None:  # so the first page was not changed
        return "hot" if (first.page, first.pages) == (draft.page, draft.pages or first.pages) else "foreign"
    before = parse_head(saved)
    if before is None or before.page != first.page or (before.pages or first.pages) != first.pages:
        return "foreign"
    follows = saved == draft.raw or draft.counter == (before.counter + 1) & 0xFFFFFFFF
    return "hot" if follows and before.application == draft.application else "foreign"


def _first_section(journal: BinaryIO) -> tuple[_Section | None, bool]:
    """Return a journal's first head and whether it is whole: its magic is written last, before the draft is changed.

    SQLite rolls nothing back if the magic is incomplete.
    """
    raw = _read(journal, 0, _FIELDS)
    mark = raw[: len(MAGIC)].rstrip(b"\0")
    whole = mark == MAGIC
    if not whole and not (MAGIC.startswith(mark) and raw[len(MAGIC) : len(MAGIC) + 4] == bytes(4)):
        return None, False
    return _parse(MAGIC + raw[len(MAGIC) :]), whole


def _saved_first_page(journal: BinaryIO, size: int, first: _Section) -> tuple[bytes | None, bool]:
    """Return the head of the draft's first page in the journal, and whether all of the journal can be the draft's."""
    saved: bytes | None = None
    at, left = 0, 2 * first.pages + 2  # each page occurs at most once; only the last head may have none
    while left > 0 and at + first.sector <= size and (section := _section(journal, at)) is not None:
        if (section.sector, section.page, section.pages) != (first.sector, first.page, first.pages):
            return None, False
        at += first.sector
        left -= 1
        length = first.page + 8
        count = section.records if section.records != _ALL else (size - at) // length
        for _ in range(min(count, (size - at) // length)):
            number = int.from_bytes(_read(journal, at, 4), "big")
            left -= 1
            if not 1 <= number <= first.pages or left < 0:
                return None, False
            if number == 1:
                saved = _read(journal, at + 4, HEAD_BYTES)
            at += length
        at += -at % first.sector
    return saved, left > 0


def _section(journal: BinaryIO, at: int) -> _Section | None:
    return _parse(_read(journal, at, _FIELDS))


def _parse(raw: bytes) -> _Section | None:
    if len(raw) < _FIELDS or not raw.startswith(MAGIC):
        return None
    records, _, pages, sector, page = (int.from_bytes(raw[start : start + 4], "big") for start in range(8, 28, 4))
    return _Section(records, pages, sector, page)


def _read(stream: BinaryIO, at: int, count: int) -> bytes:
    stream.seek(at)
    return stream.read(count)
