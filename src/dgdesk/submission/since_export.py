"""Has the draft been changed since it was exported?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from dgdesk.draft.changes import FLAG
from dgdesk.draft.file.model import ExportRecord
from dgdesk.draft.file.register import KIND, PRINT
from dgdesk.draft.file.store import DraftFile
from dgdesk.draft.signatories import SIGNING
from dgdesk.system.bounds import NO_TIME, as_text, is_count
from dgdesk.text.dates import thai_day
from dgdesk.text.shown import plain_name

COUNTER = "counter"
_PIECE = 20


class SinceExport(NamedTuple):
    """Whether a draft has changed since its ``last`` export (None if ``never``), and by how many entries."""

    state: Literal["never", "unchanged", "changed"]
    last: ExportRecord | None
    changes: int

    @property
    def kind(self) -> str:
        """The end of the codes of sentences about it: the state, and before it ``draft_`` if a draft was exported."""
        is_draft = self.last is not None and self.last.record.get("draft") is True
        return f"draft_{self.state}" if is_draft else self.state

    @property
    def code(self) -> str:
        """The code of the sentence that says so; its values are ``file``, ``day`` and ``changes``."""
        return f"since.is_{self.kind}"


def since_export(register: Sequence[ExportRecord], counter: int) -> SinceExport:
    """Compare the register with the state counter, or better with the number of the last entry with edits.

    Undo counts as a change: the exported file is not compared, only whether work went on.
    """
    exports = [line for line in register if KIND not in line.record]
    if not exports:
        return SinceExport("never", None, 0)
    last = exports[-1]
    changes = max(0, counter - exported_state(last))
    return SinceExport("changed" if changes else "unchanged", last, changes)


def points(register: Sequence[ExportRecord]) -> tuple[ExportRecord, ...]:
    """Return the exports and prints with which a draft can be compared, newest first."""
    return tuple(line for line in reversed(register) if line.record.get(KIND, PRINT) == PRINT)


def since_values(since: SinceExport) -> dict[str, object]:
    """Return the values of the sentence `SinceExport.code`; ``since`` has a last export."""
    record = {} if since.last is None else since.last.record
    known = since.last is not None and since.last.at != NO_TIME
    day = thai_day(since.last.at).isoformat() if since.last is not None and known else "-"
    return {"file": plain_name(as_text(record.get("file", "-"))), "day": day, "changes": since.changes}


def exported_state(line: ExportRecord) -> int:
    """Return the state counter of an export's content; older lines have only that of their own time."""
    counter = line.record.get(COUNTER)
    return counter if isinstance(counter, int) and is_count(counter) else line.state


def last_edit(package: DraftFile) -> int:
    """Return the number of the last entry with edits; entries without edits (compaction) change nothing.

    Nor do flags and what is written for the signing set, which are in no submission.
    """
    before = None
    while piece := package.history(_PIECE, before):
        for entry in piece:
            if any(not edit.target.startswith((FLAG, SIGNING)) for edit in entry.edits):
                return entry.number
        before = piece[-1].number
    return 0


def status_since(package: DraftFile) -> SinceExport:
    """Return whether a draft has changed since its last export, for both front ends."""
    return since_export(package.register(), last_edit(package))
