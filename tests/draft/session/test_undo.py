"""Undo and redo: step by step back and forth, also after the draft was closed, and only for who may write."""

from __future__ import annotations

from decimal import Decimal

from dgdesk.draft.changes import Changes
from dgdesk.draft.drafts import open_draft


def test_there_and_back_again_over_every_kind_of_step(desk):
    session = desk.session
    steps = [
        lambda: session.answer("g1", "yes"),
        lambda: session.set_answer_from_text("p4.1.count", "ราว 30"),
        lambda: session.toggle("g4.1", "2", True),
        lambda: session.attach("g1/yes", desk.file()),
        lambda: session.mark("g1/yes", session.state.facts.evidence["g1/yes"][0].sha256, pages="1", passages=""),
        lambda: session.set_external("4.2", Decimal(5)),
        lambda: session.add_item("g3.projects"),
        lambda: session.answer("g3.projects.name#2", "สอง"),
        lambda: session.move_item("g3.projects", "2", 0),
        lambda: session.remove_item("g3.projects", "2"),
        lambda: session.detach("g1/yes", session.state.facts.evidence["g1/yes"][0].sha256),
        lambda: session.answer("g1", "no"),
    ]
    states, told = [session.state], []
    for step in steps:
        told.append(step())
        assert told[-1], f"step {len(told)} changed nothing"
        states.append(session.state)
    session = desk.reopen()
    assert session.state == states[-1]
    for then, changes in zip(reversed(states[:-1]), reversed(told), strict=True):
        back = session.undo()
        assert session.state == then
        # Going back touches what going forth touched.
        assert (back.answers, back.evidence, back.shown) == (changes.answers, changes.evidence, changes.shown)
        assert (back.problems, back.score) == (changes.problems, changes.score)
    assert not session.can_undo and session.undo() == Changes()
    session = desk.reopen()
    for then in states[1:]:
        assert session.can_redo
        assert session.redo()
        assert session.state == then
    assert not session.can_redo and session.redo() == Changes()


def test_a_new_answer_ends_what_could_be_redone(desk):
    desk.session.answer("g1", "yes")
    desk.session.undo()
    assert desk.session.can_redo
    desk.session.answer("g1", "no")
    assert not desk.session.can_redo
    assert desk.session.redo() == Changes()
    assert desk.session.state.facts.answers == {"g1": "no"}


def test_a_reader_sees_everything_and_changes_nothing(desk, refused, clock):
    desk.session.answer_all({"g1": "yes", "g3.projects": ["1", "2"]})
    desk.session.attach("g1/yes", desk.file())
    with open_draft(desk.path, clock=clock, who="ผู้อ่าน", read_only=True) as reader:
        before = reader.session.state
        assert before == desk.session.state
        assert not reader.session.can_undo and not reader.session.can_redo
        for action in (
            lambda: reader.session.answer("g1", "no"),
            lambda: reader.session.set_answer_from_text("p4.1.count", "ราว"),
            lambda: reader.session.toggle("g4.1", "1", True),
            lambda: reader.session.add_item("g3.projects"),
            lambda: reader.session.remove_item("g3.projects", "2"),
            lambda: reader.session.attach("g2/yes", desk.file()),
            lambda: reader.session.set_external("4.2", Decimal(1)),
            reader.session.undo,
            reader.session.redo,
        ):
            with refused("package.read_only"):
                action()
            assert reader.session.state is before


def test_who_and_when_stand_in_the_history(desk):
    desk.session.answer("g1", "yes")
    desk.session.answer_all({"g3.projects": ["1", "2"], "g3.projects.name#2": "สอง"})
    desk.session.remove_item("g3.projects", "2")
    desk.session.undo()
    history = desk.draft.package.history()
    assert [record.action for record in history[1:]] == ["remove_item", "answer", "answer"]
    assert history[0].undoes == history[1].number
    assert {record.who for record in history} == {"สมชาย"}
    assert history[-1].edits[0].old is None and history[-1].edits[0].new == "yes"
