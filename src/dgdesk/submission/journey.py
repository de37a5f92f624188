"""From the first answer to the receipt: what follows an export, and what the window's primary button does next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final, Literal, NamedTuple

from dgdesk.draft.drafts import Draft
from dgdesk.draft.file.model import ExportRecord, StoredJson
from dgdesk.draft.file.register import KIND, RECEIPT, SCAN, STEP
from dgdesk.submission.returned import return_reason
from dgdesk.submission.since_export import SinceExport
from dgdesk.system.settings import Recent
from dgdesk.text.shown import plain_name

Step = Literal["send", "print", "sign", "scan", "receipt"]
STEPS: Final[tuple[Step, ...]] = ("send", "print", "sign", "scan", "receipt")
"""What follows an export, in the order of the work."""
TICKED: Final[tuple[Step, ...]] = ("send", "print", "sign")
"""The steps that only a person can tell; the others are read from the register."""

_LONGEST_NAME: Final = 100

Act = Literal["next", "review", "go_on", "export", "print", "scan", "wait", "done"]
"""What the primary button does: next page, review page, next thing to do, export and sign, print and sign, keep the
scan, and nothing more but to wait for the receipt, or nothing at all."""
Place = Literal["page", "last", "review"]
"""Where the window is: a page with another one after it, the last page, the review page."""


class Checklist(NamedTuple):
    """What follows the last complete export, and which steps are done."""

    line: ExportRecord
    done: frozenset[Step]
    returned: str = ""
    """Why the office has returned it, in its words; empty if it has not."""

    @property
    def digest(self) -> str:
        """The bundle's digest, hex."""
        return str(self.line.record.get("digest", ""))

    @property
    def file(self) -> str:
        """The name of the bundle's file; it came from a draft file, so show it as a foreign text."""
        return str(self.line.record.get("file", ""))

    @property
    def left(self) -> tuple[Step, ...]:
        """The steps that are not done, in order."""
        return tuple(step for step in STEPS if step not in self.done)

    @property
    def closed(self) -> bool:
        """Whether the receipt has come: then nothing is left."""
        return "receipt" in self.done


def checklist(register: Sequence[ExportRecord]) -> Checklist | None:
    """Return what follows the last export that is no draft; None if there is none."""
    complete = [line for line in register if KIND not in line.record and line.record.get("draft") is not True]
    if not complete:
        return None
    last = complete[-1]
    digest = last.record.get("digest")
    about = [line.record for line in register if line.record.get("digest") == digest and KIND in line.record]
    return Checklist(last, frozenset(_done(about)), return_reason(register, str(digest)))


def with_journey(draft: Draft, known: Recent) -> Recent:
    """Return what is known of a draft with what is left to do after its last complete export."""
    found = checklist(draft.package.register())
    if found is None or found.closed:
        return replace(known, sent="", steps="")
    return replace(known, sent=plain_name(found.file, _LONGEST_NAME), steps=",".join(found.left))


def tick(found: Checklist, step: Step, *, done: bool) -> dict[str, StoredJson]:
    """Return the record that says that a person has done a step, or has not; for `DraftFile.register_reply`."""
    return {"digest": found.digest, "step": step, "done": done}


def next_act(place: Place, since: SinceExport | None, found: Checklist | None, *, ready: bool) -> Act:
    """Return what the primary button does. ``since`` is None while the register cannot be read."""
    if since is not None and found is not None and since.state == "unchanged" and since.last == found.line:
        if found.closed:
            return "done"
        if "scan" in found.done:
            return "wait"
        return "scan" if "print" in found.done else "print"
    if ready:
        return "export"
    acts: dict[Place, Act] = {"page": "next", "last": "review", "review": "go_on"}
    return acts[place]


def _done(about: Iterable[Mapping[str, StoredJson]]) -> set[Step]:
    done: set[Step] = set()
    for record in about:
        if record.get(KIND) == RECEIPT:
            done |= {"send", "receipt"}
        elif record.get(KIND) == SCAN:
            done |= {"print", "sign", "scan"}
        elif record.get(KIND) == STEP:
            for step in TICKED:
                if record.get("step") == step:
                    done = done | {step} if record.get("done") is True else done - {step}
    return done
