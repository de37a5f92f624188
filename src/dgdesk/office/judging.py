"""Office PC, judging: what the facts mean for the person's work. Pure functions; the worst comes first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from dgdesk.office.facts import Finding, MachineFacts, PlaceFacts

MIB: Final = 1 << 20
SMALL_FILES: Final = frozenset({"fat", "fat12", "fat16", "fat32", "vfat", "msdos"})
"""Filesystems on which no file may reach 4 GiB (2 GiB on the oldest)."""
_NEARLY: Final = 3 << 30
_HARDLY: Final = 100 * MIB
_LITTLE: Final = 1024 * MIB
_LONGEST_PATH: Final = 223  # of 259 (MAX_PATH); a half-made file's folder, "-journal" and copies' names take the rest
_AHEAD: Final = timedelta(minutes=10)
_OLD: Final = timedelta(days=6 * 365)
_ORDER: Final = {"error": 0, "warning": 1, "note": 2}


def judge(machine: MachineFacts, places: tuple[PlaceFacts, ...]) -> tuple[Finding, ...]:
    """Return what to tell, errors first; an empty tuple is a machine that suits."""
    found = [*_machine(machine), *(one for place in places for one in _place(place, machine.windows))]
    return tuple(sorted(found, key=lambda one: _ORDER[one.severity]))


def _machine(facts: MachineFacts) -> Iterator[Finding]:
    if facts.missing:
        yield Finding("office.parts_missing", "error", {"names": ", ".join(facts.missing)})
    if not facts.profile_writable:
        yield Finding("office.profile_unwritable", "error", {"path": str(facts.profile)})
    yield from _clock(facts)
    if facts.others > 0:
        yield Finding("office.another_window", "note", {"count": facts.others})


def _clock(facts: MachineFacts) -> Iterator[Finding]:
    known = [moment for moment in (facts.made, facts.latest) if moment is not None]
    if facts.made is not None and facts.now < facts.made - timedelta(days=1):
        yield Finding("office.clock_behind", "error", {"day": facts.now.date()})
    elif facts.latest is not None and facts.now < facts.latest - _AHEAD:
        values = {"day": facts.now.date(), "last": facts.latest.date()}
        yield Finding("office.clock_before_draft", "warning", values)
    elif facts.latest is not None and facts.now > max(known) + _OLD:
        # The program's age alone says nothing: in six years it would be held against everybody.
        yield Finding("office.clock_ahead", "warning", {"day": facts.now.date()})


def _place(facts: PlaceFacts, windows: bool) -> Iterator[Finding]:
    where = {"path": str(facts.draft or facts.folder)}
    if not facts.writable:
        yield Finding("office.unwritable", "error", where)
    yield from _volume(facts, where)
    if facts.synced:
        yield Finding("office.synced", "warning", {**where, "service": facts.synced})
    if facts.origin:
        yield Finding(f"office.from_{facts.origin}", "warning", where)
    elif facts.marked:
        yield Finding("office.from_internet", "note", where)
    if windows and len(str(facts.draft or facts.folder)) > _LONGEST_PATH:
        yield Finding("office.path_too_long", "warning", {**where, "length": len(where["path"])})


def _volume(facts: PlaceFacts, where: dict[str, str]) -> Iterator[Finding]:
    volume = facts.volume
    if volume.kind == "network":
        yield Finding("office.network", "warning", {**where})
    if volume.kind == "removable" and facts.draft is not None:
        yield Finding("office.removable", "note", {**where})
    if volume.filesystem.lower() in SMALL_FILES:
        severity = "warning" if facts.size >= _NEARLY else "note"
        yield Finding("office.small_files", "warning" if severity == "warning" else "note", {**where})
    if volume.free is not None and facts.writable:
        if volume.free < max(_HARDLY, facts.size // 10):
            yield Finding("office.disk_full", "error", {**where, "free": volume.free // MIB})
        elif volume.free < _LITTLE + 2 * facts.size:
            # an export, a backup and a copy before a migration are each about as large as the draft
            yield Finding("office.disk_low", "warning", {**where, "free": volume.free // MIB})
