"""What the next export replaces, by the register alone: nobody types a number, and a reason is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from dgdesk.bundle.submission import LONGEST_REASON
from dgdesk.draft.file.model import ExportRecord, StoredJson
from dgdesk.errors import UsageError
from dgdesk.submission.corrections import correction_again, correction_of, replaced_next, revision_of

AT = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
A, B, C, D = (letter * 64 for letter in "abcd")


def register(*records: Mapping[str, StoredJson]) -> tuple[ExportRecord, ...]:
    return tuple(ExportRecord(number, AT, "-", number, record) for number, record in enumerate(records, 1))


def exported(digest: str, revision: int = 1, supersedes: str = "", **more: StoredJson) -> dict[str, StoredJson]:
    said: dict[str, StoredJson] = {"revision": revision, "supersedes": supersedes, "reason": "แก้"} if supersedes else {}
    return {"digest": digest, "claimed_time": "2026-11-20T02:30:00+00:00", "draft": False, **said, **more}


def test_a_first_export_replaces_nothing_and_needs_no_reason() -> None:
    assert replaced_next(()) is None and correction_of(None, "") is None and correction_of(None, "ก") is None
    # what is marked as a draft is no submission, nor is a print or a line without a digest
    lines = register(exported(A, draft=True), {"kind": "print"}, exported("none"), exported(B) | {"digest": 7})
    assert replaced_next(lines) is None


def test_each_export_after_it_replaces_the_complete_one_before() -> None:
    lines = register(exported(A), exported(D, draft=True), exported(B, 2, A), {"kind": "print", "digest": C})
    found = replaced_next(lines)
    assert found is not None and (found.digest, found.next, found.claimed) == (B, 3, AT)
    correction = correction_of(found, "  แก้\n ตัวเลข\t")
    assert correction is not None
    assert correction.facts("id") == {"revision": 3, "supersedes": B, "reason": "แก้ ตัวเลข", "draft_id": "id"}
    assert "draft_id" not in correction.facts("")


@pytest.mark.parametrize("reason", ["", "  \n", "ก" * (LONGEST_REASON + 1)])
def test_a_correction_needs_a_reason_that_fits(reason: str) -> None:
    with pytest.raises(UsageError):
        correction_of(replaced_next(register(exported(A))), reason)


def test_what_never_left_the_office_is_not_replaced_but_the_one_before_is() -> None:
    assert replaced_next(register(exported(A)), never_sent=True) is None
    found = replaced_next(register(exported(A), exported(B, 2, A)), never_sent=True)
    assert found is not None and (found.digest, found.next) == (A, 2)


@pytest.mark.parametrize(
    "reply", [{"kind": "receipt"}, {"kind": "scan"}, {"kind": "step", "step": "send", "done": True}]
)
def test_what_the_register_knows_as_sent_cannot_be_denied(reply: dict[str, StoredJson]) -> None:
    with pytest.raises(UsageError, match="was_sent"):
        replaced_next(register(exported(A), {**reply, "digest": A}), never_sent=True)


def test_a_tick_that_was_taken_back_says_nothing() -> None:
    step: dict[str, StoredJson] = {"kind": "step", "step": "send", "digest": A}
    assert (
        replaced_next(register(exported(A), {**step, "done": True}, {**step, "done": False}), never_sent=True) is None
    )


def test_a_register_that_somebody_spoilt_gives_no_impossible_number() -> None:
    for revision in (-3, 0, True, "7", 10**12):
        assert revision_of(register(exported(A) | {"revision": revision})[0]) == 1
    line = register(exported(A, 99_999, B))[0]
    found = replaced_next((line,))
    assert found is not None and found.next == 99_999
    again = correction_again(register(exported(B, 2, A))[0], ())
    assert again is not None and (again.revision, again.replaced.digest, again.reason) == (2, A, "แก้")
