"""The attachments stored at one slot, in order, as a value that follows one edit without reading the others."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from typing import NamedTuple, Self

from dgdesk.draft.file.model import Edit, StateKey
from dgdesk.draft.file.ranks import UNRANKED, rank_of
from dgdesk.survey.answers.attachments import Attachment, attachment_from_json, is_all_read
from dgdesk.survey.answers.values import Json


class SlotRows(NamedTuple):
    """What a slot has: the rank and file of every row, in order; the attachments that can be read, in the same order;
    and the files of the rows in which something cannot be read.
    """

    places: tuple[tuple[int, str], ...] = ()
    files: tuple[Attachment, ...] = ()
    unreadable: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()
    """Those of ``unreadable`` that are not among ``files``."""

    @property
    def last_rank(self) -> int:
        """The highest rank, 0 without any; rows without one stand behind it."""
        behind = bisect_left(self.places, (UNRANKED, ""))
        return self.places[behind - 1][0] if behind else 0

    def edited(self, file: str, old: Json, new: Json) -> Self:
        """Return what the slot has after one of its rows was set or removed (None)."""
        return self._without(file, old)._with(file, new)

    def _without(self, file: str, old: Json) -> Self:
        place = (rank_of(old), file)
        at = bisect_left(self.places, place)
        if old is None or self.places[at : at + 1] != (place,):
            return self
        read = at - self._absent_before(at)
        files = self.files if file in self.absent else (*self.files[:read], *self.files[read + 1 :])
        places = (*self.places[:at], *self.places[at + 1 :])
        return self._replace(
            places=places, files=files, unreadable=self.unreadable - {file}, absent=self.absent - {file}
        )

    def _with(self, file: str, new: Json) -> Self:
        if new is None:
            return self
        place = (rank_of(new), file)
        at = bisect_left(self.places, place)
        read = at - self._absent_before(at)
        one = attachment_from_json(new)
        return self._replace(
            places=(*self.places[:at], place, *self.places[at:]),
            files=self.files if one is None else (*self.files[:read], one, *self.files[read:]),
            unreadable=self.unreadable if is_all_read(new, one) else self.unreadable | {file},
            absent=self.absent if one is not None else self.absent | {file},
        )

    def _absent_before(self, at: int) -> int:
        return sum(file in self.absent for _, file in self.places[:at]) if self.absent else 0


def rows_of(stored: Mapping[StateKey, Json]) -> dict[str, SlotRows]:
    """Return what every slot has, from the stored attachments."""
    by_slot: dict[str, list[tuple[int, str, Json]]] = {}
    for key, value in stored.items():
        if value is not None:
            by_slot.setdefault(key.target, []).append((rank_of(value), key.file, value))
    return {slot: _rows(there) for slot, there in by_slot.items()}


def _rows(there: Iterable[tuple[int, str, Json]]) -> SlotRows:
    ordered = sorted(there, key=lambda row: row[:2])
    read = [(file, attachment_from_json(value), value) for _, file, value in ordered]
    return SlotRows(
        tuple((rank, file) for rank, file, _ in ordered),
        tuple(one for _, one, _ in read if one is not None),
        frozenset(file for file, one, value in read if not is_all_read(value, one)),
        frozenset(file for file, one, _ in read if one is None),
    )


def edited_rows(rows: Mapping[str, SlotRows], edits: Iterable[Edit]) -> dict[str, SlotRows]:
    """Return what the edited slots have after edits of the journal."""
    edited: dict[str, SlotRows] = {}
    for edit in edits:
        if edit.kind == "attachment":
            there = edited.get(edit.target) or rows.get(edit.target) or SlotRows()
            edited[edit.target] = there.edited(edit.file, edit.old, edit.new)
    return edited
