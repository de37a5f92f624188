"""Over random answers and evidence: nothing is lost, every figure lies within its bounds, every sum is exact."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dgdesk.survey.answers.marks import Mark, Rect
from dgdesk.survey.answers.values import Value
from dgdesk.survey.rules.problems import Problem, asks_for_evidence, satisfied
from dgdesk.survey.rules.report import gains
from dgdesk.survey.rules.rubric import Rubric
from dgdesk.survey.rules.score import Points, ScoreNode, breakdown
from dgdesk.survey.rules.state import Facts, State, make_rules
from random_forms import SLOTS, changed, changes, choices, evidence_of_forms, facts
from scenario import PROOF, TODAY, UNMARKED, real_rules

RULES = real_rules()
FORM = RULES.form


def evaluate(facts: Facts) -> State:
    return RULES.evaluate(facts, TODAY)


def nodes(state: State) -> list[ScoreNode]:
    found = list(breakdown(RULES.rubric, state.score))
    for node in found:
        found.extend(node.parts)
    return found


def leaves(state: State) -> list[ScoreNode]:
    """Return the questions of a score."""
    found = list(breakdown(RULES.rubric, state.score))
    for node in found:
        found.extend(node.parts)
    return [node for node in found if node.question is not None]


@given(facts, st.lists(choices, min_size=1, max_size=4))
def test_hiding_and_showing_again_loses_nothing(facts: Facts, several: list[tuple[str, Value | None]]) -> None:
    before = evaluate(facts)
    answers = dict(facts.answers)
    hidden = RULES.evaluate(Facts(changed(answers, several), facts.evidence, facts.external), TODAY, before)
    touched = {address for address, _ in several}
    for address, value in answers.items():
        if address not in touched:
            assert hidden.facts.answers[address] == value
    back = [(address, answers.get(address)) for address, _ in several]
    restored = Facts(changed(hidden.facts.answers, back), facts.evidence, facts.external)
    assert RULES.evaluate(restored, TODAY, hidden) == before


@given(facts)
def test_what_is_hidden_counts_for_nothing(facts: Facts) -> None:
    state = evaluate(facts)
    shown = {node.address for node, visible in zip(FORM.nodes, state.shown, strict=True) if visible}
    visible_slots = {slot.id for slot in FORM.slots.values() if state.shown[slot.node]}
    bare = evaluate(
        Facts(
            {address: value for address, value in facts.answers.items() if address in shown},
            {slot: files for slot, files in facts.evidence.items() if slot in visible_slots},
            facts.external,
        )
    )
    assert bare.shown == state.shown
    assert bare.problems == state.problems
    assert bare.score == state.score
    assert (bare.whole.answers_asked, bare.whole.answers_done) == (state.whole.answers_asked, state.whole.answers_done)
    assert {problem.address for problem in state.problems} <= shown


@given(facts, st.sampled_from(SLOTS))
def test_adding_evidence_never_lowers_a_score(facts: Facts, slot: str) -> None:
    """Evidence at any place: the defensible total, every pillar and both ends of the interval stay or rise."""
    before = evaluate(facts)
    more = {**facts.evidence, slot: (*facts.evidence.get(slot, ()), PROOF)}
    after = RULES.evaluate(Facts(facts.answers, more, facts.external), TODAY, before)
    assert after.score.total.earned >= before.score.total.earned
    assert after.score.total.high >= before.score.total.high
    assert after.score.cautious.earned >= before.score.cautious.earned
    assert after.score.total.claimed == before.score.total.claimed
    for pillar, points in before.score.pillars.items():
        assert after.score.pillars[pillar].earned >= points.earned


@given(facts, st.data())
def test_marking_never_lowers_anything_and_unmarking_makes_exactly_that_place_wait(
    facts: Facts, data: st.DataObject
) -> None:
    """Whatever is on the form, the only marked file of one place is unmarked, and marked again in any manner."""
    shown = evaluate(facts).shown
    asked = [
        slot
        for slot in FORM.slots.values()
        if slot.rule != "optional" and asks_for_evidence(FORM, facts.answers, shown, slot)
    ]
    if not asked:
        return
    slot = data.draw(st.sampled_from(asked))
    bare = tuple(data.draw(st.lists(st.sampled_from(ANNEXES), min_size=1, max_size=3, unique=True)))
    waiting = evaluate(replace(facts, evidence={**facts.evidence, slot.id: bare}))
    by_url = satisfied(FORM, slot, facts.answers, {})
    at = data.draw(st.integers(0, len(bare) - 1))
    said = data.draw(st.sampled_from(MARKINGS))
    there = (*bare[:at], replace(bare[at], **said), *bare[at + 1 :])
    marked = RULES.evaluate(replace(facts, evidence={**facts.evidence, slot.id: there}), TODAY, waiting)

    for before, after in zip(all_points(waiting), all_points(marked), strict=True):
        assert after.earned >= before.earned
        assert after.claimed == before.claimed
    assert marked.whole.percent >= waiting.whole.percent
    assert marked.whole.evidence_done - waiting.whole.evidence_done == (not by_url)

    blocking = {one for one in waiting.problems if one.severity == "error"}
    still = {one for one in marked.problems if one.severity == "error"}
    address = FORM.nodes[slot.node].address
    gone = set() if by_url else {Problem("evidence.unmarked", "error", address, slot.id)}
    assert (blocking - still, still - blocking) == (gone, set())
    assert RULES.evaluate(waiting.facts, TODAY, marked) == waiting, "taking the mark back restores everything"


ANNEXES = tuple(replace(UNMARKED, sha256=f"{number:064x}") for number in range(3))
MARKINGS: tuple[dict[str, Any], ...] = (
    {"pages": "๒"},
    {"passages": "ข้อ 2"},
    {"marks": (Mark(1, (Rect(0.1, 0.1, 0.5, 0.5),)),)},
    {"whole": True},
)


def all_points(state: State) -> list[Points]:
    return [state.score.total, state.score.cautious, *state.score.pillars.values()]


@given(facts)
def test_every_score_lies_within_its_bounds(facts: Facts) -> None:
    state = evaluate(facts)
    for node in nodes(state):
        within(node.points)
    for points in (state.score.total, state.score.cautious, *state.score.pillars.values()):
        within(points)
    assert state.score.total.weight == 100


def within(points: Points) -> None:
    assert 0 <= points.earned <= points.claimed <= points.weight
    assert points.waiting >= 0
    assert points.open >= 0
    assert points.external >= 0
    assert points.lost >= 0
    assert 0 <= points.low <= points.high <= points.weight
    assert points.earned + points.waiting + points.open + points.external + points.lost == points.weight


@given(facts)
def test_the_parts_add_up_to_the_whole_exactly(facts: Facts) -> None:
    state = evaluate(facts)
    pillars = breakdown(RULES.rubric, state.score)
    assert {node.id: node.points for node in pillars} == dict(state.score.pillars)
    assert added(pillars) == state.score.total
    for node in nodes(state):
        if node.parts:
            assert added(node.parts) == node.points


def added(parts: tuple[ScoreNode, ...]) -> Points:
    whole = Points()
    for part in parts:
        whole = whole.plus(part.points)
    return whole


@given(facts, st.lists(changes, min_size=1, max_size=3), evidence_of_forms, st.booleans())
def test_evaluating_from_the_state_before_says_the_same_as_afresh(
    facts: Facts, several: list[tuple[str, Value | None]], evidence: dict[str, tuple[object, ...]], swap: bool
) -> None:
    state = evaluate(facts)
    for change in several:
        now = Facts(
            changed(state.facts.answers, [change]),
            evidence if swap else state.facts.evidence,
            state.facts.external,
        )
        state = RULES.evaluate(now, TODAY, state)
        assert state == evaluate(now)


@given(facts)
def test_external_points_and_the_day_are_looked_at_again(facts: Facts) -> None:
    state = evaluate(facts)
    bare = Facts(facts.answers, facts.evidence)
    assert RULES.evaluate(bare, TODAY, state) == evaluate(bare)
    tomorrow = TODAY + timedelta(days=400)
    assert RULES.evaluate(facts, tomorrow, state) == RULES.evaluate(facts, tomorrow)


@given(facts)
def test_work_in_progress_never_costs_points(facts: Facts) -> None:
    """With p = 0 a form never scores above p = 0.5; and the cautious total is what a rubric with p = 0 would say."""
    state = evaluate(facts)
    assert state.score.cautious.earned <= state.score.total.earned
    assert state.score.cautious.claimed <= state.score.total.claimed
    strict = make_rules(FORM, _without_progress(RULES.rubric)).evaluate(facts, TODAY)
    assert state.score.cautious == strict.score.total
    assert strict.score.cautious == strict.score.total


def _without_progress(rubric: Rubric) -> Rubric:
    return rubric.model_validate({**rubric.model_dump(), "progress": "0"})


@given(facts)
def test_what_is_promised_for_a_file_is_what_the_file_adds(facts: Facts) -> None:
    state = evaluate(facts)
    found = gains(RULES, state)
    assert [gain.points for gain in found] == sorted((gain.points for gain in found), reverse=True)
    assert all(gain.points > 0 for gain in found)
    for gain in [gain for gain in found if gain.kind == "evidence"][:3]:
        assert gain.slot is not None
        with_file = Facts(facts.answers, {**facts.evidence, gain.slot: (PROOF,)}, facts.external)
        after = RULES.evaluate(with_file, TODAY, state)
        assert after.score.total.earned - state.score.total.earned == gain.points


@given(facts)
def test_an_answer_gains_no_more_than_is_promised(facts: Facts) -> None:
    """The figures beside open questions add up to all that is open: none is promised twice.

    Only P4.1.1 may be open without a promise: where it is 0 or unknown, a total of 0 takes it out.
    """
    state = evaluate(facts)
    answers = [gain for gain in gains(RULES, state) if gain.kind == "answer"]
    promised = sum((Fraction(gain.points) for gain in answers), Fraction(0))
    without = "p4.1.1" not in {gain.address for gain in answers}
    kept = sum((Fraction(node.points.open) for node in leaves(state) if node.id == "p4.1.1" and without), Fraction(0))
    assert promised + kept == state.score.total.open
    assert len({gain.address for gain in answers}) == len(answers)


@given(facts)
def test_progress_counts_add_up_and_ready_means_no_error(facts: Facts) -> None:
    state = evaluate(facts)
    for total in (state.pages, state.sections):
        assert sum(part.answers_asked for part in total.values()) == state.whole.answers_asked
        assert sum(part.answers_done for part in total.values()) == state.whole.answers_done
        assert sum(part.evidence_asked for part in total.values()) == state.whole.evidence_asked
        assert sum(part.evidence_done for part in total.values()) == state.whole.evidence_done
    for part in (*state.pages.values(), *state.sections.values(), state.whole):
        assert 0 <= part.answers_done <= part.answers_asked
        assert 0 <= part.evidence_done <= part.evidence_asked
        assert 0 <= part.percent <= 100
        assert (part.percent == 100) == (
            part.answers_done == part.answers_asked and part.evidence_done == part.evidence_asked
        )
    assert state.ready == (not [one for one in state.problems if one.severity == "error"])
    if state.ready:
        assert state.whole.percent == 100


def test_a_month_passes_without_anything_being_answered() -> None:
    facts = Facts({"p1.4": "doing", "p1.4.1": "2026-11"})
    november = RULES.evaluate(facts, date(2026, 11, 30))
    december = RULES.evaluate(facts, date(2026, 12, 1), november)
    assert "month_year.past" not in {problem.code for problem in november.problems}
    assert "month_year.past" in {problem.code for problem in december.problems}


@given(facts, st.lists(changes, min_size=1, max_size=2))
def test_what_follows_step_by_step_is_what_follows_at_once(
    given_facts: Facts, several: list[tuple[str, Value | None]]
) -> None:
    """Each step works out only what a change touches, also for what is kept and not sent."""
    now, state = given_facts, evaluate(given_facts)
    for one in several:
        now = replace(now, answers=changed(now.answers, [one]))
        state = RULES.evaluate(now, TODAY, state)
        assert state == evaluate(now)
