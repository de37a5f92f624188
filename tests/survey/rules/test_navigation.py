"""Back and Next go through the pages that have something to show."""

from __future__ import annotations

import itertools

import pytest

from dgdesk.survey.rules.pages import next_page, relevant_pages
from scenario import Scenario


def test_an_empty_form_is_walked_page_by_page(scenario: Scenario) -> None:
    walked, page = [], next(iter(scenario.form.pages))
    while page is not None:
        walked.append(page)
        page = scenario.next_page(page)
    assert tuple(walked) == relevant_pages(scenario.form, scenario.state.shown)
    assert walked[0] == "general.page1"
    assert walked[-1] == "p8.page1"
    for before, after in itertools.pairwise(walked):
        assert scenario.previous_page(after) == before


def test_there_is_nothing_before_the_first_page_and_after_the_last(scenario: Scenario) -> None:
    assert scenario.previous_page("general.page1") is None
    assert scenario.next_page("p8.page1") is None


def test_a_skip_passes_over_whole_pages_both_ways(scenario: Scenario) -> None:
    scenario.answer("g1", "no")
    assert "g.page2" not in relevant_pages(scenario.form, scenario.state.shown)
    assert scenario.next_page("g.page1") == "g.page3"
    assert scenario.previous_page("g.page3") == "g.page1"


def test_with_no_committee_g3_is_passed_over(scenario: Scenario) -> None:
    assert scenario.next_page("g.page1") == "g.page2"
    assert scenario.answer("g1", "no").next_page("g.page1") == "g.page3"


def test_from_a_page_that_was_left_out_both_ways_lead_on(scenario: Scenario) -> None:
    scenario.answer("g1", "no")
    assert scenario.next_page("g.page2") == "g.page3"
    assert scenario.previous_page("g.page2") == "g.page1"


def test_an_unknown_page_is_a_mistake(scenario: Scenario) -> None:
    with pytest.raises(KeyError):
        next_page(scenario.form, scenario.state.shown, "p9.page1")
