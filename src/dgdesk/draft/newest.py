"""When something was last done in a draft: a clock that shows an earlier time is wrong."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from dgdesk.draft.drafts import Draft
from dgdesk.errors import FileError
from dgdesk.system.bounds import NO_TIME


def newest_moment(draft: Draft) -> datetime | None:
    """Return the time of the draft's newest change, export or receipt; None without any that can be read."""
    found: list[datetime] = []
    for read in (lambda: draft.package.history(1), draft.package.register):
        with suppress(FileError):
            found += (one.at for one in read() if one.at != NO_TIME)
    return max(found, default=None)
