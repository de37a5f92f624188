"""Flags are listed in printed order, by the question that people know by its code, and are no problems."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgdesk.draft.drafts import load_form
from dgdesk.survey.rules.flags import FLAGGED, NOTED, flagged, is_flag, on_page, question_at
from dgdesk.survey.rules.review import KINDS, is_of, mark_of

FORM = load_form()


def test_flags_are_listed_in_printed_order_with_their_notes() -> None:
    found = flagged(FORM, {"p1.4": "ถามคลังจังหวัด", "g1": "", "gone.long.ago": "x"})
    assert [(one.address, one.code, one.values["note"]) for one in found] == [
        ("g1", FLAGGED, ""),
        ("p1.4", NOTED, "ถามคลังจังหวัด"),
    ]
    assert [one.address for one in on_page(FORM, {"p1.4": "", "g1": ""}, FORM.node("g1").page)] == ["g1"]


def test_a_flag_is_of_its_own_kind_and_no_problem() -> None:
    (one,) = flagged(FORM, {"g1": ""})
    assert is_flag(one) and mark_of(one) == "flag" and one.severity != "error"
    assert [kind for kind in KINDS if is_of(one, kind)] == ["flagged"]


@pytest.mark.parametrize(
    ("at", "question"),
    [
        ("p1.2a:1.1", "p1.2a"),
        ("g3.projects.name#2", "g3"),
        ("p1.4", "p1.4"),
        ("p4.6.1.channels", "p4.6.1"),
        ("general.first_name", "general.coordinator"),
    ],
)
def test_a_flag_belongs_to_the_nearest_question_with_a_code(at: str, question: str) -> None:
    assert question_at(FORM, at) == question


@given(st.sampled_from(FORM.nodes))
def test_every_place_has_one_question_around_it_which_is_its_own(node) -> None:
    question = question_at(FORM, node.address)
    at = FORM.position[question]
    assert at <= FORM.position[node.address] < FORM.nodes[at].end
    assert FORM.nodes[at].kind not in ("row", "item")
    assert question_at(FORM, question) == question
