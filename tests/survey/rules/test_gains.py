"""What would add most to the defensible score."""

from __future__ import annotations

from fractions import Fraction

from dgdesk.survey.rules.report import Gain
from scenario import UNMARKED, Scenario


def test_attach_evidence_at_p1_4_and_win_three_quarters(scenario: Scenario) -> None:
    scenario.answer("p1.4", "yes")
    (gain,) = [one for one in scenario.gains() if one.kind == "evidence"]
    assert gain == Gain("evidence", "p1.4", Fraction(3, 4), "1.4", "p1.4/yes")
    scenario.attach("p1.4/yes", UNMARKED)
    assert scenario.state.score.total.earned == 0
    assert Gain("mark", "p1.4", Fraction(3, 4), "1.4", "p1.4/yes") in scenario.gains()
    scenario.attach("p1.4/yes")
    assert scenario.state.score.total.earned == Fraction(3, 4)
    assert not any(one.address == "p1.4" for one in scenario.gains())


def test_an_empty_form_gains_most_by_its_heaviest_questions(scenario: Scenario) -> None:
    gains = scenario.gains()
    assert {gain.kind for gain in gains} == {"answer"}
    assert gains[0] == Gain("answer", "p3.1.table", Fraction(20, 3), "3.2")
    assert sum(gain.points for gain in gains) == Fraction(235, 3)
    assert "external.3.3" not in {gain.address for gain in gains}


def test_gains_are_ranked_by_their_points(scenario: Scenario) -> None:
    scenario.answer("p1.4", "yes").answer("p1.3", "yes").answer("p2.1.1", "yes").answer("g1", "yes")
    assert not any(gain.slot == "p1.3/yes" for gain in scenario.gains()), "its example is missing as well"
    scenario.fill_blanks()
    files = [gain for gain in scenario.gains() if gain.kind == "evidence"]
    assert [(gain.slot, gain.points) for gain in files] == [
        ("p1.3/yes", 3),
        ("g1/yes", Fraction(20, 9)),
        ("p1.4/yes", Fraction(3, 4)),
        ("p2.1.1/yes", Fraction(13, 24)),
    ]
    everything = [gain.points for gain in scenario.gains()]
    assert everything == sorted(everything, reverse=True)


def test_evidence_of_an_exemption_gains_what_the_siblings_get(scenario: Scenario) -> None:
    scenario.answer("p1.4", "yes").attach("p1.4/yes").answer("p1.5", "exempt")
    (gain,) = [one for one in scenario.gains() if one.kind == "evidence"]
    assert (gain.slot, gain.points) == ("p1.5/exempt", Fraction(1, 4))


def test_the_first_file_of_a_share_is_worth_more_than_the_next(scenario: Scenario) -> None:
    scenario.answer("p1.1", "yes").answer("p1.1a2", ["1", "2"])
    files = [one for one in scenario.gains() if one.kind == "evidence"]
    assert [one.points for one in files] == [3 * Fraction(13, 24)] * 2
    scenario.attach("p1.1a2/1")
    (second,) = [one for one in scenario.gains() if one.kind == "evidence"]
    assert second.points == 3 * Fraction(1, 24)


def test_a_second_item_that_adds_nothing_is_not_offered(scenario: Scenario) -> None:
    scenario.answer("g3", "yes").answer("g3.projects", ["1", "2"]).attach("g3.projects#1")
    assert scenario.problems("g3.projects#2") == [("error", "missing.evidence")]
    assert not any(one.slot == "g3.projects#2" for one in scenario.gains())


def test_optional_evidence_and_parts_not_scored_are_not_offered(scenario: Scenario) -> None:
    scenario.answer("p6.2.2.table:2", "yes").answer("g4", "yes").answer("p8.1", "yes")
    assert not any(one.kind == "evidence" for one in scenario.gains())


def test_the_best_form_has_nothing_to_gain(filled: Scenario) -> None:
    assert filled.gains() == ()
