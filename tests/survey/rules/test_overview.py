"""The evidence overview: a row for every place, what it says, and how rows are found, chosen and ordered."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgdesk.survey.answers.attachments import Attachment
from dgdesk.survey.answers.marks import Mark, Rect
from dgdesk.survey.definition.form import Form
from dgdesk.survey.rules.evidence_overview import (
    FILTERS,
    SORT_KEYS,
    STATES,
    FileLine,
    OverviewRow,
    PlaceFinder,
    chosen_rows,
    count_states,
    next_in_list,
    next_missing,
    place_rows,
    request_of,
    sorted_rows,
    with_points,
)
from dgdesk.survey.rules.numbering import is_removed, numbered
from dgdesk.survey.rules.report import gains
from dgdesk.survey.rules.review import place_of
from dgdesk.survey.rules.search_index import make_index
from scenario import PROOF, UNMARKED, Scenario, real_rules

MARKED = replace(UNMARKED, marks=(Mark(2, (Rect(0.1, 0.1, 0.5, 0.5),)), Mark(3, (Rect(0.1, 0.1, 0.5, 0.5),))))


def rows_of(scenario: Scenario, damaged: tuple[str, ...] = ()) -> tuple[OverviewRow, ...]:
    return with_points(scenario.rules, scenario.state, place_rows(scenario.form, scenario.state, damaged))


def row(scenario: Scenario, slot: str, damaged: tuple[str, ...] = ()) -> OverviewRow:
    (found,) = [one for one in rows_of(scenario, damaged) if one.slot == slot]
    return found


@pytest.fixture(scope="module")
def finder() -> PlaceFinder:
    return PlaceFinder(make_index(real_rules().form))


def test_every_place_of_the_form_has_a_row_in_printed_order(scenario: Scenario, form: Form) -> None:
    rows = rows_of(scenario)
    now = numbered(form, {})
    assert [one.slot for one in rows] == [one.id for one in now.slots.values() if not is_removed(now.nodes[one.node])]
    assert count_states(rows)["not_asked"] == len(rows) > 160
    assert all(one.asked and one.code and one.title for one in rows)
    assert [one.place for one in rows] == sorted(one.place for one in rows)


def test_a_place_goes_from_not_asked_to_complete(scenario: Scenario) -> None:
    slot = "p1.4/yes"
    assert row(scenario, slot).state == "not_asked"
    scenario.answer("p1.4", "yes")
    missing = row(scenario, slot)
    assert (missing.state, missing.files, missing.code) == ("missing", (), "P1.4")
    assert missing.points > 0
    assert missing.points == next(one.points for one in gains(scenario.rules, scenario.state) if one.slot == slot)
    scenario.attach(slot, UNMARKED)
    unmarked = row(scenario, slot)
    assert (unmarked.state, unmarked.marked, unmarked.points) == ("unmarked", 0, missing.points)
    scenario.attach(slot, MARKED)
    marked = row(scenario, slot)
    assert (marked.state, marked.files[0].pages, marked.size, marked.points) == ("complete", "2–3", 2048, 0)
    scenario.attach(slot, MARKED, replace(UNMARKED, sha256="cd" * 32))
    annexed = row(scenario, slot)
    assert (annexed.state, annexed.marked, annexed.unmarked) == ("complete", 1, ("cd" * 32,))
    assert chosen_rows([annexed], "unmarked") == chosen_rows([annexed], "complete") == (annexed,)
    assert chosen_rows([annexed], "left") == ()
    scenario.attach(slot, MARKED)
    assert row(scenario, slot, (PROOF.sha256,)).state == "damaged"
    assert row(scenario, slot, (PROOF.sha256,)).files[0].damaged
    scenario.answer("p1.4", "no")
    kept = row(scenario, slot, (PROOF.sha256,))
    assert (kept.state, len(kept.files)) == ("not_asked", 1), "what is attached stays in sight"


def test_points_may_be_left_out(scenario: Scenario) -> None:
    scenario.fill()
    bare = place_rows(scenario.form, scenario.state)
    assert {one.points for one in bare} == {0}
    assert bare == tuple(replace(one, points=0) for one in rows_of(scenario))


def test_a_url_or_a_choice_of_the_form_does_without_a_file(scenario: Scenario) -> None:
    counts = count_states(rows_of(scenario.fill()))
    assert counts["by_url"] == 2 and counts["optional"] == 1
    assert tuple(counts) == STATES


def test_the_request_is_that_of_option_cell_or_item(form: Form) -> None:
    for slot in form.slots.values():
        request = request_of(form, slot)
        assert request is not None and request.rule == slot.rule and request.text


@pytest.mark.parametrize(
    ("query", "slots"),
    [
        ("p1.4", {"p1.4/yes"}),
        ("ข้อ P1.4", {"p1.4/yes"}),
        ("P 1.4", {"p1.4/yes"}),
        ("๑.๔", {"p1.4/yes"}),
        ("p1.2a:1.1", {"p1.2a:1.1/yes", "p1.2a:1.1/exempt"}),
    ],
)
def test_codes_are_found_in_any_form(finder: PlaceFinder, scenario: Scenario, query: str, slots: set[str]) -> None:
    found = finder.find(rows_of(scenario), scenario.state.facts.answers, query)
    assert found is not None and slots <= found
    assert found == slots


@pytest.mark.parametrize("typed", ["น้ำ", "น้ํา", "นํ้า"])
def test_words_and_names_of_files_are_found_however_thai_is_typed(
    finder: PlaceFinder, scenario: Scenario, typed: str
) -> None:
    scenario.answer("p1.4", "yes").attach("p1.4/yes", replace(PROOF, name="แผนจัดการน้ำ 2568.PDF"))
    assert finder.find(rows_of(scenario), scenario.state.facts.answers, typed) == {"p1.4/yes"}
    assert finder.find(rows_of(scenario), scenario.state.facts.answers, f"2568.pdf {typed}") == {"p1.4/yes"}
    assert finder.find(rows_of(scenario), scenario.state.facts.answers, unicodedata.normalize("NFD", typed)) == {
        "p1.4/yes"
    }


def test_words_of_a_question_stand_for_its_places(finder: PlaceFinder, scenario: Scenario, form: Form) -> None:
    found = finder.find(rows_of(scenario), scenario.state.facts.answers, "ไซเบอร์")
    assert found and {"p1.2a:1.1/yes", "p1.2a:3.5/yes"} <= found < set(form.slots)
    assert finder.find(rows_of(scenario), scenario.state.facts.answers, "  ") is None
    assert finder.find(rows_of(scenario), scenario.state.facts.answers, "ไม่มีคำนี้แน่นอน") == frozenset()


def test_filters_choose_by_state_section_and_what_was_found(scenario: Scenario) -> None:
    scenario.fill().attach("p1.4/yes", UNMARKED)
    rows = rows_of(scenario)
    counts = count_states(rows)
    assert {wanted: len(chosen_rows(rows, wanted)) for wanted in FILTERS} == {
        "all": len(rows),
        "asked": len(rows) - counts["not_asked"],
        "left": counts["missing"] + 1,
        "missing": counts["missing"],
        "damaged": 0,
        "unmarked": 1,
        "complete": counts["by_url"],
        "optional": 1,
        "not_asked": counts["not_asked"],
    }
    assert {one.section for one in chosen_rows(rows, "all", "p3")} == {"p3"}
    assert [one.slot for one in chosen_rows(rows, "unmarked", found={"p1.4/yes", "p1.3/yes"})] == ["p1.4/yes"]
    assert chosen_rows(rows, "unmarked", found=()) == ()


@given(key=st.sampled_from(SORT_KEYS), descending=st.booleans())
def test_any_order_keeps_every_row_and_equals_in_printed_order(key: str, descending: bool) -> None:
    scenario = Scenario(real_rules()).fill().attach("p1.4/yes", UNMARKED).attach("p1.3/yes", MARKED)
    rows = rows_of(scenario)
    ordered = sorted_rows(rows[::-1], key, descending=descending)
    assert sorted(ordered, key=lambda one: one.place) == list(rows)
    if key == "points":
        pairs = [(-one.points if descending else one.points, one.place) for one in ordered]
        assert pairs == sorted(pairs)
    if key == "size":
        sizes = [one.size for one in ordered]
        assert sizes == sorted(sizes, reverse=descending) and max(sizes) == 2048


def test_texts_are_listed_as_in_a_thai_dictionary() -> None:
    """Vowels in front count behind their consonant, a tone decides last, 9 comes before 10."""
    first = rows_of(Scenario(real_rules()))[0]
    in_order = ["แผน 9.pdf", "แผน 10.pdf", "เพิ่มเติม.pdf", "รูป.pdf", "เรียง.pdf", "อำนาจ.pdf", "โอน.pdf"]
    names = [in_order[at] for at in (4, 1, 6, 0, 3, 5, 2)]
    files = [
        replace(first, files=(FileLine(Attachment("0" * 64, name, 1, "application/pdf"), damaged=False),))
        for name in names
    ]
    assert [one.files[0].name for one in sorted_rows(files, "files")] == in_order
    for key, field in (("question", "title"), ("asked", "asked")):
        rows = [replace(first, **{field: name}) for name in names]
        assert [getattr(one, field) for one in sorted_rows(rows, key)] == in_order
        assert [getattr(one, field) for one in sorted_rows(rows, key, descending=True)] == in_order[::-1]


def test_next_missing_goes_on_from_where_the_person_is_and_round(scenario: Scenario, form: Form) -> None:
    assert next_missing(rows_of(scenario), (0, 0)) is None
    scenario.answer("p1.3", "yes").answer("p1.4", "yes")
    rows = rows_of(scenario)

    def leads(address: str, slot: str | None = None, back: bool = False) -> str:
        found = next_missing(rows, place_of(form, address, slot), back=back)
        assert found is not None
        return found.slot

    assert leads("general.province") == "p1.3/yes"
    assert leads("p1.3", "p1.3/yes") == "p1.4/yes"
    assert leads("p1.4", "p1.4/yes") == "p1.3/yes"
    assert leads("p1.4", "p1.4/yes", back=True) == "p1.3/yes"
    assert leads("p1.3", "p1.3/yes", back=True) == "p1.4/yes"
    scenario.attach("p1.3/yes")
    damaged = rows_of(scenario, (PROOF.sha256,))
    assert [one.slot for one in damaged if one.state == "damaged"] == ["p1.3/yes"]
    found = next_missing(damaged, place_of(form, "p1.4", "p1.4/yes"))
    assert found is not None and found.slot == "p1.3/yes", "a damaged file is missing too"


def test_next_missing_in_a_list_follows_its_order(scenario: Scenario) -> None:
    scenario.answer("p1.3", "yes").answer("p1.4", "yes").attach("p1.3/yes")
    rows = chosen_rows(rows_of(scenario), "asked")
    assert [one.state for one in rows] == ["complete", "missing"]
    assert next_in_list(rows, 0) == 1 and next_in_list(rows, -1) == 1
    assert next_in_list(rows, 1) == 1, "the only one is found again"
    assert next_in_list(rows[:1], 0) is None and next_in_list((), -1) is None
