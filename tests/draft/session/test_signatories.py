"""Who signs on paper, and the memo: asked once, kept in the draft, undone like an answer, never submitted."""

from __future__ import annotations

import pytest

from dgdesk.draft.changes import Changes
from dgdesk.draft.drafts import contact_of, issued_of
from dgdesk.draft.file.model import Edit, StateKey
from dgdesk.draft.history import steps, values_before
from dgdesk.draft.signatories import LONGEST, SIGNING, fit_text, signing_from, signing_texts, suggested
from dgdesk.errors import UsageError
from dgdesk.submission.gather import gather
from dgdesk.submission.since_export import last_edit
from dgdesk.text.messages import load_catalogue

SAY = load_catalogue().text
NAMES = {"governor.name": "นายทศพล  เผื่อนอุดม", "governor.acting": "acting", "memo.subject": "ขอลงนาม"}


def texts(session, respondent="TH-55"):
    form, facts = session.form, session.state.facts
    answers = {**facts.answers, form.respondent.field: respondent}
    return signing_texts(
        form, form.definition.signoff.roles, contact_of(form), issued_of(form), answers, facts.signing, SAY
    )


def test_names_outlive_the_program_and_are_undone_in_one_step(desk):
    told = desk.session.set_signing(NAMES)
    assert told and told.answers == frozenset() and not told.problems and not told.score and not told.pages
    session = desk.reopen()
    assert session.state.facts.signing == NAMES | {"governor.name": "นายทศพล เผื่อนอุดม"}
    session.undo()
    assert session.state.facts.signing == {} and not session.can_undo
    session.redo()
    assert desk.reopen().state.facts.signing["governor.acting"] == "acting"


def test_what_is_so_already_is_no_change_and_nothing_brings_the_suggestion_back(desk):
    session = desk.session
    session.set_signing(NAMES)
    assert session.set_signing(NAMES) == Changes()
    session.set_signing({"memo.subject": None, "governor.name": ""})
    memo, governor = texts(session).memo, texts(session).signatories[-1]
    assert memo.subject.startswith("ขอให้พิจารณาลงนามรับรอง") and governor.name == ""


def test_what_the_answers_know_is_suggested(desk):
    session = desk.session
    session.answer_all({"general.first_name": "สมหญิง", "general.last_name": "ใจดี", "general.position": "นักวิเคราะห์"})
    prepares, checks, certifies = texts(session).signatories
    assert (prepares.duty, prepares.name, prepares.position) == ("prepares", "สมหญิง ใจดี", "นักวิเคราะห์")
    assert (checks.duty, checks.name, checks.position) == ("checks", "", "")
    assert (certifies.duty, certifies.position) == ("certifies", "ผู้ว่าราชการจังหวัดน่าน")
    assert texts(session).memo.to.startswith("ผู้ว่าราชการจังหวัดน่าน (ผ่าน")
    assert [one.duty for one in texts(session).unnamed] == ["checks", "certifies"]


def test_who_acts_for_the_governor_has_a_position_of_their_own(desk):
    desk.session.set_signing({"governor.acting": "on_behalf"})
    governor = texts(desk.session).signatories[-1]
    assert (governor.office, governor.position) == ("ผู้ว่าราชการจังหวัดน่าน", "")


@pytest.mark.parametrize(
    ("key", "text", "code"),
    [
        ("governor.name", "ก" * 200, "signing.too_long"),
        *((key, "ก" * (most + 1), "signing.too_long") for key, most in LONGEST.items() if "." in key),
        ("memo.body", "ก\n" * 20 + "ก", "signing.too_many_lines"),
        ("governor.acting", "deputy", "signing.unknown_acting"),
        ("governor.salary", "1", "signing.unknown_key"),
        ("memo.colour", "1", "signing.unknown_key"),
        ("", "1", "signing.unknown_key"),
    ],
)
def test_what_cannot_be_printed_is_refused_in_words_and_nothing_is_stored(desk, key, text, code):
    with pytest.raises(UsageError) as refused:
        desk.session.set_signing({"pcio.name": "นาย ก", key: text})
    assert refused.value.code == code and SAY(code, **refused.value.values)
    assert not desk.session.can_undo and desk.session.state.facts.signing == {}


def test_what_nobody_sees_is_dropped_and_a_line_stays_a_line():
    assert fit_text("governor.name", " นาย\u200b\ufe0fก\u2060 \n ข\udc00 ") == "นายก ข\ufffd"
    assert fit_text("memo.body", "ก\r\n\n\nข") == "ก\nข"
    assert len(fit_text("governor.name", "ก" + "\u0301" * 100)) <= 31


def test_values_of_another_program_that_do_not_fit_are_left_alone():
    stored = {f"{SIGNING}governor.name": "ก" * 5_000, f"{SIGNING}pcio.name": 7, f"{SIGNING}x": "y", "g1": "yes"}
    assert signing_from({**stored, f"{SIGNING}coordinator.name": "นาง ก"}) == {"coordinator.name": "นาง ก"}


def test_nothing_of_it_is_exported_or_makes_an_export_old(desk):
    session = desk.session
    session.answer("general.province", "TH-55")
    before, edited = gather(desk.draft).submission.to_bytes(), last_edit(desk.draft.package)
    session.set_signing(NAMES)
    assert gather(desk.draft).submission.to_bytes() == before and last_edit(desk.draft.package) == edited


def test_history_says_it_in_words_and_restores_it(desk):
    session = desk.session
    session.set_signing({"governor.name": "นาย ก"})
    session.set_signing({"governor.name": "นาย ข"})
    records = desk.draft.package.history(10)
    newest = steps(session.form, session.state.facts.answers, records, SAY)[0]
    (line,) = newest.lines
    assert "ผู้ว่าราชการจังหวัด" in line.where and (line.old, line.new) == ("นาย ก", "นาย ข")
    session.restore(values_before(newest))
    assert session.state.facts.signing == {"governor.name": "นาย ก"}
    assert session.stored[StateKey("answer", f"{SIGNING}governor.name")] == "นาย ก"


def test_a_program_that_does_not_know_it_keeps_it(desk):
    desk.draft.package.apply([Edit("answer", f"{SIGNING}governor.shoe", None, "42")], "answer")
    session = desk.reopen()
    assert session.state.facts.signing == {} and session.state.facts.answers == {}
    assert session.stored[StateKey("answer", f"{SIGNING}governor.shoe")] == "42"


def test_every_text_has_a_key_and_every_key_a_text(desk):
    keys = suggested(texts(desk.session)).keys()
    assert keys >= {key for key in LONGEST if "." in key} and len(keys) == 3 * 3 + 6
