"""Text of other programs' files: every encoding that a Thai office's programs write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgdesk.text.decoding import decode_text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@given(text=st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\x00\ufeff")))
def test_any_text_comes_back_from_unicode(encoding: str, text: str) -> None:
    assert decode_text(text.encode(encoding)) == text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_known_by_its_zeros(encoding: str) -> None:
    for text in ("AGE-SECRET-KEY-1", "a,ข\r\nb,ค\r\n", "รหัสทดสอบยาวพอ", "น้ำ", "รหัส 2569\n"):
        assert decode_text(text.encode(encoding)) == text


@given(st.lists(st.sampled_from(["รหัสผ่าน", "น้ำ", "ที่นี่", "abc", " ", "1234", "\r\n"]), min_size=1).map("".join))
def test_thai_of_the_code_page_is_read(text: str) -> None:
    assert decode_text(text.encode("cp874")) == text


@pytest.mark.parametrize("text", ["café", "naïve Ünit", "é"])
def test_another_code_page_is_refused_not_guessed(text: str) -> None:
    with pytest.raises(ValueError, match="not a text"):
        decode_text(text.encode("cp1252"))


@given(st.binary(max_size=200))
def test_bytes_are_text_or_refused(content: bytes) -> None:
    try:
        found = decode_text(content)
    except ValueError:
        return
    assert "\x00" not in found
