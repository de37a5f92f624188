"""Typed reading, kind by kind: what is understood, how it is kept, and what is refused with which code."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgdesk.survey.answers.reading import decode, read_json, read_typed
from dgdesk.survey.answers.values import Value, encode
from dgdesk.survey.definition.form import Form, Node
from dgdesk.system.bounds import LONGEST_LINE, LONGEST_TEXT
from dgdesk.text.messages import load_catalogue
from random_forms import ANSWERED

# One place of the real form for every kind.
PLACES = {
    "text": "general.first_name",
    "long_text": "general.address",
    "number": "p4.1.count",
    "percent": "p4.2.2.2",
    "score": "p4.2.2.3",
    "url": "p2.1.1.2",
    "urls": "p4.6.1.1",
    "people": "p4.2.2.1",
    "times": "p6.2.2.2.times",
    "sets": "p2.2.1.2b",
    "email": "general.email",
    "phone": "general.mobile",
    "month_year": "p1.4.1",
    "single": "g1",
    "row": "p1.2a:1.1",
    "multiple": "p1.1a2",
    "exclusive": "p5.3",
    "repeat": "g3.projects",
    "group": "p1.2",
    "matrix": "p1.2a",
    "item": "g3.projects#1",
}

GOOD: list[tuple[str, str, Value]] = [
    ("text", "สมชาย  ใจดี\n", "สมชาย ใจดี"),
    ("text", "น\u0e49\u0e4d\u0e32", "น้ำ"),
    ("text", "เเผนที่", "แผนที่"),
    ("text", "ก" * 1000, "ก" * 1000),
    ("long_text", "บรรทัดแรก\r\nบรรทัดสอง  \n", "บรรทัดแรก\nบรรทัดสอง"),
    ("long_text", "ก" * 20_000, "ก" * 20_000),
    ("number", "12", Decimal(12)),
    ("number", "๑๒", Decimal(12)),
    ("number", "1,234", Decimal(1234)),
    ("number", " ๑,๒๓๔ ", Decimal(1234)),
    ("number", "0", Decimal(0)),
    ("number", "5.0", Decimal(5)),
    ("number", "1000000000000", Decimal(10**12)),
    ("percent", "0", Decimal(0)),
    ("percent", "100", Decimal(100)),
    ("percent", "87.25", Decimal("87.25")),
    ("percent", "๘๗.๕ %", Decimal("87.5")),
    ("percent", "87.50%", Decimal("87.5")),
    ("score", "4.51", Decimal("4.51")),
    ("url", "www.example.go.th", "https://www.example.go.th"),
    ("url", "HTTP://Example.go.th/ก", "http://example.go.th/ก"),
    ("email", "Name@Example.GO.TH", "Name@example.go.th"),
    ("phone", "๐๘๑ ๒๓๔ ๕๖๗๘", "081 234 5678"),
    ("phone", "+66 2 123 4567", "0 2123 4567"),
    ("phone", "02-123-4567 ต่อ 5", "02-123-4567 ต่อ 5"),
    ("phone", "โทร. 0 5311 2233-4", "0 5311 2233-4"),
    ("email", "<a@b.go.th>; mailto:c@d.go.th", "a@b.go.th, c@d.go.th"),
    ("urls", "www.a.go.th, www.b.go.th", "https://www.a.go.th, https://www.b.go.th"),
    ("number", "12 บริการ", Decimal(12)),
    ("number", "จำนวน ๑,๒๓๔ บริการ", Decimal(1234)),
    ("number", "มีจำนวนทั้งสิ้น 12 บริการ", Decimal(12)),
    ("number", "ทั้งหมด ๑๒.", Decimal(12)),
    ("number", "１２\u3000บริการ", Decimal(12)),
    ("percent", "87.5％", Decimal("87.5")),
    ("people", "๘๗ คน", Decimal(87)),
    ("people", "87คน", Decimal(87)),
    ("people", "87 ราย", Decimal(87)),
    ("times", "2 ครั้ง/ปี", Decimal(2)),
    ("times", "2 ครั้ง", Decimal(2)),
    ("sets", "15 ชุด", Decimal(15)),
    ("score", "4.51 คะแนน", Decimal("4.51")),
    ("percent", "ร้อยละ 50", Decimal(50)),
    ("percent", "ร้อยละ ๘๗.๕", Decimal("87.5")),
    ("percent", "50 เปอร์เซ็นต์", Decimal(50)),
    ("percent", "５０ %", Decimal(50)),
    ("month_year", "ตุลาคม 2568", "2025-10"),
    ("month_year", "ต.ค. ๒๕๖๘", "2025-10"),
    ("month_year", "๑๐/๒๕๖๘", "2025-10"),
    ("month_year", "10/2025", "2025-10"),
    ("month_year", "2025-10", "2025-10"),
    ("month_year", "ตุลาคม ค.ศ. 2025", "2025-10"),
    ("month_year", "October 2025", "2025-10"),
    ("single", " yes ", "yes"),
    ("row", "exempt", "exempt"),
    ("multiple", "3, 1,12", ("1", "3", "12")),
    ("multiple", '["12", "1"]', ("1", "12")),
    ("exclusive", "none", ("none",)),
    ("repeat", "2,1", ("2", "1")),
]

BAD: list[tuple[str, str, str]] = [
    ("text", "ก" * 1001, "value.too_long"),
    ("long_text", "ก" * 20_001, "value.too_long"),
    ("number", "หก", "number.bad"),
    ("number", "1,23", "number.commas"),
    ("number", "1.234.567", "number.commas"),
    ("number", "1e3", "number.words"),
    ("number", "12%", "number.words"),
    ("number", "12 คน", "number.words"),
    ("number", "ร้อยละ 12", "number.words"),
    ("people", "ประมาณ 12", "number.words"),
    ("percent", "50 คน", "number.words"),
    ("percent", "ทั้งหมด 50", "number.words"),
    ("people", "400 คน/ปี", "number.words"),
    ("score", "4.5 จาก 5", "number.words"),
    ("sets", "15 ครั้ง", "number.words"),
    ("number", "<b>12</b>", "number.words"),
    ("number", "12 13", "number.bad"),
    ("number", "-1", "number.too_small"),
    ("number", "1000000000001", "number.out_of_range"),
    ("number", "9" * 60, "number.out_of_range"),
    ("number", "1.5", "number.not_whole"),
    ("percent", "100.01", "number.out_of_range"),
    ("percent", "-0.01", "number.out_of_range"),
    ("percent", "87.125", "number.too_precise"),
    ("percent", "%", "number.bad"),
    ("score", "4.511", "number.too_precise"),
    ("url", "ไม่มี", "url.host"),
    ("url", "javascript:alert(1)", "url.scheme"),
    ("url", "ftp://example.go.th", "url.scheme"),
    ("url", "www.example .go.th", "url.space"),
    ("url", "https://user:pass@example.go.th", "url.user"),
    ("url", "https://example.go.th/" + "a" * 1000, "value.too_long"),
    ("url", "example.go.th/" + "a" * 980, "value.too_long"),
    ("url", "www.a.go.th, www.b.go.th", "url.one_only"),
    ("urls", "www.a.go.thและwww.b.go.th", "url.together"),
    ("urls", "a.go.th " * 80, "value.too_long"),
    ("email", "name@example", "email.host"),
    ("email", "ชื่อ นามสกุล", "email.no_at"),
    ("phone", "12345", "phone.bad"),
    ("phone", "02-123-4567 ต่อ", "phone.extension"),
    ("phone", "081234567", "phone.mobile_digits"),
    ("month_year", "13/2568", "month.number"),
    ("month_year", "ปีหน้า", "month.bad"),
    ("month_year", "2568", "month.no_month"),
    ("month_year", "ตุลาคม", "month.no_year"),
    ("month_year", "ตุลาคม 25x", "month.year"),
    ("month_year", "10/3000", "month.year"),
    ("single", "maybe", "value.unknown_option"),
    ("single", "YES", "value.unknown_option"),
    ("row", "perhaps", "value.unknown_option"),
    ("multiple", "13", "value.unknown_option"),
    ("multiple", "1,1", "value.chosen_twice"),
    ("multiple", "[1]", "value.wrong_type"),
    ("multiple", '["1"', "value.wrong_type"),
    ("multiple", "[" * 100_000, "value.wrong_type"),
    ("multiple", "[" + "9" * 5000 + "]", "value.wrong_type"),
    ("exclusive", "none,1", "value.exclusive"),
    ("repeat", "6", "value.too_many_items"),
    ("repeat", "1,1", "value.item_twice"),
    ("repeat", "x", "value.unknown_item"),
    ("repeat", "1,01", "value.unknown_item"),
    ("repeat", "-1", "value.unknown_item"),
    ("repeat", "0", "value.unknown_item"),
    ("repeat", "1,99", "value.too_many_items"),
    ("group", "ก", "value.no_answer_here"),
    ("matrix", "ก", "value.no_answer_here"),
    ("item", "ก", "value.no_answer_here"),
]


def test_the_examples_go_through_every_kind(form: Form) -> None:
    kinds = {node.kind for node in form.nodes}
    assert {form.node(address).kind for address in PLACES.values()} == kinds
    answered = kinds - {"group", "matrix", "item"}
    assert {form.node(PLACES[kind]).kind for kind, _, _ in GOOD} == answered
    assert {form.node(PLACES[kind]).kind for kind, _, _ in BAD} == kinds


@pytest.mark.parametrize(("kind", "typed", "kept"), GOOD, ids=lambda value: str(value)[:20])
def test_what_people_type_is_understood(form: Form, kind: str, typed: str, kept: Value) -> None:
    node = form.node(PLACES[kind])
    assert read_typed(node, typed) == kept
    assert read_json(node, encode(kept)) == kept


@pytest.mark.parametrize(("kind", "typed", "code"), BAD, ids=lambda value: str(value)[:20])
def test_what_is_wrong_is_refused_with_its_code(form: Form, kind: str, typed: str, code: str) -> None:
    with pytest.raises(ValueError) as refused:
        read_typed(form.node(PLACES[kind]), typed)
    assert refused.value.args[0] == code


@pytest.mark.parametrize("kind", [kind for kind in PLACES if kind not in ("group", "matrix", "item")])
@pytest.mark.parametrize("blank", ["", "   ", "\n\t\u200b\u00a0"], ids=["nothing", "spaces", "invisible"])
def test_a_blank_is_no_answer(form: Form, kind: str, blank: str) -> None:
    assert read_typed(form.node(PLACES[kind]), blank) is None


@pytest.mark.parametrize(("kind", "stored"), [("text", ""), ("number", " "), ("multiple", []), ("repeat", [])])
def test_an_empty_value_is_no_answer(form: Form, kind: str, stored: Any) -> None:
    assert read_json(form.node(PLACES[kind]), stored) is None


@pytest.mark.parametrize(
    ("kind", "stored", "code"),
    [
        ("text", 3, "value.wrong_type"),
        ("single", True, "value.wrong_type"),
        ("single", ["yes"], "value.wrong_type"),
        ("multiple", "1", "value.wrong_type"),
        ("multiple", [["1"]], "value.wrong_type"),
        ("multiple", {"1": 1}, "value.wrong_type"),
        ("number", "สาม", "number.bad"),
        ("number", True, "number.bad"),
        ("number", float("nan"), "number.bad"),
        ("number", 1e300, "number.out_of_range"),
        ("percent", 101, "number.out_of_range"),
        ("number", 10**5000, "number.bad"),
        ("group", "ก", "value.no_answer_here"),
    ],
    # Not the values: one has more digits than Python writes out.
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_a_program_that_hands_in_the_wrong_thing_is_told(form: Form, kind: str, stored: Any, code: str) -> None:
    with pytest.raises(ValueError) as refused:
        read_json(form.node(PLACES[kind]), stored)
    assert refused.value.args[0] == code


def test_equal_numbers_are_kept_in_one_way(form: Form) -> None:
    node = form.node(PLACES["percent"])
    for typed in ("50", "50.0", "50.00", "๕๐%"):
        assert str(read_typed(node, typed)) == "50"
    assert str(read_json(node, 5e1)) == "50"
    assert str(read_json(node, "12.50")) == "12.5"
    assert str(read_json(node, -0.0)) == "0"


def test_what_is_too_long_is_told_how_long_it_may_be() -> None:
    for language in ("th", "en"):
        words = load_catalogue(language).text("value.too_long")
        assert f"{LONGEST_LINE:,}" in words and f"{LONGEST_TEXT:,}" in words


@given(st.sampled_from(ANSWERED), st.text(max_size=40) | st.text("0123456789๐๑๒,.-/% @:กทต[]\"'ht", max_size=25))
def test_reading_never_breaks_and_what_it_reads_stays(node: Node, typed: str) -> None:
    """Any text is read, blank, or refused with a code that has a sentence; a value read is stored and read the same."""
    try:
        value = read_typed(node, typed)
    except ValueError as error:
        assert error.args[0] in CATALOGUE
        return
    assert decode(node, encode(value)) == value


CATALOGUE = load_catalogue()
