"""Rebuilds state and a consistent journal from the rows recovered out of a damaged draft file.

State and journal hold the same facts twice. If only one is left, it is used; if they differ, the state is used, since
that is what the person saw. Everything uncertain is listed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from dgdesk.draft.file.inspection import Stacks
from dgdesk.draft.file.model import Damage, attached_digests, decode, moment_of, stamp
from dgdesk.draft.file.salvage import FoundEntry, FoundKey, FoundLine, FoundRows
from dgdesk.errors import FileError

LOST = "lost"
"""The action of an entry in place of a change of which nothing is left."""
REPAIR = "repair"


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """The state and the journal to write, and what is lost or doubtful. ``whole``: the journal is unchanged."""

    state: Mapping[FoundKey, str]
    entries: Mapping[int, FoundEntry]
    lines: Mapping[int, tuple[FoundLine, ...]]
    losses: tuple[Damage, ...]
    whole: bool


def rebuild(found: FoundRows, who: str, now: datetime) -> Rebuilt:
    """Rebuild state and journal; if the journal had to be mended, its last entry is by ``who`` at ``now``."""
    by_entry: dict[int, list[FoundLine]] = {}
    for (number, _), line in sorted(found.lines.items()):
        by_entry.setdefault(number, []).append(line)
    numbers = {*found.entries, *by_entry, *(number for _, number, _ in found.indexed_lines)}
    last = max([0, *numbers])
    if last > 2 * len(numbers) + 100:  # a number from a damaged row
        last = max([0, *(number for number in found.entries if number in by_entry)])
    missing = {(target, number) for target, number, at in found.indexed_lines if (number, at) not in found.lines}
    hit = {number for _, number in missing if number <= last}
    whole = not missing and not found.clashes
    replayed: dict[FoundKey, str] = {}
    lines: dict[int, tuple[FoundLine, ...]] = {}
    for number in range(1, last + 1):
        there = by_entry.get(number, [])
        lines[number] = tuple(line for line in there if is_sound(line.old) and is_sound(line.new))
        follows = [_follows(replayed, line) for line in lines[number]]
        if number not in found.entries or len(lines[number]) < len(there) or not all(follows):
            hit.add(number)
    whole = whole and not hit and len(found.entries) == last
    whole = whole and _stacks_hold(found.entries) and all(_time(one.at) for one in found.entries.values())
    state, losses = _settle(found, replayed, {target for target, _ in missing})
    if whole and state == replayed:
        return Rebuilt(state, dict(found.entries), lines, tuple(losses), True)
    losses.append(Damage("repair.history", str(max(1, len(hit))), f"of {last}"))
    return Rebuilt(state, *_mended(found.entries, lines, last, state, who, now), tuple(losses), False)


def _settle(
    found: FoundRows, replayed: Mapping[FoundKey, str], doubtful: set[str]
) -> tuple[dict[FoundKey, str], list[Damage]]:
    files = {sha256 for sha256, _ in found.files.values()}
    state: dict[FoundKey, str] = {}
    losses: list[Damage] = []
    for key in sorted(found.state.keys() | replayed.keys()):
        stored, entered = found.state.get(key), replayed.get(key)
        if stored is not None and stored == entered and is_sound(stored):
            state[key] = stored
        elif stored is not None and entered is not None and _names_more(entered, stored, files):
            state[key] = entered  # a changed byte in the digest of a file
            losses.append(Damage("repair.value_differs", key[1], "state and history differ"))
        elif stored is not None and is_sound(stored):
            state[key] = stored
            if replayed:  # else the whole history is lost, which is reported once
                losses.append(Damage("repair.value_differs", key[1], "state and history differ"))
        elif entered is not None and is_sound(entered):
            state[key] = entered
            losses.append(Damage("repair.value_from_history", key[1], "only in the history"))
        else:
            losses.append(Damage("repair.value_lost", key[1], "not readable"))
    known = {target for _, target in state} | {loss.subject for loss in losses}
    losses += [Damage("repair.value_lost", target, "in an index only") for target in sorted(doubtful - known)]
    return state, losses


def _mended(
    entries: Mapping[int, FoundEntry],
    lines: Mapping[int, tuple[FoundLine, ...]],
    last: int,
    state: Mapping[FoundKey, str],
    who: str,
    now: datetime,
) -> tuple[dict[int, FoundEntry], dict[int, tuple[FoundLine, ...]]]:
    """Return a journal without gaps, in which each old value is the one before; nothing in it can be undone."""
    rebuilt: dict[int, FoundEntry] = {}
    rebuilt_lines: dict[int, tuple[FoundLine, ...]] = {}
    replayed: dict[FoundKey, str] = {}
    at = next((one.at for _, one in sorted(entries.items()) if _time(one.at)), stamp(now))
    for number in range(1, last + 1):
        one = entries.get(number)
        at = one.at if one is not None and _time(one.at) else at
        undoes, redoes = (_earlier(link, number) for link in ((one.undoes, one.redoes) if one else (None, None)))
        rebuilt[number] = FoundEntry(
            at, one.who if one else "-", one.action if one else LOST, undoes, redoes, None, None
        )
        bridged: list[FoundLine] = []
        for line in lines[number]:
            bridged += _bridge(replayed, (line.kind, line.target), line.old)
            bridged += _bridge(replayed, (line.kind, line.target), line.new)
        rebuilt_lines[number] = tuple(bridged)
    closing: list[FoundLine] = []
    for key in sorted(replayed.keys() | state.keys()):
        closing += _bridge(replayed, key, state.get(key))
    rebuilt[last + 1] = FoundEntry(stamp(now), who, REPAIR, None, None, None, None)
    rebuilt_lines[last + 1] = tuple(closing)
    return rebuilt, rebuilt_lines


def _bridge(replayed: dict[FoundKey, str], key: FoundKey, new: str | None) -> list[FoundLine]:
    old = replayed.get(key)
    if old == new:
        return []
    _put(replayed, key, new)
    return [FoundLine(*key, old, new)]


def _follows(replayed: dict[FoundKey, str], line: FoundLine) -> bool:
    key = (line.kind, line.target)
    follows = replayed.get(key) == line.old
    _put(replayed, key, line.new)
    return follows


def _put(replayed: dict[FoundKey, str], key: FoundKey, value: str | None) -> None:
    if value is None:
        replayed.pop(key, None)
    else:
        replayed[key] = value


def _stacks_hold(entries: Mapping[int, FoundEntry]) -> bool:
    stacks = Stacks()
    return all(
        stacks.follow(number, entry.undoes, entry.redoes, entry.undo_top, entry.redo_top)
        for number, entry in sorted(entries.items())
    )


def _names_more(one: str, other: str, files: set[str]) -> bool:
    """Return whether one text of a slot's evidence names only stored files, and the other does not."""
    try:
        return bool(attached_digests(one)) and attached_digests(one) <= files and not attached_digests(other) <= files
    except FileError:
        return False


def _earlier(link: int | None, number: int) -> int | None:
    return link if link is not None and 0 < link < number else None


def attachments_in(text: str) -> list[dict[str, object]]:
    """Return the attachments in a stored text of evidence."""
    value = decode(text)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def is_sound(text: str | None) -> bool:
    """Return whether a stored text is JSON."""
    try:
        decode(text)
    except FileError:
        return False
    return True


def _time(text: str) -> bool:
    try:
        return moment_of(text).tzinfo is not None
    except FileError:
        return False
