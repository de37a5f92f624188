"""Problems one by one, in the order of the form, from where a person is; and only those that are wanted."""

from __future__ import annotations

from dgdesk.survey.rules.bulk_edits import clearable
from dgdesk.survey.rules.problems import Problem
from dgdesk.survey.rules.review import by_page, in_order, next_problem, place_of, wanted
from scenario import Scenario


def test_next_goes_forward_and_round(scenario: Scenario) -> None:
    form, problems = scenario.form, scenario.state.problems
    ordered = in_order(form, problems)
    here = (-1, 0)
    met: list[Problem] = []
    while (one := next_problem(form, problems, here)) is not None and one not in met:
        met.append(one)
        here = place_of(form, one.address, one.slot)
    assert tuple(met) == ordered
    assert one == ordered[0]


def test_back_is_the_way_forward_reversed(scenario: Scenario) -> None:
    form, problems = scenario.form, scenario.state.problems
    ordered = in_order(form, problems)
    here = place_of(form, ordered[3].address, ordered[3].slot)
    assert next_problem(form, problems, here) == ordered[4]
    assert next_problem(form, problems, here, back=True) == ordered[2]
    first = place_of(form, ordered[0].address, ordered[0].slot)
    assert next_problem(form, problems, first, back=True) == ordered[-1]


def test_missing_evidence_is_a_stop_of_its_own_after_the_field(scenario: Scenario) -> None:
    scenario.answer("p1.4", "yes")
    form, problems = scenario.form, scenario.state.problems
    found = next_problem(form, problems, place_of(form, "p1.4"))
    assert found is not None and found.slot == "p1.4/yes"


def test_without_problems_there_is_no_next(filled: Scenario) -> None:
    assert filled.state.problems == ()
    assert next_problem(filled.form, (), (0, 0)) is None


def test_pages_come_in_printed_order(scenario: Scenario) -> None:
    pages = [one.page for one in by_page(scenario.form, scenario.state.problems)]
    order = list(scenario.form.pages)
    assert pages == sorted(pages, key=order.index)
    assert sum(len(one.problems) for one in by_page(scenario.form, scenario.state.problems)) == len(
        scenario.state.problems
    )


def test_kinds_and_words_narrow_the_list(scenario: Scenario) -> None:
    scenario.answer("p1.4", "yes").mistype("general.email", "ไม่ใช่อีเมล")
    problems = scenario.state.problems
    evidence = wanted(problems, "evidence")
    assert [one.slot for one in evidence] == ["p1.4/yes"]
    missing = wanted(problems, "missing")
    assert missing and all(one.slot is None and one.code.startswith("missing.") for one in missing)
    assert len(wanted(problems, "errors")) + len(wanted(problems, "warnings")) == len(problems)
    assert [one.address for one in wanted(problems, "all", "E-MAIL", lambda one: one.address.upper())] == []
    assert {one.address for one in wanted(problems, "all", " email ", lambda one: one.address)} == {"general.email"}


def test_clearing_a_table_clears_its_rows_and_a_repeat_is_left_alone(scenario: Scenario) -> None:
    form = scenario.form
    assert clearable(form, scenario.state.facts.answers, "p1.2a") == ()
    scenario.answer("p1.2a:1.1", "yes").answer("g3", "yes")
    answers = scenario.state.facts.answers
    assert clearable(form, answers, "p1.2a") == ("p1.2a:1.1",)
    assert clearable(form, answers, "p1.2a:1.1") == ("p1.2a:1.1",)
    assert clearable(form, answers, "g3") == ("g3",)
    assert clearable(form, {**answers, "g3.projects": ("1", "2")}, "g3.projects") == ()
