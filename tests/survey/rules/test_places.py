"""Places for evidence that are open, and what there is to do, grouped."""

from __future__ import annotations

from dataclasses import replace

from dgdesk.survey.answers.marks import Mark, Rect
from dgdesk.survey.definition.form import Form
from dgdesk.survey.rules.codes import full_code
from dgdesk.survey.rules.evidence_overview import OverviewRow, chosen_rows, count_states, place_rows
from dgdesk.survey.rules.problems import Problem
from dgdesk.survey.rules.review import by_kind, kind_of
from dgdesk.survey.rules.state import State
from scenario import UNMARKED, Scenario


def open_places(form: Form, state: State) -> tuple[OverviewRow, ...]:
    return chosen_rows(place_rows(form, state), "asked")


def place(scenario: Scenario, slot: str) -> OverviewRow:
    (found,) = [one for one in open_places(scenario.form, scenario.state) if one.slot == slot]
    return found


def test_a_place_opens_with_its_answer_and_is_missing_until_a_file_is_there(scenario: Scenario, form: Form) -> None:
    assert open_places(form, scenario.state) == ()
    scenario.answer("p1.4", "yes")
    found = place(scenario, "p1.4/yes")
    assert (found.question, found.address, found.label) == ("p1.4", "p1.4", "มีการดำเนินการแล้วเสร็จ")
    assert (found.item, found.state, found.files) == (None, "missing", ())
    scenario.attach("p1.4/yes", UNMARKED)
    assert (place(scenario, "p1.4/yes").state, len(place(scenario, "p1.4/yes").files)) == ("unmarked", 1)
    drawn = (Mark(1, (Rect(0.1, 0.1, 0.5, 0.5),)),)
    scenario.attach("p1.4/yes", replace(UNMARKED, marks=drawn))
    assert place(scenario, "p1.4/yes").state == "complete"
    assert "evidence.unmarked" not in {problem.code for problem in scenario.state.problems}
    scenario.attach("p1.4/yes")
    assert place(scenario, "p1.4/yes").state == "complete"
    scenario.answer("p1.4", "no")
    assert open_places(form, scenario.state) == ()


def test_a_row_names_itself_and_the_column_group(scenario: Scenario) -> None:
    scenario.answer("p3.1.table:2:measure", "yes")
    found = place(scenario, "p3.1.table:2:measure/yes")
    assert found.question == "p3.1"
    assert found.label == "2. การปฏิบัติตามและใช้กฎหมายด้านดิจิทัล (Digital Governance) – (2) – มี"


def test_a_full_form_asks_for_everything_and_counts_add_up(filled: Scenario, form: Form) -> None:
    places = open_places(form, filled.state)
    counts = count_states(places)
    assert [one.slot for one in places] == filled.asked_slots()
    assert sum(counts.values()) == len(places)
    assert counts["missing"] == 0
    assert all(form.node(one.question).code for one in places if one.question in form.position)


def test_missing_places_are_those_that_the_problems_name(scenario: Scenario, form: Form) -> None:
    scenario.fill()
    named = {one.slot for one in scenario.state.problems if one.slot and one.severity == "error"}
    assert {one.slot for one in open_places(form, scenario.state) if one.state == "missing"} == named


def test_what_there_is_to_do_is_grouped_and_nothing_is_lost(scenario: Scenario) -> None:
    scenario.answer("p1.4", "yes").mistype("general.email", "ไม่มี")
    groups = by_kind(scenario.state.problems)
    assert list(groups) == ["answer", "evidence", "mend"]
    assert [one.address for one in groups["mend"]] == ["general.email"]
    assert [one.slot for one in groups["evidence"]] == ["p1.4/yes"]
    assert sum(map(len, groups.values())) == len(scenario.state.problems)
    assert by_kind(()) == {}


def test_the_kinds() -> None:
    assert kind_of(Problem("missing.choice", "error", "x")) == "answer"
    assert kind_of(Problem("missing.evidence", "error", "x", "x/yes")) == "evidence"
    assert kind_of(Problem("email.bad", "error", "x")) == "mend"
    assert kind_of(Problem("evidence.unmarked", "error", "x", "x/yes")) == "evidence"
    assert kind_of(Problem("evidence.unmarked_file", "warning", "x", "x/yes")) == "check"


def test_a_code_that_is_a_letter_is_said_with_its_question(form: Form) -> None:
    assert full_code(form, "p1.4") == "P1.4"
    assert full_code(form, "p6.1.a") == "P6.1 A."
    assert full_code(form, "nowhere") == ""
