"""Carrying in: a folder of files, previewed as a plan and then attached one by one."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from dgdesk.carrying.folder import read_folder
from dgdesk.carrying.matching import make_matcher
from dgdesk.carrying.plan import Plan, PlanItem, make_plan
from dgdesk.draft.changes import Changes, merged
from dgdesk.draft.session import FormSession
from dgdesk.errors import DgdeskError
from dgdesk.evidence.limits import AttachmentRequest
from dgdesk.survey.rules.evidence_overview import place_rows
from dgdesk.system.progress import NO_PROGRESS, Cancelled, Progress


@dataclass(frozen=True)
class CarriedIn:
    """The result of a plan: files attached, attached already, failed with the reason; and what views must redraw."""

    attached: tuple[PlanItem, ...]
    already: tuple[PlanItem, ...]
    failed: tuple[tuple[PlanItem, DgdeskError], ...]
    stopped: bool = False
    changes: Changes = field(default_factory=Changes)


def plan_folder(session: FormSession, folder: Path, *, progress: Progress = NO_PROGRESS) -> Plan:
    """Plan the import of a folder. Reads the session, changes nothing. Raises as `read_folder`."""
    form, state = session.form, session.state
    evidence = state.facts.evidence
    sizes = frozenset(one.size for attached in evidence.values() for one in attached)
    limits = form.definition.evidence_limits
    found, index = read_folder(folder, limits, sizes, session.documents.inspect, progress=progress)
    asked = (row.slot for row in place_rows(form, state) if row.is_open)
    return make_plan(form, make_matcher(form), found, evidence, asked, index)


def carry_in(
    session: FormSession,
    folder: Path,
    plan: Plan,
    *,
    progress: Progress = NO_PROGRESS,
) -> CarriedIn:
    """Attach the files that a plan matched, each in a separate durable step; ``progress`` counts bytes of all files.

    A file that fails is reported and the others go on. If cancelled, the files attached so far stay.
    """
    attached: list[PlanItem] = []
    already: list[PlanItem] = []
    failed: list[tuple[PlanItem, DgdeskError]] = []
    changes: list[Changes] = []
    total, done = sum(item.found.size for item in plan.to_attach), 0
    for item in plan.to_attach:
        found = item.found
        request = AttachmentRequest(
            folder / found.path, found.inspected, name=item.name, pages=item.pages, passages=item.passages
        )
        try:
            progress.check()
            step = progress.mapped(partial(_after, done, total))
            change, (result,) = session.attach_files(item.slot or "", [request], progress=step)
            error = next(iter(result.errors), None)
        except Cancelled:
            return CarriedIn(tuple(attached), tuple(already), tuple(failed), stopped=True, changes=merged(changes))
        except DgdeskError as draft_error:
            change, error = Changes(), draft_error
        changes.append(change)
        if error is None:
            attached.append(item)
        elif error.code == "evidence.already_there":
            already.append(item)
        else:
            failed.append((item, error))
        done += item.found.size
    return CarriedIn(tuple(attached), tuple(already), tuple(failed), changes=merged(changes))


def _after(before: int, total: int, done: int, _: int) -> tuple[int, int]:
    return min(before + done, total), total
