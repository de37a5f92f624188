"""A page in a view: there and back again at every zoom and turn; sizes and pieces stay within bounds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgdesk.evidence.pages.geometry import LONGEST, TILE, WHOLE, PageSize, PlacedPage, pieces, placed, rough, zoom_for

TURNS = st.sampled_from([0, 1, 2, 3])
PART = st.floats(0, 1)
SIDE = st.floats(0.01, 1e7)


@given(TURNS, PART, PART)
def test_a_point_comes_back_to_where_it_was(turn: int, across: float, down: float) -> None:
    at = PlacedPage(300, 400, turn, 7, -9)
    assert at.to_page(*at.to_view(across, down)) == pytest.approx((across, down))


def test_a_quarter_turn_puts_the_top_left_corner_to_the_top_right() -> None:
    at = PlacedPage(300, 400, 1)
    assert (at.shown_width, at.shown_height) == (400, 300)
    assert at.to_view(0, 0) == (400, 0)
    assert at.box_to_view((0, 0, 0.5, 0.25)) == (300, 0, 400, 150)
    assert at.step_to_page(40, 0) == pytest.approx((0, -0.1))


@given(SIDE, SIDE, TURNS, st.sampled_from(["width", "page", "none"]))
def test_no_page_is_shown_longer_than_the_limit(width: float, height: float, turn: int, fit: str) -> None:
    size = PageSize(width, height)
    at = placed(size, turn, zoom_for(size, turn, fit, 4.0, (800, 600), 96 / 72), 96 / 72)
    assert 1 <= at.width <= LONGEST + 1 and 1 <= at.height <= LONGEST + 1
    if fit == "page":
        assert at.shown_width <= 801 and at.shown_height <= 601


@given(st.integers(1, LONGEST), st.integers(1, LONGEST), PART, PART)
def test_pieces_cover_what_is_seen_and_are_never_large(width: int, height: int, left: float, top: float) -> None:
    seen = (left, top, min(left + 1366 / width, 1), min(top + 768 / height, 1))
    found = pieces(0, width, height, seen)
    assert all((one.right - one.left) * (one.bottom - one.top) <= max(WHOLE, TILE * TILE) for one in found)
    assert all(0 <= one.left < one.right <= width and 0 <= one.top < one.bottom <= height for one in found)
    if left < seen[2] and top < seen[3]:
        x, y = (left + seen[2]) / 2 * width, (top + seen[3]) / 2 * height
        assert any(one.left <= x <= one.right and one.top <= y <= one.bottom for one in found)
    assert len(found) <= 6


def test_the_middle_of_the_view_comes_first() -> None:
    first = pieces(0, 10_000, 10_000, (0.4, 0.4, 0.6, 0.6))[0]
    assert first.left <= 5000 <= first.right and first.top <= 5000 <= first.bottom


def test_a_rough_page_is_small() -> None:
    piece = rough(3, PageSize(1, 1e6))
    assert (piece.page, piece.width, piece.height) == (3, 1, 1000)
