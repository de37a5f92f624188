"""Figures for show add up, across and down."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given

from dgdesk.survey.rules.figures import FigureNode, figures_of
from dgdesk.survey.rules.state import Facts
from random_forms import facts
from scenario import TODAY, real_rules

HUNDREDTH = Fraction(1, 100)


@given(facts)
def test_every_figure_is_the_exact_one_but_for_less_than_a_hundredth(facts: Facts) -> None:
    rules = real_rules()
    state = rules.evaluate(facts, TODAY)

    def near(node: FigureNode) -> None:
        exact = node.node.points
        for name in ("earned", "waiting", "open", "external", "lost"):
            assert abs(Fraction(getattr(node.figures, name)) - getattr(exact, name)) < HUNDREDTH
        for part in node.parts:
            near(part)

    sheet = figures_of(rules.rubric, state.score)
    for pillar in sheet.pillars:
        near(pillar)
    assert abs(Fraction(sheet.total.earned) - state.score.total.earned) < HUNDREDTH
