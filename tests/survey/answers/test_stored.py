"""Answers as they come back from storage: nothing is refused, nothing is lost."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgdesk.survey.answers.reading import decode, decode_all
from dgdesk.survey.answers.values import UnreadValue, encode
from dgdesk.survey.definition.form import Form
from dgdesk.text.messages import load_catalogue
from scenario import real_rules

FORM = real_rules().form
CATALOGUE = load_catalogue()


def nested(depth: int) -> Any:
    deep: Any = "x"
    for _ in range(depth):
        deep = [deep]
    return deep


HOSTILE: list[Any] = [
    *(True, False, 0, -1, 1.5, 1e308, float("nan"), float("inf"), 10**400, 10**5000, Decimal("sNaN")),
    *("", " ", "\x00", "\ud800", "x" * 100_000, "yes", "1_000", "1e999999999", "999999999999999999999"),
    *([], [1], ["1", "1"], ["nowhere"], [None], [["1"]], ["none", "1"], nested(100_000)),
    *({}, {"unread": 3}, {"unread": None}, {"unread": ""}, {"unread": "\ud800"}, {"unread": "[" * 9000}, {"a": [1]}),
]


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_hostile_answers_never_break_anything(number: int) -> None:
    """Whatever lies in a damaged file, at every place: a value, nothing, or `UnreadValue` with a worded code."""
    for node in FORM.nodes:
        value = decode(node, HOSTILE[number])
        if isinstance(value, UnreadValue):
            assert value.why in CATALOGUE
            assert isinstance(value.text, str)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6) | st.just("unread"), inner),
    max_leaves=6,
)


@given(st.sampled_from(FORM.nodes), json_values)
def test_any_json_is_read_as_something(node: Any, stored: Any) -> None:
    value = decode(node, stored)
    if isinstance(value, UnreadValue):
        assert value.why in CATALOGUE
    else:
        assert decode(node, encode(value)) == value


def test_what_could_not_be_read_is_kept_word_by_word(form: Form) -> None:
    node = form.node("p4.1.count")
    unread = decode(node, {"unread": "ราว 3 บริการ"})
    assert unread == UnreadValue("ราว 3 บริการ", "number.words")
    assert json.loads(json.dumps(encode(unread))) == {"unread": "ราว 3 บริการ"}
    assert decode(node, encode(unread)) == unread


def test_what_could_not_be_read_once_is_read_when_it_can_be(form: Form) -> None:
    """A newer program may understand what an older one did not."""
    assert decode(form.node("p4.1.count"), {"unread": "๑๒"}) == 12
    assert decode(form.node("g1"), {"unread": "yes"}) == "yes"
    assert decode(form.node("g1"), {"unread": "  "}) is None


def test_an_option_of_an_older_form_is_kept_as_unread(form: Form) -> None:
    assert decode(form.node("g1"), "perhaps") == UnreadValue("perhaps", "value.unknown_option")
    assert decode(form.node("p1.1a2"), ["1", "99"]) == UnreadValue("['1', '99']", "value.unknown_option")


def test_answers_the_form_does_not_know_are_left_in_the_package(form: Form) -> None:
    stored = {"g1": "yes", "old.question": "no", "p4.1.count": None, "general.address": ""}
    assert decode_all(form, stored) == {"g1": "yes"}


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("general.office_phone", "053-112-233"),
        ("general.office_phone", "1800-123-456"),
        ("general.office_phone", "1567"),
        ("general.mobile", "081-234-5678"),
        ("general.email", "ａ@example.go.th"),
        ("general.email", "a/b@example.go.th"),
        ("p2.1.1.2", "https://www.a.go.th/www.b.go.th"),
        ("p2.1.1.2", "https://www.a.go.thและwww.b.go.th"),
        ("p2.1.1.2", "https://a.go.th/x,www.b.go.th"),
        ("p2.1.1.2", "https://a.go.th/x,"),
        ("p4.6.1.1", "https://a.go.th,https://b.go.th".replace("th,", "th/,")),
        ("p4.6.1.1", "https://a.go.th/ｘ;y"),
        ("p4.2.2.2", 87.25),
    ],
)
def test_what_version_0_1_0_kept_stays_valid_and_as_it_is(form: Form, address: str, kept: Any) -> None:
    value = decode(form.node(address), kept)
    assert encode(value) == kept
    assert not isinstance(value, UnreadValue)


@pytest.mark.parametrize(
    "kept", ["ไม่มี", "https://a b", "http://x", "javascript:alert(1)", "https://a.go.th\n", "a.go.th<"]
)
def test_what_no_version_kept_is_no_address(form: Form, kept: str) -> None:
    value = decode(form.node("p2.1.1.2"), kept)
    assert isinstance(value, UnreadValue) or value == "https://a.go.th"
