"""Evidence: attached, marked, taken away, kept; and every way in which a file cannot be attached."""

from __future__ import annotations

import os
from dataclasses import replace
from hashlib import sha256

import pytest

from dgdesk.draft.changes import Changes
from dgdesk.survey.answers.marks import Mark, Rect
from dgdesk.system.progress import Progress

SLOT = "g1/yes"
ONE = b"%PDF-1.7 one"


def attached(session, slot=SLOT):
    return session.state.facts.evidence.get(slot, ())


def test_a_file_is_copied_with_name_size_kind_and_mark(desk):
    desk.session.answer("g1", "yes")
    changes = desk.session.attach(SLOT, desk.file(), pages="๒-๓", passages="ย่อหน้าแรก")
    assert changes.evidence == {SLOT} and changes.answers == frozenset() and changes.shown == frozenset()
    assert changes.pages == {"g.page1"} and changes.problems
    (one,) = attached(desk.session)
    assert (one.name, one.size, one.media_type) == ("คำสั่งแต่งตั้ง.pdf", len(ONE), "application/pdf")
    assert (one.pages, one.passages, one.sha256) == ("๒-๓", "ย่อหน้าแรก", sha256(ONE).hexdigest())
    desk.file().unlink()
    session = desk.reopen()
    assert attached(session) == (one,)
    assert b"".join(desk.draft.package.read_file(one.sha256)) == ONE


def test_evidence_may_come_before_the_answer_and_counts_once_it_is_given(desk):
    desk.session.attach(SLOT, desk.file(), pages="1")
    changes = desk.session.answer("g1", "yes")
    assert changes.problems
    assert not [problem for problem in desk.session.state.problems if problem.slot == SLOT]


def test_several_files_keep_the_order_in_which_they_came(desk):
    for number in (3, 1, 2):
        desk.session.attach(SLOT, desk.file(f"{number}.txt", str(number).encode()))
    assert [one.name for one in attached(desk.reopen())] == ["3.txt", "1.txt", "2.txt"]


def test_the_same_file_twice_at_one_place_is_refused_whatever_its_name(desk, refused):
    desk.session.attach(SLOT, desk.file())
    with refused("evidence.already_there_as"):
        desk.session.attach(SLOT, desk.file("ชื่ออื่น.pdf"))
    with refused("evidence.already_there"):
        desk.session.attach(SLOT, desk.file())
    assert len(attached(desk.session)) == 1
    desk.session.attach("g2/yes", desk.file("ชื่ออื่น.pdf"))
    assert attached(desk.session, "g2/yes")[0].sha256 == attached(desk.session)[0].sha256
    assert len(desk.draft.package.files()) == 1


def test_an_empty_file_is_refused(desk, refused):
    with refused("evidence.empty") as caught:
        desk.session.attach(SLOT, desk.file("ว่าง.pdf", b""))
    assert caught.value.exit_code == 2


def test_a_missing_file_or_a_folder_is_refused(desk, refused):
    for source in (desk.folder / "ไม่มี.pdf", desk.folder, desk.file() / "inside"):
        with refused("evidence.unreadable") as caught:
            desk.session.attach(SLOT, source)
        assert caught.value.exit_code == 3
    assert not desk.session.can_undo


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_refused_and_not_waited_for(desk, refused):
    pipe = desk.folder / "pipe.pdf"
    os.mkfifo(pipe)
    with refused("evidence.unreadable"):
        desk.session.attach(SLOT, pipe)


def test_a_place_that_the_form_lacks_is_refused(desk, refused):
    for slot in ("g1", "g1/no", "nowhere", ""):
        with refused("evidence.unknown_slot"):
            desk.session.attach(slot, desk.file())


def test_the_draft_cannot_hold_itself(desk, refused):
    desk.session.answer("g1", "yes")
    with refused("package.attach_itself"):
        desk.session.attach(SLOT, desk.path)
    assert desk.session.answer("g2", "no")


def test_a_stopped_attachment_leaves_nothing(desk, refused):
    seen = []
    source = desk.file(content=b"x" * (3 << 20))
    with refused("package.cancelled"):
        desk.session.attach(SLOT, source, progress=Progress(lambda *step: seen.append(step), lambda: bool(seen)))
    assert seen[0][1] == 3 << 20
    assert attached(desk.session) == () and desk.draft.package.files() == () and not desk.session.can_undo


def test_a_file_taken_away_can_be_brought_back(desk):
    desk.session.answer("g1", "yes")
    desk.session.attach(SLOT, desk.file(), pages="1")
    before = desk.session.state
    (one,) = attached(desk.session)
    changes = desk.session.detach(SLOT, one.sha256)
    assert changes.evidence == {SLOT} and changes.problems and changes.score is not None
    assert attached(desk.reopen()) == ()
    desk.session.undo()
    assert desk.session.state == before
    assert b"".join(desk.draft.package.read_file(one.sha256)) == ONE


def test_a_mark_says_where_the_passage_is_and_makes_the_answer_complete(desk):
    desk.session.answer("g1", "yes")
    desk.session.attach(SLOT, desk.file())
    assert "evidence.unmarked" in {problem.code for problem in desk.session.state.problems}
    changes = desk.session.mark(SLOT, sha256(ONE).hexdigest(), pages="", passages="ข้อ ๒")
    assert changes.evidence == {SLOT} and changes.problems and changes.score
    assert "evidence.unmarked" not in {problem.code for problem in desk.session.state.problems}
    assert attached(desk.reopen())[0].passages == "ข้อ ๒"
    assert desk.session.mark(SLOT, sha256(ONE).hexdigest(), pages="", passages="ข้อ ๒") == Changes()
    desk.session.undo()
    assert attached(desk.session)[0].passages == ""


def test_the_whole_file_is_said_of_one_file_or_of_many_in_one_step(desk, refused):
    desk.session.answer("g1", "yes")
    desk.session.answer("g2", "yes")
    desk.session.attach(SLOT, desk.file(), whole=True)
    assert "evidence.unmarked" not in codes(desk)
    assert desk.session.mark(SLOT, sha256(ONE).hexdigest(), whole=True) == Changes()
    desk.session.mark(SLOT, sha256(ONE).hexdigest(), whole=False)
    desk.session.attach(SLOT, desk.file("b.pdf", b"%PDF-1.7 two"))
    desk.session.attach("g2/yes", desk.file())
    assert not any(one.whole for one in (*attached(desk.session), *attached(desk.session, "g2/yes")))
    before = desk.session.state
    chosen = {slot: [one.sha256 for one in attached(desk.session, slot)] for slot in (SLOT, "g2/yes")}
    with refused("evidence.not_there"):
        desk.session.mark_whole({**chosen, "g2/yes": ["0" * 64]})
    assert desk.session.state == before, "all or nothing"
    changes = desk.session.mark_whole(chosen)
    assert changes.evidence == {SLOT, "g2/yes"} and changes.score
    assert all(one.whole for one in (*attached(desk.reopen()), *attached(desk.session, "g2/yes")))
    assert not codes(desk) & {"evidence.unmarked", "evidence.unmarked_file"}
    desk.session.undo()
    assert desk.session.state == before
    desk.session.redo()
    assert all(one.whole for one in attached(desk.reopen()))


def test_a_file_attached_to_a_further_slot_has_its_own_key_passage(desk):
    desk.session.attach(SLOT, desk.file(), pages="1", whole=True)
    desk.session.attach_again("g2/yes", attached(desk.session))
    (further,) = attached(desk.session, "g2/yes")
    assert not further.marked and attached(desk.session)[0].whole


def codes(desk):
    return {problem.code for problem in desk.session.state.problems}


MARK = Mark(2, (Rect(0.1, 0.2, 0.5, 0.3),), "ข้อ ๒")


def test_marks_alone_say_where_the_passage_is_and_words_stay(desk):
    desk.session.answer("g1", "yes")
    desk.session.attach(SLOT, desk.file())
    digest = sha256(ONE).hexdigest()
    rough = MARK._replace(rects=(Rect(0.10000000001, 0.2, 0.5, 0.3),))
    changes = desk.session.mark(SLOT, digest, marks=[rough])
    assert changes.evidence == {SLOT} and changes.problems
    assert "evidence.unmarked" not in {problem.code for problem in desk.session.state.problems}
    assert attached(desk.session)[0].marks == (MARK,)
    for same in ({"marks": [rough]}, {"marks": (MARK,)}, {"pages": ""}, {}):
        assert desk.session.mark(SLOT, digest, **same) == Changes()
    desk.session.mark(SLOT, digest, pages="๒")
    assert attached(desk.reopen()) == (replace(attached(desk.session)[0], pages="๒", marks=(MARK,)),)
    desk.session.undo()
    desk.session.undo()
    assert attached(desk.session)[0].marks == () and not attached(desk.session)[0].marked
    desk.session.redo()
    assert attached(desk.reopen())[0].marks == (MARK,)
    desk.session.mark(SLOT, digest, marks=())
    assert "evidence.unmarked" in {problem.code for problem in desk.session.state.problems}


def test_marks_belong_to_the_pair_of_place_and_file(desk):
    desk.session.attach(SLOT, desk.file(), marks=[MARK])
    desk.session.attach("g2/yes", desk.file())
    desk.session.attach(SLOT, desk.file("b.pdf", b"%PDF-1.7 two"))
    assert [one.marks for one in (*attached(desk.session), *attached(desk.session, "g2/yes"))] == [(MARK,), (), ()]


def test_marks_that_are_not_sound_are_refused_and_change_nothing(desk, refused):
    desk.session.attach(SLOT, desk.file())
    for marks, code in (
        ([MARK._replace(page=0)], "marks.bad"),
        ([MARK] * 201, "marks.too_many"),
        ([MARK._replace(note="ก" * 1001)], "value.too_long"),
    ):
        with refused(code):
            desk.session.mark(SLOT, sha256(ONE).hexdigest(), marks=marks)
        with refused(code):
            desk.session.attach("g2/yes", desk.file(), marks=marks)
    assert attached(desk.session)[0].marks == () and attached(desk.session, "g2/yes") == ()


def test_a_mark_longer_than_a_bundle_takes_is_refused(desk, refused):
    """The submission's schema bounds both texts: better said here than when the bundle is due."""
    with refused("value.too_long"):
        desk.session.attach(SLOT, desk.file(), pages="1" * 2001)
    desk.session.attach(SLOT, desk.file(), pages="1" * 2000, passages="ก" * 20_000)
    for text in ({"pages": "1" * 2001, "passages": ""}, {"pages": "", "passages": "ก" * 20_001}):
        with refused("value.too_long"):
            desk.session.mark(SLOT, sha256(ONE).hexdigest(), **text)


def test_what_is_not_attached_cannot_be_marked_or_taken_away(desk, refused):
    desk.session.attach(SLOT, desk.file())
    for slot, digest in ((SLOT, "0" * 64), ("g2/yes", sha256(ONE).hexdigest()), ("nowhere", sha256(ONE).hexdigest())):
        with refused("evidence.not_there"):
            desk.session.detach(slot, digest)
        with refused("evidence.not_there"):
            desk.session.mark(slot, digest, pages="1", passages="")
