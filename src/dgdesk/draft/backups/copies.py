"""When a backup is due, how it is made and checked, and which older ones are removed."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from dgdesk.draft.backups.names import BackupCopy, list_copies, name_for, read_name
from dgdesk.draft.file.disk import size_of
from dgdesk.draft.file.model import Damage
from dgdesk.draft.file.store import DraftFile
from dgdesk.errors import FileError
from dgdesk.system.progress import NO_PROGRESS, Progress
from dgdesk.system.renaming import remove_file


@dataclass(frozen=True, slots=True)
class MadeBackup:
    """A new backup, the damage of the draft itself, and the number of old backups removed."""

    copy: BackupCopy
    damages: tuple[Damage, ...]
    dropped: int


def newest_change(package: DraftFile) -> datetime | None:
    """Return the time of the draft's last change (answers, evidence, register of exports); None if there is none."""
    times = [record.at for record in package.history(limit=1)] + [line.at for line in package.register()[-1:]]
    return max(times, default=None)


def make_copy(
    package: DraftFile,
    folder: Path,
    now: datetime,
    policy: Policy,
    *,
    progress: Progress = NO_PROGRESS,
) -> MadeBackup:
    """Make a checked backup in ``folder``, then remove older ones by the policy.

    A damaged draft is copied too, but then no older backup is removed: one of them may be sound.

    Raises:
        Cancelled: the person stopped it; there is no new copy.
        FileError: ``backup.folder`` (it cannot be made); as `DraftFile.backup`.
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
    return MadeBackup(made, damages, dropped)


@dataclass(frozen=True, slots=True)
class Policy:
    """How many backups to keep at most, for how many days, and the time of work between two.

    The newest ``least`` are kept at any age: a draft that is opened again after a year still has one.
    """

    most: int = 10
    days: int = 60
    every: timedelta = timedelta(hours=1)
    least: int = 2


def is_due(policy: Policy, copies: Sequence[BackupCopy], now: datetime, changed: datetime | None) -> bool:
    """Return whether a backup is due: something has changed since the newest one, and that is old enough.

    ``changed`` is the time of the newest change, None if there was none. A backup dated in the future (the clock was
    wrong) does not prevent a new one.
    """
    if changed is None:
        return False
    past = [copy.at for copy in copies if copy.at <= now]
    if not past:
        return True
    return changed > max(past) and now - max(past) >= policy.every


def to_drop(policy: Policy, copies: Sequence[BackupCopy], now: datetime) -> tuple[BackupCopy, ...]:
    """Return the backups to remove, oldest first: too many, or too old. The newest ``least`` are always kept."""
    ordered = sorted(copies, reverse=True)
    oldest = now - timedelta(days=policy.days)
    dropped = [
        copy for at, copy in enumerate(ordered) if at >= policy.least and (at >= policy.most or copy.at < oldest)
    ]
    return tuple(reversed(dropped))
