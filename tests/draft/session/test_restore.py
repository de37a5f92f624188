"""Restoring an earlier value: an ordinary change, which undo takes back; what the form does not have is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dgdesk.draft.file.model import StateKey
from dgdesk.errors import UsageError
from dgdesk.survey.answers.values import UnreadValue


def test_any_stored_value_comes_back_exactly(desk):
    session = desk.session
    session.set_answer_from_text("p4.1.count", "ราว 30")
    session.answer("g4.1", ["1", "2"])
    session.attach("g1/yes", desk.file())
    session.set_external("4.2", Decimal(5))
    stored = {key: value for key, value in session.stored.items() if value}
    before = session.state.facts
    session.answer_all({"p4.1.count": 7, "g4.1": None})
    session.detach("g1/yes", before.evidence["g1/yes"][0].sha256)
    session.set_external("4.2", None)
    for key, value in stored.items():
        session.restore({key: value})
    assert session.state.facts == before
    assert isinstance(session.state.facts.answers["p4.1.count"], UnreadValue)
    assert desk.reopen().state.facts == before


def test_several_values_are_one_step(desk):
    session = desk.session
    session.answer_all({"g1": "yes", "g4": "yes"})
    then = session.state
    changes = session.restore({StateKey("answer", "g1"): "no", StateKey("answer", "g4"): None})
    assert changes.answers == {"g1", "g4"}
    session.undo()
    assert session.state == then


def test_restoring_what_is_there_changes_nothing(desk):
    desk.session.answer("g1", "yes")
    assert not desk.session.restore({StateKey("answer", "g1"): "yes"})


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        (StateKey("answer", "no.such"), "x", "field.unknown"),
        (StateKey("answer", "p1.2"), "x", "value.no_answer_here"),
        (StateKey("attachment", "no/such", "ab" * 32), None, "evidence.unknown_slot"),
        (
            StateKey("attachment", "g1/yes", "ab" * 32),
            {"sha256": "ab" * 32, "name": "x.pdf", "size": 1},
            "package.unknown_file",
        ),
    ],
)
def test_what_cannot_be_restored_is_refused_and_nothing_changes(desk, key, value, code):
    session = desk.session
    before = session.state
    with pytest.raises(UsageError) as refused:
        session.restore({key: value})
    assert refused.value.code == code
    assert session.state == before
