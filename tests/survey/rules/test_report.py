"""The score as plain data, for ``score --json`` and the bundle."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import given

from dgdesk.survey.rules.codes import nearest_code
from dgdesk.survey.rules.report import gains_report, score_report
from dgdesk.survey.rules.state import Facts
from random_forms import facts
from scenario import TODAY, Scenario, real_rules


def test_the_report_of_the_best_form(filled: Scenario) -> None:
    report = score_report(filled.rules, filled.state)
    assert report["estimate"] is True
    assert report["rubric"] == "assumed-2568-2"
    assert report["progress"] == Decimal("0.5")
    assert report["total"]["earned"] == Decimal("78.33")
    assert report["total"]["external"] == Decimal("21.67")
    assert report["interval"] == [Decimal("78.33"), Decimal("100.00")]
    assert report["unscored"] == [{"id": "g4", "basis": "assumed"}, {"id": "p8", "basis": "printed"}]
    assert report["without_progress"] == {"earned": Decimal("78.33"), "claimed": Decimal("78.33")}
    assert [pillar["weight"] for pillar in report["pillars"]] == [12, 13, 20, 30, 10, 10, 5]
    assert report["pillars"][0]["parts"][3]["parts"][0]["id"] == "p1.4"
    assert report["pillars"][0]["parts"][3]["parts"][0]["earned"] == Decimal("0.75")


@given(facts)
def test_the_figures_of_every_node_add_up_as_shown(facts: Facts) -> None:
    rules = real_rules()
    report = score_report(rules, rules.evaluate(facts, TODAY))

    def adds_up(node: dict[str, Any]) -> None:
        assert node["earned"] + node["waiting"] == node["claimed"]
        assert sum(node[part] for part in ("earned", "waiting", "open", "external", "lost")) == node["weight"]
        for part in node.get("parts", ()):
            adds_up(part)
        for name in ("earned", "waiting", "open", "external", "lost", "weight"):
            assert sum(part[name] for part in node["parts"]) == node[name] or not node["parts"]

    adds_up({**report["total"], "parts": report["pillars"]})
    assert report["total"]["weight"] == 100
    assert report["interval"][0] == report["total"]["earned"]
    total = report["total"]
    assert report["interval"][1] == total["earned"] + total["waiting"] + total["open"] + total["external"]
    assert report["interval"][0] <= total["claimed"] <= report["interval"][1]


def test_gains_name_the_question_as_printed(scenario: Scenario) -> None:
    scenario.answer("p1.4", "yes").answer("g3", "yes").fill_blanks()
    report = gains_report(scenario.rules, scenario.state, 1000)
    files = [one for one in report if one["kind"] == "evidence"]
    assert files == [
        {
            "kind": "evidence",
            "field": "g3.projects#1",
            "code": "G3",
            "slot": "g3.projects#1",
            "indicator": "3.1",
            "points": Decimal("2.22"),
        },
        {
            "kind": "evidence",
            "field": "p1.4",
            "code": "P1.4",
            "slot": "p1.4/yes",
            "indicator": "1.4",
            "points": Decimal("0.75"),
        },
    ]
    assert len(gains_report(scenario.rules, scenario.state, 5)) == 5


def test_the_nearest_code_is_the_place_s_own_or_that_of_what_it_lies_in(scenario: Scenario) -> None:
    assert nearest_code(scenario.form, "p1.4") == "P1.4"
    assert nearest_code(scenario.form, "p1.2a:1.1") == "P1.2a"
    assert nearest_code(scenario.form, "g1.reason") == "G1"
    assert nearest_code(scenario.form, "general.address") is None
    assert nearest_code(scenario.form, "nowhere") is None
