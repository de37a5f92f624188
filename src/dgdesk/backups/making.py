"""Backups, making: a checked copy with its final name, then those go that are too many."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dgdesk.backups.names import BackupCopy, list_copies, name_for, read_name
from dgdesk.backups.policy import Policy, to_drop
from dgdesk.errors import FileError
from dgdesk.package.disk import size_of
from dgdesk.package.model import Damage
from dgdesk.package.store import Package
from dgdesk.system.progress import NO_PROGRESS, Progress
from dgdesk.system.renaming import remove_file


@dataclass(frozen=True, slots=True)
class Made:
    """A new backup, the damage of the draft itself, and the number of old backups removed."""

    copy: BackupCopy
    damages: tuple[Damage, ...]
    dropped: int


def newest_change(package: Package) -> datetime | None:
    """Return the time of the draft's last change (answers, evidence, register of exports); None if there is none."""
    times = [record.at for record in package.history(limit=1)] + [line.at for line in package.register()[-1:]]
    return max(times, default=None)


def make_copy(
    package: Package,
    folder: Path,
    now: datetime,
    policy: Policy,
    *,
    progress: Progress = NO_PROGRESS,
) -> Made:
    """Make a checked backup in ``folder``, then remove older ones by the policy.

    A damaged draft is copied too, but then no older backup is removed: one of them may be sound.

    Raises:
        Cancelled: the person stopped it; there is no new copy.
        FileError: ``backup.folder`` (it cannot be made); as `Package.backup`.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError("backup.folder", path=str(folder)) from error
    target = folder / name_for(package.path, now)
    damages = package.backup(target, replace=True, progress=progress)
    copies = list_copies(package.path, folder)
    at = read_name(target.name, package.path)
    made = BackupCopy(now if at is None else at, target, size_of(target))
    dropped = 0
    if not damages:
        for copy in to_drop(policy, copies, now):
            with suppress(OSError):
                remove_file(copy.path)
                dropped += 1
    return Made(made, damages, dropped)
