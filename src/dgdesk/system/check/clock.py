"""Whether this PC's clock can be right: asked by the check of this PC, and before anything dated is made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
"""A time so near to the present one says nothing of the clock: it may come from the same wrong clock."""
_AHEAD: Final = timedelta(minutes=10)
_LONGEST_PAUSE: Final = timedelta(days=730)
"""After the last change of a draft: beyond it, receivers too ask about the time (`trust_list.LONG_AGO`)."""
_UNUSED: Final = timedelta(days=6 * 365)
_OLDEST_PROGRAM: Final = timedelta(days=10 * 365)
"""Asked only where nothing else is known, so that a PC where an old program is used every year is not warned."""


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

    ``latest`` is the newest time in the draft; ``profile`` is the folder where earlier runs left files.
    """
    used = () if profile is None else times_of_use(profile)
    return judge_clock(now, made=built_on() or FIRST, latest=latest, used=used)


def times_of_use(profile: Path) -> tuple[datetime, ...]:
    """Return when the files of a profile were written: the program was used at these times."""
    try:
        return tuple(datetime.fromtimestamp(one.stat().st_mtime, UTC) for one in profile.iterdir())
    except (OSError, OverflowError, ValueError):
        return ()


def judge_clock(
    now: datetime, *, made: datetime | None, latest: datetime | None, used: Iterable[datetime] = ()
) -> CheckResult | None:
    """Return what is wrong with a clock, None if it can be right; an error means that it cannot.

    Known are the day of the build, the newest time in the draft, and times when the program was used on this PC.
    """
    if made is not None and now < made - timedelta(days=1):
        return CheckResult("office.clock_behind", "error", {"day": now.date()})
    if latest is not None and now < latest - _AHEAD:
        return CheckResult("office.clock_before_draft", "warning", {"day": now.date(), "last": latest.date()})
    return _ahead(now, made, latest, max((one for one in used if one < now - _OF_THIS_RUN), default=None))


def _ahead(now: datetime, made: datetime | None, latest: datetime | None, used: datetime | None) -> CheckResult | None:
    """Return that the clock may be far ahead of all that is known from before this day."""
    changed = None if latest is None or latest > now - _OF_THIS_RUN else latest
    known = [one for one in (made, changed, used) if one is not None]
    most = _LONGEST_PAUSE if changed is not None else _UNUSED if used is not None else _OLDEST_PROGRAM
    if not known or now <= max(known) + most:
        return None
    if changed is not None:
        return CheckResult("office.clock_after_draft", "warning", {"day": now.date(), "last": changed.date()})
    return CheckResult("office.clock_ahead", "warning", {"day": now.date()})
