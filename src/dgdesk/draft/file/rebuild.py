"""Rebuilds state and a consistent journal from the rows recovered out of a damaged draft file.

State and journal hold the same facts twice. If only one is left, it is used; if they differ, the state is used, since
that is what the person saw. Everything uncertain is listed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from dgdesk.draft.file.inspection import Stacks
from dgdesk.draft.file.model import Damage, StateKey, decode, digest_in, is_sound, moment_of, stamp
from dgdesk.draft.file.salvage import FoundEntry, FoundRows
from dgdesk.draft.file.splitting import ROW_KIND, RowLine
from dgdesk.errors import FileError
from dgdesk.system.bounds import SHA256

LOST = "lost"
"""The action of an entry in place of a change of which nothing is left."""
REPAIR = "repair"


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """The state and the journal to write, and what is lost or doubtful. ``whole``: the journal is unchanged."""

    state: Mapping[StateKey, str]
    entries: Mapping[int, FoundEntry]
    lines: Mapping[int, tuple[RowLine, ...]]
    losses: tuple[Damage, ...]
    whole: bool


def rebuild(found: FoundRows, who: str, now: datetime, *, known: bool = False) -> Rebuilt:
    """Rebuild state and journal; if the journal had to be mended, its last entry is by ``who`` at ``now``.

    ``known``: the state is known from elsewhere, so that nothing of it is taken from the journal.
    """
    by_entry: dict[int, list[RowLine]] = {}
    for (number, _), line in sorted(found.lines.items()):
        by_entry.setdefault(number, []).append(line)
    numbers = {*found.entries, *by_entry, *(number for _, number, _ in found.indexed_lines)}
    last = max([0, *numbers])
    if last > 2 * len(numbers) + 100:  # a number from a damaged row
        last = max([0, *(number for number in found.entries if number in by_entry)])
    missing = found.missing_lines
    hit = {number for _, number in missing if 0 < number <= last}
    whole = not missing and not found.clashes
    replayed: dict[StateKey, str] = {}
    lines: dict[int, tuple[RowLine, ...]] = {}
    for number in range(1, last + 1):
        there = by_entry.get(number, [])
        lines[number] = tuple(line for line in there if is_sound(line.old) and is_sound(line.new))
        follows = [_follows(replayed, line) for line in lines[number]]
        if number not in found.entries or len(lines[number]) < len(there) or not all(follows):
            hit.add(number)
    whole = whole and not hit and len(found.entries) == last
    whole = whole and _stacks_hold(found.entries) and all(_time(one.at) for one in found.entries.values())
    if known:
        state, losses = {key: text for key, text in sorted(found.state.items()) if is_sound(text)}, list[Damage]()
    else:
        state, losses = _settle(found, replayed, {target for target, _ in missing})
    if whole and state == replayed:
        return Rebuilt(state, dict(found.entries), lines, tuple(losses), True)
    losses.append(Damage("repair.history", str(max(1, len(hit))), f"of {last}"))
    return Rebuilt(state, *_mended(found.entries, lines, last, state, who, now), tuple(losses), False)


def _settle(
    found: FoundRows, replayed: Mapping[StateKey, str], doubtful: set[str]
) -> tuple[dict[StateKey, str], list[Damage]]:
    files = {sha256 for sha256, _ in found.files.values()}
    state: dict[StateKey, str] = {}
    losses: list[Damage] = []
    there = _under_their_files(found.state, files)
    losses += [
        Damage("repair.value_differs", key.target, "key and value differ") for key in found.state.keys() - there.keys()
    ]
    for key in sorted(there.keys() | replayed.keys()):
        stored, entered = there.get(key), replayed.get(key)
        if stored is not None and stored == entered and is_sound(stored):
            state[key] = stored
        elif stored is not None and entered is not None and _names_more(entered, stored, files):
            state[key] = entered  # a changed byte in the digest of a file
            losses.append(Damage("repair.value_differs", key[1], "state and history differ"))
        elif stored is not None and is_sound(stored):
            state[key] = stored
            if replayed:  # else the whole history is lost, which is reported once
                losses.append(Damage("repair.value_differs", key[1], "state and history differ"))
        elif entered is not None and is_sound(entered) and _is_filed(key, entered, files):
            state[key] = entered
            losses.append(Damage("repair.value_from_history", key[1], "only in the history"))
        else:
            losses.append(Damage("repair.value_lost", key[1], "not readable"))
    known = {key.target for key in state} | {loss.subject for loss in losses}
    losses += [Damage("repair.value_lost", target, "in an index only") for target in sorted(doubtful - known)]
    return state, losses


def _mended(
    entries: Mapping[int, FoundEntry],
    lines: Mapping[int, tuple[RowLine, ...]],
    last: int,
    state: Mapping[StateKey, str],
    who: str,
    now: datetime,
) -> tuple[dict[int, FoundEntry], dict[int, tuple[RowLine, ...]]]:
    """Return a journal without gaps, in which each old value is the one before; nothing in it can be undone."""
    rebuilt: dict[int, FoundEntry] = {}
    rebuilt_lines: dict[int, tuple[RowLine, ...]] = {}
    replayed: dict[StateKey, str] = {}
    at = next((one.at for _, one in sorted(entries.items()) if _time(one.at)), stamp(now))
    for number in range(1, last + 1):
        one = entries.get(number)
        at = one.at if one is not None and _time(one.at) else at
        undoes, redoes = (_earlier(link, number) for link in ((one.undoes, one.redoes) if one else (None, None)))
        rebuilt[number] = FoundEntry(
            at, one.who if one else "-", one.action if one else LOST, undoes, redoes, None, None
        )
        bridged: list[RowLine] = []
        for line in lines[number]:
            bridged += _bridge(replayed, _key(line), line.old)
            bridged += _bridge(replayed, _key(line), line.new)
        rebuilt_lines[number] = tuple(bridged)
    closing: list[RowLine] = []
    for key in sorted(replayed.keys() | state.keys()):
        closing += _bridge(replayed, key, state.get(key))
    rebuilt[last + 1] = FoundEntry(stamp(now), who, REPAIR, None, None, None, None)
    rebuilt_lines[last + 1] = tuple(closing)
    return rebuilt, rebuilt_lines


def _bridge(replayed: dict[StateKey, str], key: StateKey, new: str | None) -> list[RowLine]:
    old = replayed.get(key)
    if old == new:
        return []
    _put(replayed, key, new)
    return [RowLine(*key, old, new)]


def _follows(replayed: dict[StateKey, str], line: RowLine) -> bool:
    follows = replayed.get(_key(line)) == line.old
    _put(replayed, _key(line), line.new)
    return follows


def _key(line: RowLine) -> StateKey:
    return StateKey(line.kind, line.target, line.file)


def _put(replayed: dict[StateKey, str], key: StateKey, value: str | None) -> None:
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
    """Return whether one text of an attachment names a stored file, and the other does not."""
    try:
        return digest_in(decode(one)) in files and digest_in(decode(other)) not in files
    except FileError:
        return False


def _under_their_files(state: Mapping[StateKey, str], files: set[str]) -> dict[StateKey, str]:
    """Return a state in which an attachment whose key has a changed byte is under the file that it names."""
    filed = dict(state)
    for key, value in state.items():
        if not _is_filed(key, value, files):
            del filed[key]
            filed.setdefault(key._replace(file=digest_in(decode(value)) or ""), value)
    return filed


def _is_filed(key: StateKey, value: str, files: set[str]) -> bool:
    """Return False for an attachment that names a stored file other than the one in its key, which is not stored."""
    if key.kind != ROW_KIND or key.file in files or not is_sound(value) or not SHA256.fullmatch(key.file):
        return True
    return digest_in(decode(value)) not in files


def _earlier(link: int | None, number: int) -> int | None:
    return link if link is not None and 0 < link < number else None


def _time(text: str) -> bool:
    try:
        return moment_of(text).tzinfo is not None
    except FileError:
        return False
