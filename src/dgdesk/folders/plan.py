"""The plan of an import, which the person confirms: each file of the folder, where it goes, and as what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Literal

from dgdesk.evidence.inspection.issue import FileIssue
from dgdesk.folders.found import FoundFile, SkippedFile
from dgdesk.folders.indexed import FromIndex, differs_here
from dgdesk.survey.answers.attachments import Evidence, is_marked
from dgdesk.survey.answers.marks import Mark

MatchStatus = Literal["matched", "ambiguous", "unmatched", "refused", "already"]


@dataclass(frozen=True)
class PlanItem:
    """What happens to one file; ``candidates`` are the slots to choose from, the likeliest first.

    ``order`` is its position at the slot in the full index; ``issues`` say what comes back with it. ``code`` is that of
    a question without places for evidence, if the name has one; ``there`` is the name under which the same content is
    attached already.
    """

    found: FoundFile
    status: MatchStatus
    slot: str | None = None
    candidates: tuple[str, ...] = ()
    name: str = ""
    pages: str = ""
    passages: str = ""
    whole: bool = False
    marks: tuple[Mark, ...] = ()
    order: int | None = None
    issues: tuple[FileIssue, ...] = ()
    code: str = ""
    there: str = ""

    @property
    def marked(self) -> bool:
        """Whether its key passage will be marked."""
        return is_marked(self.pages, self.passages, self.marks, whole=self.whole)


@dataclass(frozen=True)
class ImportPlan:
    """What importing a folder would do, in the order of paths; ``issues`` are those of the folder as a whole.

    ``skipped`` is what was found and passed over, with the reasons.
    """

    items: tuple[PlanItem, ...] = field(default=())
    issues: tuple[FileIssue, ...] = ()
    skipped: tuple[SkippedFile, ...] = ()

    @property
    def counts(self) -> Mapping[MatchStatus, int]:
        """The number of files by status."""
        return Counter(item.status for item in self.items)

    @property
    def to_attach(self) -> tuple[PlanItem, ...]:
        """The files that would be attached."""
        return tuple(item for item in self.items if item.status == "matched")

    def as_whole(self) -> ImportPlan:
        """Return the plan of a person who said that in each file not marked yet the whole is the key passage."""
        return replace(self, items=tuple(item if item.marked else replace(item, whole=True) for item in self.items))

    def choose(self, path: PurePosixPath, slot: str | None) -> ImportPlan:
        """Return the plan with a person's choice for one file; None leaves it out. Refused files stay refused."""
        return replace(
            self,
            items=tuple(
                replace(
                    item,
                    slot=slot,
                    status="unmatched" if slot is None else "matched",
                    order=item.order if slot == item.slot else None,
                )
                if item.found.path == path and item.status != "refused"
                else item
                for item in self.items
            ),
        )


def as_indexed(found: FoundFile, taken: FromIndex, evidence: Evidence) -> PlanItem:
    """Return what the full index says of a file; one that lies at its place already is left as it is there."""
    one = taken.attachment
    item = PlanItem(
        found,
        "matched" if taken.slot is not None else "ambiguous" if taken.candidates else "unmatched",
        taken.slot,
        taken.candidates,
        one.name,
        one.pages,
        one.passages,
        one.whole,
        one.marks,
        taken.order,
        taken.issues,
    )
    for there in evidence.get(taken.slot, ()) if taken.slot is not None else ():
        if there.sha256 == found.sha256:
            differs = differs_here(one, there)
            return replace(
                item, status="already", there=there.name, issues=(*item.issues, *([differs] if differs else []))
            )
    return item
