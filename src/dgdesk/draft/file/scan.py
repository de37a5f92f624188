"""Reads the rows that the pages of a damaged draft still hold, without SQLite.

SQLite finds rows through other pages: if the first page or one near the root of a tree is lost, it returns nothing from
the sound pages below. Here every page is read by itself (format: sqlite.org/fileformat2.html). The first byte shows
that a page belongs to a tree; pages that continue a long row begin with a page number, whose first byte is 0 up to
2**24 pages. The file may contain anything: every offset and size is checked, and no page is read more than a few times.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, TypeAlias

ScannedCell: TypeAlias = int | str | bytes | None

_LEAF_TABLE, _LEAF_INDEX, _INNER_TABLE, _INNER_INDEX = 13, 10, 5, 2
_TREES = {_LEAF_TABLE: 8, _LEAF_INDEX: 8, _INNER_TABLE: 12, _INNER_INDEX: 12}  # bytes of the page's head
_FIRST = 100  # bytes of the file's head, before the head of the first page
_MAX_ROW = 64 << 20
_MAX_READS = 8  # of a page that continues a row; two are normal, and a damaged row may claim pages of other rows
_SIZES = (16384, 4096, 8192, 32768, 65536, 2048, 1024, 512)
_MAX_COLUMNS = 16
_INTEGERS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}


@dataclass(frozen=True, slots=True)
class ScannedRow:
    """Where a row is. ``kinds``: a letter for each value (n null, i integer, f float, t text, b blob).

    ``number`` is the row number in a table, None in an index (and in tables without row numbers, which are indexes).
    """

    kinds: str
    number: int | None
    page: int
    start: int
    size: int
    local: int
    types: tuple[int, ...]
    body: int


class Scan:
    """The pages of a file. ``lost``: those that should belong to a tree but cannot be read, or only in part."""

    def __init__(self, stream: BinaryIO, size: int) -> None:
        """``size`` is that of the file, in bytes."""
        self._stream = stream
        self._size = size
        head = self._bytes(0, _FIRST)
        self.head_sound = head[:16] == b"SQLite format 3\0"
        self.page = self._page_size(head)
        self.pages = size // self.page
        self.lost: set[int] = set()
        self._reads = bytearray(self.pages + 1)
        stated = int.from_bytes(head[28:32], "big")
        if not self.head_sound:
            self.lost.add(1)
        elif stated > self.pages:
            self.lost.add(self.pages + 1)  # the file ends too early
        self.version = int.from_bytes(head[60:64], "big")
        self.application = int.from_bytes(head[68:72], "big")

    def _page_size(self, head: bytes) -> int:
        stated = int.from_bytes(head[16:18], "big")
        stated = 65536 if stated == 1 else stated
        sizes = [stated, *_SIZES] if self.head_sound and stated in _SIZES else list(_SIZES)
        return max(sizes, key=self._fitting)

    def _fitting(self, page: int) -> int:
        """Return how many of the first pages look like pages of a tree if pages have this size."""
        found = 0
        for number in range(1, min(self._size // page, 400)):
            start = self._bytes(number * page, 8)
            end = int.from_bytes(start[5:7], "big")
            count = int.from_bytes(start[3:5], "big")
            found += start[:1] in (b"\x0d", b"\x0a") and 8 + 2 * count <= (end or 65536) <= page
        return found

    def rows(self) -> Iterator[ScannedRow]:
        """Yield every row of every readable page."""
        expected: set[int] = set()
        trees: set[int] = set()
        for number in range(1, self.pages + 1):
            content = self._bytes((number - 1) * self.page, self.page)
            head = _FIRST if number == 1 else 0
            kind = content[head] if len(content) > head else 0
            if kind not in _TREES:
                continue
            trees.add(number)
            yield from self._rows_of(number, content, head, kind, expected)
        self.lost |= expected - trees

    def expect(self, root: int) -> None:
        """Note that a tree begins at a page."""
        if not 1 <= root <= self.pages or self._bytes((root - 1) * self.page, 1)[:1] not in map(_byte, _TREES):
            self.lost.add(root)

    def _rows_of(self, number: int, content: bytes, head: int, kind: int, expected: set[int]) -> Iterator[ScannedRow]:
        count = int.from_bytes(content[head + 3 : head + 5], "big")
        first = head + _TREES[kind]
        inner = kind in (_INNER_TABLE, _INNER_INDEX)
        if inner:
            expected.add(int.from_bytes(content[head + 8 : head + 12], "big"))
        if first + 2 * count > len(content):
            self.lost.add(number)
            return
        seen: set[int] = set()
        last: int | None = None
        filled = 0  # bytes that the cells take up
        for at in range(count):
            start = int.from_bytes(content[first + 2 * at : first + 2 * at + 2], "big")
            if start in seen or not first + 2 * count <= start < len(content) - 3:
                self.lost.add(number)
                continue
            seen.add(start)
            begin = start
            if inner:
                expected.add(int.from_bytes(content[start : start + 4], "big"))
                start += 4
            if kind == _INNER_TABLE:
                filled += _varint(content, start)[1] - begin
                continue
            row = self._row(number, content, start, kind == _LEAF_TABLE)
            if row is None or (row.number is not None and last is not None and row.number <= last):
                self.lost.add(number)
            if row is not None:
                filled += max(4, row.start + row.local + 4 * (row.size > row.local) - begin)
                last = row.number
                yield row
        cells_from = int.from_bytes(content[head + 5 : head + 7], "big") or 65536
        if cells_from + filled + _free_bytes(content, head) != len(content):
            self.lost.add(number)  # the offset of a cell is lost

    def _row(self, page: int, content: bytes, start: int, numbered: bool) -> ScannedRow | None:
        size, start = _varint(content, start)
        number: int | None = None
        if numbered:
            number, start = _varint(content, start)
            number -= (number >> 63) << 64
        local = self._local(size, numbered)
        if not 2 <= size <= _MAX_ROW or start + local > len(content):
            return None
        length, at = _varint(content, start)
        end = start + length
        types: list[int] = []
        while at < min(end, start + local) and len(types) <= _MAX_COLUMNS:
            kind, at = _varint(content, at)
            types.append(kind)
        kinds = "".join(map(_kind, types))
        if at != end or "?" in kinds or length + sum(map(_width, types)) != size:
            return None
        return ScannedRow(kinds, number, page, start, size, local, tuple(types), length)

    def _local(self, size: int, numbered: bool) -> int:
        """Return how many bytes of a row are in its own page (fileformat2, "Cell Payload Overflow Pages")."""
        most = self.page - 35 if numbered else (self.page - 12) * 64 // 255 - 23
        if size <= most:
            return size
        least = (self.page - 12) * 32 // 255 - 23
        some = least + (size - least) % (self.page - 4)
        return some if some <= most else least

    def values(self, row: ScannedRow) -> tuple[ScannedCell, ...] | None:
        """Return a row's values, None if it cannot be read."""
        content = self._payload(row)
        if content is None:
            return None
        found: list[ScannedCell] = []
        at = row.body
        for kind in row.types:
            width = _width(kind)
            piece = content[at : at + width]
            at += width
            try:
                found.append(_value(kind, piece))
            except UnicodeDecodeError:
                return None
        return tuple(found)

    def whole_numbers(self, row: ScannedRow, count: int) -> tuple[int, ...]:
        """Return the first ``count`` values, all integers, of a row without reading the rest of it."""
        content = self._bytes((row.page - 1) * self.page + row.start, min(row.local, row.body + 8 * count))
        found = []
        at = row.body
        for kind in row.types[:count]:
            width = _width(kind)
            found.append(int(_value(kind, content[at : at + width]) or 0))
            at += width
        return tuple(found)

    def text_at(self, row: ScannedRow, column: int) -> str:
        """Return a text that is in the row's own page, though the rest of the row may be lost; else an empty text."""
        before = row.body + sum(map(_width, row.types[:column]))
        end = before + _width(row.types[column])
        if end > row.local:
            return ""
        content = self._bytes((row.page - 1) * self.page + row.start, end)
        return content[before:].decode("utf-8", "replace")

    def _payload(self, row: ScannedRow) -> bytes | None:
        content = bytearray(self._bytes((row.page - 1) * self.page + row.start, row.local))
        if row.size == row.local:
            return bytes(content)
        follow = self._bytes((row.page - 1) * self.page + row.start + row.local, 4)
        while len(content) < row.size:
            number = int.from_bytes(follow, "big")
            if not 2 <= number <= self.pages or self._reads[number] >= _MAX_READS:
                return None
            self._reads[number] += 1
            piece = self._bytes((number - 1) * self.page, self.page)
            follow = piece[:4]
            content += piece[4 : 4 + row.size - len(content)]
        return bytes(content)

    def _bytes(self, start: int, size: int) -> bytes:
        self._stream.seek(start)
        return self._stream.read(size)


def _free_bytes(content: bytes, head: int) -> int:
    """Return the free bytes between the cells of a page (fileformat2, "B-tree Pages")."""
    free = content[head + 7]
    at = int.from_bytes(content[head + 1 : head + 3], "big")
    for _ in range(len(content) // 4):
        if not 0 < at <= len(content) - 4:
            break
        free += int.from_bytes(content[at + 2 : at + 4], "big")
        at = int.from_bytes(content[at : at + 2], "big")
    return free


def _varint(content: bytes, at: int) -> tuple[int, int]:
    value = 0
    for step in range(9):
        byte = content[at] if at < len(content) else 0
        at += 1
        if step == 8:
            return value << 8 | byte, at
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            break
    return value, at


def _byte(value: int) -> bytes:
    return bytes((value,))


def _kind(serial: int) -> str:
    if serial in _INTEGERS or serial in (8, 9):
        return "i"
    if serial >= 12:
        return "t" if serial % 2 else "b"
    return {0: "n", 7: "f"}.get(serial, "?")


def _width(serial: int) -> int:
    if serial >= 12:
        return (serial - 12) // 2
    return 8 if serial == 7 else _INTEGERS.get(serial, 0)


def _value(serial: int, piece: bytes) -> ScannedCell:
    if serial >= 12:
        return piece.decode("utf-8") if serial % 2 else piece
    if serial in (8, 9):
        return serial - 8
    return int.from_bytes(piece, "big", signed=True) if serial in _INTEGERS else None
