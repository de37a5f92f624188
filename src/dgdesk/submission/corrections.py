"""What a new export replaces, by the register: nobody types a number.

Every complete export after the first is a correction of the complete export before it; exports of drafts are not
counted. The receiver follows the digests, so the one number a person reads, the revision, decides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from dgdesk.bundle.submission import LONGEST_REASON, MOST_REVISIONS
from dgdesk.draft.changes import FLAG
from dgdesk.draft.drafts import Draft
from dgdesk.draft.file.model import ExportRecord, StoredJson
from dgdesk.draft.file.register import KIND
from dgdesk.draft.signatories import SIGNING
from dgdesk.errors import UsageError
from dgdesk.submission.handed_over import is_handed_over
from dgdesk.submission.since_export import exported_state
from dgdesk.system.bounds import NO_TIME, SHA256, is_count, read_moment

if TYPE_CHECKING:
    from dgdesk.draft.history import HistoryLine, Say

_BLANKS = re.compile(r"[\s\x00-\x1f\x7f]+")


class Replaced(NamedTuple):
    """The complete export that a new one replaces: its line of the register, and which revision it is."""

    line: ExportRecord
    digest: str
    revision: int

    @property
    def next(self) -> int:
        """The revision of what replaces it."""
        return min(self.revision + 1, MOST_REVISIONS)

    @property
    def claimed(self) -> datetime | None:
        """When it was signed, by the signer's clock; None if the register does not say."""
        try:
            return read_moment(self.line.record.get("claimed_time"))
        except ValueError:
            return self.line.at if self.line.at != NO_TIME else None


class Correction(NamedTuple):
    """A correction: what it replaces, and why."""

    replaced: Replaced
    reason: str

    @property
    def revision(self) -> int:
        """Its number: 2 for the first correction."""
        return self.replaced.next

    def facts(self, draft_id: str) -> dict[str, object]:
        """Return the keys of submission.json that say so."""
        said: dict[str, object] = {
            "revision": self.revision,
            "supersedes": self.replaced.digest,
            "reason": self.reason,
        }
        return said | ({"draft_id": draft_id} if draft_id else {})

    def record(self) -> dict[str, StoredJson]:
        """Return what the register keeps of it."""
        return {"revision": self.revision, "supersedes": self.replaced.digest, "reason": self.reason}


def replaced_next(register: Sequence[ExportRecord], *, never_sent: bool = False) -> Replaced | None:
    """Return what the next complete export replaces; None if it is the first.

    ``never_sent``: a person says that the last one never left this office, so the one before it is replaced.

    Raises:
        UsageError: ``correction.was_sent``: the register knows that the last one was handed over.
    """
    lines = [line for line in register if KIND not in line.record and line.record.get("draft") is not True]
    whole = [line for line in lines if _digest(line)]
    if not whole:
        return None
    last = whole[-1]
    if not never_sent:
        return Replaced(last, _digest(last), revision_of(last))
    if is_handed_over(register, _digest(last)):
        raise UsageError("correction.was_sent")
    before = last.record.get("supersedes")
    earlier = [line for line in whole if _digest(line) == before]
    return Replaced(earlier[-1], _digest(earlier[-1]), revision_of(earlier[-1])) if earlier else None


def correction_of(replaced: Replaced | None, reason: str) -> Correction | None:
    """Return the correction of what is replaced; None for a first export, whose ``reason`` says nothing.

    Raises:
        UsageError: ``correction.reason_missing``, ``correction.reason_long``.
    """
    words = _BLANKS.sub(" ", reason).strip()
    if replaced is None:
        return None
    if not words:
        raise UsageError("correction.reason_missing", revision=replaced.next)
    if len(words) > LONGEST_REASON:
        raise UsageError("correction.reason_long", most=LONGEST_REASON)
    return Correction(replaced, words)


def correction_again(line: ExportRecord, register: Sequence[ExportRecord]) -> Correction | None:
    """Return the correction that an export was, so that what is unchanged since says the same again."""
    before = line.record.get("supersedes")
    if revision_of(line) == 1 or not isinstance(before, str):
        return None
    earlier = [one for one in register if KIND not in one.record and _digest(one) == before]
    known = earlier[-1] if earlier else line
    return Correction(Replaced(known, before, revision_of(line) - 1), correction_reason(line))


def differences(draft: Draft, replaced: Replaced, say: Say) -> tuple[HistoryLine, ...]:
    """Return in words which answers and evidence differ from what is replaced, in printed order.

    Flags and what is written for the signing set are in no submission.
    """
    from dgdesk.draft.history import by_page, edits_since  # a first export needs no words for it

    edits = edits_since(draft.package.history, exported_state(replaced.line))
    sent = [edit for edit in edits if not edit.target.startswith((FLAG, SIGNING))]
    answers = draft.session.state.facts.answers
    return tuple(line for page in by_page(draft.session.form, answers, sent, say) for line in page.lines)


def revision_of(line: ExportRecord) -> int:
    """Return which revision an export is; 1 for one that replaced nothing."""
    said = line.record.get("revision")
    return said if isinstance(said, int) and is_count(said, MOST_REVISIONS) and said > 1 else 1


def correction_reason(line: ExportRecord) -> str:
    """Return why an export corrected an earlier one; empty for one that replaced nothing."""
    said = line.record.get("reason")
    return said if isinstance(said, str) and revision_of(line) > 1 else ""


def _digest(line: ExportRecord) -> str:
    digest = line.record.get("digest")
    return digest if isinstance(digest, str) and SHA256.fullmatch(digest) else ""
