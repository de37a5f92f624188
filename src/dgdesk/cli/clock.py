"""The clock, before a command makes something dated: a signature, a certificate, a receipt."""

from __future__ import annotations

from dgdesk.cli.context import Context
from dgdesk.draft.drafts import Draft
from dgdesk.draft.newest import newest_moment
from dgdesk.errors import CheckFailed
from dgdesk.system.check.clock import clock_fault


def require_clock(context: Context, draft: Draft | None = None) -> None:
    """Refuse under a clock that cannot be right; say so, and go on, under one that is only doubtful.

    Raises:
        CheckFailed: ``office.clock_behind``.
    """
    latest = None if draft is None else newest_moment(draft)
    fault = clock_fault(context.clock(), latest=latest, profile=context.profile.root)
    if fault is None:
        return
    error = CheckFailed(fault.code, **fault.values)
    if fault.severity == "error":
        raise error
    context.tell(context.catalogue.error(error))
