"""What is kept and not sent: the exact rest of what is asked, and the answer that decides."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given

from dgdesk.draft.unsent import notice_lines, unsent_notices, unsent_report, unsent_summary, why_unsent
from dgdesk.survey.answers.values import Value, items_of
from dgdesk.survey.definition.models import All, Any_, Chosen, Not
from dgdesk.survey.rules.problems import asks_for_evidence
from dgdesk.survey.rules.relevance import relevance
from dgdesk.survey.rules.state import Facts, Rules
from dgdesk.survey.rules.unsent import Decider, Unsent, by_decider, unsent
from dgdesk.text.messages import load_catalogue
from random_forms import facts
from scenario import PROOF, TODAY, UNMARKED, Scenario

TEXTS = {language: load_catalogue(language).text for language in ("th", "en")}
EN = TEXTS["en"]


def deciders(scenario: Scenario) -> list[tuple[str, str | None, Decider]]:
    return [(one.address, one.slot, one.decider) for one in scenario.state.unsent]


# -- stories ---------------------------------------------------------------------------------------------------------


def test_a_file_at_a_question_without_an_answer_is_not_sent_and_the_answer_is_named(scenario: Scenario) -> None:
    scenario.attach("p1.3/yes")
    assert deciders(scenario) == [("p1.3", "p1.3/yes", Decider("needs", "p1.3", "yes"))]
    why = why_unsent(scenario.form, scenario.state, "p1.3/yes", EN)
    assert why.startswith("It is kept, but not sent: P1.3 ") and "is not answered “มี”" in why
    scenario.answer("p1.3", "yes")
    assert scenario.state.unsent == () and why_unsent(scenario.form, scenario.state, "p1.3/yes", EN) == ""


def test_a_skip_is_named_once_for_all_that_it_leaves_out(scenario: Scenario) -> None:
    scenario.answer("g1", "yes").answer("g2", "yes").attach("g2/yes").answer("g1", "no")
    assert {one.decider for one in scenario.state.unsent} == {Decider("skipped", "g1", "no")}
    (notice,) = unsent_notices(scenario.form, scenario.state.facts.answers, scenario.state.unsent)
    assert (notice.severity, notice.address, notice.code) == ("notice", "g1", "unsent.skipped.both")
    assert notice.values["files"] == 1 and "G2" in str(notice.values["places"])


def test_an_item_that_was_not_added_is_named_by_its_list(scenario: Scenario) -> None:
    scenario.answer("g1", "yes").answer("g2", "yes").answer("g3", "yes").attach("g3.projects#2")
    (one,) = [one for one in scenario.state.unsent if one.slot == "g3.projects#2"]
    assert one.decider == Decider("removed", "g3.projects", "2")
    assert "has no such item" in why_unsent(scenario.form, scenario.state, "g3.projects#2", EN)


def test_evidence_of_an_optional_item_without_answers_needs_an_answer_in_it(scenario: Scenario) -> None:
    """In the form of today every list must be filled in; a later edition may have others."""
    nodes = list(scenario.form.nodes)
    at = scenario.form.position["g3.projects"]
    nodes[at] = replace(nodes[at], required=False)
    form, answers = replace(scenario.form, nodes=tuple(nodes)), {"g1": "yes", "g2": "yes", "g3": "yes"}
    shown = relevance(form, answers)
    (one,) = unsent(form, answers, {"g3.projects#1": (PROOF,)}, shown)
    assert one.decider == Decider("empty", "g3.projects#1", "")
    assert "unsent.empty.files" in [notice.code for notice in unsent_notices(form, answers, (one,))]


def test_what_is_kept_blocks_nothing_and_is_no_problem(filled: Scenario) -> None:
    before = filled.state
    slot = next(one.id for one in filled.form.slots.values() if one.id not in filled.asked_slots())
    filled.attach(slot)
    assert filled.state.ready and filled.state.problems == before.problems
    assert [one.slot for one in filled.state.unsent if one not in before.unsent] == [slot]


def test_the_summary_counts_files_at_each_place_and_answers() -> None:
    place = Unsent("p1.3", "p1.3/yes", Decider("needs", "p1.3", "yes"), files=(PROOF, UNMARKED))
    answer = Unsent("p1.3", None, Decider("needs", "p1.3", "yes"), "x")
    assert unsent_summary((place,), EN).startswith("2 files (4 KB) are kept in the draft and not sent, since")
    assert unsent_summary((answer,), EN).startswith("1 answer is kept")
    assert unsent_summary((place, answer), EN).startswith("2 files (4 KB) and 1 answer are kept")
    assert unsent_summary((), EN) == ""


def test_evidence_that_cannot_be_read_is_named_too(rules: Rules) -> None:
    state = rules.evaluate(Facts(unreadable=frozenset({"p1.3/yes"})), TODAY)
    (one,) = state.unsent
    assert one.unreadable and one.files == ()
    for text in TEXTS.values():
        assert "P1.3" in notice_lines(rules.form, {}, state.unsent, text)[0]


# -- always ----------------------------------------------------------------------------------------------------------


@given(facts)
def test_everything_is_either_asked_or_kept_and_not_sent(rules: Rules, some: Facts) -> None:
    form, state = rules.form, rules.evaluate(some, TODAY)
    answers = [one.address for one in state.unsent if one.value is not None]
    assert set(answers) == {one for one in some.answers if not state.shown[form.position[one]]}
    slots = {one.slot: one.files for one in state.unsent if one.slot is not None}
    asked = {slot.id for slot in form.slots.values() if asks_for_evidence(form, some.answers, state.shown, slot)}
    assert slots == {slot: files for slot, files in some.evidence.items() if slot not in asked}
    assert len({one.key for one in state.unsent}) == len(state.unsent)
    places = [(form.position[one.address], one.slot is not None) for one in state.unsent]
    assert places == sorted(places)


@given(facts)
def test_the_question_that_decides_is_asked_and_both_languages_name_it(rules: Rules, some: Facts) -> None:
    form, state = rules.form, rules.evaluate(some, TODAY)
    for group in by_decider(state.unsent):
        assert state.shown[form.position[group.decider.address]]
    for text in TEXTS.values():
        lines = notice_lines(form, some.answers, state.unsent, text)
        assert len(lines) == len(by_decider(state.unsent)) and "{" not in "".join(lines)
        assert len(unsent_report(form, some.answers, state.unsent, text)["places"]) == len(state.unsent)


@given(facts)
def test_the_answer_that_is_named_is_what_keeps_the_place_out(rules: Rules, some: Facts) -> None:
    """Given (or taken back), it asks for the place, or leaves another answer that decides."""
    form, state = rules.form, rules.evaluate(some, TODAY)
    for group in by_decider(state.unsent)[:8]:
        decider, place = group.decider, group.places[0]
        if decider.how == "empty":
            continue
        answers = {**some.answers, **_given(rules, some, decider)}
        if decider.how == "skipped":
            del answers[decider.address]
        after = rules.evaluate(replace(some, answers=answers), TODAY)
        still = {one.key: one.decider for one in after.unsent}.get(place.key)
        assert still != decider
        if still is not None:
            assert form.position[still.address] >= form.position[decider.address] or still.how == "skipped"


def _given(rules: Rules, some: Facts, decider: Decider) -> dict[str, Value]:
    node = rules.form.node(decider.address)
    match decider.how:
        case "removed":
            return {decider.address: (*items_of(node, some.answers.get(decider.address)), decider.option)}
        case "needs":
            return {decider.address: (decider.option,) if node.kind == "multiple" else decider.option}
    return {decider.address: ""}


def test_of_a_condition_the_choice_that_fails_it_is_named(scenario: Scenario) -> None:
    """No form of today has such conditions; a later edition may."""
    form = scenario.form
    at = form.position["p1.4"]
    for when, answers, decider in (
        (Not(not_=Chosen(chosen=("g1", "no"))), {"g1": "no"}, Decider("skipped", "g1", "no")),
        (
            All(all=(Chosen(chosen=("g1", "yes")), Chosen(chosen=("p1.3", "yes")))),
            {"g1": "yes"},
            Decider("needs", "p1.3", "yes"),
        ),
        (
            Any_(any=(Chosen(chosen=("g1", "yes")), Chosen(chosen=("p1.3", "yes")))),
            {},
            Decider("needs", "g1", "yes"),
        ),
        (
            Not(not_=Any_(any=(Chosen(chosen=("g1", "yes")), Chosen(chosen=("p1.3", "yes"))))),
            {"p1.3": "yes"},
            Decider("skipped", "p1.3", "yes"),
        ),
    ):
        nodes = list(form.nodes)
        nodes[at] = replace(nodes[at], when=when)
        other = replace(form, nodes=tuple(nodes))
        given_answers: dict[str, Value] = {**answers, "p1.4": "yes"}
        shown = relevance(other, given_answers)
        found = {one.address: one.decider for one in unsent(other, given_answers, {}, shown)}
        assert found["p1.4"] == decider
