"""Numbers of a repeat's items follow the order that they are in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgdesk.draft.drafts import load_form
from dgdesk.survey.definition.form import Form
from dgdesk.survey.rules.numbering import label_now, number_now


@pytest.fixture(scope="module")
def form() -> Form:
    return load_form()


def test_what_is_in_no_repeat_has_no_number(form: Form) -> None:
    node = form.node("general.first_name")
    assert number_now(form, {}, node) is None and label_now(form, {}, node) == node.label


def test_a_repeat_never_touched_counts_from_its_printed_number(form: Form) -> None:
    assert label_now(form, {}, form.node("p2.1.4b.name#1")) == "4. ชื่อชุดข้อมูล"
    assert number_now(form, {}, form.node("p2.1.4b.name#1")) == 4


def test_items_are_numbered_as_they_stand(form: Form) -> None:
    answers = {"g3.projects": ("3", "1")}
    assert label_now(form, answers, form.node("g3.projects.name#3")).startswith("1. ")
    assert label_now(form, answers, form.node("g3.projects.name#1")).startswith("2. ")


def test_an_item_that_is_not_there_has_no_number(form: Form) -> None:
    answers = {"g3.projects": ("3", "1"), "p2.3.1.3.sets": ("2",)}
    for address in ("g3.projects#2", "g3.projects.name#2", "p2.3.1.3.sets.use.policy#1"):
        assert number_now(form, answers, form.node(address)) is None
    assert label_now(form, answers, form.node("g3.projects.name#2")) == "โครงการ/แผนงาน/นโยบาย"
    assert label_now(form, answers, form.node("p2.3.1.3.sets.use.policy#1")) == "อธิบายกิจกรรม"


def test_what_lies_deep_in_an_item_follows_it(form: Form) -> None:
    numbered = [node for node in form.nodes if node.number is not None and node.field.label.startswith("{n}.1.1")]
    node = next(one for one in numbered if one.item == "2")
    repeat = form.nodes[form.nodes[node.inside].parent]
    answers = {repeat.address: ("2", "1")}
    assert label_now(form, answers, node).startswith(f"{repeat.field.first_number}.1.1")


@given(st.permutations(["1", "2", "3", "4", "5"]))
def test_any_order_gives_every_number_once(form: Form, keys: list[str]) -> None:
    answers = {"g3.projects": tuple(keys)}
    found = [number_now(form, answers, form.node(f"g3.projects.name#{key}")) for key in keys]
    assert found == [1, 2, 3, 4, 5]
