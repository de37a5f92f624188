"""Answers that contradict each other, or cannot be: each is told with both sides, and nothing else is."""

from __future__ import annotations

from datetime import date

import pytest

from dgdesk.demo.run import answers_of, read_province
from dgdesk.resources import resource
from dgdesk.survey.answers.reading import decode_all
from dgdesk.survey.rules.problems import Problem
from dgdesk.survey.rules.state import Facts, Rules
from dgdesk.text.messages import load_catalogue
from scenario import Scenario

THAI, ENGLISH = load_catalogue("th"), load_catalogue("en")
PLAUSIBLE = ("check.", "month_year.", "phone.land_line", "phone.extension_taken")


def doubts(scenario: Scenario) -> list[Problem]:
    return [one for one in scenario.state.problems if one.code.startswith(PLAUSIBLE)]


def only_doubt(scenario: Scenario) -> Problem:
    (one,) = doubts(scenario)
    return one


def services(scenario: Scenario, count: str, names: int) -> Scenario:
    scenario.answer("p4.2.1", "known").answer("p4.2.1.count", count)
    if names:
        scenario.answer("p4.2.1.services", [str(number) for number in range(1, names + 1)])
    for number in range(1, names + 1):
        scenario.answer(f"p4.2.1.services.name#{number}", f"บริการที่ {number}")
    return scenario


@pytest.mark.parametrize(
    ("count", "names", "code", "severity"),
    [
        ("3", 0, "check.names_missing", "error"),
        ("1", 0, "check.names_missing", "error"),
        ("3", 2, "check.names_too_few", "warning"),
        ("9", 4, "check.names_too_few", "warning"),
        ("2", 5, "check.names_too_many", "warning"),
        ("0", 1, "check.names_too_many", "warning"),
    ],
)
def test_names_that_do_not_fit_the_number_of_services(
    scenario: Scenario, count: str, names: int, code: str, severity: str
) -> None:
    found = only_doubt(services(scenario, count, names))
    assert (found.code, found.severity, found.address) == (code, severity, "p4.2.1.count")
    for catalogue in (THAI, ENGLISH):
        said = catalogue.text(found.code, **found.values)
        assert "P4.2.1" in said and f" {count} " in said
        assert str(names) in said or code == "check.names_missing"


@pytest.mark.parametrize(("count", "names"), [("0", 0), ("1", 1), ("5", 5), ("6", 5), ("400", 5)])
def test_names_that_fit_the_number_are_no_matter(scenario: Scenario, count: str, names: int) -> None:
    assert doubts(services(scenario, count, names)) == []


@pytest.mark.parametrize(("total", "digital"), [("p4.1", "p4.1.1"), ("p4.2", "p4.2.1")])
def test_a_number_of_digital_services_where_the_number_of_all_is_unknown(
    scenario: Scenario, total: str, digital: str
) -> None:
    scenario.answer(total, "unknown")
    if digital == "p4.2.1":
        services(scenario, "5", 5)
    else:
        scenario.answer(digital, "known").answer(f"{digital}.count", "5")
    found = only_doubt(scenario)
    assert (found.code, found.severity) == ("check.total_unknown", "warning")
    said = THAI.text(found.code, **found.values)
    assert all(part in said for part in (total.upper(), digital.upper(), "ไม่ทราบจำนวน", "5"))
    assert doubts(scenario.answer(digital, "unknown")) == []


def test_none_digital_is_known_even_where_the_number_of_all_is_not(scenario: Scenario) -> None:
    assert doubts(scenario.answer("p4.1", "unknown").answer("p4.1.1", "known").answer("p4.1.1.count", "0")) == []


def test_a_policy_on_the_main_web_site_of_a_province_that_has_none(scenario: Scenario) -> None:
    found = only_doubt(scenario.answer("p4.5.1", "no").answer("p2.1.1.1", "yes"))
    assert (found.code, found.severity, found.address) == ("check.site_denied", "warning", "p4.5.1")
    said = THAI.text(found.code, **found.values)
    assert "P4.5.1" in said and "P2.1.1.1" in said and "ไม่มี เว็บไซต์หลัก" in said
    assert doubts(scenario.answer("p4.5.1", "yes")) == []


@pytest.mark.parametrize("row", ["p4.6.1", "p4.6.2", "p4.6.3"])
def test_a_web_address_of_a_province_without_a_web_site(scenario: Scenario, row: str) -> None:
    scenario.answer("p4.5.1", "no").answer(row, "yes").answer(f"{row}.channels", ["website"])
    assert doubts(scenario) == []
    found = only_doubt(scenario.answer(f"{row}.1", "www.a.go.th, www.b.go.th"))
    assert (found.code, found.severity) == ("check.site_denied_address", "warning")
    assert f"{row[1:]}.1" in THAI.text(found.code, **found.values)
    assert doubts(scenario.answer(row, "no")) == [], "hidden"


def test_more_shareable_datasets_than_there_are(scenario: Scenario) -> None:
    scenario.answer("p2.2.1.2", "yes").answer("p2.2.1.2b", "3").answer("p2.2.1.2c", "4")
    found = only_doubt(scenario)
    assert (found.code, found.severity) == ("check.shared_over_open", "warning")
    said = THAI.text(found.code, **found.values)
    assert "P2.2.1.2c (4)" in said and "P2.2.1.2b (3)" in said
    assert doubts(scenario.answer("p2.2.1.2c", "3")) == []


def measured(scenario: Scenario) -> Scenario:
    return services(scenario, "1", 1).answer("p4.2.2", "yes")


def test_a_sample_of_nobody(scenario: Scenario) -> None:
    found = only_doubt(measured(scenario).answer("p4.2.2.sample", "known").answer("p4.2.2.1", "0"))
    assert (found.code, found.severity, found.address) == ("check.sample_zero", "warning", "p4.2.2.1")
    assert doubts(scenario.answer("p4.2.2.sample", "unknown")) == []


@pytest.mark.parametrize("score", ["4", "0"])
def test_a_full_score_of_zero_is_the_cause_not_the_score(scenario: Scenario, score: str) -> None:
    measured(scenario).answer("p4.2.2.satisfaction", "score").answer("p4.2.2.3", score).answer("p4.2.2.3.full", "0")
    found = only_doubt(scenario)
    assert (found.code, found.severity, found.address) == ("check.full_zero", "error", "p4.2.2.3.full")
    assert "คะแนนเต็มต้องมากกว่า 0" in THAI.text(found.code, **found.values)
    assert doubts(scenario.answer("p4.2.2.3.full", "5")) == []


def test_training_that_is_held_no_times_a_year(scenario: Scenario) -> None:
    found = only_doubt(scenario.answer("p6.2.2.table:2", "yes").answer("p6.2.2.2.times", "0"))
    assert (found.code, found.severity) == ("check.training_zero", "warning")
    assert doubts(scenario.answer("p6.2.2.2.times", "1")) == []


@pytest.mark.parametrize(
    ("typed", "code", "said"),
    [
        ("ต.ค. 2269", "month_year.far", "ตุลาคม 2812 (ค.ศ. 2269)"),
        ("12/2580", "month_year.far", "ธันวาคม 2580 (ค.ศ. 2037)"),
        ("ต.ค. 25", "month_year.past", "ตุลาคม 2525"),
        ("10/2026", "month_year.past", "ตุลาคม 2569"),
    ],
)
def test_months_in_the_past_and_years_far_ahead(scenario: Scenario, typed: str, code: str, said: str) -> None:
    found = only_doubt(scenario.answer("p1.4", "doing").answer("p1.4.1", typed))
    assert (found.code, found.severity) == (code, "warning")
    assert said in THAI.text(found.code, **found.values)


@pytest.mark.parametrize("typed", ["พ.ย. 2569", "12/2570", "ตุลาคม 2030", "12/2579"])
def test_months_that_can_be_are_no_matter(scenario: Scenario, typed: str) -> None:
    assert doubts(scenario.answer("p1.4", "doing").answer("p1.4.1", typed)) == []


@pytest.mark.parametrize(
    ("typed", "code"), [("ตุลาคม พ.ศ. 2027", "month.era"), ("ตุลาคม ค.ศ. 2570", "month.era"), ("ต.ค. 269", "month.year")]
)
def test_a_year_of_the_other_era_is_told(scenario: Scenario, typed: str, code: str) -> None:
    scenario.answer("p1.4", "doing").mistype("p1.4.1", typed)
    (problem,) = [one for one in scenario.state.problems if one.address == "p1.4.1"]
    assert problem.code == code
    assert THAI.text(problem.code, **problem.values)


def test_an_empty_form_and_the_best_one_raise_no_doubt(scenario: Scenario, filled: Scenario) -> None:
    assert doubts(scenario) == []
    assert doubts(filled) == []


def test_the_demonstration_raises_no_doubt(rules: Rules) -> None:
    province = read_province(resource("demo/demo.yaml"))
    answers = decode_all(rules.form, answers_of(rules.form, province))
    state = rules.evaluate(Facts(answers), date(2026, 11, 20))
    assert [one for one in state.problems if one.code.startswith(PLAUSIBLE)] == []


def test_no_check_speaks_of_a_hidden_question(rules: Rules) -> None:
    """Every contradiction is answered, and then hidden by the questions before it."""
    scenario = Scenario(rules)
    services(scenario, "0", 2).answer("p4.1", "unknown").answer("p4.1.1", "known").answer("p4.1.1.count", "5")
    scenario.answer("p4.2.2", "yes").answer("p4.2.2.sample", "known").answer("p4.2.2.1", "0")
    scenario.answer("p4.2.2.satisfaction", "score").answer("p4.2.2.3", "1").answer("p4.2.2.3.full", "0")
    scenario.answer("p6.2.2.table:2", "yes").answer("p6.2.2.2.times", "0")
    scenario.answer("p2.2.1.2", "yes").answer("p2.2.1.2b", "3").answer("p2.2.1.2c", "4")
    assert len(doubts(scenario)) >= 6
    scenario.answer("p4.2.1", "unknown").answer("p4.1.1", "unknown").answer("p4.2.2", "no")
    scenario.answer("p6.2.2.table:2", "no").answer("p2.2.1.2", "no")
    assert doubts(scenario) == []
