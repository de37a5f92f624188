"""Typing is forgiven: what looks the same is stored the same, and nothing visible is lost."""

from __future__ import annotations

import unicodedata
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgdesk.text.clusters import broken
from dgdesk.text.normalise import fold, tidy

THAI_TYPING = st.text(
    alphabet=[*map(chr, range(0x0E01, 0x0E5C)), *" \n\r\taé\u200b\u00a0\u0301\uf70a\uf70f\ufeff\u2028"],
)


@pytest.mark.parametrize(
    "typed",
    ["น้ำ", "น้\u0e4dา", "น\u0e4d้า", "นำ้", "น\u0e4dา้", "\u200bน้ำ\ufeff", " น้ำ\u00a0", "น\u200b้ำ", "น\uf70bำ"],
)
def test_every_way_to_type_water_is_stored_alike(typed: str) -> None:
    assert tidy(typed) == "น้ำ"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("เเละ", "และ"),
        ("ก่ิน", "กิ่น"),
        ("พ้ืนที่", "พื้นที่"),
        ("พันธ์ุ", "พันธุ์"),
        ("สิทธ์ิ", "สิทธิ์"),
        ("ดา้น", "ด้าน"),
        ("คะ่", "ค่ะ"),
        ("หน้าที่\r\nบรรทัดสอง\rสาม", "หน้าที่\nบรรทัดสอง\nสาม"),
        ("ก  \nข\t", "ก\nข"),
        ("ก\u00a0ข\u3000ค", "ก ข ค"),
        ("ก\x00\x07ข", "กข"),
        ("cafe\u0301", "café"),
        ("\uf70fา\uf700าน", "ญาฐาน"),
        ("ก\ud800", "ก\ufffd"),
        ("ประย ุกต์", "ประย ุกต์"),  # a torn word is a typing error, not ours to guess at
        ("ข้อ  1", "ข้อ  1"),
        ("", ""),
    ],
)
def test_what_is_typed_becomes_what_is_stored(typed: str, stored: str) -> None:
    assert tidy(typed) == stored


def shape(text: str) -> Counter[str]:
    """What can be seen of a text, whatever the order: ำ and แ in parts, shifted letters as plain ones."""
    shifted = {"\uf70a": "\u0e48", "\uf70f": "ญ"}
    plain = "".join(shifted.get(char, char) for char in text).replace("ำ", "\u0e4dา").replace("แ", "เเ")
    parts = unicodedata.normalize("NFD", plain)
    return Counter(char for char in parts if unicodedata.category(char)[0] not in "CZ")


@given(THAI_TYPING)
def test_tidying_loses_nothing_visible_and_settles_at_once(text: str) -> None:
    assert shape(tidy(text)) == shape(text)
    assert tidy(tidy(text)) == tidy(text)


@given(st.text())
def test_any_text_settles_at_once_and_can_be_stored(text: str) -> None:
    once = tidy(text)
    assert tidy(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert once.encode("utf-8").decode("utf-8") == once


@given(THAI_TYPING)
def test_tidied_text_has_no_flaw_of_order_or_of_invisible_characters(text: str) -> None:
    found = {flaw.code for flaw in broken(tidy(text))}
    assert not found & {"mark.order", "ae.split", "char.format", "space.odd"}


@pytest.mark.parametrize(
    ("text", "query"),
    [("ข้อ P2.1.๔", "ข้อp2.1.4"), ("ร้อยละ ๑๐", "ร้อยละ10"), ("นำ้ ดื่ม", "น้ำดื่ม"), ("Open Data", "OPENDATA"), ("ß", "SS")],
)
def test_search_sees_through_digits_case_and_spaces(text: str, query: str) -> None:
    assert fold(text) == fold(query)


@given(st.one_of(THAI_TYPING, st.text()))
def test_folding_settles_at_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(tidy(text)) == fold(text)
    assert not any(char.isspace() for char in fold(text))
