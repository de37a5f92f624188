"""What a draft file says without SQLite: its first page, and whether the rollback journal beside it is its own.

SQLite reads the whole schema before it runs the first statement, creates files beside the draft if the head asks for
it, and opens files that are no drafts. This module finds that out first, from a few kilobytes.

SQLite trusts a journal: it writes the journal's pages into the draft, gives the draft the length that the journal says,
and removes the file that it names (a "super-journal", for changes to several files at once, which the program never
makes). So it is read here first, as SQLite reads it (sqlite.org/fileformat2, "The Rollback Journal"; pager.c).
"""

from __future__ import annotations

from typing import BinaryIO, Final, Literal, NamedTuple

HEAD_BYTES: Final = 100
_MAGIC: Final = b"SQLite format 3\0"
_UTF_8: Final = 1
_LEAF, _INNER = 13, 5  # kinds of pages of a table
_MOST_PAGES = 16  # of the schema; the program's own has one page, or four of the smaller ones of older drafts
_MOST_ENTRIES = 64  # of the schema, on one page


class FileHead(NamedTuple):
    """The first 100 bytes of a file that begins as an SQLite file does."""

    page: int
    """Bytes of a page."""
    pages: int
    """Pages of the file; 0 if unknown."""
    counter: int
    """Grows by 1 with every change."""
    application: int
    version: int
    """The version of the draft's tables."""
    plain: bool
    """Whether the file uses a rollback journal and UTF-8, as every draft does."""
    raw: bytes


def parse_head(raw: bytes) -> FileHead | None:
    """Read a head; None if it is none."""
    if len(raw) < HEAD_BYTES or not raw.startswith(_MAGIC):
        return None
    page = int.from_bytes(raw[16:18], "big")
    page = 65536 if page == 1 else page
    if page < 512 or page & (page - 1):
        return None
    counter = _number(raw, 24)
    return FileHead(
        page=page,
        pages=_number(raw, 28) if _number(raw, 92) == counter else 0,
        counter=counter,
        application=_number(raw, 68),
        version=int.from_bytes(raw[60:64], "big", signed=True),
        plain=raw[18:20] == b"\1\1" and _number(raw, 56) == _UTF_8,
        raw=raw[:HEAD_BYTES],
    )


def read_head(stream: BinaryIO) -> FileHead | None:
    """Return `parse_head` of a file, at any position of the stream. Raises OSError."""
    stream.seek(0)
    return parse_head(stream.read(HEAD_BYTES))


def has_short_schema(stream: BinaryIO, head: FileHead) -> bool:
    """Return whether the list of tables has few pages with few entries, as the program's own. Raises OSError.

    SQLite reads a list of any length into memory before the first statement.
    """
    kind, count, children = _page(stream, head, 1)
    if kind == _LEAF:
        return count <= _MOST_ENTRIES
    if kind != _INNER or not 1 <= len(children) <= _MOST_PAGES:
        return False
    below = [_page(stream, head, number) for number in children]
    return all(kind == _LEAF and count <= _MOST_ENTRIES for kind, count, _ in below)


def _page(stream: BinaryIO, head: FileHead, number: int) -> tuple[int, int, list[int]]:
    """Return kind, count of entries and, if there are few, the pages below."""
    stream.seek(max(0, number - 1) * head.page)
    content = stream.read(head.page)
    at = HEAD_BYTES if number == 1 else 0
    if len(content) < head.page or number < 1:
        return 0, 0, []
    kind, count = content[at], int.from_bytes(content[at + 3 : at + 5], "big")
    children: list[int] = []
    if kind == _INNER and count < _MOST_PAGES:
        starts = [int.from_bytes(content[at + 12 + 2 * one : at + 14 + 2 * one], "big") for one in range(count)]
        children = [_number(content, start) for start in starts] + [_number(content, at + 8)]
    return kind, count, children


def _number(content: bytes, at: int) -> int:
    return int.from_bytes(content[at : at + 4], "big")


JournalVerdict = Literal["cold", "hot", "foreign"]
"""Cold: there is nothing to roll back, and the next change overwrites it. Hot: it fits the draft, and SQLite rolls the
change back. Foreign: SQLite must not see it."""

MAGIC: Final = bytes.fromhex("d9d505f920a163d7")
_SECTORS: Final = (512, 4096)
"""Sector sizes, in bytes, that SQLite writes on the systems that the program supports."""
_FIELDS: Final = 28  # bytes of a journal's head
_ALL: Final = 0xFFFFFFFF  # an unstated count of records: as many as there are


class _Section(NamedTuple):
    """A head of a journal; it has one for each time that it was synced to the disk."""

    records: int
    pages: int
    """Pages of the draft before the change."""
    sector: int
    page: int


def names_a_file(journal: BinaryIO, size: int) -> bool:
    """Return whether a journal ends with a super-journal's name, or would if one more byte fitted. Raises OSError."""
    return size >= len(MAGIC) and _read(journal, size - len(MAGIC), len(MAGIC)) == MAGIC


def judge(journal: BinaryIO, size: int, draft: FileHead | None, draft_size: int) -> JournalVerdict:
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
