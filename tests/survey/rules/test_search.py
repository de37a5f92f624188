"""A question is found by its code however it is typed, or by words; a hidden one says why it is hidden."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgdesk.survey.definition.form import Form
from dgdesk.survey.rules.codes import code_key, place_codes
from dgdesk.survey.rules.search import SearchHit, find, landing, why_not_asked
from dgdesk.survey.rules.search_index import make_index
from scenario import Scenario, every_item, real_rules

INDEX = make_index(real_rules().form)
CODED = [node for node in INDEX.form.nodes if node.code and node.item in (None, "1")]


def first(query: str) -> str:
    hits = find(INDEX, every_item(INDEX.form), query)
    assert hits, query
    return hits[0].address


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("p1.1a2", "p1.1a2"),
        ("P 1.1 a2", "p1.1a2"),
        ("P1.1 A2", "p1.1a2"),
        ("P๑.๑a๒", "p1.1a2"),
        ("4.6.1.3", "p4.6.1.3"),
        ("p4.6.1.3", "p4.6.1.3"),
        ("7.1.13", "p7.1.13"),
        ("p7.1.13", "p7.1.13"),
        ("๗.๑.๑๓", "p7.1.13"),
        ("p.2.1.4", "p2.1.4"),
        ("P2.1.4", "p2.1.4"),
        ("2.1.4", "p2.1.4"),
        ("ข้อ P1.1", "p1.1"),
        ("ข้อที่ ๗.๑.๑", "p7.1.1"),
        ("1.1", "p1.1"),
        ("2.1", "p2.1"),
        ("p12", "p1.2"),
        ("G1", "g1"),
        ("p1.2a 1.1", "p1.2a:1.1"),
        ("P2.2.1.1b", "p2.2.1.1b"),
        ("A2.1.3.1", "p6.1.a.2.1.3.1"),
    ],
)
def test_a_code_is_found_in_any_form(typed: str, address: str) -> None:
    assert first(typed) == address


@pytest.mark.parametrize(
    ("typed", "address", "option"),
    [
        ("P1.1a2-1", "p1.1a2", "1"),
        ("P๑.๑a๒ (๑๒)", "p1.1a2", "12"),
        ("P2.1.4-5", "p2.1.4b#2", None),
        ("P2.1.4c-9", "p2.1.4c#3", None),
        ("P3.1-1 (2)", "p3.1.table:1:measure", None),
        ("P5.1-13", "p5.1.table:13", None),
        ("P2.4-3", "p2.4.table:3", None),
        ("A.2.1.1", "p6.1.a.2.1", "1"),
        ("P4.4.3", "p4.4.2", "7"),
        ("P2.3.1.3-2.1.1", "p2.3.1.3.sets.use#2", "analysis"),
        ("G4.1 3.1", "g4.1.3", None),
    ],
)
def test_a_code_with_its_row_item_or_option_finds_that_place(typed: str, address: str, option: str | None) -> None:
    hits = [(hit.address, hit.option) for hit in find(INDEX, every_item(INDEX.form), typed)]
    assert (address, option) in hits[:6]


def test_every_code_that_means_a_place_finds_it() -> None:
    for node in INDEX.form.nodes:
        for key in place_codes(INDEX.form, node) if node.section != "general" else ():
            found = find(INDEX, every_item(INDEX.form), ".".join(key), most=500)
            assert node.address in {hit.address for hit in found} or node.kind == "item", key


def test_a_code_printed_twice_is_found_twice_its_own_place_first() -> None:
    assert [hit.address for hit in find(INDEX, every_item(INDEX.form), "P5.3.1.1")[:2]] == [
        "p5.3.1.1",
        "p5.3.software.1",
    ]


def test_a_code_finds_what_is_under_it_after_itself() -> None:
    assert [hit.address for hit in find(INDEX, every_item(INDEX.form), "p1.1")][:3] == ["p1.1", "p1.1a1", "p1.1a2"]


def test_a_code_printed_at_an_option_finds_the_option() -> None:
    assert find(INDEX, every_item(INDEX.form), "A.2.1.3")[0] == SearchHit("p6.1.a.2.1", "3", 1)


def test_words_of_a_label_come_before_words_of_an_option() -> None:
    hits = find(INDEX, every_item(INDEX.form), "คลาวด์")
    assert hits[0] == SearchHit("p6.1.a", None, hits[0].rank)
    assert SearchHit("p6.1.a.2.1", "1", hits[1].rank) in hits


def test_every_word_must_be_there_in_any_order() -> None:
    addresses = [hit.address for hit in find(INDEX, every_item(INDEX.form), "นโยบาย จังหวัด")]
    assert "p1.1" in addresses and "general.province" not in addresses


@pytest.mark.parametrize("typed", ["email", "E-MAIL", "e mail", "e\u200bmail"])
def test_spelling_does_not_matter(typed: str) -> None:
    assert first(typed) == "general.email"


def test_both_ways_of_typing_sara_am_find_the_same() -> None:
    assert find(INDEX, every_item(INDEX.form), "ประจำ") == find(INDEX, every_item(INDEX.form), "ประจ\u0e4d\u0e32")


@pytest.mark.parametrize("typed", ["", "   ", "\u200b", "ไม่มีคำนี้แน่นอน", "p99.99", "...", "(("])
def test_what_fits_nothing_finds_nothing(typed: str) -> None:
    assert find(INDEX, every_item(INDEX.form), typed) == ()


def test_items_of_a_repeat_are_listed_once(form: Form) -> None:
    hits = [hit.address for hit in find(INDEX, every_item(INDEX.form), "โครงการ", most=500)]
    assert "g3.projects.name#1" in hits and "g3.projects.name#2" not in hits


@given(st.sampled_from(CODED), st.sampled_from(["", " ", "."]), st.booleans())
def test_every_printed_code_finds_its_question(node: object, between: str, upper: bool) -> None:
    code = node.code
    typed = between.join(code.split(".")) if between == "." else code.replace(".", "." + between)
    hits = find(INDEX, every_item(INDEX.form), typed.upper() if upper else typed.lower())
    assert node.address in [hit.address for hit in hits if hit.rank <= 2]


@given(st.text(max_size=300))
def test_nothing_typed_can_break_the_search(typed: str) -> None:
    hits = find(INDEX, every_item(INDEX.form), typed)
    assert [hit.rank for hit in hits] == sorted(hit.rank for hit in hits)
    assert all(hit.address in INDEX.form.position for hit in hits)


def test_the_pieces_of_a_code() -> None:
    assert code_key("P 1.1 a๒") == ("p", "1", "1", "a", "2")


def test_a_skipped_question_says_why_and_leads_to_what_decides(scenario: Scenario) -> None:
    scenario.answer("g1", ["no"] if scenario.form.node("g1").kind == "multiple" else "no")
    state = scenario.state
    hidden = why_not_asked(scenario.form, state.facts.answers, state.shown, "g2")
    assert hidden is not None and (hidden.how, hidden.cause, hidden.option) == ("skip", "g1", "no")
    assert landing(scenario.form, state.facts.answers, state.shown, "g2") == "g1"
    assert landing(scenario.form, state.facts.answers, state.shown, "g2.details") == "g1"


def test_an_asked_question_is_its_own_landing(scenario: Scenario) -> None:
    state = scenario.state
    assert why_not_asked(scenario.form, state.facts.answers, state.shown, "p1.1") is None
    assert landing(scenario.form, state.facts.answers, state.shown, "p1.1") == "p1.1"


def test_a_heading_lands_on_the_first_question_under_it(scenario: Scenario) -> None:
    state = scenario.state
    assert landing(scenario.form, state.facts.answers, state.shown, "p1.2") == "p1.2a:1.1"


def test_every_place_has_a_landing_that_is_asked(scenario: Scenario) -> None:
    state = scenario.state
    for node in scenario.form.nodes:
        address = landing(scenario.form, state.facts.answers, state.shown, node.address)
        assert state.shown[scenario.form.position[address]], node.address
