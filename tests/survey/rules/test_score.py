"""The whole preview: the best form, the empty one, claimed beside defensible, figures for show."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from dgdesk.survey.rules.score import Points, add_up, rounded
from scenario import Scenario

FULL = Fraction(235, 3)
OUTSIDE = Fraction(65, 3)


def test_the_best_form_earns_exactly_78_33_by_itself(filled: Scenario) -> None:
    total = filled.state.score.total
    assert total.earned == FULL
    assert rounded(total.earned) == Decimal("78.33")
    assert (total.low, total.high, total.external) == (FULL, 100, OUTSIDE)
    assert (total.waiting, total.open, total.lost) == (0, 0, 0)
    assert filled.state.score.cautious.earned == FULL
    assert {id: points.earned for id, points in filled.state.score.pillars.items()} == {
        "1": 12,
        "2": 13,
        "3": Fraction(40, 3),
        "4": 15,
        "5": 10,
        "6": 10,
        "7": 5,
    }


def test_with_all_external_points_the_best_form_has_100(filled: Scenario) -> None:
    filled.external("3.3", "6.67").external("4.2", "7.5").external("4.3", "7.5")
    assert filled.state.score.total.earned == 100
    assert filled.state.score.total.low == filled.state.score.total.high


def test_an_empty_form_may_still_become_anything(scenario: Scenario) -> None:
    total = scenario.state.score.total
    assert (total.low, total.high) == (0, 100)
    assert (total.open, total.external) == (FULL, OUTSIDE)
    assert (total.earned, total.claimed, total.lost) == (0, 0, 0)


def test_everything_claimed_and_nothing_proven(scenario: Scenario) -> None:
    scenario.fill()
    total = scenario.state.score.total
    assert total.claimed == FULL
    assert total.earned < total.claimed
    assert rounded(total.earned) == Decimal("20.38")
    assert total.high == 100, "attaching files is part of what is possible"
    # What asks for no evidence stands by itself; P6.2.2 row 2 has an optional file.
    standing = {
        node.id: node.points.earned for node in scenario.tree().values() if node.question and node.points.earned
    }
    quarter = Fraction(30, 4) / 3 / 4
    assert standing == {
        "p2.1.1.1": Fraction(13, 4) / 6,
        "p2.3.1.1": Fraction(13, 4) / 3,
        "p2.3.1.2": Fraction(13, 4) / 3,
        "p2.2.1.1": Fraction(13, 4) / 3,
        "p2.2.1.2": Fraction(13, 4) / 3,
        "p4.1.1": quarter,
        "p4.2.1": quarter,
        "p4.6.1": Fraction(5, 2),
        "p4.6.2": Fraction(5, 2),
        "p4.6.3": Fraction(5, 2),
        "p5.1.table": 5,
        "p5.3.1": Fraction(5, 4),
        "p6.2.2.table": Fraction(5, 2) / 5,
    }
    assert sum(standing.values()) == total.earned
    assert scenario.prove().state.score.total.earned == FULL


def test_a_form_answered_no_throughout_earns_nothing(scenario: Scenario) -> None:
    for node in scenario.form.nodes:
        if node.kind in ("single", "row") and "no" in node.options:
            scenario.answer(node.address, "no")
    for field in ("p4.1", "p4.1.1", "p4.2", "p4.2.1"):
        scenario.answer(field, "unknown")
    scenario.answer("p5.3", ["none"])
    total = scenario.state.score.total
    assert total.earned == total.claimed == 0
    # 7.1.13 is optional and keeps nothing open; 4.3 is lost with the web site.
    assert total.open == 0
    assert total.external == OUTSIDE - Fraction(15, 2)


def test_claimed_defensible_and_cautious_side_by_side(scenario: Scenario) -> None:
    """P1.3 in progress, P1.4 done without evidence, P2.1.1.1 done (no evidence asked)."""
    scenario.answer("p1.3", "doing").answer("p1.4", "yes").answer("p2.1.1.1", "yes").fill_blanks()
    score = scenario.state.score
    stands = Fraction(13, 24)
    assert score.total.earned == Fraction(3, 2) + stands
    assert score.total.claimed == Fraction(3, 2) + Fraction(3, 4) + stands
    assert score.cautious.earned == stands
    assert score.cautious.claimed == Fraction(3, 4) + stands
    # Only the rest of P1.3 is given up; evidence for P1.4 may still come.
    assert score.total.high == 100 - Fraction(3, 2)


def test_every_node_says_what_it_rests_on(scenario: Scenario) -> None:
    tree = scenario.tree()
    assert {id for id, node in tree.items() if node.basis == "printed"} == {
        *("1", "2", "3", "4", "5", "6", "7"),
        *("3.3", "4.2", "external.3.3", "external.4.2"),
    }


def test_the_seven_weights_are_the_printed_ones(scenario: Scenario) -> None:
    assert {id: points.weight for id, points in scenario.state.score.pillars.items()} == {
        **{"1": 12, "2": 13, "3": 20, "4": 30},
        **{"5": 10, "6": 10, "7": 5},
    }


def test_points_add_up() -> None:
    whole = add_up([Points(3, 1, 1, 0, 0), Points(2, 0, 0, 1, 1)])
    assert whole == Points(5, 1, 1, 1, 1)
    assert (whole.claimed, whole.lost, whole.low, whole.high) == (2, 1, 1, 4)
    assert add_up([]) == Points()


def test_single_figures_are_rounded_half_up() -> None:
    assert rounded(Fraction(1, 8)) == Decimal("0.13")
    assert rounded(Fraction(5, 2), 0) == Decimal(3)
