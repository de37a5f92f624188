"""When a draft was last changed: a clock that shows an earlier time is wrong."""

from __future__ import annotations

from datetime import datetime

from dgdesk.draft.drafts import Draft
from dgdesk.errors import FileError
from dgdesk.system.bounds import NO_TIME


def newest_moment(draft: Draft) -> datetime | None:
    """Return the time of the draft's newest journal entry; None for an empty or unreadable journal."""
    try:
        entries = draft.package.history(1)
    except FileError:
        return None
    return entries[0].at if entries and entries[0].at != NO_TIME else None
