"""Figures for show add up, across and down."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from dgdesk.rules.figures import FigureNode, controlled, figures_of, rounded_parts
from dgdesk.rules.state import Facts
from random_forms import facts
from scenario import TODAY, real_rules

HUNDREDTH = Fraction(1, 100)
cells = st.fractions(0, 40, max_denominator=97)


def test_three_thirds_make_a_whole() -> None:
    third = Fraction(100, 3)
    assert rounded_parts([third, third, third]) == [3334, 3333, 3333]
    assert rounded_parts([Fraction(235, 3), Fraction(65, 3)]) == [7833, 2167]
    assert rounded_parts([]) == []


@given(st.lists(cells, max_size=9))
def test_rounded_parts_add_up_to_the_rounded_sum(parts: list[Fraction]) -> None:
    shown = rounded_parts(parts)
    assert abs(sum(shown) * HUNDREDTH - sum(parts, Fraction(0))) <= HUNDREDTH / 2
    for exact, figure in zip(parts, shown, strict=True):
        assert abs(figure * HUNDREDTH - exact) < HUNDREDTH


@given(
    st.integers(1, 6).flatmap(
        lambda width: st.lists(st.lists(cells, min_size=width, max_size=width), min_size=1, max_size=8)
    )
)
def test_a_table_rounds_with_the_column_sums_asked_for(table: list[list[Fraction]]) -> None:
    columns = rounded_parts([sum(column, Fraction(0)) for column in zip(*table, strict=True)])
    shown = controlled(table, columns)
    assert [sum(column) for column in zip(*shown, strict=True)] == columns
    for row, exact in zip(shown, table, strict=True):
        assert all(abs(figure * HUNDREDTH - cell) < HUNDREDTH for figure, cell in zip(row, exact, strict=True))
        assert abs(sum(row) * HUNDREDTH - sum(exact, Fraction(0))) < HUNDREDTH


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
