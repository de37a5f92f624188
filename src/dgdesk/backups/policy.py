"""When a copy is due, and which may go. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dgdesk.backups.names import BackupCopy


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
