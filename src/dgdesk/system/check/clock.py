"""Whether this PC's clock can be right: asked by the check of this PC, and before anything dated is made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from dgdesk.system.check.facts import CheckResult, judge_clock
from dgdesk.system.check.gather import FIRST, built_on

_OF_THIS_RUN: Final = timedelta(days=1)


def clock_fault(now: datetime, *, latest: datetime | None = None, profile: Path | None = None) -> CheckResult | None:
    """Return what is wrong with the clock, None if it can be right; an error means that it cannot.

    ``latest`` is the newest time in the draft; without a draft, that of the files in ``profile`` which are older than a
    day, as an earlier run left them.
    """
    if latest is None and profile is not None:
        latest = _newest_before(profile, now - _OF_THIS_RUN)
    return judge_clock(now, made=built_on() or FIRST, latest=latest)


def _newest_before(folder: Path, moment: datetime) -> datetime | None:
    try:
        times = [one.stat().st_mtime for one in folder.iterdir()]
    except OSError:
        return None
    found = [time for time in times if 0 <= time < moment.timestamp()]
    return datetime.fromtimestamp(max(found), UTC) if found else None
