"""What the first page of a draft says of the file, read without SQLite (sqlite.org/fileformat2).

SQLite reads the whole schema before it runs the first statement, creates files beside the draft if the head asks for
it, and opens files that are no drafts. This module finds that out first, from a few kilobytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO, Final

HEAD_BYTES: Final = 100
_MAGIC: Final = b"SQLite format 3\0"
_UTF_8: Final = 1
_LEAF, _INNER = 13, 5  # kinds of pages of a table
_MOST_PAGES = 16  # of the schema; the program's own has one page, or four of the smaller ones of older drafts
_MOST_ENTRIES = 64  # of the schema, on one page


@dataclass(frozen=True, slots=True)
class Head:
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


def parse_head(raw: bytes) -> Head | None:
    """Read a head; None if it is none."""
    if len(raw) < HEAD_BYTES or not raw.startswith(_MAGIC):
        return None
    page = int.from_bytes(raw[16:18], "big")
    page = 65536 if page == 1 else page
    if page < 512 or page & (page - 1):
        return None
    counter = _number(raw, 24)
    return Head(
        page=page,
        pages=_number(raw, 28) if _number(raw, 92) == counter else 0,
        counter=counter,
        application=_number(raw, 68),
        version=int.from_bytes(raw[60:64], "big", signed=True),
        plain=raw[18:20] == b"\1\1" and _number(raw, 56) == _UTF_8,
        raw=raw[:HEAD_BYTES],
    )


def read_head(stream: BinaryIO) -> Head | None:
    """Return `parse_head` of a file, at any position of the stream. Raises OSError."""
    stream.seek(0)
    return parse_head(stream.read(HEAD_BYTES))


def has_short_schema(stream: BinaryIO, head: Head) -> bool:
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


def _page(stream: BinaryIO, head: Head, number: int) -> tuple[int, int, list[int]]:
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
