"""Dragging over text selects its characters, and marks one rectangle a line."""

from __future__ import annotations

from dgdesk.evidence.pages.geometry import NO_TEXT, PageText
from dgdesk.evidence.pages.text_search import between, line_rects, nearest, words
from dgdesk.survey.answers.marks import Rect


def page(*lines: str) -> PageText:
    """Lines of letters, each 0.1 wide and 0.1 high, with a line end that stands nowhere."""
    text, boxes = "", []
    for number, line in enumerate(lines):
        for at, letter in enumerate(line):
            text += letter
            boxes.append((at * 0.1, number * 0.2, at * 0.1 + 0.1, number * 0.2 + 0.1))
        text += "\n"
        boxes.append(None)
    return PageText(text, tuple(boxes))


TWO = page("กขคง", "จฉชซ")


def test_the_nearest_character_is_of_the_line_at_that_height() -> None:
    assert nearest(TWO, 0.15, 0.05) == 1
    assert nearest(TWO, 0.95, 0.05) == 3  # right of the line's end
    assert nearest(TWO, 0.15, 0.29) == 6
    assert nearest(NO_TEXT, 0.5, 0.5) is None


def test_a_drag_upwards_selects_as_one_downwards() -> None:
    assert between(TWO, (0.25, 0.05), (0.15, 0.25)) == between(TWO, (0.15, 0.25), (0.25, 0.05)) == (2, 7)
    assert words(TWO, 2, 7) == "คง จฉ"
    assert between(NO_TEXT, (0, 0), (1, 1)) == (0, 0)


def test_lines_become_one_rectangle_each() -> None:
    rects = line_rects(TWO.boxes[2:7])
    assert [tuple(round(side, 3) for side in rect.corners) for rect in rects] == [
        (0.2, 0, 0.4, 0.1),
        (0, 0.2, 0.2, 0.3),
    ]


def test_a_tone_above_its_letter_stays_in_its_line() -> None:
    boxes = ((0.1, 0.1, 0.2, 0.2), (0.15, 0.08, 0.18, 0.12), (0.2, 0.1, 0.3, 0.2))
    assert line_rects(boxes) == (Rect(0.1, 0.08, 0.3, 0.2),)


def test_a_line_that_runs_upwards_is_one_rectangle() -> None:
    boxes = ((0.1, 0.8, 0.2, 0.9), (0.1, 0.7, 0.2, 0.8), (0.12, 0.7, 0.15, 0.75), (0.1, 0.6, 0.2, 0.7))
    assert line_rects(boxes) == (Rect(0.1, 0.6, 0.2, 0.9),)


def test_short_lines_below_each_other_stay_apart() -> None:
    rects = line_rects(((0.1, 0.1, 0.2, 0.2), (0.2, 0.1, 0.3, 0.2), (0.1, 0.22, 0.2, 0.32), (0.2, 0.22, 0.3, 0.32)))
    assert rects == (Rect(0.1, 0.1, 0.3, 0.2), Rect(0.1, 0.22, 0.3, 0.32))


def test_no_letter_is_torn_at_the_ends_of_a_selection() -> None:
    line = page("คำแกน้ำ")
    assert between(line, (0.15, 0.05), (0.25, 0.05)) == (0, 4)  # from ำ to แ
    assert between(line, (0.45, 0.05), (0.45, 0.05)) == (4, 7)  # น with its tone and ำ
