"""Lists of attachments, which drafts before version 3 stored for each slot, as one row for each attachment.

The journal of such a draft has the whole list before and after each change. An attachment gets its rank when it first
comes into the list, and keeps it, so that entries which undo or redo others fit the rows that those left.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from dgdesk.draft.file.model import StoredJson, decode, digest_in, encode
from dgdesk.draft.file.ranks import STEP, rank_of, ranked, ranks_for
from dgdesk.errors import FileError, UsageError
from dgdesk.system.bounds import SHA256

LIST_KIND = "evidence"
"""The kind of a value that is a whole list."""
ROW_KIND = "attachment"
STRANGE = "?"
"""Begins the key of an item that is no attachment; it is kept whole, and shown as unreadable."""


class ListLine(NamedTuple):
    """An edit before version 3: of an answer, or of the list of a slot."""

    kind: str
    target: str
    old: str | None
    new: str | None

    def reversed(self) -> ListLine:
        """Return the edit that undoes this one."""
        return ListLine(self.kind, self.target, self.new, self.old)


class RowLine(NamedTuple):
    """An edit since version 3: of an answer, or of one attachment."""

    kind: str
    target: str
    file: str
    old: str | None
    new: str | None

    def reversed(self) -> RowLine:
        """Return the edit that undoes this one."""
        return RowLine(self.kind, self.target, self.file, self.new, self.old)


class Repeated(NamedTuple):
    """An earlier entry that a later one undoes or redoes: its edits in both forms."""

    lists: Sequence[ListLine]
    rows: Sequence[RowLine]

    def reversed(self) -> Repeated:
        """Return the edits that undo it."""
        return Repeated(
            [line.reversed() for line in reversed(self.lists)], [line.reversed() for line in reversed(self.rows)]
        )


class _Row(NamedTuple):
    rank: int
    text: str


_RowChange: TypeAlias = tuple[str, _Row | None, _Row | None]


@dataclass(slots=True)
class _SlotList:
    """A list as it was last stored, and the rows that stand for it now, by file."""

    text: str | None = None
    rows: dict[str, _Row] = field(default_factory=dict)


class Splitter:
    """Follows a journal from its first entry."""

    def __init__(self) -> None:
        self._slots: dict[str, _SlotList] = {}

    def entry(self, lines: Sequence[ListLine], repeats: Repeated | None = None) -> list[RowLine]:
        """Return an entry's edits as edits of rows; ``repeats`` is what it does again, if it is an undo or a redo."""
        if repeats is not None and list(repeats.lists) == list(lines):
            for line in repeats.rows:
                self._follow(line)
            for old in lines:
                if old.kind == LIST_KIND:
                    self._slot(old.target).text = old.new
            return list(repeats.rows)
        return [new for line in lines for new in self._split(line)]

    def state(self, kind: str, target: str, value: str) -> list[tuple[str, str, str, str]]:
        """Return a row of the state as rows: kind, target, file and value.

        Raises:
            FileError: ``package.value_damaged``: the list cannot be read.
        """
        if kind != LIST_KIND:
            return [(kind, target, "", value)]
        there = self._slot(target)
        if there.text != value:
            there = _SlotList(value, _rows_of(_items(value), there.rows))
        return [(ROW_KIND, target, file, row.text) for file, row in there.rows.items()]

    def _split(self, line: ListLine) -> list[RowLine]:
        if line.kind != LIST_KIND:
            return [RowLine(line.kind, line.target, "", line.old, line.new)]
        there = self._slot(line.target)
        if line.old != there.text:  # the journal is damaged, and stays as inconsistent as it was
            there.rows = _rows_of(_items_or_text(line.old), there.rows)
        there.text = line.new
        if (more := _items_behind(line.old, line.new)) is not None:
            changed = _append(there.rows, more)
        elif (fewer := _items_behind(line.new, line.old)) is not None:
            changed = _drop_last(there.rows, len(fewer))
        else:
            before, there.rows = there.rows, _rows_of(_items_or_text(line.new), there.rows)
            files = dict.fromkeys((*before, *there.rows))
            changed = [(file, before.get(file), there.rows.get(file)) for file in files]
        # An entry without edits would look like one that lost them.
        said = [one for one in changed if one[1] != one[2]] or [_unchanged(there.rows)]
        return [
            RowLine(ROW_KIND, line.target, file, old.text if old else None, new.text if new else None)
            for file, old, new in said
        ]

    def _follow(self, line: RowLine) -> None:
        if line.kind != ROW_KIND:
            return
        there = self._slot(line.target)
        there.rows.pop(line.file, None)
        if line.new is not None:
            there.rows[line.file] = _Row(rank_of(decode(line.new)), line.new)
            there.rows = dict(sorted(there.rows.items(), key=lambda row: row[1].rank))

    def _slot(self, target: str) -> _SlotList:
        return self._slots.setdefault(target, _SlotList())


def _unchanged(rows: Mapping[str, _Row]) -> _RowChange:
    file = next(iter(rows), STRANGE)
    return file, rows.get(file), rows.get(file)


def _append(rows: dict[str, _Row], items: Iterable[StoredJson]) -> list[_RowChange]:
    """Put items behind all rows: what most changes do, without touching the other rows."""
    changed: list[_RowChange] = []
    for item in items:
        rank = next(reversed(rows.values())).rank + STEP if rows else STEP
        file = _key_of(item, rows)
        rows[file] = _Row(rank, _text_of(file, item, rank))
        changed.append((file, None, rows[file]))
    return changed


def _drop_last(rows: dict[str, _Row], count: int) -> list[_RowChange]:
    dropped = [rows.popitem() for _ in range(min(count, len(rows)))]
    return [(file, row, None) for file, row in reversed(dropped)]


def _rows_of(items: Sequence[StoredJson], before: Mapping[str, _Row]) -> dict[str, _Row]:
    """Return a row for each item, in their order; each keeps the rank that it had before, if the order allows it."""
    named: dict[str, StoredJson] = {}
    for item in items:
        named[_key_of(item, named)] = item
    known = [before[file].rank if file in before else None for file in named]
    ranks = ranks_for(known)
    return {
        file: _Row(rank, _text_of(file, item, rank)) for (file, item), rank in zip(named.items(), ranks, strict=True)
    }


def _key_of(item: StoredJson, taken: Container[str]) -> str:
    """Return the file that an item names, or a key of its own: it names none, or one that the slot has already.

    This program never stored such an item.
    """
    digest = digest_in(item)
    if digest is not None and SHA256.fullmatch(digest) and digest not in taken:
        return digest
    key = STRANGE + hashlib.sha256(_json(item).encode()).hexdigest()[:16]
    while key in taken:
        key += "+"
    return key


def _text_of(file: str, item: StoredJson, rank: int) -> str:
    value = ranked({"value": item} if file.startswith(STRANGE) or not isinstance(item, Mapping) else item, rank)
    try:
        return encode(value) or ""
    except UsageError:  # from damage, or another program
        return _json(value)


def _json(value: StoredJson) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def _items(text: str | None) -> list[StoredJson]:
    value = decode(text)
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _items_or_text(text: str | None) -> list[StoredJson]:
    """Return the items of a list; one that cannot be read is itself the only item, so that it stays."""
    try:
        return _items(text)
    except FileError:
        return [text]


def _items_behind(shorter: str | None, longer: str | None) -> list[StoredJson] | None:
    """Return the items that a longer list has behind all of a shorter one; None if that is not so."""
    if shorter is None:
        shorter = "[]" if longer is not None and longer.startswith("[{") else None
        start = "["
    else:
        start = shorter[:-1] + ","
    if shorter is None or longer is None or not shorter.startswith("[") or not shorter.endswith("]"):
        return None
    if not longer.startswith(start):
        return None
    try:
        found = decode("[" + longer[len(start) :])
    except FileError:
        return None
    return found if isinstance(found, list) else None
