"""Facts about the machine and the folder of a draft, and what they mean for the person's work. Pure functions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Literal, NamedTuple

from dgdesk.system.check.clock import CheckResult, judge_clock

VolumeKind = Literal["fixed", "removable", "network", "optical", "memory", "unknown"]


class Volume(NamedTuple):
    """The volume of a path. ``filesystem`` as the system names it; ``free`` in bytes, None if unknown."""

    kind: VolumeKind = "unknown"
    filesystem: str = ""
    label: str = ""
    free: int | None = None


@dataclass(frozen=True, slots=True)
class FolderFacts:
    """A folder, and the draft in it if there is one (``draft`` and its ``size`` in bytes).

    ``synced`` names the service that syncs the folder to the internet ("" for none); ``origin`` is set for a folder
    with temporary copies, as of a mail; ``marked`` is true for a file that came from the internet.
    """

    folder: Path
    writable: bool
    volume: Volume = field(default_factory=Volume)
    synced: str = ""
    draft: Path | None = None
    size: int = 0
    origin: Literal["", "temporary", "mail", "archive"] = ""
    marked: bool = False


class MachineFacts(NamedTuple):
    """The machine: its clock (aware), missing parts of the program, and the profile.

    ``missing`` holds names of fonts and of libraries that read pictures and PDFs. ``made`` is the day on which the
    program was built, None if run from source; ``latest`` is the newest time in the open draft, ``used`` are times of
    earlier runs.
    """

    now: datetime
    made: datetime | None
    latest: datetime | None = None
    used: tuple[datetime, ...] = ()
    missing: tuple[str, ...] = ()
    profile: Path = Path()
    profile_writable: bool = True
    others: int = 0
    """Further windows of the program that run now, of this person on this PC."""
    windows: bool = False
    zone: timedelta | None = None
    """How far the PC's time zone is ahead of UTC; None if unknown."""


MIB: Final = 1 << 20
THAI_ZONE: Final = timedelta(hours=7)
SMALL_FILES: Final = frozenset({"fat", "fat12", "fat16", "fat32", "vfat", "msdos"})
"""Filesystems on which no file may reach 4 GiB (2 GiB on the oldest)."""
_NEARLY: Final = 3 << 30
_HARDLY: Final = 100 * MIB
_LITTLE: Final = 1024 * MIB
_LONGEST_PATH: Final = (
    223  # of 259 (MAX_PATH); an unfinished file's folder, "-journal" and names of copies take the rest
)
_ORDER: Final = {"error": 0, "warning": 1, "note": 2}


def judge(machine: MachineFacts, places: tuple[FolderFacts, ...]) -> tuple[CheckResult, ...]:
    """Return the results, errors first; empty if the machine suits the work."""
    found = [*_machine(machine), *(one for place in places for one in _place(place, machine.windows))]
    return tuple(sorted(found, key=lambda one: _ORDER[one.severity]))


def _machine(facts: MachineFacts) -> Iterator[CheckResult]:
    if facts.missing:
        yield CheckResult("office.parts_missing", "error", {"names": ", ".join(facts.missing)})
    if not facts.profile_writable:
        yield CheckResult("office.profile_unwritable", "error", {"path": str(facts.profile)})
    yield from _clock(facts)
    if facts.others > 0:
        yield CheckResult("office.another_window", "note", {"count": facts.others})


def _clock(facts: MachineFacts) -> Iterator[CheckResult]:
    if (found := judge_clock(facts.now, made=facts.made, latest=facts.latest, used=facts.used)) is not None:
        yield found
    if facts.zone is not None and facts.zone != THAI_ZONE:
        yield CheckResult("office.zone_differs", "note", {"zone": zone_text(facts.zone)})


def zone_text(zone: timedelta) -> str:
    """Return a time zone as "UTC+07:00"."""
    minutes = round(zone.total_seconds() / 60)
    sign = "-" if minutes < 0 else "+"
    return f"UTC{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def _place(facts: FolderFacts, windows: bool) -> Iterator[CheckResult]:
    where = {"path": str(facts.draft or facts.folder)}
    if not facts.writable:
        yield CheckResult("office.unwritable", "error", where)
    yield from _volume(facts, where)
    if facts.synced:
        yield CheckResult("office.synced", "warning", {**where, "service": facts.synced})
    if facts.origin:
        yield CheckResult(f"office.from_{facts.origin}", "warning", where)
    elif facts.marked:
        yield CheckResult("office.from_internet", "note", where)
    if windows and len(str(facts.draft or facts.folder)) > _LONGEST_PATH:
        yield CheckResult("office.path_too_long", "warning", {**where, "length": len(where["path"])})


def _volume(facts: FolderFacts, where: dict[str, str]) -> Iterator[CheckResult]:
    volume = facts.volume
    if volume.kind == "network":
        yield CheckResult("office.network", "warning", {**where})
    if volume.kind == "removable" and facts.draft is not None:
        yield CheckResult("office.removable", "note", {**where})
    if volume.filesystem.lower() in SMALL_FILES:
        severity = "warning" if facts.size >= _NEARLY else "note"
        yield CheckResult("office.small_files", "warning" if severity == "warning" else "note", {**where})
    if volume.free is not None and facts.writable:
        if volume.free < max(_HARDLY, facts.size // 10):
            yield CheckResult("office.disk_full", "error", {**where, "free": volume.free // MIB})
        elif volume.free < _LITTLE + 2 * facts.size:
            # an export, a backup and the copy before a migration each have about the size of the draft
            yield CheckResult("office.disk_low", "warning", {**where, "free": volume.free // MIB})
