"""Carrying in: a folder of files, previewed as a plan and then attached one by one."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from dgdesk.carrying.folder import Looked, read_folder
from dgdesk.carrying.matching import make_matcher
from dgdesk.carrying.plan import Plan, PlanItem, make_plan
from dgdesk.changes import Changes, merged
from dgdesk.errors import DgdeskError
from dgdesk.package.model import Cancelled, CancelledError, Progress
from dgdesk.rules.overview import place_rows
from dgdesk.session import FormSession


@dataclass(frozen=True)
class CarriedIn:
    """What became of a plan: attached, there already, and failed with its reason; and what views must redraw."""

    attached: tuple[PlanItem, ...]
    already: tuple[PlanItem, ...]
    failed: tuple[tuple[PlanItem, DgdeskError], ...]
    stopped: bool = False
    changes: Changes = field(default_factory=Changes)


def plan_folder(
    session: FormSession, folder: Path, *, progress: Looked | None = None, cancelled: Cancelled | None = None
) -> Plan:
    """Say what carrying a folder in would do. Reads the session, changes nothing. Raises as `read_folder`."""
    form, state = session.form, session.state
    evidence = state.facts.evidence
    sizes = frozenset(one.size for attached in evidence.values() for one in attached)
    limits = form.definition.evidence_limits
    found, index = read_folder(folder, limits, sizes, session.documents.inspect, progress=progress, cancelled=cancelled)
    asked = (row.slot for row in place_rows(form, state) if row.is_open)
    return make_plan(form, make_matcher(form), found, evidence, asked, index)


def carry_in(
    session: FormSession,
    folder: Path,
    plan: Plan,
    *,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> CarriedIn:
    """Attach what a plan matched, each file in a durable step of its own; ``progress`` counts bytes of all files.

    One that fails is reported and the others go on. Stopped, what is attached stays.
    """
    attached: list[PlanItem] = []
    already: list[PlanItem] = []
    failed: list[tuple[PlanItem, DgdeskError]] = []
    changes: list[Changes] = []
    total, done = sum(item.found.size for item in plan.to_attach), 0
    for item in plan.to_attach:
        if cancelled is not None and cancelled():
            return CarriedIn(tuple(attached), tuple(already), tuple(failed), stopped=True, changes=merged(changes))

        def step(bytes_done: int, _: int, before: int = done) -> None:
            if progress is not None:
                progress(min(before + bytes_done, total), total)

        try:
            change = session.attach(
                item.slot or "",
                folder / item.found.path,
                name=item.name,
                pages=item.pages,
                passages=item.passages,
                progress=step,
                cancelled=cancelled,
            )
            changes.append(change)
            attached.append(item)
        except CancelledError:
            return CarriedIn(tuple(attached), tuple(already), tuple(failed), stopped=True, changes=merged(changes))
        except DgdeskError as error:
            if error.code == "evidence.already_there":
                already.append(item)
            else:
                failed.append((item, error))
        done += item.found.size
    return CarriedIn(tuple(attached), tuple(already), tuple(failed), changes=merged(changes))
