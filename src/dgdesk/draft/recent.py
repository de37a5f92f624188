"""What the start page shows of a draft: province, progress, score and last change, read from the draft itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from dgdesk import __version__
from dgdesk.draft.drafts import Draft, open_draft
from dgdesk.errors import DgdeskError
from dgdesk.survey.rules.figures import figures_of
from dgdesk.system.settings import Recent


def describe(draft: Draft, known: Recent) -> Recent:
    """Return what is known of a draft that is open."""
    session = draft.session
    total = figures_of(session.rules.rubric, session.state.score).total
    last = next(iter(draft.package.history(limit=1)), None)
    return replace(
        known,
        province=draft.province or "",
        percent=session.state.whole.percent,
        low=str(total.earned),
        claimed=str(total.claimed),
        high=str(total.high),
        changed=last.at.isoformat() if last is not None else "",
        stamp=_seen(stamp_of(draft.path)),
    )


def read_recent(known: Recent, clock: Callable[[], datetime]) -> Recent | None:
    """Update what is known of a draft, reading the file only if it or the program has changed; None if it is not there.

    If the file cannot be read, ``known`` is returned. Takes a third of a second: not for the window's thread.
    """
    path = Path(known.path)
    stamp = stamp_of(path)
    if not stamp:
        return None
    if _seen(stamp) == known.stamp:
        return known
    try:
        with open_draft(path, clock=clock, who="", read_only=True, folder_as_it_is=True) as draft:
            return describe(draft, known)
    except DgdeskError:
        return known


def _seen(stamp: str) -> str:
    """Return a file's stamp with the program's version: another version may score the same draft otherwise."""
    return f"{stamp} {__version__}"


def stamp_of(path: Path) -> str:
    """Return the file's size and time of change as one text; empty if the file does not exist."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return ""
    return f"{found.st_size}-{found.st_mtime_ns}"
