"""A page says why some of its questions are left out, not asked yet, or asked; what is obvious it does not say."""

from __future__ import annotations

from dgdesk.survey.rules.relevance import HiddenReason, codes_between, reasons, why_hidden
from scenario import Scenario


def said(scenario: Scenario, page: str) -> tuple[HiddenReason, ...]:
    return reasons(scenario.form, scenario.state.facts.answers, scenario.state.shown, page)


def test_a_skipped_question_beside_others_is_explained(scenario: Scenario) -> None:
    assert said(scenario, "g.page1") == ()
    scenario.answer("g1", "no")
    (reason,) = said(scenario, "g.page1")
    assert (reason.how, reason.cause, reason.option) == ("skipped", "g1", "no")
    assert codes_between(scenario.form, reason.first, reason.last) == ("G2",)


def test_a_page_left_out_as_a_whole_says_so_itself(scenario: Scenario) -> None:
    scenario.answer("g1", "no")
    assert said(scenario, "g.page2") == ()


def test_a_question_with_a_condition_says_what_it_waits_for_and_then_why_it_is_asked(scenario: Scenario) -> None:
    page = scenario.form.node("p4.2.3").page
    (needs,) = said(scenario, page)
    assert (needs.how, needs.cause, needs.option) == ("needs", "p4.2.2", "yes")
    scenario.answer("p4.2.2", "yes")
    (asked,) = said(scenario, page)
    assert (asked.how, asked.cause, asked.option) == ("asked", "p4.2.2", "yes")
    scenario.answer("p4.2.2", "no")
    (skipped,) = said(scenario, page)
    assert (skipped.how, skipped.cause, skipped.option) == ("skipped", "p4.2.2", "no")


def test_follow_ups_of_an_option_need_no_words(scenario: Scenario) -> None:
    scenario.answer("p1.1", "yes")
    assert said(scenario, "p1.page1") == ()
    scenario.answer("p1.1", "no")
    assert said(scenario, "p1.page1") == ()


def test_everything_skipped_on_a_page_with_others_is_explained(scenario: Scenario) -> None:
    """Whatever is hidden by a skip or condition is covered by a reason, unless its whole page is."""
    for address, option in (("g1", "no"), ("p2.2.1.1", "no"), ("p2.3.1.1", "no"), ("p4.2.2", "no"), ("p5.2", "no")):
        node = scenario.form.node(address)
        if option in node.options:
            scenario.answer(address, option)
    form, shown = scenario.form, scenario.state.shown
    for page, places in form.page_nodes.items():
        covered = {at for one in said(scenario, page) for at in range(one.first, form.nodes[one.last].end)}
        for at in places if any(shown[one] for one in places) else ():
            hidden = why_hidden(form, scenario.state.facts.answers, shown, at)
            parent = form.nodes[at].parent
            if hidden is not None and hidden.how != "gate" and (parent < 0 or shown[parent]):
                assert at in covered, form.nodes[at].address
