"""The thirteen decisions where the printed form is silent, each one as a story (docs: the survey's decisions)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from dgdesk.survey.answers.marks import Mark, Rect
from dgdesk.survey.rules.state import Rules
from scenario import PROOF, UNMARKED, Scenario

WARNING, ERROR = "warning", "error"


def test_1_no_committee_g4_is_next_and_what_g2_said_is_kept_and_hidden(scenario: Scenario) -> None:
    scenario.answer("g1", "yes").answer("g2", "yes").answer("g2.details", "มีมติเห็นชอบ").attach("g1/yes")
    asked = scenario.state.sections["g"].answers_asked
    scenario.answer("g1", "no")
    assert scenario.next("g1") == "g4"
    assert not scenario.shows("g2")
    assert scenario.kept("g2.details") == "มีมติเห็นชอบ"
    assert scenario.points("3.1").lost == scenario.points("3.1").weight
    assert scenario.state.sections["g"].answers_asked < asked
    scenario.answer("g1", "yes")
    assert scenario.shows("g2.details")
    assert scenario.state.sections["g"].answers_asked == asked
    assert scenario.earned("g1") == 1


def test_1_the_skip_after_p5_2b_belongs_to_the_whole_branch_without_technology(scenario: Scenario) -> None:
    for reasons in (["policy"], ["budget", "other"], ["other"]):
        scenario.answer("p5.2", "no").answer("p5.2a", reasons)
        assert scenario.next("p5.2") == "p5.3"
        assert scenario.shows("p5.2b") == ("other" in reasons)


def test_2_follow_ups_open_under_the_chosen_option_and_hide_with_it(scenario: Scenario) -> None:
    scenario.answer("p4.4", "yes").answer("p4.4.2", ["1", "7"]).answer("p4.4.3", "งานวิจัย")
    assert scenario.shows("p4.4.3")
    scenario.answer("p4.4.2", ["1"])
    assert not scenario.shows("p4.4.3")
    assert scenario.kept("p4.4.3") == "งานวิจัย"
    scenario.answer("p4.4", "no")
    assert scenario.shows("p4.4.1")
    assert not scenario.shows("p4.4.2")


def test_3_evidence_is_asked_of_the_chosen_option_only(scenario: Scenario) -> None:
    scenario.answer("p1.4", "doing")
    assert (ERROR, "missing.evidence") not in scenario.problems("p1.4")
    scenario.answer("p1.4", "yes")
    assert scenario.problems("p1.4") == [(ERROR, "missing.evidence")]
    assert (scenario.claimed("p1.4"), scenario.earned("p1.4")) == (1, 0)
    assert not scenario.state.ready
    scenario.attach("p1.4/yes")
    assert scenario.problems("p1.4") == []
    assert scenario.earned("p1.4") == 1
    scenario.detach("p1.4/yes")
    assert scenario.problems("p1.4") == [(ERROR, "missing.evidence")]


def test_3_a_cell_of_a_table_asks_for_its_own_evidence(scenario: Scenario) -> None:
    scenario.answer("p1.2a:1.1", "yes").answer("p1.2a:1.2", "exempt").attach("p1.2a:1.2/exempt")
    assert scenario.problems("p1.2a:1.1") == [(ERROR, "missing.evidence")]
    assert scenario.problems("p1.2a:1.2") == []


def test_3_an_answer_is_complete_when_the_key_passage_of_its_file_is_marked(scenario: Scenario) -> None:
    drawn = (Mark(1, (Rect(0.1, 0.1, 0.5, 0.5),)),)
    for marked in (
        replace(UNMARKED, pages="๓"),
        replace(UNMARKED, passages="ข้อ 2"),
        replace(UNMARKED, marks=drawn),
        replace(UNMARKED, whole=True),
    ):
        scenario.answer("p1.4", "yes").attach("p1.4/yes", UNMARKED)
        assert scenario.problems("p1.4") == [(ERROR, "evidence.unmarked")]
        assert (scenario.claimed("p1.4"), scenario.earned("p1.4")) == (1, 0)
        assert scenario.attach("p1.4/yes", marked).problems("p1.4") == []
        assert scenario.earned("p1.4") == 1


@pytest.mark.parametrize("typed", ["-", " ", "–", "...", "\u200b", "\u200e-"])
def test_3_a_text_that_says_nothing_marks_nothing(scenario: Scenario, typed: str) -> None:
    scenario.answer("p1.4", "yes").attach("p1.4/yes", replace(UNMARKED, pages=typed, passages=typed))
    assert scenario.problems("p1.4") == [(ERROR, "evidence.unmarked")]


def test_3_one_marked_file_is_enough_and_an_annex_is_a_warning(scenario: Scenario) -> None:
    annex = replace(UNMARKED, sha256="cd" * 32)
    for files in ((PROOF, annex), (annex, PROOF)):
        scenario.answer("p1.4", "yes").attach("p1.4/yes", *files)
        assert scenario.problems("p1.4") == [(WARNING, "evidence.unmarked_file")]
        assert scenario.earned("p1.4") == 1


def test_3_a_url_does_also_beside_an_unmarked_file(scenario: Scenario) -> None:
    scenario.answer("p2.2.1.1", "yes").attach("p2.2.1.1/yes", UNMARKED)
    assert scenario.problems("p2.2.1.1") == [(ERROR, "evidence.unmarked")]
    scenario.answer("p2.2.1.1.url", "data.example.go.th")
    assert scenario.problems("p2.2.1.1") == [(WARNING, "evidence.unmarked_file")]


@pytest.mark.parametrize(
    ("field", "url"), [("p2.2.1.1", "p2.2.1.1.url"), ("p2.2.1.2", "p2.2.1.2a")], ids=["shared", "statistics"]
)
def test_3_evidence_or_a_url_either_will_do(scenario: Scenario, field: str, url: str) -> None:
    scenario.answer("p2.2.1.1", "yes").answer("p2.2.1.1.partners", ["province"]).answer(field, "yes").fill_blanks()
    assert scenario.problems(field) == [(ERROR, "missing.evidence_or_url")]
    assert scenario.problems(url) == []
    assert scenario.earned(field) == 0
    scenario.answer(url, "data.example.go.th")
    assert scenario.problems(field) == []
    assert scenario.earned(field) == 1
    scenario.mistype(url, "ไม่ใช่ที่อยู่เว็บ")
    assert scenario.problems(field) == [(ERROR, "missing.evidence_or_url")]
    assert scenario.earned(field) == 0
    scenario.clear(url).attach(f"{field}/yes")
    assert scenario.problems(field) == []
    assert scenario.earned(field) == 1


def test_4_p3_1_asks_fourteen_answers(scenario: Scenario) -> None:
    progress = scenario.state.sections["p3"]
    assert (progress.answers_asked, progress.answers_done) == (14, 0)
    for row in "1234567":
        scenario.answer(f"p3.1.table:{row}:train", "no").answer(f"p3.1.table:{row}:measure", "no")
    assert scenario.state.sections["p3"].status == "complete"


def test_4_results_measured_without_training_is_a_warning_and_earns_nothing(scenario: Scenario) -> None:
    scenario.answer("p3.1.table:4:train", "no").answer("p3.1.table:4:measure", "yes").attach("p3.1.table:4:measure/yes")
    assert scenario.problems("p3.1.table:4:measure") == [(WARNING, "check.measured_without_training")]
    assert scenario.claimed("p3.1.table") == 0
    scenario.answer("p3.1.table:4:train", "yes").attach("p3.1.table:4:train/yes")
    assert scenario.problems("p3.1.table:4:measure") == []
    assert scenario.earned("p3.1.table") == Fraction(2, 14)


def test_5_every_technology_is_answered_except_the_new_ones(scenario: Scenario) -> None:
    for number in range(1, 13):
        assert scenario.problems(f"p7.1.{number}") == [(ERROR, "missing.choice")]
        scenario.answer(f"p7.1.{number}", "no")
    assert scenario.problems("p7.1.13") == []
    assert scenario.state.sections["p7"].status == "complete"


def test_6_several_choices_need_at_least_one(scenario: Scenario) -> None:
    scenario.answer("p1.1", "yes")
    assert scenario.problems("p1.1a2") == [(ERROR, "missing.choices")]
    scenario.answer("p1.1a2", ["12"]).attach("p1.1a2/12")
    assert scenario.problems("p1.1a2") == []


def test_6_p5_3_has_a_none_of_our_own_that_excludes_the_others(scenario: Scenario) -> None:
    none = next(option for option in scenario.form.node("p5.3").field.options if option.id == "none")
    assert none.own
    assert none.exclusive
    scenario.mistype("p5.3", "1, none")
    assert scenario.problems("p5.3") == [(ERROR, "value.exclusive")]
    scenario.answer("p5.3", ["none"])
    assert scenario.problems("p5.3") == []
    assert scenario.claimed("p5.3") == 0
    assert scenario.open("p5.3") == 0


def test_6_no_printed_option_excludes_another(scenario: Scenario) -> None:
    exclusive = [
        (field.id, option.id)
        for field in scenario.form.definition.fields()
        for option in field.options
        if option.exclusive or option.own
    ]
    assert exclusive == [("p2.3.1.2", "none"), ("p5.3", "none")]


def test_6_a_printed_condition_is_no_question_to_everybody(scenario: Scenario) -> None:
    scenario.answer("p2.2.1.1", "yes").answer("p2.2.1.1.url", "https://data.nan.go.th")
    assert scenario.shows("p2.2.1.1.partners")
    assert scenario.problems("p2.2.1.1") == scenario.problems("p2.2.1.1.partners") == []
    scenario.answer("p2.2.1.1.partners", ["other"])
    assert scenario.problems("p2.2.1.1b") == [(ERROR, "missing.answer")]


def test_7_none_of_the_printed_channels_may_be_true(scenario: Scenario) -> None:
    scenario.answer("p2.3.1.1", "yes").answer("p2.3.1.2", "none")
    assert next(one for one in scenario.form.node("p2.3.1.2").field.options if one.id == "none").own
    assert scenario.problems("p2.3.1.2") == []
    assert not any(scenario.shows(blank) for blank in ("p2.3.1.2a", "p2.3.1.2b", "p2.3.1.2c", "p2.3.1.2.3.1"))
    assert (scenario.claimed("p2.3.1.2"), scenario.open("p2.3.1.2")) == (0, 0)


def test_7_details_of_obstacles_are_asked_for_and_not_compulsory(scenario: Scenario) -> None:
    scenario.answer("g4", "yes").answer("g4.1", ["2", "other"])
    assert scenario.problems("g4.1.2") == [(WARNING, "missing.details")]
    assert scenario.problems("g4.1.11") == [(WARNING, "missing.details")]
    scenario.answer("g4.1.2", "ไม่มีบัญชีข้อมูล")
    assert scenario.problems("g4.1.2") == []


def test_7_one_main_channel_with_one_url(scenario: Scenario) -> None:
    scenario.answer("p2.3.1.2", "1")
    assert scenario.shows("p2.3.1.2a")
    assert not scenario.shows("p2.3.1.2.3.1")
    scenario.answer("p2.3.1.2", "3")
    assert not scenario.shows("p2.3.1.2a")
    assert scenario.shows("p2.3.1.2c")
    assert scenario.shows("p2.3.1.2.3.1")


def test_8_number_unknown_takes_the_place_of_the_number(scenario: Scenario) -> None:
    scenario.answer("p4.1", "known")
    assert scenario.problems("p4.1.count") == [(ERROR, "missing.answer")]
    scenario.answer("p4.1.count", "๑๒").answer("p4.1", "unknown")
    assert not scenario.shows("p4.1.count")
    assert scenario.problems("p4.1.count") == []
    assert scenario.kept("p4.1.count") == 12


def test_8_zero_is_a_number(scenario: Scenario) -> None:
    scenario.answer("p4.1", "known").answer("p4.1.count", "0")
    assert scenario.problems("p4.1.count") == []
    assert scenario.kept("p4.1.count") == 0


@pytest.mark.parametrize(("total", "digital"), [("p4.1", "p4.1.1"), ("p4.2", "p4.2.1")])
def test_8_more_digital_services_than_services_is_a_warning(scenario: Scenario, total: str, digital: str) -> None:
    scenario.answer(total, "known").answer(f"{total}.count", "5").answer(digital, "known")
    scenario.answer(f"{digital}.count", "6")
    if digital == "p4.2.1":
        scenario.answer("p4.2.1.services", ["1", "2", "3", "4", "5"])
        for item in "12345":
            scenario.answer(f"p4.2.1.services.name#{item}", f"บริการที่ {item}")
    assert scenario.problems(f"{digital}.count") == [(WARNING, "check.digital_over_total")]
    assert scenario.earned(digital) == 1, "capped, not over full"
    assert scenario.answer(f"{digital}.count", "5").problems(f"{digital}.count") == []
    scenario.answer(f"{digital}.count", "6").answer(total, "unknown")
    assert scenario.problems(f"{digital}.count") == [], "nothing to compare with"


@pytest.mark.parametrize("how", ["zero", "unknown"])
def test_8_p4_2_2_still_shows_without_digital_services_with_a_hint(scenario: Scenario, how: str) -> None:
    if how == "zero":
        scenario.answer("p4.2.1", "known").answer("p4.2.1.count", "0")
    else:
        scenario.answer("p4.2.1", "unknown")
    assert scenario.shows("p4.2.2")
    scenario.answer("p4.2.2", "yes")
    assert scenario.problems("p4.2.2") == [(WARNING, "check.services_without_digital")]
    scenario.answer("p4.2.1", "known").answer("p4.2.1.count", "1")
    assert scenario.problems("p4.2.2") == []


def test_9_a_score_above_the_full_score_is_an_error(scenario: Scenario) -> None:
    scenario.answer("p4.2.2", "yes").answer("p4.2.2.satisfaction", "score").attach("p4.2.2.satisfaction/score")
    scenario.answer("p4.2.2.3", "4.51").answer("p4.2.2.3.full", "4.5")
    assert scenario.problems("p4.2.2.3") == [(ERROR, "check.score_over_full")]
    assert scenario.answer("p4.2.2.3", "4.50").problems("p4.2.2.3") == []


def test_9_per_cent_lies_between_0_and_100(scenario: Scenario) -> None:
    scenario.answer("p4.2.2", "yes").answer("p4.2.2.satisfaction", "percent")
    scenario.mistype("p4.2.2.2", "100.01")
    assert scenario.problems("p4.2.2.2") == [(ERROR, "number.out_of_range")]
    for good in ("0", "100", "๘๗.๕", "87.25%"):
        assert scenario.answer("p4.2.2.2", good).problems("p4.2.2.2") == []


def test_9_results_may_be_unknown(scenario: Scenario) -> None:
    scenario.answer("p4.2.1", "known").answer("p4.2.1.count", "2").answer("p4.2.2", "yes")
    scenario.answer("p4.2.2.sample", "unknown").answer("p4.2.2.satisfaction", "unknown").answer("p4.2.3", "no")
    found = {one.address for one in scenario.state.problems if one.address.startswith("p4.2.2")}
    assert found == set()


def test_10_rows_13_to_16_are_optional_but_need_their_name(scenario: Scenario) -> None:
    for row in range(1, 13):
        scenario.answer(f"p5.1.table:{row}", "no")
    assert scenario.state.pages["p5.page1"].status == "complete"
    scenario.answer("p5.1.table:13", "yes")
    assert scenario.problems("p5.1.13.name") == [(ERROR, "missing.answer")]
    scenario.answer("p5.1.13.name", "งานแผนที่")
    assert scenario.state.pages["p5.page1"].status == "complete"


def test_11_training_needs_its_frequency_and_may_have_a_file(scenario: Scenario) -> None:
    scenario.answer("p6.2.2.table:2", "yes")
    assert scenario.problems("p6.2.2.table:2") == []
    assert scenario.problems("p6.2.2.2.times") == [(ERROR, "missing.answer")]
    assert scenario.earned("p6.2.2.table") == 0
    scenario.answer("p6.2.2.2.times", "2")
    assert scenario.earned("p6.2.2.table") == Fraction(1, 5)
    assert scenario.problems("p6.2.2.2.times") == []
    scenario.attach("p6.2.2.table:2/yes", UNMARKED)
    assert scenario.problems("p6.2.2.table:2") == [(WARNING, "evidence.unmarked_file")]
    scenario.answer("p6.2.2.table:3", "yes")
    assert scenario.problems("p6.2.2.table:3") == [(ERROR, "missing.evidence")], "the other rows ask for theirs"


def test_12_months_are_buddhist_stored_iso_and_warn_when_past(rules: Rules) -> None:
    scenario = Scenario(rules, date(2025, 10, 31)).answer("p1.4", "doing")
    assert scenario.problems("p1.4.1") == [(ERROR, "missing.month_year")]
    scenario.answer("p1.4.1", "กันยายน 2568")
    assert scenario.kept("p1.4.1") == "2025-09"
    assert scenario.problems("p1.4.1") == [(WARNING, "month_year.past")]
    assert scenario.answer("p1.4.1", "ต.ค. ๒๕๖๘").problems("p1.4.1") == [], "this month is not past"
    assert scenario.answer("p1.4.1", "1/2569").problems("p1.4.1") == []


def test_13_g4_and_part_8_are_asked_and_not_scored(scenario: Scenario) -> None:
    before = scenario.state.score
    asked = scenario.state.whole.answers_done
    scenario.answer("g4", "yes").answer("g4.1", ["1", "other"]).answer("p8.1", "yes").answer("p8.1.2", ["strategy"])
    assert scenario.state.whole.answers_done > asked
    assert scenario.state.score == before
    assert scenario.problems("p8.2") == [(ERROR, "missing.choice")]
    assert not any(gain.address.startswith(("g4", "p8")) for gain in scenario.gains())
