"""How much of what is asked now has been done, per page, section and whole."""

from __future__ import annotations

from dgdesk.survey.rules.pages import Completeness, whole_progress
from scenario import Scenario


def test_an_empty_form_has_begun_nothing(scenario: Scenario) -> None:
    whole = scenario.state.whole
    assert (whole.answers_asked, whole.answers_done, whole.evidence_asked, whole.percent) == (118, 0, 0, 0)
    assert whole.status == "not_begun"
    assert {page for page, one in scenario.state.pages.items() if one.status != "not_begun"} == set()


def test_the_first_answer_begins_its_page_its_section_and_the_whole(scenario: Scenario) -> None:
    scenario.answer("p1.4", "no")
    assert scenario.state.pages["p1.page3"].status == "in_progress"
    assert scenario.state.sections["p1"].status == "in_progress"
    assert scenario.state.whole.status == "in_progress"
    assert scenario.state.pages["p1.page1"].status == "not_begun"


def test_a_page_is_complete_with_its_answers_and_its_evidence(scenario: Scenario) -> None:
    scenario.answer("p1.4", "yes").answer("p1.3", "no").answer("p1.3.1", "ไม่มีงบประมาณ")
    page = scenario.state.pages["p1.page3"]
    assert (page.answers_asked, page.answers_done, page.evidence_asked, page.evidence_done) == (3, 3, 1, 0)
    assert (page.percent, page.status) == (75, "evidence")
    scenario.attach("p1.4/yes")
    page = scenario.state.pages["p1.page3"]
    assert (page.percent, page.status) == (100, "complete")


def test_a_chosen_option_adds_its_follow_ups_to_what_is_asked(scenario: Scenario) -> None:
    before = scenario.state.pages["p1.page1"]
    assert before.answers_asked == 1
    scenario.answer("p1.1", "yes")
    assert scenario.state.pages["p1.page1"].answers_asked == 2
    scenario.answer("p1.1a2", ["1", "2", "3"])
    assert scenario.state.pages["p1.page1"].evidence_asked == 3
    scenario.answer("p1.1", "doing")
    page = scenario.state.pages["p1.page1"]
    assert (page.answers_asked, page.evidence_asked, page.status) == (1, 0, "complete")


def test_what_cannot_be_read_is_asked_still_and_marks_the_page(scenario: Scenario) -> None:
    scenario.mistype("general.email", "ไม่มี")
    page = scenario.state.pages["general.page1"]
    assert (page.answers_done, page.mistakes, page.status) == (0, 1, "problems")
    assert scenario.state.sections["general"].status == "problems"
    scenario.answer("general.email", "a@example.go.th")
    assert scenario.state.pages["general.page1"].status == "in_progress"


def test_optional_answers_are_not_asked(scenario: Scenario) -> None:
    asked = scenario.state.pages["general.page1"].answers_asked
    assert asked == 8, "everything but the extension"
    scenario.answer("general.extension", "12")
    page = scenario.state.pages["general.page1"]
    assert (page.answers_asked, page.answers_done) == (8, 0)
    assert page.status == "in_progress"


def test_optional_evidence_is_not_asked(scenario: Scenario) -> None:
    scenario.answer("p6.2.2.table:2", "yes").attach("p6.2.2.table:2/yes")
    page = scenario.state.pages["p6.page2"]
    assert (page.evidence_asked, page.evidence_done) == (0, 0)


def test_skipped_pages_say_so_and_are_left_out_of_the_sums(scenario: Scenario) -> None:
    asked = scenario.state.whole.answers_asked
    scenario.answer("g1", "no")
    assert scenario.state.pages["g.page2"].status == "skipped"
    assert scenario.state.pages["g.page2"].answers_asked == 0
    # G2 and G3 are no longer asked; the reason for "no" is.
    assert scenario.state.whole.answers_asked == asked - 2 + 1
    assert scenario.state.sections["g"].status == "in_progress"


def test_the_best_form_is_complete_everywhere(filled: Scenario) -> None:
    assert {one.status for one in filled.state.pages.values()} == {"complete"}
    assert {one.status for one in filled.state.sections.values()} == {"complete"}
    assert (filled.state.whole.percent, filled.state.whole.status) == (100, "complete")


def test_a_hundred_per_cent_means_all_of_it() -> None:
    assert Completeness(answers_asked=1000, answers_done=999, begun=True).percent == 99
    assert Completeness().percent == 100


def test_nothing_at_all_shows_as_left_out() -> None:
    assert whole_progress([]).status == "skipped"
    assert whole_progress([Completeness(shown=False), Completeness(shown=True, answers_asked=1)]).status == "not_begun"
    assert Completeness(1, 1, mistakes=1, begun=True, shown=False).status == "skipped"
