"""Line ends are chosen together: as cheap as possible, lines as full as that allows."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from dgdesk.printing.fitting import fit
from dgdesk.text.line_ends import COMPOUND, TORN, WORD


def lines(widths: list[float], width: float, costs: dict[int, float], pushed: float = 0.0) -> list[tuple[int, int]]:
    """The lines, with a cost of 1 wherever none is given."""
    found = fit(widths, [False] * len(widths), lambda at: costs.get(at, WORD), width, pushed)
    return list(pairwise(found.ends))


def test_equal_ends_fill_the_lines() -> None:
    assert lines([10.0] * 7, 30, {}) == [(0, 3), (3, 6), (6, 7)]


def test_a_dear_end_is_avoided_by_a_shorter_line() -> None:
    assert lines([10.0] * 6, 40, {4: COMPOUND}) == [(0, 3), (3, 6)]


def test_a_line_is_shorter_where_that_helps_the_next_one() -> None:
    assert lines([10.0, 10.0, 10.0, 10.0, 25.0, 20.0], 40, {}) == [(0, 3), (3, 5), (5, 6)]


def test_where_all_ends_are_torn_lines_are_full() -> None:
    assert lines([10.0] * 9, 40, dict.fromkeys(range(9), TORN)) == [(0, 4), (4, 8), (8, 9)]


def test_the_first_line_may_be_shorter() -> None:
    assert lines([10.0] * 5, 40, {}, pushed=20) == [(0, 2), (2, 5)]


def test_a_piece_that_is_too_wide_has_a_line_of_its_own() -> None:
    assert lines([10.0, 90.0, 10.0], 40, {}) == [(0, 1), (1, 2), (2, 3)]


pieces = st.lists(st.tuples(st.floats(0.5, 60), st.booleans()), min_size=1, max_size=60)


@given(pieces, st.floats(20, 200), st.sampled_from([0.0, 10.0]), st.data())
def test_no_line_is_too_wide_and_none_begins_with_white_space(
    found: list[tuple[float, bool]], width: float, pushed: float, data: st.DataObject
) -> None:
    widths, blank = [wide for wide, _ in found], [empty for _, empty in found]
    costs = data.draw(st.lists(st.sampled_from([0.0, WORD, COMPOUND, TORN]), min_size=len(found), max_size=len(found)))
    fitted = fit(widths, blank, costs.__getitem__, width, pushed)
    assert fitted.ends[0] == 0 and fitted.ends[-1] == len(found)
    assert list(fitted.ends) == sorted(set(fitted.ends)) and len(fitted.costs) == len(fitted.ends) - 1
    for number, (begin, end) in enumerate(pairwise(fitted.ends)):
        assert not number or not blank[begin]
        ink = [at for at in range(begin, end) if not blank[at]]
        wide = sum(widths[begin : ink[-1] + 1]) if ink else 0.0
        assert wide <= width - (pushed if number == 0 else 0.0) + 1e-3 or len(ink) == 1
