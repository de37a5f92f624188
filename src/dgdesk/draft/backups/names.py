"""Names of backups: they say whose copy it is and when it was made, and sort by time.

The backups of ``น่าน.dgdesk`` are in the folder ``น่าน.backups`` beside it, such as ``น่าน.20261122-140501.dgdesk``.
The time is UTC, so that a change of the PC's time zone cannot change their order. In a folder that the person chose,
which may hold backups of drafts from many folders, the name also has some letters from the draft's path, so that two
drafts of the same name do not share their backups.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from dgdesk.system.bounds import is_moment

_STAMP: Final = "%Y%m%d-%H%M%S"
_FOLDER: Final = ".backups"
_LONGEST_STEM: Final = 100
_LETTERS: Final = 8


@dataclass(frozen=True, slots=True, order=True)
class BackupCopy:
    """A backup in a folder; ``at`` is aware (UTC), ``size`` in bytes."""

    at: datetime
    path: Path
    size: int = 0


def folder_for(draft: Path, chosen: Path | None = None) -> Path:
    """Return the folder of a draft's backups: beside the draft, or inside the chosen folder."""
    if chosen is None:
        return draft.parent / f"{_stem(draft)}{_FOLDER}"
    place = os.path.normcase(os.path.abspath(draft))
    letters = hashlib.sha256(place.encode("utf-8", "surrogatepass")).hexdigest()[:_LETTERS]
    return chosen / f"{_stem(draft)}-{letters}{_FOLDER}"


def name_for(draft: Path, at: datetime) -> str:
    """Return the name of a backup made at ``at`` (aware)."""
    return f"{_stem(draft)}.{at.astimezone(UTC):{_STAMP}}{draft.suffix}"


def read_name(name: str, draft: Path) -> datetime | None:
    """Return when the backup of this name was made, None if it is no backup of this draft."""
    pattern = re.escape(_stem(draft)) + r"\.(\d{8}-\d{6})" + re.escape(draft.suffix)
    found = re.fullmatch(pattern, name, re.ASCII)
    if found is None:
        return None
    try:
        # Not strptime: it uses the locale of the system, and warns under a Thai one.
        made = datetime.fromisoformat(found[1].replace("-", "T")).replace(tzinfo=UTC)
    except ValueError:
        return None
    return made if is_moment(made) else None


def list_copies(draft: Path, folder: Path) -> tuple[BackupCopy, ...]:
    """Return the backups of a draft in ``folder``, newest first; none if the folder cannot be read."""
    found = []
    with suppress(OSError):
        for path in folder.iterdir():
            at = read_name(path.name, draft)
            if at is not None and path.is_file():
                found.append(BackupCopy(at, path, path.stat().st_size))
    return tuple(sorted(found, reverse=True))


def all_copies(draft: Path, chosen: Path | None = None) -> tuple[BackupCopy, ...]:
    """Return the backups beside a draft and in the chosen folder, newest first."""
    found = (copy for folder in _folders(draft, chosen) for copy in list_copies(draft, folder))
    return tuple(sorted(found, reverse=True))


def _folders(draft: Path, chosen: Path | None) -> Iterator[Path]:
    yield folder_for(draft)
    if chosen is not None:
        yield folder_for(draft, chosen)


def _stem(draft: Path) -> str:
    """Return the name to begin with, cut if too long: the time and SQLite's ``-journal`` are added to it."""
    return draft.stem[:_LONGEST_STEM]
