"""Plans which file of a folder goes to which evidence slot. Pure functions; the person confirms the plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Literal

from dgdesk.carrying.index import Row
from dgdesk.carrying.matching import Matcher, match_path
from dgdesk.evidence.inspection.issue import FileIssue, Incoming
from dgdesk.survey.answers.attachments import Evidence
from dgdesk.survey.definition.form import Form

Standing = Literal["matched", "ambiguous", "unmatched", "refused", "already"]


@dataclass(frozen=True)
class Found:
    """A file of the folder, its path relative to it.

    ``sha256`` is known only if the draft has a file of that size; ``trouble`` says why it could not be inspected.
    """

    path: PurePosixPath
    size: int
    sha256: str | None = None
    inspected: Incoming | None = None
    trouble: FileIssue | None = None

    @property
    def findings(self) -> tuple[FileIssue, ...]:
        """Everything to report about it."""
        if self.trouble is not None:
            return (self.trouble,)
        return self.inspected.findings if self.inspected is not None else ()


@dataclass(frozen=True)
class PlanItem:
    """What happens to one file; ``candidates`` are the slots to choose from, the likeliest first."""

    found: Found
    status: Standing
    slot: str | None = None
    candidates: tuple[str, ...] = ()
    name: str = ""
    pages: str = ""
    passages: str = ""


@dataclass(frozen=True)
class Plan:
    """What importing a folder would do, in the order of paths."""

    items: tuple[PlanItem, ...] = field(default=())

    @property
    def counts(self) -> Mapping[Standing, int]:
        """The number of files by status."""
        return Counter(item.status for item in self.items)

    @property
    def to_attach(self) -> tuple[PlanItem, ...]:
        """The files that would be attached."""
        return tuple(item for item in self.items if item.status == "matched")

    def choose(self, path: PurePosixPath, slot: str | None) -> Plan:
        """Return the plan with a person's choice for one file; None leaves it out. Refused files stay refused."""
        return Plan(
            tuple(
                replace(item, slot=slot, status="unmatched" if slot is None else "matched")
                if item.found.path == path and item.status != "refused"
                else item
                for item in self.items
            )
        )


def make_plan(
    form: Form,
    matcher: Matcher,
    found: Sequence[Found],
    evidence: Evidence,
    open_slots: Iterable[str],
    index: Mapping[str, Row],
) -> Plan:
    """Match every file to its slot; ``index`` has the rows of the index if dgdesk exported the folder."""
    asked = frozenset(open_slots)
    return Plan(tuple(_item(form, matcher, one, evidence, asked, index) for one in found))


def _item(
    form: Form,
    matcher: Matcher,
    found: Found,
    evidence: Evidence,
    open_slots: frozenset[str],
    index: Mapping[str, Row],
) -> PlanItem:
    if any(finding.severity == "refuse" for finding in found.findings):
        return PlanItem(found, "refused", name=found.path.name)
    row = index.get(str(found.path))
    if row is not None and row.slot in form.slots:
        item = PlanItem(found, "matched", row.slot, (row.slot,), row.name or found.path.name, row.pages, row.passages)
    else:
        match = match_path(matcher, found.path, open_slots)
        if match.sure:
            item = PlanItem(found, "matched", match.slots[0], match.slots, found.path.name)
        else:
            item = PlanItem(found, "ambiguous" if match.slots else "unmatched", None, match.slots, found.path.name)
    there = evidence.get(item.slot, ()) if item.slot is not None else ()
    if found.sha256 is not None and any(one.sha256 == found.sha256 for one in there):
        return replace(item, status="already")
    return item
