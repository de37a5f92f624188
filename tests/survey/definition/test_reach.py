"""Whether a place can ever show."""

from __future__ import annotations

from typing import Any

import pytest

from dgdesk.survey.definition.build import build_form
from dgdesk.survey.definition.form import Form
from dgdesk.survey.definition.lint import can_show
from survey.definition.tiny import definition, text, yes_no

YES, NO = {"chosen": ["q1", "yes"]}, {"chosen": ["q1", "no"]}


@pytest.mark.parametrize(
    ("when", "possible"),
    [
        (YES, True),
        ({"all": [YES, NO]}, False),
        ({"any": [YES, NO]}, True),
        ({"not_": YES}, True),
        ({"all": [YES, {"not_": YES}]}, False),
        ({"not_": {"any": [YES, {"not_": YES}]}}, False),
        ({"not_": {"all": [YES, NO]}}, True),
        ({"any": [{"all": [YES, NO]}, {"not_": NO}]}, True),
        ({"all": []}, True),
        ({"any": []}, False),
    ],
    ids=str,
)
def test_a_condition_holds_for_some_answers_or_for_none(when: dict[str, Any], possible: bool) -> None:
    form = build_form(definition(yes_no("q1"), text("q2", when=when)))
    assert can_show(form, form.node("q2")) is possible


def test_several_choices_may_hold_together() -> None:
    many = {"id": "q1", "kind": "multiple", "options": [{"id": "yes", "label": "ก"}, {"id": "no", "label": "ข"}]}
    form = build_form(definition(many, text("q2", when={"all": [YES, NO]})))
    assert can_show(form, form.node("q2"))


def test_a_condition_on_a_place_that_cannot_show_never_holds() -> None:
    form = build_form(
        definition(yes_no("q1"), yes_no("q2", when={"all": [YES, NO]}), text("q3", when={"chosen": ["q2", "yes"]}))
    )
    assert not can_show(form, form.node("q3"))


def test_every_place_of_the_real_form_can_show(form: Form) -> None:
    assert all(can_show(form, node) for node in form.nodes)
