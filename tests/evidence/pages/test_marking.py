"""Marks drawn, moved and removed: always inside the page, and nothing else changes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dgdesk.evidence.highlights import geometry
from dgdesk.survey.answers.marks import Mark, Rect

FRAME = Rect(0.2, 0.2, 0.4, 0.3)
MARKS = (Mark(1, (FRAME,), "ก"), Mark(2, (FRAME, Rect(0.5, 0.5, 0.6, 0.6)), "", "ข้อความ"))
STEP = st.floats(-3, 3)


def test_a_drawn_rectangle_is_the_same_from_any_corner_and_cut_at_the_edge() -> None:
    assert geometry.rect_between((0.4, 0.3), (0.2, 0.2)) == FRAME
    assert geometry.rect_between((-1, 0.5), (0.5, 7)) == Rect(0, 0.5, 0.5, 1)
    assert geometry.rect_between((0.5, 0.5), (0.5, 0.9)) is None


@given(STEP, STEP)
def test_a_moved_rectangle_keeps_its_size_inside_the_page(dx: float, dy: float) -> None:
    new = geometry.moved(FRAME, dx, dy)
    assert 0 <= new.left < new.right <= 1 and 0 <= new.top < new.bottom <= 1
    assert abs((new.right - new.left) - 0.2) < 1e-9 and abs((new.bottom - new.top) - 0.1) < 1e-9


def test_a_changed_rectangle_is_no_longer_the_selected_text() -> None:
    changed = geometry.changed_rect(MARKS, (1, 1), FRAME)
    assert changed[0] == MARKS[0] and changed[1] == Mark(2, (FRAME, FRAME))
    assert geometry.changed_rect(MARKS, (1, 0), FRAME) is MARKS


def test_removing_the_last_rectangle_removes_the_mark() -> None:
    assert geometry.without_rect(MARKS, (0, 0)) == (MARKS[1],)
    assert geometry.without_rect(MARKS, (1, 0))[1].rects == (Rect(0.5, 0.5, 0.6, 0.6),)
    assert geometry.without(MARKS, 1) == (MARKS[0],)


def test_a_mark_gets_another_rectangle_and_another_note() -> None:
    assert len(geometry.with_rect(MARKS, 0, FRAME)[0].rects) == 2
    assert geometry.with_note(MARKS, 1, "ข")[1] == Mark(2, MARKS[1].rects, "ข", "ข้อความ")


def test_rectangles_of_a_page_are_found_in_order() -> None:
    assert geometry.spots(MARKS, 2) == ((1, 0), (1, 1)) and geometry.spots(MARKS, 3) == ()
