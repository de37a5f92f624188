"""Whether this PC's clock can be right: asked by the check of this PC, and before anything dated is made."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

from dgdesk.resources import resource

FIRST: Final = datetime(2025, 10, 1, tzinfo=UTC)
"""Before any version of the program: the earliest right time where the day of the build is unknown."""
BUILT: Final = "built.txt"
"""The file that the build of the frozen program adds: the day of the build, as 2026-12-01."""
_OF_THIS_RUN: Final = timedelta(days=1)
_AHEAD: Final = timedelta(minutes=10)
_OLD: Final = timedelta(days=6 * 365)


class CheckResult(NamedTuple):
    """Something that a person should know: a message code. An error endangers the work, a warning may."""

    code: str
    severity: Literal["error", "warning", "note"]
    values: Mapping[str, object] = MappingProxyType({})


def built_on(name: str = BUILT) -> datetime | None:
    """Return the day of the frozen program's build, the earliest that a correct clock can show; None from source."""
    try:
        return datetime.fromisoformat(resource(name).read_text(encoding="ascii").strip()).replace(tzinfo=UTC)
    except (OSError, ValueError):
        return None


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


def judge_clock(now: datetime, *, made: datetime | None, latest: datetime | None) -> CheckResult | None:
    """Return what is wrong with a clock, given the day of the build and the newest time known; None if it can be right.

    An error means that it cannot be right.
    """
    known = [moment for moment in (made, latest) if moment is not None]
    if made is not None and now < made - timedelta(days=1):
        return CheckResult("office.clock_behind", "error", {"day": now.date()})
    if latest is not None and now < latest - _AHEAD:
        return CheckResult("office.clock_before_draft", "warning", {"day": now.date(), "last": latest.date()})
    if latest is not None and now > max(known) + _OLD:
        # The program's age alone is no sign of a wrong clock: in six years everybody would be warned.
        return CheckResult("office.clock_ahead", "warning", {"day": now.date()})
    return None
