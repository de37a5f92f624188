"""A rounded tree adds up everywhere, and no cell is further from its exact value than rounding can take it."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgdesk.survey.rules.figures import Branch, Rounded, rounded_parts, rounded_tree

cells = st.one_of(st.just(Fraction(0)), st.integers(0, 40).map(Fraction), st.fractions(0, 40, max_denominator=97))


def sums(parts: list[Branch]) -> tuple[Fraction, ...]:
    return tuple(sum(column, Fraction(0)) for column in zip(*(part.cells for part in parts), strict=True))


leaves = st.lists(cells, min_size=4, max_size=4).map(lambda row: Branch(tuple(row)))
trees = st.recursive(
    leaves,
    lambda inner: st.lists(inner, min_size=1, max_size=4).map(lambda parts: Branch(sums(parts), tuple(parts))),
    max_leaves=20,
)


def test_three_thirds_make_a_whole() -> None:
    third = Fraction(10000, 3)
    assert rounded_parts([third, third, third]) == [3334, 3333, 3333]
    assert rounded_parts([Fraction(23500, 3), Fraction(6500, 3)]) == [7833, 2167]
    assert rounded_parts([]) == []


@given(st.lists(cells, max_size=9))
def test_rounded_parts_add_up_to_the_rounded_sum(parts: list[Fraction]) -> None:
    shown = rounded_parts(parts)
    assert abs(sum(shown) - sum(parts, Fraction(0))) <= Fraction(1, 2)
    for exact, figure in zip(parts, shown, strict=True):
        assert abs(figure - exact) < 1


@given(trees)
def test_a_tree_adds_up_across_and_down(tree: Branch) -> None:
    def check(exact: Branch, shown: Rounded) -> None:
        for cell, figure in zip(exact.cells, shown.cells, strict=True):
            assert abs(figure - cell) < 1
        assert abs(sum(shown.cells) - sum(exact.cells, Fraction(0))) < 1
        if exact.parts:
            assert tuple(map(sum, zip(*(part.cells for part in shown.parts), strict=True))) == shown.cells
        for inner, figures in zip(exact.parts, shown.parts, strict=True):
            check(inner, figures)

    check(tree, rounded_tree(tree))


def test_sums_that_leave_no_choice_further_down_are_chosen_otherwise_above() -> None:
    """Largest remainders would round the two columns so that the first row finds no space for its last hundredth."""
    rows = [
        [Fraction(500, 3), Fraction(0), Fraction(0), Fraction(1000, 3)],
        [Fraction(0), Fraction(125, 2), Fraction(625, 2), Fraction(125)],
    ]
    parts = [Branch(tuple(row)) for row in rows]
    shown = rounded_tree(Branch(sums(parts), tuple(parts)))
    assert [sum(part.cells) for part in shown.parts] == [500, 500]
    assert tuple(map(sum, zip(*(part.cells for part in shown.parts), strict=True))) == shown.cells


def test_parts_that_are_not_the_whole_are_refused() -> None:
    half = Branch((Fraction(1, 2),))
    with pytest.raises(ArithmeticError):
        rounded_tree(Branch((Fraction(3),), (half, half)))
