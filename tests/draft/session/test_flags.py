"""A question that somebody is not sure about is flagged: kept in the draft, undone like an answer, never submitted."""

from __future__ import annotations

import json

import pytest

from dgdesk.draft.changes import FLAG, Changes
from dgdesk.draft.drafts import open_draft
from dgdesk.draft.file.model import Edit, StateKey
from dgdesk.draft.history import steps, targets_of, values_before
from dgdesk.errors import UsageError
from dgdesk.submission.gather import gather
from dgdesk.submission.since_export import last_edit
from dgdesk.text.messages import load_catalogue

SAY = load_catalogue().text


def test_a_flag_and_its_note_outlive_the_program_and_are_undone_step_by_step(desk):
    session = desk.session
    told = session.flag("p1.4", "ถามคลังจังหวัด")
    assert told.flags == {"p1.4"} and told.answers == frozenset() and not told.problems and not told.score
    assert told.pages == {session.form.node("p1.4").page}
    session.flag("p1.4", "ถาม  สำนักงานคลัง\n")
    session = desk.reopen()
    assert session.state.facts.flags == {"p1.4": "ถาม สำนักงานคลัง"}
    session.undo()
    assert session.state.facts.flags == {"p1.4": "ถามคลังจังหวัด"}
    assert session.undo().flags == {"p1.4"} and session.state.facts.flags == {}
    session.redo()
    assert desk.reopen().state.facts.flags == {"p1.4": "ถามคลังจังหวัด"}


def test_what_is_flagged_so_already_is_no_change(desk):
    session = desk.session
    assert session.flag("g1", None) == Changes()
    session.flag("g1", "")
    assert session.flag("g1", " ") == Changes() and session.state.facts.flags == {"g1": ""}


def test_no_rule_reads_a_flag(desk):
    session = desk.session
    before = session.state
    session.flag("g1", "x")
    after = session.state
    assert (after.problems, after.score, after.whole, after.facts.answers) == (
        before.problems,
        before.score,
        before.whole,
        before.facts.answers,
    )


def test_what_cannot_be_flagged_is_refused_in_words(desk):
    for address, note, code in (("p9.9", "", "field.unknown"), ("g1", "ก" * 1001, "flag.too_long")):
        with pytest.raises(UsageError) as refused:
            desk.session.flag(address, note)
        assert refused.value.code == code and SAY(code, **refused.value.values)
    assert not desk.session.can_undo


def test_an_item_takes_its_flags_along_and_brings_them_back(desk):
    session = desk.session
    session.answer("g3", "yes")
    session.add_item("g3.projects")
    session.flag("g3.projects.name#2", "ชื่อเต็ม?")
    session.flag("g3", "")
    session.remove_item("g3.projects", "2")
    assert session.state.facts.flags == {"g3": ""}
    session.undo()
    assert session.state.facts.flags == {"g3": "", "g3.projects.name#2": "ชื่อเต็ม?"}


def test_history_says_it_in_words_and_restores_it(desk):
    session = desk.session
    session.flag("g1", "")
    session.flag("g1", "ถามใคร")
    session.flag("g1", None)
    package = desk.draft.package
    told = [step.lines[0] for step in steps(session.form, session.state.facts.answers, package.history(10), SAY)]
    assert [(line.old, line.new) for line in told] == [("ถามใคร", ""), ("ปักธง ไม่มีบันทึก", "ถามใคร"), ("", "ปักธง ไม่มีบันทึก")]
    assert all("ธง" in line.where and "G1" in line.where and line.address == "g1" for line in told)
    assert {FLAG + "g1", FLAG + "g1.reason"} <= targets_of(session.form, "g1")
    removed = steps(session.form, session.state.facts.answers, package.history(1), SAY)[0]
    session.restore(values_before(removed))
    assert session.state.facts.flags == {"g1": "ถามใคร"}


def test_a_flag_is_in_no_submission_and_makes_no_export_out_of_date(desk):
    session = desk.session
    session.answer("general.province", "TH-55")
    before, edit = gather(desk.draft).submission, last_edit(desk.draft.package)
    session.flag("g1", "ความลับของสำนักงาน")
    assert gather(desk.draft).submission == before
    assert "ความลับ" not in json.dumps(before.model_dump(mode="json"), ensure_ascii=False)
    assert last_edit(desk.draft.package) == edit
    session.answer("g1", "yes")
    assert last_edit(desk.draft.package) > edit


def test_what_no_program_of_ours_wrote_is_kept_and_shown_as_no_flag(desk):
    package = desk.draft.package
    package.apply(
        [
            Edit("answer", FLAG + "g1", None, {"note": 1}),
            Edit("answer", FLAG + "p9.9", None, "from a later edition"),
            Edit("answer", FLAG, None, "of nothing"),
        ],
        "flag",
    )
    session = desk.reopen()
    assert session.state.facts.flags == {}
    assert session.stored[StateKey("answer", FLAG + "p9.9")] == "from a later edition"
    assert all(step.lines for step in steps(session.form, {}, desk.draft.package.history(5), SAY))
    session.flag("g1", "ถามใคร")
    assert desk.reopen().state.facts.flags == {"g1": "ถามใคร"}
    session = desk.session
    session.undo()
    assert session.stored[StateKey("answer", FLAG + "g1")] == {"note": 1}


def test_a_reader_sees_the_flags(desk, clock):
    desk.session.flag("g1", "x")
    with open_draft(desk.path, clock=clock, who="ผู้อ่าน", read_only=True) as draft:
        assert draft.session.state.facts.flags == {"g1": "x"}
