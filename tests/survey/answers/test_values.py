"""Values and their JSON form: what is stored comes back the same."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgdesk.survey.answers.reading import decode
from dgdesk.survey.answers.values import UnreadValue, Value, as_decimal, encode, has, items_of
from dgdesk.survey.definition.form import Form, Node
from random_forms import ANSWERED, values
from scenario import best


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        (None, None),
        ("yes", "yes"),
        (Decimal(12), 12),
        (Decimal("87.5"), 87.5),
        (Decimal("0.01"), 0.01),
        (("1", "3"), ["1", "3"]),
        (UnreadValue("ราว 3"), {"unread": "ราว 3"}),
    ],
)
def test_values_have_one_json_form(value: Value | None, stored: Any) -> None:
    assert encode(value) == stored
    assert type(encode(value)) is type(stored)


def test_every_place_of_the_form_keeps_its_best_answer(form: Form) -> None:
    for node in ANSWERED:
        value = best(node)
        assert decode(node, through_json(value)) == value


@given(st.sampled_from(ANSWERED).flatmap(lambda node: st.tuples(st.just(node), values(node))))
def test_what_is_stored_comes_back_the_same(pair: tuple[Node, Value]) -> None:
    node, value = pair
    if isinstance(value, UnreadValue):
        return
    assert decode(node, through_json(value)) == value


@given(st.decimals(0, 10**12, places=2))
def test_numbers_survive_digit_by_digit(number: Decimal) -> None:
    assert as_decimal(through_json(number)) == number


def through_json(value: Value | None) -> Any:
    return json.loads(json.dumps(encode(value), ensure_ascii=False))


@pytest.mark.parametrize(
    ("stored", "number"), [(3, "3"), (0.1, "0.1"), ("12.50", "12.5"), (Decimal("7"), "7"), (10**12, "1000000000000")]
)
def test_numbers_are_read_exactly(stored: Any, number: str) -> None:
    assert as_decimal(stored) == Decimal(number)


@pytest.mark.parametrize(
    "stored",
    [True, None, [], {}, "", "หก", "1,000", "nan", "Infinity", float("nan"), float("inf"), Decimal("sNaN"), 10**5000],
    ids=lambda stored: str(type(stored).__name__),
)
def test_what_is_no_number_is_refused_with_its_code(stored: Any) -> None:
    with pytest.raises(ValueError) as refused:
        as_decimal(stored)
    assert refused.value.args[0] == "number.bad"


def test_chosen_means_the_option_or_among_the_options() -> None:
    assert has("yes", "yes")
    assert has(("a", "b"), "b")
    assert not has("yes", "ye")
    assert not has(("ab",), "a")
    assert not has(None, "a")
    assert not has(UnreadValue("yes"), "yes")


def test_a_repeat_never_touched_shows_its_first_item(form: Form) -> None:
    node = form.node("g3.projects")
    assert items_of(node, None) == ("1",)
    assert items_of(node, UnreadValue("6")) == ("1",)
    assert items_of(node, ("2", "1")) == ("2", "1")
