"""Office PC, facts: what was found out about the machine and the place of a draft. No judgement here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

Kind = Literal["fixed", "removable", "network", "optical", "memory", "unknown"]


@dataclass(frozen=True, slots=True)
class Volume:
    """The volume that a path lies on. ``filesystem`` as the system names it; ``free`` in bytes, None if unknown."""

    kind: Kind = "unknown"
    filesystem: str = ""
    label: str = ""
    free: int | None = None


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """A folder, and the draft in it if there is one (``draft`` and its ``size`` in bytes).

    ``synced`` names the service that carries the folder to the net ("" for none); ``origin`` tells a place that a file
    only passes through; ``marked`` is true for a file that came from the internet.
    """

    folder: Path
    writable: bool
    volume: Volume = field(default_factory=Volume)
    synced: str = ""
    draft: Path | None = None
    size: int = 0
    origin: Literal["", "temporary", "mail", "archive"] = ""
    marked: bool = False


@dataclass(frozen=True, slots=True)
class MachineFacts:
    """The machine: its clock (aware), what of the program is not there, and the profile.

    ``missing`` holds names of fonts and of libraries that read pictures and PDFs. ``made`` is the day on which the
    program was built, None from source; ``latest`` is the newest moment that the open draft knows of.
    """

    now: datetime
    made: datetime | None
    latest: datetime | None = None
    missing: tuple[str, ...] = ()
    profile: Path = Path()
    profile_writable: bool = True
    others: int = 0
    """Further windows of the program that run now, of this person on this PC."""
    windows: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a person should know. ``code`` is its sentence's; an error endangers the work, a warning may."""

    code: str
    severity: Literal["error", "warning", "note"]
    values: Mapping[str, object] = field(default_factory=dict)
