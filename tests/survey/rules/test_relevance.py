"""What is asked and what is not: the ten printed skips, the follow-ups, the conditions between questions."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import pytest

from dgdesk.survey.definition.build import build_form
from dgdesk.survey.definition.form import Form
from dgdesk.survey.definition.models import All, Any_, Chosen, Not
from dgdesk.survey.rules.relevance import Hidden, holds, relevance
from scenario import Scenario
from survey.definition.tiny import definition, text, yes_no


@dataclass(frozen=True)
class Skip:
    """A printed skip: where it stands, what comes next, which questions it leaves out, what shows instead of them."""

    field: str
    option: str
    next: str
    left_out: tuple[str, ...] = ()
    scored: tuple[str, ...] = ()
    follow_up: str | None = None

    def __str__(self) -> str:
        return f"{self.field}/{self.option}"


SKIPS = (
    Skip("g1", "no", "g4", ("g2", "g3"), ("g2", "g3"), "g1.reason"),
    Skip("p2.2.1.1", "no", "p2.3.1.1", ("p2.2.1a", "p2.2.1.2"), ("p2.2.1a", "p2.2.1.2"), "p2.2.1.1a"),
    Skip("p2.2.1.1", "doing", "p2.3.1.1", ("p2.2.1a", "p2.2.1.2"), ("p2.2.1a", "p2.2.1.2")),
    Skip("p2.2.1.2", "no", "p2.3.1.1"),
    Skip("p2.3.1.1", "no", "p2.4.table:1", ("p2.3.1.2", "p2.3.1.3"), ("p2.3.1.2", "p2.3.1.3")),
    Skip("p2.3.1.1", "doing", "p2.4.table:1", ("p2.3.1.2", "p2.3.1.3"), ("p2.3.1.2", "p2.3.1.3")),
    Skip("p2.3.1.3", "no", "p2.4.table:1"),
    Skip("p4.2.2", "no", "p4.3", ("p4.2.3",), ("p4.2.3",)),
    Skip("p4.5.1", "no", "p4.6.1", (), (), "p4.5.1.1"),
    Skip("p5.2", "no", "p5.3", ("p5.2.1",), ("p5.2.1",), "p5.2a"),
)


def test_the_stories_tell_every_printed_skip(form: Form) -> None:
    printed = [(field.id, option.id) for field in form.definition.fields() for option in field.options if option.skip]
    assert printed == [(skip.field, skip.option) for skip in SKIPS]


@pytest.mark.parametrize("skip", SKIPS, ids=str)
def test_a_skip_hides_the_questions_up_to_its_target(filled: Scenario, skip: Skip) -> None:
    assert all(filled.shows(question) for question in skip.left_out)
    filled.answer(skip.field, skip.option)
    assert not any(filled.shows(question) for question in skip.left_out)
    assert filled.next(skip.field) == skip.next
    for question in skip.left_out:
        at = filled.form.position[question]
        assert not any(filled.state.shown[at : filled.form.nodes[at].end])
        assert filled.why_hidden(question) == Hidden("skip", skip.field, skip.option)
    if skip.follow_up is not None:
        assert filled.shows(skip.follow_up)


@pytest.mark.parametrize("skip", SKIPS, ids=str)
def test_skipped_answers_are_kept_and_come_back(filled: Scenario, skip: Skip) -> None:
    before, usual = filled.state, filled.kept(skip.field)
    filled.answer(skip.field, skip.option)
    for question in skip.left_out:
        assert filled.kept(question) is not None
    assert isinstance(usual, str)
    filled.answer(skip.field, usual)
    assert filled.state == before


@pytest.mark.parametrize("skip", SKIPS, ids=str)
def test_what_is_skipped_scores_nothing_and_is_not_asked(filled: Scenario, skip: Skip) -> None:
    filled.answer(skip.field, skip.option)
    for question in skip.scored:
        points = filled.points(question)
        assert points.weight > 0, "skipped is not the same as not applicable"
        assert (points.earned, points.waiting, points.open) == (0, 0, 0)
        assert points.lost == points.weight
    asked = {filled.form.nodes[one.position].address for found in filled.state.findings.values() for one in found.asked}
    for question in skip.left_out:
        at = filled.form.position[question]
        assert asked.isdisjoint(node.address for node in filled.form.nodes[at : filled.form.nodes[at].end])
        assert filled.problems(question) == []


@pytest.mark.parametrize(
    ("field", "option", "heading", "hidden"),
    [
        ("p2.2.1.1", "no", "p2.3.1", "p2.2.1.2"),
        ("p2.2.1.2", "no", "p2.3.1", None),
        ("p2.3.1.1", "no", "p2.4", "p2.3.1.3"),
        ("p4.5.1", "no", "p4.6", None),
    ],
)
def test_a_heading_right_before_the_target_stays(
    filled: Scenario, field: str, option: str, heading: str, hidden: str | None
) -> None:
    filled.answer(field, option)
    assert filled.shows(heading)
    assert hidden is None or not filled.shows(hidden)


def test_a_skip_chosen_inside_another_skip_sleeps(scenario: Scenario) -> None:
    """P2.2.1.2 is hidden by P2.2.1.1, so its own skip does nothing; P2.3.1.1 is asked either way."""
    scenario.answer("p2.2.1.1", "yes").answer("p2.2.1.2", "no").answer("p2.2.1.1", "no")
    assert scenario.next("p2.2.1.1") == "p2.3.1.1"
    assert scenario.kept("p2.2.1.2") == "no"


def test_the_skip_of_a_hidden_question_is_not_in_force() -> None:
    small = build_form(
        definition(
            yes_no("q1"),
            yes_no("q2", when={"chosen": ["q1", "yes"]}, no={"skip": {"to": "q4", "text": "(ข้ามไปข้อ 4)"}}),
            text("q3"),
            text("q4"),
        )
    )
    assert relevance(small, {"q1": "yes", "q2": "no"}) == (True, True, False, True)
    assert relevance(small, {"q1": "no", "q2": "no"}) == (True, False, True, True)


def test_moving_between_two_options_that_both_skip_stays_skipped(filled: Scenario) -> None:
    filled.answer("p2.3.1.1", "no").answer("p2.3.1.1", "doing")
    assert filled.next("p2.3.1.1") == "p2.4.table:1"
    assert filled.why_hidden("p2.3.1.2a") == Hidden("skip", "p2.3.1.1", "doing")


def test_taking_the_skipping_answer_back_shows_the_questions_again(scenario: Scenario) -> None:
    scenario.answer("g1", "no").clear("g1")
    assert scenario.next("g1") == "g2"
    assert scenario.shows("g3")


@pytest.mark.parametrize(
    ("field", "option", "follow_up"),
    [
        ("g1", "no", "g1.reason"),
        ("g2", "yes", "g2.details"),
        ("g3", "yes", "g3.projects.name#1"),
        ("p1.1", "no", "p1.1a1"),
        ("p1.1", "yes", "p1.1a2"),
        ("p1.3", "doing", "p1.3.2"),
        ("p2.1.1.1", "yes", "p2.1.1.2"),
        ("p2.1.2.table:2", "yes", "p2.1.2.2.1"),
        ("p4.1", "known", "p4.1.count"),
        ("p5.1.table:13", "yes", "p5.1.13.name"),
        ("p6.2.2.table:2", "yes", "p6.2.2.2.times"),
        ("p7.1.1", "yes", "p7.1.1.1.name#1"),
    ],
)
def test_a_follow_up_opens_under_its_option_and_hides_with_it(
    scenario: Scenario, field: str, option: str, follow_up: str
) -> None:
    node = scenario.form.node(field)
    assert not scenario.shows(follow_up)
    assert scenario.why_hidden(follow_up) == Hidden("gate", field, option)
    scenario.answer(field, option)
    assert scenario.shows(follow_up)
    assert scenario.why_hidden(follow_up) is None
    other = next(one for one in node.options if one != option)
    scenario.answer(field, other)
    assert not scenario.shows(follow_up)


def test_a_follow_up_of_a_follow_up_needs_both(scenario: Scenario) -> None:
    scenario.answer("p2.1.4", "yes").answer("p2.1.4.areas", ["b"])
    assert scenario.shows("p2.1.4b.name#1")
    assert not scenario.shows("p2.1.4a.name#1")
    scenario.answer("p2.1.4b.name#1", "ข้อมูลแหล่งน้ำ").answer("p2.1.4", "doing")
    assert not scenario.shows("p2.1.4b.name#1")
    assert scenario.why_hidden("p2.1.4b.name#1") == Hidden("gate", "p2.1.4", "yes")
    assert scenario.kept("p2.1.4b.name#1") == "ข้อมูลแหล่งน้ำ"
    scenario.answer("p2.1.4", "yes")
    assert scenario.shows("p2.1.4b.name#1")


def test_items_of_a_repeat_show_as_they_are_added(scenario: Scenario) -> None:
    scenario.answer("g3", "yes")
    assert scenario.shows("g3.projects#1")
    assert not scenario.shows("g3.projects#2")
    scenario.answer("g3.projects", ["1", "2"]).answer("g3.projects.name#2", "ระบบน้ำ")
    assert scenario.shows("g3.projects.name#2")
    scenario.answer("g3.projects", ["1"])
    assert not scenario.shows("g3.projects.name#2")
    assert scenario.why_hidden("g3.projects.name#2") == Hidden("gate", "g3.projects", "2")
    assert scenario.kept("g3.projects.name#2") == "ระบบน้ำ"


def test_p2_2_1a_shows_only_for_data_sets_that_can_be_shared(scenario: Scenario) -> None:
    assert not scenario.shows("p2.2.1a")
    assert scenario.why_hidden("p2.2.1a") == Hidden("condition", "p2.2.1.1", "yes")
    scenario.answer("p2.2.1.1", "yes")
    assert scenario.shows("p2.2.1a")
    scenario.answer("p2.2.1.1", "doing")
    assert not scenario.shows("p2.2.1a")


def test_p2_1_1_1_always_shows(scenario: Scenario) -> None:
    for answer in ("no", "doing", "yes"):
        assert scenario.answer("p2.1.1", answer).shows("p2.1.1.1")


def test_p4_2_3_shows_when_satisfaction_is_measured(scenario: Scenario) -> None:
    assert not scenario.shows("p4.2.3")
    assert scenario.answer("p4.2.2", "yes").shows("p4.2.3")
    assert scenario.next("p4.2.2") == "p4.2.3"
    assert not scenario.answer("p4.2.2", "no").shows("p4.2.3")


def test_p5_2_1_shows_when_technology_is_used(scenario: Scenario) -> None:
    assert not scenario.shows("p5.2.1")
    assert scenario.answer("p5.2", "yes").shows("p5.2.1")
    assert not scenario.answer("p5.2", "no").shows("p5.2.1")


def test_results_of_a_new_technology_show_only_once_it_is_adopted(scenario: Scenario) -> None:
    scenario.answer("p7.1.13", ["2"])
    assert scenario.shows("p7.1.13.name2")
    assert not scenario.shows("p7.1.13.name1")
    scenario.answer("p7.1.13.status2", "doing")
    assert not scenario.shows("p7.1.13.2.name#1")
    scenario.answer("p7.1.13.status2", "yes")
    assert scenario.shows("p7.1.13.2.name#1")


def test_a_hidden_field_has_nothing_chosen_in_it(form: Form) -> None:
    """A condition on a hidden field does not hold, whatever its kept answer; the parts join as they say."""
    chosen = Chosen(chosen=("g2", "yes"))
    answers = {"g2": "yes"}
    everything = [True] * len(form.nodes)
    g2_hidden = everything.copy()
    g2_hidden[form.position["g2"]] = False
    assert holds(chosen, form, answers, everything)
    assert not holds(chosen, form, answers, g2_hidden)
    assert holds(Not(not_=chosen), form, answers, g2_hidden)
    assert holds(Any_(any=(Not(not_=chosen), chosen)), form, answers, everything)
    assert not holds(All(all=(Not(not_=chosen), chosen)), form, answers, everything)


def test_every_hidden_place_of_an_empty_form_has_a_reason(scenario: Scenario) -> None:
    for at, node in enumerate(scenario.form.nodes):
        hidden = scenario.why_hidden(node.address)
        assert (hidden is None) == scenario.state.shown[at]
        assert hidden is None or scenario.shows(hidden.cause)


def test_skips_leave_the_rest_of_the_score_alone(filled: Scenario) -> None:
    before = filled.state.score.pillars
    after = filled.answer("p5.2", "no").state.score.pillars
    assert {id for id in before if before[id] != after[id]} == {"5"}
    # 10 points over 5.1 and 5.2; 5.2.1 is half of 5.2, and both its questions are lost.
    assert before["5"].earned - after["5"].earned == Fraction(10, 4)
