"""What the start page shows of a draft: respondent, progress, score and last change, read from the draft itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from dgdesk import __version__
from dgdesk.draft.drafts import Draft, open_draft
from dgdesk.errors import DgdeskError
from dgdesk.survey.definition.form import Form
from dgdesk.survey.rules.figures import figures_of
from dgdesk.system.settings import Recent

Also = Callable[[Draft, Recent], Recent]
_LONGEST_PLACE = 120


def describe(draft: Draft, known: Recent) -> Recent:
    """Return what is known of a draft that is open."""
    session = draft.session
    total = figures_of(session.rules.rubric, session.state.score).total
    last = next(iter(draft.package.history(limit=1)), None)
    return replace(
        known,
        respondent=draft.respondent_name,
        percent=session.state.whole.percent,
        low=str(total.earned),
        claimed=str(total.claimed),
        high=str(total.high),
        changed=last.at.isoformat() if last is not None else "",
        stamp=_seen(stamp_of(draft.path)),
        place=page_place(session.form, known.page),
        edition=session.form.definition.edition,
        closes=closes.isoformat() if (closes := session.form.definition.closes) is not None else "",
    )


def page_place(form: Form, page: str) -> str:
    """Return a page in words, "P2.1.4 …": its first printed code and its short name; empty for an unknown page."""
    if page not in form.pages:
        return ""
    section, model = form.pages[page]
    code = next((item.code for item in model.items if item.code), "")
    name = model.short or model.title or section.short or section.title
    return " ".join(part for part in (code, name) if part)[:_LONGEST_PLACE]


def read_recent(known: Recent, clock: Callable[[], datetime], also: Also = lambda _, found: found) -> Recent | None:
    """Update what is known of a draft, reading the file only if it or the program has changed; None if it is not there.

    ``also`` adds what other layers know of the open draft. If the file cannot be read, ``known`` is returned. Takes a
    third of a second: not for the window's thread.
    """
    path = Path(known.path)
    stamp = stamp_of(path)
    if not stamp:
        return None
    if _seen(stamp) == known.stamp:
        return known
    try:
        with open_draft(path, clock=clock, who="", read_only=True, folder_as_it_is=True) as draft:
            return also(draft, describe(draft, known))
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
