"""Several files come to a place in one step; a bad one does not lose the others; each is told of."""

from __future__ import annotations

from dataclasses import replace

from dgdesk.definition.models import EvidenceLimits
from dgdesk.session import FormSession


def test_several_files_are_one_step_and_a_bad_one_is_left_out(desk):
    desk.session.answer_all({"general.province": "TH-55", "g1": "yes"})
    good, other = desk.file("a.txt", b"one"), desk.file("b.txt", b"two")
    empty, gone = desk.file("empty.txt", b""), desk.path.parent / "gone.txt"
    done = desk.session.attach_files("g1/yes", [good, empty, gone, other, good])
    assert [one.error.code if one.error else one.name for one in done.files] == [
        "a.txt",
        "evidence.empty",
        "evidence.unreadable",
        "b.txt",
        "evidence.already_there",
    ]
    assert [one.name for one in desk.session.state.facts.evidence["g1/yes"]] == ["a.txt", "b.txt"]
    assert done.changes.evidence == {"g1/yes"}
    desk.session.undo()
    assert "g1/yes" not in desk.session.state.facts.evidence


def test_nothing_but_bad_files_changes_nothing(desk):
    desk.session.answer("g1", "yes")
    done = desk.session.attach_files("g1/yes", [desk.file("empty.txt", b"")])
    assert not done.changes and done.files[0].error.code == "evidence.empty"


def test_the_total_is_kept_over_all_files_of_one_step(desk, monkeypatch):
    desk.session.answer("g1", "yes")
    form = desk.session.form
    limits = EvidenceLimits(file=100, total=150)
    small = replace(form, definition=form.definition.model_copy(update={"evidence_limits": limits}))
    monkeypatch.setattr(FormSession, "form", property(lambda self: small))
    files = [desk.file("a.txt", b"a" * 90), desk.file("b.txt", b"b" * 80), desk.file("c.txt", b"c" * 50)]
    done = desk.session.attach_files("g1/yes", files)
    assert [one.error.code if one.error else one.name for one in done.files] == [
        "a.txt",
        "incoming.total_too_large",
        "c.txt",
    ]


def test_a_session_ahead_shows_what_would_be_and_stores_nothing(desk):
    desk.session.answer("g1", "no")
    ahead = desk.session.ahead()
    assert ahead.answer("g1", "yes").answers == {"g1"} and ahead.state.facts.answers["g1"] == "yes"
    assert desk.session.state.facts.answers["g1"] == "no" and not ahead.undo()
