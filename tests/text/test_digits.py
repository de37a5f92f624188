"""Numbers come in as offices write them and go out so that they come in again."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgdesk.text.digits import format_number, parse_number, prose_to_thai, to_arabic, to_thai


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("12", "12"),
        ("๑๒", "12"),
        ("1,234,567.50", "1234567.50"),
        ("๑,๒๓๔.๕", "1234.5"),
        ("1๒3", "123"),
        ("1 234 567", "1234567"),
        ("1\u00a0234", "1234"),
        (" 7 ", "7"),
        ("-5", "-5"),
        ("- 5", "-5"),
        ("\u22125", "-5"),
        (".5", "0.5"),
        ("0012", "12"),
        ("-0", "0"),
    ],
)
def test_a_number_is_read(typed: str, number: str) -> None:
    assert str(parse_number(typed)) == str(Decimal(number))


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "",
            " ",
            "-",
            ".",
            "5.",
            "1.2.3",
            "1,23",
            "12,34",
            "1,2345",
            "1,234 567",
            "1,,234",
            ",123",
            "1e5",
            "NaN",
            "Infinity",
        ),
        *("0x10", "1_000", "--5", "5-", "5 - 3", "สิบ", "12%", "1/2", "9" * 61),
    ],
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"number\.bad"):
        parse_number(typed)


@pytest.mark.parametrize(("typed", "number"), [("٣", 3), ("\uff11\uff12", 12), ("១២,៣៤៥", 12345), ("\U0001d7d7", 9)])
def test_the_digits_of_other_scripts_are_understood(typed: str, number: int) -> None:
    assert parse_number(typed) == number


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=4))
def test_a_number_written_is_read_back(number: Decimal) -> None:
    assert parse_number(format_number(number)) == number
    assert parse_number(format_number(number, thai_digits=True)) == number


def test_numbers_are_written_with_commas_and_the_decimals_they_have() -> None:
    assert format_number(Decimal("1234567.50")) == "1,234,567.50"
    assert format_number(Decimal("1234567.50"), thai_digits=True) == "๑,๒๓๔,๕๖๗.๕๐"
    assert format_number(Decimal("1E+3")) == "1,000"
    assert format_number(Decimal("-0")) == "0"
    with pytest.raises(ValueError, match=r"number\.bad"):
        format_number(Decimal("NaN"))


@given(st.text(alphabet=st.characters(exclude_characters="๐๑๒๓๔๕๖๗๘๙")))
def test_digits_change_script_and_back(text: str) -> None:
    assert to_arabic(to_thai(text)) == text


@pytest.mark.parametrize(
    ("text", "thai"),
    [
        ("ในรอบ 1 ปีที่ผ่านมา (12 มิถุนายน 2567 – 30 พฤษภาคม 2568)", "ในรอบ ๑ ปีที่ผ่านมา (๑๒ มิถุนายน ๒๕๖๗ – ๓๐ พฤษภาคม ๒๕๖๘)"),
        (
            "พ.ศ.2562 (ลิงก์: https://a.go.th/2563/1.pdf) 2) ประกาศ",
            "พ.ศ.๒๕๖๒ (ลิงก์: https://a.go.th/2563/1.pdf) ๒) ประกาศ",
        ),
        ("ข้ามไปข้อ G4 หรือ P2.3.1.1", "ข้ามไปข้อ G4 หรือ P2.3.1.1"),
        ("1) ISO/IEC 27001 – 2) COBIT 3) ITIL", "๑) ISO/IEC 27001 – ๒) COBIT ๓) ITIL"),
        ("E0001 SHA-256 COVID-19 1.1 a1@b2.go.th", "E0001 SHA-256 COVID-19 ๑.๑ a1@b2.go.th"),
        ("12.50", "๑๒.๕๐"),
        ("", ""),
    ],
)
def test_numbers_of_a_text_are_written_in_thai_digits_but_codes_are_not(text: str, thai: str) -> None:
    assert prose_to_thai(text) == thai
