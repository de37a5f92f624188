"""Marks: exact, bounded, and read safely from whatever is stored."""

from __future__ import annotations

import json
from dataclasses import replace
from math import inf, nan
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgdesk.survey.answers.attachments import attachment_from_json, pages_of
from dgdesk.survey.answers.marks import (
    LAST_PAGE,
    LONGEST_NOTE,
    LONGEST_TEXT,
    MOST_MARKS,
    MOST_RECTS,
    Mark,
    Rect,
    make_rect,
    marks_from_json,
    page_list,
    tidy_marks,
)
from scenario import PROOF

ONE = Mark(3, (Rect(0.1, 0.2, 0.5, 0.3),), "หน้า 3 ข้อ 2 คำสั่งแต่งตั้ง", "แต่งตั้ง\nคณะทำงาน")
EDGES = st.lists(st.floats(0, 1), min_size=2, max_size=2, unique=True).map(sorted)
RECTS = st.tuples(EDGES, EDGES).map(lambda two: make_rect(two[0][0], two[1][0], two[0][1], two[1][1]))
MARKS = st.builds(
    Mark,
    st.integers(1, LAST_PAGE),
    st.lists(RECTS.filter(bool), min_size=1, max_size=3).map(tuple),
    st.text(max_size=20),
    st.text(max_size=20),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["page", "rects", "note", "x"]), inner),
    max_leaves=20,
)


@given(st.lists(MARKS, max_size=5))
def test_marks_come_back_from_storage_exactly_as_they_were_tidied(marks: list[Mark]) -> None:
    tidied = tidy_marks(marks)
    stored = json.loads(json.dumps([mark.as_json() for mark in tidied]))
    assert marks_from_json(stored) == tidied == tidy_marks(tidied)


@given(JSON)
def test_any_json_is_read_as_sound_marks_or_none(stored: Any) -> None:
    found = marks_from_json(stored)
    assert tidy_marks(found) == found


@pytest.mark.parametrize(
    "change",
    [
        {"page": 0},
        {"page": -1},
        {"page": True},
        {"page": 1.5},
        {"page": "1"},
        {"page": LAST_PAGE + 1},
        {"page": 10**400},
        {"rects": []},
        {"rects": None},
        {"rects": "0.1"},
        {"rects": [[0.1, 0.2, 0.3]]},
        {"rects": [[0.5, 0.2, 0.1, 0.3]]},
        {"rects": [[0.1, 0.3, 0.5, 0.3]]},
        {"rects": [[0.1, 0.2, 0.10000001, 0.3]]},
        {"rects": [[-0.1, 0.2, 0.5, 0.3]]},
        {"rects": [[0.1, 0.2, 0.5, 1.01]]},
        {"rects": [[nan, 0.2, 0.5, 0.3]]},
        {"rects": [[0.1, 0.2, inf, 0.3]]},
        {"rects": [[False, 0.2, 0.5, 0.3]]},
        {"rects": [["0", 0.2, 0.5, 0.3]]},
        {"rects": [[0, 0, 10**400, 1]]},
        {"note": 3},
        {"text": None},
    ],
)
def test_what_is_no_mark_is_passed_over_and_the_others_stay(change: dict[str, Any]) -> None:
    assert marks_from_json([{**ONE.as_json(), **change}, ONE.as_json()]) == (ONE,)


def test_a_stranger_cannot_fill_the_memory() -> None:
    whole = [0, 0, 1, 1]
    many = marks_from_json([{"page": 1, "rects": [whole]}] * 5000)
    assert len(many) == MOST_MARKS
    (one,) = marks_from_json([{"page": 1, "rects": [whole] * 5000, "note": "ก" * 10**6, "text": "ข" * 10**6}])
    assert (len(one.rects), len(one.note), len(one.text)) == (MOST_RECTS, LONGEST_NOTE, LONGEST_TEXT)
    assert sum(len(mark.rects) for mark in marks_from_json([{"page": 1, "rects": [whole] * 200}] * 50)) == MOST_RECTS


def test_too_much_to_keep_is_said_not_cut() -> None:
    for marks, code in (
        ([ONE] * (MOST_MARKS + 1), "marks.too_many"),
        ([ONE._replace(rects=ONE.rects * (MOST_RECTS + 1))], "marks.too_many"),
        ([ONE._replace(note="ก" * (LONGEST_NOTE + 1))], "value.too_long"),
        ([ONE._replace(text="ก" * (LONGEST_TEXT + 1))], "value.too_long"),
        ([ONE._replace(page=0)], "marks.bad"),
        ([ONE._replace(rects=())], "marks.bad"),
        ([ONE._replace(rects=(Rect(0.5, 0.1, 0.4, 0.2),))], "marks.bad"),
        ([ONE._replace(rects=(*ONE.rects, Rect(nan, 0.1, 0.4, 0.2)))], "marks.bad"),
    ):
        with pytest.raises(ValueError, match=code):
            tidy_marks(marks)


def test_notes_lose_what_no_file_can_hold() -> None:
    (one,) = tidy_marks([ONE._replace(note=" ข้อ\t2\x00\ud800\r\nต่อ\x07 ", text="ก\rข")])
    assert (one.note, one.text) == ("ข้อ 2\nต่อ", "ก\nข")


def test_a_rectangle_may_be_drawn_from_any_corner_and_over_the_edge() -> None:
    assert make_rect(0.5, 0.3, 0.1, 0.2) == Rect(0.1, 0.2, 0.5, 0.3)
    assert make_rect(-3, 0.5, 0.25, 9) == Rect(0, 0.5, 0.25, 1)
    assert make_rect(0.1, 0.1, 0.1, 0.9) is None and make_rect(-3, -3, -1, -1) is None
    assert make_rect(nan, 0, 1, 1) is None and make_rect(0, -inf, 1, inf) is None


def test_pages_are_listed_as_a_person_writes_them() -> None:
    assert page_list([ONE._replace(page=page) for page in (7, 3, 1, 4, 5, 3)]) == "1, 3–5, 7"
    assert page_list([]) == ""


def test_an_attachment_carries_marks_and_an_old_one_reads_without() -> None:
    marked = replace(PROOF, pages="", passages="", marks=(ONE,))
    assert attachment_from_json(json.loads(json.dumps(marked.as_json()))) == marked
    assert marked.marked and pages_of(marked) == "3" and pages_of(replace(marked, pages="๓")) == "๓"
    bare = replace(marked, marks=())
    assert not bare.marked and pages_of(bare) == "" and "marks" not in bare.as_json()
    damaged = {**marked.as_json(), "marks": {"page": 1}}
    assert attachment_from_json(damaged) == bare
