"""A search finds Thai however it was typed and however the PDF stores it, and knows where each hit stands."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgdesk.evidence.pages.text_search import find, folded
from dgdesk.text.normalise import fold

LETTERS = "กนมญเแโาำะ\u0e31\u0e34\u0e38\u0e48\u0e49\u0e4c\u0e4dๆ๑1aA é\u0301\u200b\n\0\uf70a\uf712ﬁ"


@pytest.mark.parametrize(
    "stored",
    [
        "บริหารน้ำดี",
        "บริหารน\u0e4d\u0e49าดี",  # nikhahit, tone, sara aa
        "บริหารน\u0e49\u0e4dาดี",
        "บริหารนำ\u0e49ดี",  # the tone after sara am
        "บริหารน\u0e4d \u0e49าดี",  # torn by spaces
        "บริหาร  น้ำ\u200bดี",
        "บริหารน\uf70b\u0e4dาดี",  # an old font's shifted tone
    ],
)
@pytest.mark.parametrize("typed", ["น้ำ", "น\u0e49\u0e4dา", "น\u0e4d\u0e49า", "  น้ำ\u200b"])
def test_nam_is_found_however_it_is_typed_and_stored(stored: str, typed: str) -> None:
    hits = find(folded(stored), fold(typed))
    assert len(hits) == 1
    start, end = hits[0]
    assert stored[start] == "น" and fold(stored[start:end]) == fold("น้ำ") and fold(stored[:start]) == "บริหาร"


def test_hits_are_in_reading_order_and_do_not_overlap() -> None:
    assert find(folded("นานานานา"), "นานา") == ((0, 4), (4, 8))
    assert find(folded("ก ก ก"), "ก", most=2) == ((0, 1), (2, 3))
    assert find(folded("ก"), "") == () == find(folded(""), "ก")


def test_case_digits_and_both_forms_of_unicode_are_the_same() -> None:
    assert find(folded("มาตรา ๒๕๖๘"), fold("2568")) == ((6, 10),)
    composed = "Café"
    for stored in (composed, unicodedata.normalize("NFD", composed)):
        assert len(find(folded(stored), fold("CAFÉ"))) == 1


def test_the_same_codes_are_one_text_across_lines() -> None:
    assert len(find(folded("คำสั่ง\r\nแต่งตั้ง"), fold("คำสั่งแต่งตั้ง"))) == 1


@given(st.text(alphabet=LETTERS, max_size=30))
def test_every_folded_letter_comes_from_somewhere(source: str) -> None:
    result = folded(source)
    assert len(result.text) == len(result.spans)
    assert all(0 <= start < end <= len(source) for start, end in result.spans)
    assert list(result.spans) == sorted(result.spans)


@given(st.text(alphabet="กนมเแาำะ\u0e31\u0e34\u0e48\u0e49\u0e4d1aB é\u200b\n", max_size=30))
def test_folding_with_a_way_back_is_folding(source: str) -> None:
    assert folded(source).text == fold(source)
