"""Every rule of the default rubric, with its figures worked out by hand as exact fractions."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from dgdesk.survey.rules.state import Facts
from dgdesk.survey.rules.worth import EXEMPT, FULL, LOST, OPEN, Worth, capped, mean
from scenario import Scenario

HALF = Fraction(1, 2)


def figures(scenario: Scenario, id: str) -> tuple[Fraction, Fraction, Fraction]:
    """Return what a question earns, claims and leaves open, as parts of its weight."""
    return scenario.earned(id), scenario.claimed(id), scenario.open(id)


# Yes or no, and work in progress


def test_yes_without_a_request_for_evidence_is_one_with_its_link(scenario: Scenario) -> None:
    assert figures(scenario, "p2.1.1.1") == (0, 0, 1)
    assert figures(scenario.answer("p2.1.1.1", "yes"), "p2.1.1.1") == (0, 0, 1)
    scenario.mistype("p2.1.1.2", "ยังไม่มีลิงก์")
    assert figures(scenario, "p2.1.1.1") == (0, 0, 1)
    scenario.answer("p2.1.1.2", "example.go.th/policy")
    assert figures(scenario, "p2.1.1.1") == (1, 1, 0)
    assert figures(scenario.answer("p2.1.1.1", "no"), "p2.1.1.1") == (0, 0, 0)


def test_yes_with_a_request_for_evidence_needs_it(scenario: Scenario) -> None:
    assert figures(scenario.answer("p1.4", "yes"), "p1.4") == (0, 1, 0)
    assert figures(scenario.attach("p1.4/yes"), "p1.4") == (1, 1, 0)


@pytest.mark.parametrize(
    ("question", "slot", "blank"),
    [
        ("p1.3", "p1.3/yes", "p1.3.3"),
        ("g2", "g2/yes", "g2.details"),
        ("p2.2.1.2", "p2.2.1.2/yes", "p2.2.1.2c"),
        ("g3", "g3.projects#1", "g3.projects.name#1"),
        ("g3", "g3.projects#1", "g3.projects.result#1"),
        ("p2.3.1.3", "p2.3.1.3.sets.use#1/policy", "p2.3.1.3.sets.users#1"),
        ("p2.3.1.3", "p2.3.1.3.sets.use#1/policy", "p2.3.1.3.sets.use.policy#1"),
        ("p7.1.1", "p7.1.1.1#1", "p7.1.1.1.result#1"),
    ],
)
def test_a_place_with_an_empty_blank_earns_nothing_yet(filled: Scenario, question: str, slot: str, blank: str) -> None:
    filled.answer("p2.3.1.3.sets.use#1", ["policy"]).clear("p7.1.13")
    assert figures(filled, question) == (1, 1, 0)
    filled.clear(blank)
    assert figures(filled, question) == (0, 0, 1), "open, as a question without an answer"
    filled.detach(slot).answer(blank, "5" if blank == "p2.2.1.2c" else "รายละเอียด")
    by_url = question == "p2.2.1.2"
    assert figures(filled, question) == (1 if by_url else 0, 1, 0)


def test_every_compulsory_blank_of_a_scored_answer_counts(filled: Scenario) -> None:
    """On the best form, with every other option taken back where one is enough, no blank can be left out.

    P4.2.2.1 can, since an unknown sample costs nothing; and what belongs to parts that are not scored.
    """
    form, full = filled.form, filled.state.score.total.earned
    for question in ("p6.1.a.2.1", "p6.1.b.2.1", "p5.2.1.1", "p5.3.1.2", "p4.6.1.channels", "p4.6.2.channels"):
        filled.answer(question, [form.node(question).options[-1]])
    for question, option in (("p6.1.c.2.1", "2"), ("p6.2.1.2", "a"), ("p6.2.1.2a", "8"), ("p4.6.3.channels", "line")):
        filled.answer(question, [option])
    filled.clear("p7.1.13").answer("p2.3.1.3.sets.use#1", ["service"])
    filled.answer("p4.3.means", ["policy", "link", "copy", "other"])
    filled.answer("p4.4.2", list("234567")).answer("p5.3", list("23456")).answer("p5.1.table:1", "no")
    for row in ("14", "15", "16"):
        filled.answer(f"p5.1.table:{row}", "no")
    assert filled.state.score.total.earned == full
    scored = {"g", "p1", "p2", "p3", "p4", "p5", "p6", "p7"}
    unscored = ("p4.5", "p4.2.1.services", "g4", "p7.1.13", "p5.2d", "p2.2.1.1b", "p4.2.2.1")
    blanks = [
        form.nodes[at].address
        for places in form.blanks.values()
        for at in places
        if filled.state.shown[at] and form.nodes[at].kind in ("text", "long_text", "number", "percent", "url")
        if form.nodes[at].section in scored and not form.nodes[at].address.startswith(unscored)
    ]
    assert len(blanks) > 40
    for blank in blanks:
        now = filled.state.facts.answers[blank]
        filled.clear(blank)
        assert filled.state.score.total.earned < full, blank
        assert filled.state.score.total.high == 100, blank
        assert (blank, "missing.answer") in {(one.address, one.code) for one in filled.state.problems}
        filled.answer(blank, str(now))


def test_work_in_progress_is_worth_p(scenario: Scenario) -> None:
    scenario.answer("p1.3", "doing")
    assert figures(scenario, "p1.3") == (0, 0, HALF), "when it will be done is not said yet"
    scenario.answer("p1.3.2", "ต.ค. 2570")
    assert figures(scenario, "p1.3") == (HALF, HALF, 0)
    assert scenario.state.score.total.earned == 3 * HALF
    assert scenario.state.score.cautious.earned == 0


@pytest.mark.parametrize("question", ["p1.5", "p1.6"])
def test_an_exempt_question_gives_its_weight_to_its_siblings_once_it_is_proven(
    scenario: Scenario, question: str
) -> None:
    """1.4 has 3 points over four questions; with one proven exempt the other three have 1 each."""
    scenario.answer("p1.4", "yes").attach("p1.4/yes").answer(question, "exempt")
    assert scenario.state.score.pillars["1"].earned == Fraction(3, 4)
    assert scenario.state.score.pillars["1"].claimed == 1
    assert scenario.tree()[question].exempt
    assert scenario.points(question).weight == 0
    assert scenario.points("p1.4").weight == 1
    scenario.attach(f"{question}/exempt")
    assert scenario.state.score.pillars["1"].earned == 1
    assert scenario.points("1.4").weight == 3


# Shares


@pytest.mark.parametrize(("chosen", "proven"), [(1, 1), (4, 3), (12, 12), (12, 0), (5, 5)])
def test_p1_1_done_is_p_and_its_share_of_twelve(scenario: Scenario, chosen: int, proven: int) -> None:
    scenario.answer("p1.1", "yes")
    assert figures(scenario, "p1.1") == (0, 0, 1)
    scenario.answer("p1.1a2", [str(number) for number in range(1, chosen + 1)])
    for number in range(1, proven + 1):
        scenario.attach(f"p1.1a2/{number}")
    earned = HALF + HALF * Fraction(proven, 12) if proven else 0
    assert figures(scenario, "p1.1") == (earned, HALF + HALF * Fraction(chosen, 12), 0)


def test_p1_1_with_p_0_is_the_share_alone(scenario: Scenario) -> None:
    scenario.answer("p1.1", "yes").answer("p1.1a2", ["1", "2", "3"])
    for option in "123":
        scenario.attach(f"p1.1a2/{option}")
    assert scenario.state.score.total.earned == 3 * Fraction(5, 8)
    assert scenario.state.score.cautious.earned == 3 * Fraction(1, 4)


@pytest.mark.parametrize(
    ("means", "worth"),
    [
        (["policy"], Fraction(5, 8)),
        (["policy", "link"], Fraction(3, 4)),
        (["policy", "publicise", "link", "other"], Fraction(1)),
        (["policy", "publicise", "link", "copy", "other"], Fraction(1)),
    ],
)
def test_p4_3_done_is_p_and_its_share_of_four_capped(scenario: Scenario, means: list[str], worth: Fraction) -> None:
    scenario.answer("p4.3", "yes").answer("p4.3.means", means).fill_blanks()
    assert figures(scenario, "p4.3") == (0, worth, 0)
    scenario.prove()
    assert figures(scenario, "p4.3") == (worth, worth, 0)


@pytest.mark.parametrize(("row", "issues"), [("2", "p2.1.2.2.1"), ("4", "p2.1.2.4.1")])
@pytest.mark.parametrize("k", [1, 3, 6])
def test_p2_1_2_rows_2_and_4_are_a_half_and_their_share_of_six(
    scenario: Scenario, row: str, issues: str, k: int
) -> None:
    scenario.answer(f"p2.1.2.table:{row}", "yes")
    assert scenario.open("p2.1.2.table") == 1, "the issues are not chosen yet"
    scenario.answer(issues, list(scenario.form.node(issues).options[:k]))
    worth = (HALF + HALF * Fraction(k, 6)) / 5
    assert figures(scenario, "p2.1.2.table") == (0, worth, Fraction(4, 5))
    scenario.attach(f"p2.1.2.table:{row}/yes")
    assert figures(scenario, "p2.1.2.table") == (worth, worth, Fraction(4, 5))


def test_p2_1_2_the_half_does_not_depend_on_p(scenario: Scenario) -> None:
    scenario.answer("p2.1.2.table:2", "yes").answer("p2.1.2.2.1", ["1"]).attach("p2.1.2.table:2/yes")
    assert scenario.state.score.cautious.earned == scenario.state.score.total.earned != 0


def test_p2_1_4_done_is_p_and_its_share_of_three_areas(scenario: Scenario) -> None:
    scenario.answer("p2.1.4", "doing")
    assert scenario.earned("p2.1.4") == HALF
    scenario.answer("p2.1.4", "yes").answer("p2.1.4.areas", ["a", "c"])
    assert figures(scenario, "p2.1.4") == (0, 0, Fraction(5, 6)), "no set of data is named"
    scenario.fill_blanks()
    assert figures(scenario, "p2.1.4") == (0, Fraction(5, 6), 0)
    scenario.attach("p2.1.4a#1")
    assert scenario.earned("p2.1.4") == Fraction(2, 3), "one area done is more than being busy"
    scenario.answer("p2.1.4a", ["1", "2"]).answer("p2.1.4a.name#2", "ทะเบียนแหล่งน้ำ").attach("p2.1.4a#2")
    assert scenario.earned("p2.1.4") == Fraction(2, 3), "an area counts once"
    scenario.attach("p2.1.4c#1")
    assert scenario.earned("p2.1.4") == Fraction(5, 6)
    scenario.answer("p2.1.4.areas", ["a", "b", "c"]).attach("p2.1.4b#1")
    assert scenario.earned("p2.1.4") == Fraction(5, 6), "the third has evidence, and no name"
    assert scenario.fill_blanks().earned("p2.1.4") == 1
    scenario.answer("p2.1.4.areas", ["b"])
    assert scenario.earned("p2.1.4") == Fraction(2, 3), "evidence of an area no longer chosen does not count"
    assert scenario.state.score.cautious.earned == Fraction(13, 24) * Fraction(1, 3)


def test_evidence_at_an_item_taken_out_does_not_count(scenario: Scenario) -> None:
    scenario.answer("p2.1.4", "yes").answer("p2.1.4.areas", ["a"]).answer("p2.1.4a", ["1", "2"]).attach("p2.1.4a#2")
    assert scenario.fill_blanks().earned("p2.1.4") == Fraction(2, 3)
    assert scenario.answer("p2.1.4a", ["1"]).earned("p2.1.4") == 0


@pytest.mark.parametrize(
    ("chosen", "share"),
    [(["1"], Fraction(1, 6)), (["1", "7"], Fraction(1, 3)), (list("123456"), Fraction(1)), (list("1234567"), 1)],
)
def test_p4_4_is_its_share_of_six_and_other_counts_as_one(
    scenario: Scenario, chosen: list[str], share: Fraction
) -> None:
    scenario.answer("p4.4", "yes").answer("p4.4.2", chosen).fill_blanks()
    assert figures(scenario, "p4.4") == (0, share, 0)
    assert figures(scenario.prove(), "p4.4") == (share, share, 0)


@pytest.mark.parametrize(
    ("chosen", "share"),
    [(["2"], Fraction(1, 5)), (["1", "2", "6"], Fraction(3, 5)), (list("123456"), Fraction(1))],
)
def test_p5_3_is_its_share_of_five(scenario: Scenario, chosen: list[str], share: Fraction) -> None:
    assert figures(scenario, "p5.3") == (0, 0, 1)
    scenario.answer("p5.3", chosen)
    assert figures(scenario, "p5.3") == (0, 0, share), "no software is named"
    scenario.fill_blanks()
    assert figures(scenario, "p5.3") == (0, share, 0)
    scenario.attach(f"p5.3/{chosen[0]}")
    assert scenario.earned("p5.3") == Fraction(1, 5)
    assert figures(scenario.prove(), "p5.3") == (share, share, 0)


def test_p5_1_is_its_share_of_twelve_and_rows_13_to_16_count_as_one(scenario: Scenario) -> None:
    for row in (1, 2, 3):
        scenario.answer(f"p5.1.table:{row}", "yes")
    assert figures(scenario, "p5.1.table") == (Fraction(3, 12), Fraction(3, 12), Fraction(9, 12))
    scenario.answer("p5.1.table:13", "yes").answer("p5.1.table:16", "yes")
    assert figures(scenario, "p5.1.table") == (Fraction(3, 12), Fraction(3, 12), Fraction(9, 12)), "not named yet"
    scenario.fill_blanks()
    assert figures(scenario, "p5.1.table") == (Fraction(4, 12), Fraction(4, 12), Fraction(8, 12))
    for row in range(4, 13):
        scenario.answer(f"p5.1.table:{row}", "no")
    assert figures(scenario, "p5.1.table") == (Fraction(4, 12), Fraction(4, 12), 0)


def test_p5_1_is_capped_at_full(scenario: Scenario) -> None:
    for row in range(1, 17):
        scenario.answer(f"p5.1.table:{row}", "yes")
    scenario.fill_blanks()
    assert figures(scenario, "p5.1.table") == (1, 1, 0)
    scenario.answer("p5.1.table:1", "no")
    assert scenario.earned("p5.1.table") == 1, "one other system makes up for one that is missing"


# Matrices


def test_a_matrix_is_the_mean_of_its_rows(scenario: Scenario) -> None:
    rows = [node.address for node in scenario.form.nodes if node.kind == "row" and node.field.id == "p1.2a"]
    assert len(rows) == 11
    scenario.answer("p1.2a:1.1", "yes").answer("p1.2a:1.2", "doing").answer("p1.2a:1.3", "no")
    assert figures(scenario, "p1.2a") == (Fraction(1, 22), Fraction(3, 22), Fraction(8, 11))
    scenario.attach("p1.2a:1.1/yes")
    assert figures(scenario, "p1.2a") == (Fraction(3, 22), Fraction(3, 22), Fraction(8, 11))


def test_an_exempt_row_drops_out_only_with_its_evidence(scenario: Scenario) -> None:
    for row in "123456789":
        scenario.answer(f"p2.4.table:{row}", "no")
    scenario.answer("p2.4.table:1", "yes").attach("p2.4.table:1/yes").answer("p2.4.table:2", "exempt")
    assert figures(scenario, "p2.4.table") == (Fraction(1, 9), Fraction(1, 8), 0)
    scenario.attach("p2.4.table:2/exempt")
    assert figures(scenario, "p2.4.table") == (Fraction(1, 8), Fraction(1, 8), 0)


def test_with_every_row_exempt_the_weight_goes_to_the_siblings(scenario: Scenario) -> None:
    """Pillar 2 has 13 points over four indicators; without 2.4 the other three have 13/3 each."""
    scenario.answer("p2.2.1.1", "no")
    for row in "123456789":
        scenario.answer(f"p2.4.table:{row}", "exempt")
    assert scenario.tree()["2.4"].exempt
    assert scenario.points("2.3").weight == Fraction(13, 3)
    scenario.answer("p2.3.1.1", "yes")
    assert scenario.state.score.pillars["2"].earned == Fraction(13, 4) / 3, "not proven: 2.4 still counts, with 0"
    scenario.prove()
    assert scenario.state.score.pillars["2"].earned == Fraction(13, 3) / 3
    assert scenario.state.score.pillars["2"].weight == 13


def test_a_table_with_all_rows_exempt_leaves_its_question_s_siblings(scenario: Scenario) -> None:
    """6.2 has 5 points over P6.2.1 and the table; with the whole table exempt P6.2.1 has all of them."""
    for row in "12345":
        scenario.answer(f"p6.2.2.table:{row}", "exempt")
    scenario.prove()
    assert scenario.points("p6.2.1").weight == 5
    assert scenario.points("p6.2.2.table").weight == 0


def test_training_on_cybersecurity_counts_from_once_a_year(scenario: Scenario) -> None:
    fifth = Fraction(1, 5)
    scenario.answer("p6.2.2.table:2", "yes")
    assert figures(scenario, "p6.2.2.table") == (0, 0, 1), "how often is not said"

    def times(number: int) -> Facts:
        return Facts({"p6.2.2.table:2": "yes", "p6.2.2.2.times": Decimal(number)})

    never, once = (scenario.rules.evaluate(times(number), scenario.today).score.total for number in (0, 1))
    weight = Fraction(5, 2) * fifth
    assert (never.earned, never.claimed, never.lost) == (0, 0, weight)
    assert (once.earned, once.claimed, once.lost) == (weight, weight, 0)


def test_p3_1_results_that_cannot_count_are_not_open(scenario: Scenario) -> None:
    scenario.answer("p3.1.table:1:train", "no")
    assert figures(scenario, "p3.1.table") == (0, 0, Fraction(12, 14))


def test_p3_1_measured_needs_trained(scenario: Scenario) -> None:
    scenario.answer("p3.1.table:1:measure", "yes").attach("p3.1.table:1:measure/yes")
    assert figures(scenario, "p3.1.table") == (0, 0, 1), "whether there was training is not known yet"
    scenario.answer("p3.1.table:1:train", "no")
    assert figures(scenario, "p3.1.table") == (0, 0, Fraction(12, 14))
    scenario.answer("p3.1.table:1:train", "yes")
    assert figures(scenario, "p3.1.table") == (Fraction(1, 14), Fraction(2, 14), Fraction(12, 14))
    scenario.attach("p3.1.table:1:train/yes")
    assert scenario.earned("p3.1.table") == Fraction(2, 14)


# 4.1.1, in quarters


def numbers(scenario: Scenario, **counts: str) -> Scenario:
    """Give the numbers of services: ``p4_1="10"``, or "unknown"."""
    for name, count in counts.items():
        field = name.replace("_", ".")
        if count == "unknown":
            scenario.answer(field, "unknown")
        else:
            scenario.answer(field, "known").answer(f"{field}.count", count)
    return scenario


def test_4_1_1_is_a_quarter_each(scenario: Scenario) -> None:
    numbers(scenario, p4_1="8", p4_1_1="2", p4_2="4", p4_2_1="3")
    assert scenario.points("4.1.1").weight == Fraction(30, 4) / 3
    assert scenario.earned("4.1.1") == (Fraction(2, 8) + Fraction(3, 4)) / 4
    scenario.answer("p4.2.2", "yes").answer("p4.2.2.satisfaction", "percent").answer("p4.2.3", "yes")
    scenario.answer("p4.2.2.2", "87.5").answer("p4.2.2.sample", "unknown")
    assert scenario.claimed("4.1.1") == (Fraction(2, 8) + Fraction(3, 4) + 2) / 4
    scenario.attach("p4.2.3/yes").attach("p4.2.2.satisfaction/percent")
    assert scenario.earned("4.1.1") == (Fraction(2, 8) + Fraction(3, 4) + 2) / 4


def test_4_1_1_is_open_until_both_numbers_are_there(scenario: Scenario) -> None:
    assert figures(scenario, "p4.1.1") == (0, 0, 1)
    assert figures(numbers(scenario, p4_1="8"), "p4.1.1") == (0, 0, 1)
    scenario.answer("p4.1.1", "known")
    assert figures(scenario, "p4.1.1") == (0, 0, 1)
    scenario.mistype("p4.1.1.count", "สอง")
    assert figures(scenario, "p4.1.1") == (0, 0, 1)
    assert figures(scenario.answer("p4.1.1.count", "2"), "p4.1.1") == (Fraction(1, 4), Fraction(1, 4), 0)


def test_4_1_1_without_services_of_the_department_drops_out(scenario: Scenario) -> None:
    numbers(scenario, p4_1="0", p4_1_1="0", p4_2="4", p4_2_1="3")
    assert scenario.tree()["p4.1.1"].exempt
    assert scenario.points("p4.1.1").weight == 0
    assert scenario.earned("4.1.1") == Fraction(3, 4) / 3
    assert scenario.points("4.1.1").weight == Fraction(30, 4) / 3


def test_4_1_1_without_services_of_its_own_scores_nothing(scenario: Scenario) -> None:
    numbers(scenario, p4_2="0", p4_2_1="0")
    assert figures(scenario, "p4.2.1") == (0, 0, 0)
    assert scenario.points("p4.2.1").weight == Fraction(30, 4) / 3 / 4


@pytest.mark.parametrize(
    ("total", "digital"), [("unknown", "5"), ("5", "unknown"), ("unknown", "unknown")], ids=["total", "digital", "both"]
)
def test_4_1_1_a_number_that_is_not_known_scores_nothing(scenario: Scenario, total: str, digital: str) -> None:
    numbers(scenario, p4_1=total, p4_1_1=digital)
    assert figures(scenario, "p4.1.1") == (0, 0, 0)
    assert not scenario.tree()["p4.1.1"].exempt


def test_4_1_1_what_can_no_longer_earn_is_not_open(scenario: Scenario) -> None:
    numbers(scenario, p4_1="unknown", p4_2_1="unknown")
    assert figures(scenario, "p4.1.1") == (0, 0, 0), "without the total there is no share"
    assert figures(scenario, "p4.2.1") == (0, 0, 0)
    numbers(scenario, p4_1="0", p4_2="0").clear("p4.2.1", "p4.2.1.count")
    assert scenario.tree()["p4.1.1"].exempt
    assert figures(scenario, "p4.2.1") == (0, 0, 0)


def test_4_1_1_a_total_of_0_may_still_take_out_an_unknown_number(scenario: Scenario) -> None:
    """So it is open for the range; but nothing is promised for it."""
    numbers(scenario, p4_1_1="unknown")
    assert scenario.open("p4.1.1") == 1
    assert not any(gain.address == "p4.1.1" for gain in scenario.gains())
    assert numbers(scenario, p4_1="0").tree()["p4.1.1"].exempt


def test_p4_2_2_without_its_score_is_nothing_and_an_unknown_sample_costs_nothing(scenario: Scenario) -> None:
    scenario.answer("p4.2.2", "yes").answer("p4.2.2.sample", "unknown")
    assert figures(scenario, "p4.2.2") == (0, 0, 1)
    scenario.answer("p4.2.2.satisfaction", "unknown")
    assert figures(scenario, "p4.2.2") == (0, 0, 0)
    scenario.answer("p4.2.2.satisfaction", "score")
    assert figures(scenario, "p4.2.2") == (0, 0, 1)
    scenario.answer("p4.2.2.3", "4.2").attach("p4.2.2.satisfaction/score")
    assert figures(scenario, "p4.2.2") == (0, 0, 1), "of how many is not said"
    scenario.answer("p4.2.2.3.full", "5")
    assert figures(scenario, "p4.2.2") == (1, 1, 0)


def test_4_1_1_is_capped(scenario: Scenario) -> None:
    assert figures(numbers(scenario, p4_2="2", p4_2_1="5"), "p4.2.1") == (1, 1, 0)


def test_p4_2_3_is_open_until_p4_2_2_is_answered(scenario: Scenario) -> None:
    assert figures(scenario, "p4.2.3") == (0, 0, 1)
    assert figures(scenario.answer("p4.2.2", "no"), "p4.2.3") == (0, 0, 0)
    assert figures(scenario.answer("p4.2.2", "yes"), "p4.2.3") == (0, 0, 1)


# Channels


def test_p2_3_1_2_is_full_with_its_url(scenario: Scenario) -> None:
    scenario.answer("p2.3.1.2", "2")
    assert figures(scenario, "p2.3.1.2") == (0, 0, 1)
    scenario.mistype("p2.3.1.2b", "ไม่มี")
    assert figures(scenario, "p2.3.1.2") == (0, 0, 1)
    scenario.answer("p2.3.1.2b", "data.go.th/organization/nan")
    assert figures(scenario, "p2.3.1.2") == (1, 1, 0)


def test_p2_3_1_2_channel_3_is_a_half_without_the_metadata(scenario: Scenario) -> None:
    scenario.answer("p2.3.1.2", "3").answer("p2.3.1.2c", "opendata.example.go.th")
    assert figures(scenario, "p2.3.1.2") == (HALF, HALF, HALF)
    scenario.answer("p2.3.1.2.3.1", "no")
    assert figures(scenario, "p2.3.1.2") == (HALF, HALF, 0)
    scenario.clear("p2.3.1.2c")
    assert figures(scenario, "p2.3.1.2") == (0, 0, HALF)
    scenario.answer("p2.3.1.2.3.1", "yes").answer("p2.3.1.2c", "opendata.example.go.th")
    assert figures(scenario, "p2.3.1.2") == (1, 1, 0)


def test_p2_3_1_2_without_any_of_the_channels_earns_nothing(scenario: Scenario) -> None:
    """An option that the rule does not name: such as one that the program adds for "none of these"."""
    other = Facts({"p2.3.1.2": "own"})
    total = scenario.rules.evaluate(other, scenario.today).score.total
    assert (total.claimed, total.lost) == (0, Fraction(13, 12))


@pytest.mark.parametrize("number", ["1", "2", "3"])
def test_p4_6_needs_one_channel_that_is_filled_in(scenario: Scenario, number: str) -> None:
    question = f"p4.6.{number}"
    scenario.answer(question, "yes")
    assert figures(scenario, question) == (0, 0, 1)
    scenario.answer(f"{question}.channels", ["website", "line"])
    assert figures(scenario, question) == (0, 0, 1), "chosen, and nothing filled in"
    scenario.mistype(f"{question}.1", "ไม่มี")
    assert figures(scenario, question) == (0, 0, 1)
    scenario.answer(f"{question}.3", "@nan")
    assert figures(scenario, question) == (1, 1, 0)
    scenario.answer(f"{question}.channels", ["website"])
    assert figures(scenario, question) == (0, 0, 1), "the line account belongs to a channel no longer chosen"


# One evidenced item is full


@pytest.mark.parametrize(
    ("question", "slot"),
    [
        ("g3", "g3.projects#1"),
        ("p7.1.4", "p7.1.4.1#1"),
        ("p5.2.1", "p5.2.1.1/paper"),
        ("p6.1.a", "p6.1.a.2.1/1"),
        ("p6.2.1", "p6.2.1.2a/1"),
        ("p2.3.1.3", "p2.3.1.3.sets.use#1/policy"),
        ("p5.3.1", "p5.3.1.2/remote"),
    ],
)
def test_one_evidenced_item_is_full(scenario: Scenario, question: str, slot: str) -> None:
    scenario.fill()
    assert figures(scenario, question)[1:] == (1, 0)
    if question != "p5.3.1":
        assert scenario.earned(question) == 0
    scenario.attach(slot)
    assert figures(scenario, question) == (1, 1, 0)


def test_p5_3_1_other_asks_for_no_evidence_but_for_its_text(scenario: Scenario) -> None:
    scenario.answer("p5.3.1", "yes").answer("p5.3.1.2", ["devices"])
    assert figures(scenario, "p5.3.1") == (0, 1, 0)
    scenario.answer("p5.3.1.2", ["other"])
    assert figures(scenario, "p5.3.1") == (0, 0, 1)
    assert figures(scenario.answer("p5.3.1.3", "ระบบ e-Office"), "p5.3.1") == (1, 1, 0)


# 7.1, twelve rows, and 7.1.13 in the place of the weakest


def adopt(scenario: Scenario, number: int) -> Scenario:
    """Adopt a new technology, with everything that is asked."""
    scenario.answer("p7.1.13", [str(number)]).answer(f"p7.1.13.status{number}", "yes")
    return scenario.fill_blanks().attach(f"p7.1.13.{number}#1")


def rows(scenario: Scenario, **answers: str) -> Scenario:
    """Answer rows of 7.1, with everything that is asked: ``r3="yes"``; other rows "no"."""
    for number in range(1, 13):
        answer = answers.get(f"r{number}", "no")
        scenario.answer(f"p7.1.{number}", answer)
        if answer == "yes":
            scenario.attach(f"p7.1.{number}.1#1")
    return scenario.fill_blanks()


def test_7_1_is_the_mean_of_its_twelve_rows(scenario: Scenario) -> None:
    scenario.answer("p7.1.1", "yes").fill_blanks().attach("p7.1.1.1#1")
    assert figures(scenario, "7.1") == (Fraction(1, 12), Fraction(1, 12), Fraction(11, 12))
    assert scenario.points("7.1").weight == 5
    assert scenario.points("p7.1.1").weight == Fraction(5, 12)
    assert scenario.points("p7.1.13").weight == 0


def test_7_1_13_left_alone_changes_nothing_and_keeps_nothing_open(scenario: Scenario) -> None:
    rows(scenario, **{f"r{number}": "yes" for number in range(1, 13)})
    assert figures(scenario, "7.1") == (1, 1, 0)
    assert figures(rows(scenario, r1="yes"), "7.1") == (Fraction(1, 12), Fraction(1, 12), 0)
    assert not any(gain.address == "p7.1.13" for gain in scenario.gains())


def test_7_1_13_adopted_and_proven_takes_the_place_of_the_weakest_row(scenario: Scenario) -> None:
    rows(scenario, r1="yes", r2="yes")
    adopt(scenario, 2)
    assert figures(scenario, "7.1") == (Fraction(3, 12), Fraction(3, 12), 0)
    scenario.detach("p7.1.13.2#1")
    assert figures(scenario, "7.1") == (Fraction(2, 12), Fraction(3, 12), 0)
    (gain,) = scenario.gains()[:1] if scenario.gains()[0].slot else [one for one in scenario.gains() if one.slot]
    assert (gain.slot, gain.points, gain.indicator) == ("p7.1.13.2#1", Fraction(5, 12), "7.1")
    scenario.clear("p7.1.13.name2")
    assert figures(scenario, "7.1") == (Fraction(2, 12), Fraction(2, 12), Fraction(1, 12)), "which one is not said"
    scenario.answer("p7.1.13.status2", "doing")
    assert figures(scenario, "7.1") == (Fraction(2, 12), Fraction(2, 12), 0), "only being studied"


def test_7_1_13_is_the_best_of_three(scenario: Scenario) -> None:
    adopt(rows(scenario, r5="yes"), 3).answer("p7.1.13", ["1", "3"]).answer("p7.1.13.status1", "doing")
    assert figures(scenario, "7.1") == (Fraction(2, 12), Fraction(2, 12), 0)


def test_7_1_13_replaces_a_row_that_is_lost_before_one_that_is_open(scenario: Scenario) -> None:
    adopt(scenario.answer("p7.1.1", "no"), 1)
    assert figures(scenario, "7.1") == (Fraction(1, 12), Fraction(1, 12), Fraction(11, 12))


def test_7_1_13_proven_replaces_a_row_that_only_waits(scenario: Scenario) -> None:
    rows(scenario, **{f"r{number}": "yes" for number in range(1, 13)}).detach("p7.1.4.1#1")
    assert figures(scenario, "7.1") == (Fraction(11, 12), 1, 0)
    adopt(scenario, 1)
    assert figures(scenario, "7.1") == (1, 1, 0)
    assert scenario.points("p7.1.4").earned == Fraction(5, 12)
    assert figures(adopt(scenario.attach("p7.1.4.1#1"), 1), "7.1") == (1, 1, 0), "nothing is weaker: it adds nothing"


# Indicator 3.1 and the external ones


def test_g1_to_g3_are_indicator_3_1(scenario: Scenario) -> None:
    scenario.answer("g1", "yes").attach("g1/yes").answer("g2", "no").answer("g3", "yes")
    assert figures(scenario, "3.1") == (Fraction(1, 3), Fraction(1, 3), Fraction(1, 3))
    scenario.fill_blanks()
    assert figures(scenario, "3.1") == (Fraction(1, 3), Fraction(2, 3), 0)
    scenario.attach("g3.projects#1")
    assert scenario.points("3.1").earned == Fraction(20, 3) * Fraction(2, 3)


def test_external_points_are_open_until_they_are_entered(scenario: Scenario) -> None:
    assert scenario.state.score.total.external == Fraction(65, 3)
    assert scenario.points("3.3").external == Fraction(20, 3)
    scenario.external("3.3", "5").external("4.2", "7.5").external("4.3", "0")
    assert scenario.state.score.total.external == 0
    assert scenario.state.score.total.earned == Fraction(25, 2)
    assert scenario.points("4.2").earned == Fraction(15, 2)
    assert scenario.points("4.3").lost == Fraction(15, 2)


def test_external_points_are_capped_and_nonsense_is_passed_over(scenario: Scenario) -> None:
    scenario.external("3.3", "6.67")
    assert scenario.points("3.3").earned == Fraction(20, 3)
    scenario.external("4.2", "-1").external("9.9", "3")
    assert scenario.points("4.2").external == Fraction(15, 2)
    assert scenario.state.score.total.earned == Fraction(20, 3)


def test_no_web_site_gives_4_3_nothing(scenario: Scenario) -> None:
    scenario.answer("p4.5.1", "no")
    assert scenario.points("4.3").lost == Fraction(15, 2)
    assert scenario.state.score.total.external == Fraction(65, 3) - Fraction(15, 2)
    scenario.external("4.3", "7")
    assert scenario.points("4.3").earned == 0
    scenario.answer("p4.5.1", "yes")
    assert scenario.points("4.3").earned == 7


def test_what_cannot_be_read_is_not_answered_yet(scenario: Scenario) -> None:
    """Whatever the rule: a value that could not be read is open, neither earned nor lost."""
    for field, typed in (("g1", "maybe"), ("p5.3", "1,none"), ("p7.1.13", "1,1"), ("p2.3.1.2", "9")):
        scenario.mistype(field, typed)
    scenario.mistype("p5.1.table:1", "perhaps").mistype("p3.1.table:1:train", "perhaps")
    scenario.answer("p3.1.table:1:measure", "yes").mistype("p4.2.2", "perhaps").mistype("p1.2a:1.1", "perhaps")
    assert scenario.state.score.total.lost == 0
    assert scenario.state.score.total.open == Fraction(235, 3)


# The arithmetic


def test_the_mean_leaves_exempt_parts_out() -> None:
    assert mean([FULL, LOST]) == Worth(HALF)
    assert mean([FULL, EXEMPT]) == FULL
    assert mean([EXEMPT, EXEMPT]) == EXEMPT
    assert mean([]) == EXEMPT
    assert mean([OPEN, Worth(external=1), Worth(HALF, HALF)]) == Worth(Fraction(1, 6), Fraction(1, 2), Fraction(1, 3))
    assert capped(Fraction(7, 6)) == 1
    assert capped(Fraction(5, 6)) == Fraction(5, 6)
