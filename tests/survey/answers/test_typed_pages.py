"""Typed pages are read however people write them, and those that a file does not have are found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgdesk.survey.answers.typed_pages import pages_beyond, typed_pages
from dgdesk.text.digits import to_thai


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        *(("9", (9,)), ("๙๙", (99,)), ("3-99", (3, 99)), ("3 – 99", (3, 99)), ("หน้า 3 ถึง ๙", (3, 9)), ("9.", (9,))),
        *(("1, 2 และ หน้า 7", (1, 2, 7)), ("หน้าที่ 5", (5,)), ("น. 12", (12,)), ("pp. 3-4", (3, 4)), ("Page 6", (6,))),
        *(("หน้า 4 ข้อ 17 ลงวันที่ 30 กันยายน 2568", (4,)), ("p.4 of the plan of 2025", (4,)), ("９", (9,))),
        *(("ข้อ 17", ()), ("", ()), ("ทั้งหมด", ()), ("2568 เป็นต้นไป", ()), ("ก-3", ()), ("step 9", ())),
    ],
)
def test_the_pages_of_a_text(text: str, pages: tuple[int, ...]) -> None:
    assert typed_pages(text) == pages


@given(st.lists(st.integers(1, 9999), min_size=1, max_size=8), st.integers(1, 9999), st.booleans())
def test_what_is_beyond_the_last_page_is_named(pages: list[int], count: int, thai: bool) -> None:
    text = ", ".join(map(str, pages))
    beyond = pages_beyond(to_thai(text) if thai else text, count)
    assert beyond == ", ".join(map(str, sorted({page for page in pages if page > count})))
    assert pages_beyond(text, 0) == ""


@given(st.text(max_size=200))
def test_any_text_is_read_to_an_end(text: str) -> None:
    assert all(0 <= page <= 9_999_999 for page in typed_pages(text))
