"""Rows of a table on sheets of paper."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dgdesk.rules.paging import Slice, pages_of_rows


def test_rows_stay_whole_where_a_sheet_can_hold_them() -> None:
    assert pages_of_rows([2, 2, 2], 5, 10) == ((Slice(0, 0, 2), Slice(1, 0, 2)), (Slice(2, 0, 2),))
    assert pages_of_rows([], 5, 10) == ((),)


def test_a_row_longer_than_a_sheet_goes_on_over_the_next() -> None:
    assert pages_of_rows([7], 3, 4) == ((Slice(0, 0, 3),), (Slice(0, 3, 7),))
    assert pages_of_rows([5, 1], 1.5, 3, gap=1) == (
        (),
        (Slice(0, 0, 2),),
        (Slice(0, 2, 4),),
        (Slice(0, 4, 5),),
        (Slice(1, 0, 1),),
    )


@given(
    lines=st.lists(st.integers(1, 30), max_size=30),
    first=st.floats(0, 20),
    page=st.floats(2, 20),
    gap=st.floats(0, 1),
)
def test_every_line_stands_once_in_order_and_nothing_is_over_the_edge(
    lines: list[int], first: float, page: float, gap: float
) -> None:
    pages = pages_of_rows(lines, first, page, gap)
    found = [(one.row, line) for sheet in pages for one in sheet for line in range(one.first, one.last)]
    assert found == [(row, line) for row, count in enumerate(lines) for line in range(count)]
    for number, sheet in enumerate(pages):
        used = sum(one.last - one.first + gap for one in sheet)
        assert used <= (first if number == 0 else page) + 1e-6 or len(sheet) == 1
        assert sheet or number == 0
