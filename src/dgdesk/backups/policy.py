"""Backups, policy: when a copy is due, and which may go. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dgdesk.backups.names import BackupCopy


@dataclass(frozen=True, slots=True)
class Policy:
    """How many copies are kept at most, for how many days, and how long the work goes on between two.

    ``least`` copies stay, however old they are: a draft that is opened again after a year has still one.
    """

    most: int = 10
    days: int = 60
    every: timedelta = timedelta(hours=1)
    least: int = 2


def is_due(policy: Policy, copies: Sequence[BackupCopy], now: datetime, changed: datetime | None) -> bool:
    """Whether a copy is to be made: something was changed since the newest, and that one is old enough.

    ``changed`` is the time of the newest change, None if nothing was ever changed. A copy from the future (the clock
    was wrong) does not keep a new one from being made.
    """
    if changed is None:
        return False
    past = [copy.at for copy in copies if copy.at <= now]
    if not past:
        return True
    return changed > max(past) and now - max(past) >= policy.every


def to_drop(policy: Policy, copies: Sequence[BackupCopy], now: datetime) -> tuple[BackupCopy, ...]:
    """Return the copies that may go, oldest first: too many, or too old. The newest ``least`` always stay."""
    ordered = sorted(copies, reverse=True)
    oldest = now - timedelta(days=policy.days)
    gone = [copy for at, copy in enumerate(ordered) if at >= policy.least and (at >= policy.most or copy.at < oldest)]
    return tuple(reversed(gone))
