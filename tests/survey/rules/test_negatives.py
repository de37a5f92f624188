""" "No" to what is left of a page: by the edition's data, without hiding anything that is there."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dgdesk.survey.answers.attachments import Attachment
from dgdesk.survey.rules.bulk_edits import negative_answer, negatives, open_negatives
from dgdesk.survey.rules.relevance import relevance
from dgdesk.survey.rules.state import Facts
from scenario import TODAY, real_rules

RULES = real_rules()
FORM = RULES.form


def state_of(answers, evidence=None):
    return RULES.evaluate(Facts(answers, evidence or {}), TODAY)


def page_of(address):
    return FORM.node(address).page


def test_every_option_that_means_no_says_so_in_words() -> None:
    said = {
        option.label: field.id
        for field in FORM.definition.fields()
        for option in (*field.options, *field.columns)
        if option.negative
    }
    assert len(said) > 5 and all("ไม่" in label for label in said), said


def test_what_is_empty_is_answered_and_what_is_there_stays() -> None:
    page = page_of("p7.1.1")
    state = state_of({"p7.1.1": "yes"})
    found = negatives(FORM, state, page)
    assert "p7.1.1" not in found.answers and set(found.answers.values()) == {"no"}
    assert open_negatives(FORM, state, page) == len(found.answers) > 2


def test_optional_rows_are_left_and_a_multiple_choice_gets_a_list() -> None:
    found = negatives(FORM, state_of({}), page_of("p5.1.table"))
    rows = [one for one in found.answers if one.startswith("p5.1.table:")]
    assert len(rows) == 12
    assert negative_answer(FORM.node("p5.3")) == ["none"]


def test_a_no_that_would_hide_an_answer_is_left_out_and_told() -> None:
    # G1 "no" leaves out G2 and G3
    state = state_of({"g2": "yes"})
    found = negatives(FORM, state, page_of("g1"))
    assert found.hiding == ("g1",) and "g1" not in found.answers


def test_a_no_that_would_hide_evidence_is_left_out_too() -> None:
    file = Attachment(sha256="0" * 64, name="a.pdf", size=1, media_type="application/pdf")
    state = state_of({}, {"g2/yes": (file,)})
    assert "g1" in negatives(FORM, state, page_of("g1")).hiding


def test_what_a_no_leaves_out_is_not_answered() -> None:
    found = negatives(FORM, state_of({}), page_of("g1"))
    assert found.answers["g1"] == "no" and "g2" not in found.answers


def test_what_has_no_such_option_is_counted() -> None:
    found = negatives(FORM, state_of({}), page_of("general.first_name"))
    assert found.answers == {} and len(found.without) > 3


CHOICES = [node for node in FORM.nodes if node.kind in ("single", "row") and node.options]


@settings(max_examples=60)
@given(st.data())
def test_nothing_that_was_there_is_changed_or_hidden(data) -> None:
    some = data.draw(st.lists(st.sampled_from(CHOICES), max_size=25))
    answers = {node.address: data.draw(st.sampled_from(node.options)) for node in some}
    state = state_of(answers)
    page = data.draw(st.sampled_from(list(FORM.pages)))
    found = negatives(FORM, state, page)
    assert not set(found.answers) & set(answers)
    after = answers | {one: tuple(no) if isinstance(no, list) else no for one, no in found.answers.items()}
    shown = relevance(FORM, after)
    for at, node in enumerate(FORM.nodes):
        assert shown[at] or not state.shown[at] or node.address not in answers
    for address in found.answers:
        assert shown[FORM.position[address]] and FORM.node(address).required and FORM.node(address).page == page


@pytest.mark.parametrize("text", ["ไม่ทราบ", "ยกเว้น"])
def test_not_to_know_and_to_be_exempt_are_no_no(text: str) -> None:
    for field in FORM.definition.fields():
        for option in (*field.options, *field.columns):
            assert not (option.negative and text in option.label), field.id
