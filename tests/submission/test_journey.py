"""What follows an export is read from the register, and the primary button follows it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgdesk.draft.file.model import ExportRecord, StoredJson
from dgdesk.draft.file.register import KIND, RECEIPT, SCAN, STEP
from dgdesk.submission.journey import STEPS, TICKED, Act, Checklist, Place, checklist, next_act, tick
from dgdesk.submission.since_export import SinceExport, since_export

WHEN = datetime(2026, 12, 1, 9, tzinfo=UTC)


def line(number: int, **record: StoredJson) -> ExportRecord:
    return ExportRecord(number, WHEN, "สมศรี", 10, record)


def export(number: int, digest: str = "aa", **more: StoredJson) -> ExportRecord:
    return line(number, digest=digest, file="เชียงใหม่-2568.zip", **more)


def reply(number: int, kind: str, digest: str = "aa", **more: StoredJson) -> ExportRecord:
    return line(number, digest=digest, **{KIND: kind}, **more)


def test_before_an_export_and_after_a_draft_there_is_no_checklist() -> None:
    assert checklist([]) is None
    assert checklist([export(1, draft=True)]) is None


def test_after_an_export_everything_is_left_to_do() -> None:
    found = checklist([export(1)])
    assert found is not None
    assert (found.left, found.file, found.closed) == (STEPS, "เชียงใหม่-2568.zip", False)


def test_a_scan_shows_that_the_sheet_was_printed_and_signed() -> None:
    found = checklist([export(1), reply(2, SCAN)])
    assert found is not None and found.left == ("send", "receipt")


def test_a_receipt_closes_the_list_whatever_else_is_open() -> None:
    found = checklist([export(1), reply(2, RECEIPT)])
    assert found is not None and found.closed and "send" in found.done


def test_a_tick_can_be_taken_back_and_the_last_word_counts() -> None:
    first = checklist([export(1)])
    assert first is not None
    sent = reply(2, STEP, **tick(first, "send", done=True) | {"digest": "aa"})
    taken_back = reply(3, STEP, **tick(first, "send", done=False) | {"digest": "aa"})
    after, again = checklist([export(1), sent]), checklist([export(1), sent, taken_back])
    assert after is not None and after.done == {"send"}
    assert again is not None and again.done == frozenset()


def test_what_a_foreign_draft_says_of_steps_is_not_believed_beyond_the_ticks() -> None:
    lies = [reply(2, STEP, step=step, done=True) for step in ("receipt", "scan", "everything")]
    found = checklist([export(1), *lies, reply(5, STEP, step="send", done="yes"), reply(6, STEP, step=7, done=True)])
    assert found is not None and found.done == frozenset()


def test_replies_to_an_older_export_do_not_count_for_the_newest() -> None:
    found = checklist([export(1, "aa"), reply(2, RECEIPT, "aa"), export(3, "bb")])
    assert found is not None and found.digest == "bb" and found.left == STEPS


@pytest.mark.parametrize(("place", "act"), [("page", "next"), ("last", "review"), ("review", "go_on")])
def test_while_something_is_missing_the_button_leads_on(place: Place, act: Act) -> None:
    assert next_act(place, since_export((), 5), None, ready=False) == act
    assert next_act(place, None, None, ready=False) == act


def test_when_ready_it_exports_from_every_page_also_after_a_draft_or_a_later_change() -> None:
    draft, complete = [export(1, draft=True)], [export(1)]
    for place in ("page", "last", "review"):
        for register, counter in (([], 3), (draft, 10), (complete, 12)):
            since = since_export(register, counter)
            assert next_act(place, since, checklist(register), ready=True) == "export"


def test_after_the_export_it_follows_the_paper() -> None:
    def act(*replies: ExportRecord) -> Act:
        register = [export(1), *replies]
        return next_act("review", since_export(register, 10), checklist(register), ready=True)

    printed = reply(2, STEP, step="print", done=True)
    assert act() == "print"
    assert act(printed) == "scan"
    assert act(reply(2, SCAN)) == "wait"
    assert act(reply(2, SCAN), reply(3, RECEIPT)) == "done"


@given(st.lists(st.tuples(st.sampled_from(TICKED), st.booleans()), max_size=12))
def test_however_often_it_is_ticked_each_step_is_as_it_was_left(ticks: list[tuple[str, bool]]) -> None:
    lines = [reply(number, STEP, step=step, done=done) for number, (step, done) in enumerate(ticks, 2)]
    found = checklist([export(1), *lines])
    assert isinstance(found, Checklist)
    assert found.done == {step for step, done in dict(ticks).items() if done}
    assert set(found.left) | found.done == set(STEPS)


def test_without_a_readable_register_nothing_is_claimed_as_exported() -> None:
    since: SinceExport | None = None
    assert next_act("review", since, checklist([export(1)]), ready=True) == "export"
