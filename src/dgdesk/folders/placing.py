"""Which entry of a folder's full index each of its files is, and where the entry's place is in this draft.

The content decides: a file is found by its digest wherever a person moved it and whatever its name is now. A file that
stands at a path of the index with another content was changed since.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from dgdesk.evidence.inspection.issue import FileIssue
from dgdesk.folders.full_index import FullIndex, IndexEntry, ItemOfSlot, name_of_item
from dgdesk.survey.answers.values import Answers, items_of
from dgdesk.survey.definition.form import Form
from dgdesk.survey.rules.places import slot_name

_NAMED: Final = 30
"""Entries without a file that are named; of more only the number is told."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the index says of a file. ``same``: the content is that of the entry, ``moved``: its path is another."""

    entry: IndexEntry
    same: bool
    moved: bool = False


@dataclass(frozen=True, slots=True)
class PlaceHere:
    """Where an entry belongs in this draft: one slot if it is sure, else the slots to choose from."""

    slots: tuple[str, ...]
    sure: bool
    issue: str = ""
    number: int = 0


def known_files(
    index: FullIndex, found: Iterable[tuple[PurePosixPath, str | None]], meant: Mapping[PurePosixPath, Sequence[str]]
) -> Mapping[PurePosixPath, Known]:
    """Return what the index knows of files, given their paths and digests (None: no digest of the index).

    ``meant`` are the slots that the present name of a file may mean; they decide between entries of the same content.
    A copy of a file whose entry another file has already is not known: its key passage belongs to the other place.
    """
    files = dict(found)
    left = {(one.path, number): one for number, one in enumerate(index.entries)}
    known: dict[PurePosixPath, Known] = {}
    for key, entry in list(left.items()):
        path = PurePosixPath(entry.path)
        if entry.path and files.get(path) == entry.attachment.sha256:
            known[path] = Known(left.pop(key), same=True)
    by_content: dict[str, list[tuple[str, int]]] = {}
    for key, entry in left.items():
        by_content.setdefault(entry.attachment.sha256, []).append(key)
    waiting: dict[str, list[PurePosixPath]] = {}
    for path, sha256 in files.items():
        if path not in known and sha256 in by_content:
            waiting.setdefault(sha256, []).append(path)
    for sha256, paths in waiting.items():
        for path, key in _paired(paths, by_content[sha256], left, meant):
            known[path] = Known(left.pop(key), same=True, moved=True)
    for entry in left.values():
        path = PurePosixPath(entry.path)
        if entry.path and path in files and path not in known:
            known[path] = Known(entry, same=False)
    return known


def _paired(
    paths: Sequence[PurePosixPath],
    keys: Sequence[tuple[str, int]],
    entries: Mapping[tuple[str, int], IndexEntry],
    meant: Mapping[PurePosixPath, Sequence[str]],
) -> Iterator[tuple[PurePosixPath, tuple[str, int]]]:
    """Pair files with entries of the same content: by the places that names mean, then, if there is no choice."""
    free = {entries[key].slot: key for key in keys}  # the same content is only once at each slot
    rest = []
    for path in paths:
        fitting = [slot for slot in meant.get(path, ()) if slot in free]
        if len(fitting) == 1:
            yield path, free.pop(fitting[0])
        else:
            rest.append(path)
    if len(rest) == len(free):  # equal files: which of them lies where makes no difference
        yield from zip(rest, free.values(), strict=True)


def place_here(form: Form, answers: Answers, entry: IndexEntry) -> PlaceHere:
    """Return where an entry belongs now. The number of an item that people saw counts, and it is never guessed.

    Sure is a number that this draft has, unless the item that had it stands at another number here.
    """
    item = entry.item
    if item is None:
        return PlaceHere((entry.slot,), True) if entry.slot in form.slots else PlaceHere((), False, "carry.no_place")
    at = form.position.get(item.repeat, -1)
    if at < 0 or form.nodes[at].kind != "repeat":
        return PlaceHere((), False, "carry.no_place")
    repeat = form.nodes[at]
    keys = items_of(repeat, answers.get(repeat.address))
    slots = {key: slot for key in repeat.options if (slot := _of_item(entry.slot, item, key)) in form.slots}
    if not slots:
        return PlaceHere((), False, "carry.no_place")
    if item.number is None:  # kept at an item that was removed
        if item.key in slots and item.key not in keys:
            return PlaceHere((slots[item.key],), True)
        return PlaceHere(tuple(slots[key] for key in keys if key in slots), False, "carry.item_removed")
    position = item.number - repeat.field.first_number
    numbered = keys[position] if 0 <= position < len(keys) else None
    if numbered is None or numbered not in slots:
        candidates = tuple(slots[key] for key in keys if key in slots)
        return PlaceHere(candidates, False, "carry.no_item", item.number)
    names = {key: name_of_item(form, answers, form.node(f"{repeat.address}#{key}")) for key in keys if key in slots}
    if item.name and names[numbered] and names[numbered] != item.name:  # another item has its number, perhaps its key
        first = (*(key for key, name in names.items() if name == item.name), numbered, *names)
        return PlaceHere(tuple(slots[key] for key in dict.fromkeys(first)), False, "carry.item_moved", item.number)
    if numbered == item.key or item.key not in keys:
        return PlaceHere((slots[numbered],), True)
    return PlaceHere((slots[numbered], slots[item.key]), False, "carry.item_moved", item.number)


def _of_item(slot: str, item: ItemOfSlot, key: str) -> str:
    """Return the same slot of another item: ``#key`` stands at the end, or before a row or an option."""
    before, sign, after = slot.partition(f"#{item.key}")
    return f"{before}#{key}{after}" if sign and after[:1] in ("", ":", "/") else ""


def place_words(form: Form, answers: Answers, slot: str) -> str:
    """Return the full name of a slot; empty if the form does not have it."""
    return slot_name(form, slot, answers).line() if slot in form.slots else ""


def folder_issues(
    form: Form,
    answers: Answers,
    index: FullIndex,
    known: Iterable[Known],
    *,
    has_list: bool,
) -> Iterator[FileIssue]:
    """Yield what is to be reported of the folder as a whole, one sentence each; ``name`` is that of a file, or empty.

    ``has_list``: the list for Excel is there, so that dgdesk exported the folder.
    """
    if index.state == "absent":
        if has_list:
            yield FileIssue("carry.index_absent", "ask", {"name": ""})
        return
    if index.state != "read":
        yield FileIssue(f"carry.index_{index.state}", "ask", {"name": ""})
        return
    if index.unread:
        yield FileIssue("carry.index_unread", "ask", {"name": "", "count": index.unread})
    if index.edition != form.definition.edition:
        yield FileIssue("carry.other_edition", "ask", {"name": ""})
    respondent = form.respondent_in(answers)
    if index.respondent and respondent is not None and index.respondent != respondent.key:
        words = {"there": _respondent(form, index.respondent), "here": respondent.name}
        yield FileIssue("carry.other_respondent", "ask", {"name": "", **words})
    there = {one.entry for one in known}
    gone = [entry for entry in index.entries if entry not in there]
    for entry in gone[:_NAMED]:
        code = "carry.not_written" if not entry.path else "carry.gone"
        place = place_words(form, answers, entry.slot)
        yield FileIssue(code, "ask", {"name": entry.attachment.name, "place": place})
    if len(gone) > _NAMED:
        yield FileIssue("carry.gone_more", "ask", {"name": "", "count": len(gone) - _NAMED})


def _respondent(form: Form, key: str) -> str:
    """Return a respondent's name by what tells it from others; a dash for one that the form does not have."""
    return form.respondents.get(key.rpartition("/")[2], "–")
