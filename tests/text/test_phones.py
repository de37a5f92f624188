"""Telephone numbers as offices write them: kept as typed or in the official grouping, refused with the true cause."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgdesk.text.messages import load_catalogue
from dgdesk.text.phones import is_extension, is_mobile, parse_phone, split_extension
from dgdesk.text.refusals import values_of


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0 2123 4567", "0 2123 4567"),
        ("02-123-4567", "02-123-4567"),
        ("053-112-233", "053-112-233"),
        ("0-2123-4567", "0-2123-4567"),
        ("(02) 123 4567", "(02) 123 4567"),
        ("06.1234.5678", "06.1234.5678"),
        ("๐๒ ๑๒๓ ๔๕๖๗", "02 123 4567"),
        ("０５３－１１２２３３", "053-112233"),
        ("02\u2013123\u20144567", "02-123-4567"),
        ("\u202a053-112233\u202c", "053-112233"),
        ("0\u20102123\u20114567", "0-2123-4567"),
        ("0\u22122123\uff0d4567", "0-2123-4567"),
        ("08\u200b1 234\ufeff 5678", "081 234 5678"),
        ("081\u00a0234\u20095678", "081 234 5678"),
        ("1111", "1111"),
    ],
)
def test_a_valid_number_keeps_the_groups_it_was_typed_in(typed: str, kept: str) -> None:
    assert parse_phone(typed) == kept == parse_phone(kept)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("021234567", "0 2123 4567"),
        ("053112233", "0 5311 2233"),
        ("(053112233)", "0 5311 2233"),
        ("0812345678", "08 1234 5678"),
        ("+66812345678", "08 1234 5678"),
        ("+66 (0)2 123 4567", "0 2123 4567"),
        ("(+66) 38 123 456", "0 3812 3456"),
        ("1800123456", "1800 123 456"),
        ("0066 53 112233", "0 5311 2233"),
        ("66812345678", "08 1234 5678"),
        ("٠٨١٢٣٤٥٦٧٨", "08 1234 5678"),
        ("०८१२३४५६७८", "08 1234 5678"),
        ("０８１２３４５６７８", "08 1234 5678"),
    ],
)
def test_digits_without_groups_get_the_official_ones(typed: str, kept: str) -> None:
    assert parse_phone(typed) == kept == parse_phone(kept)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0 5311 2233-4", "0 5311 2233-4"),
        ("0 2123 4567/8/9", "0 2123 4567/8/9"),
        ("02-123-4567-8", "02-123-4567-8"),
        ("02-123-4567 ถึง 9", "02-123-4567-9"),
        ("053-112233 – 053-112240", "053-112233 ถึง 053-112240"),
        ("0 5311 2233, 4", "0 5311 2233, 4"),
        ("053-112233, 053-112234", "053-112233, 053-112234"),
        ("081-2345678 , 089-1234567", "081-2345678, 089-1234567"),
        ("0812345678 0891234567", "08 1234 5678, 08 9123 4567"),
        ("0 5311 2233 และ 08 1234 5678", "0 5311 2233, 08 1234 5678"),
        ("0 5311 2233\n0 5311 2244", "0 5311 2233, 0 5311 2244"),
        ("02-123-4567, 1567", "02-123-4567, 1567"),
        ("โทร. 053-112233", "053-112233"),
        ("Tel: 053-112233 มือถือ 081-234-5678", "053-112233, 081-234-5678"),
        ("มท. 21234", "มท. 21234"),
        ("โทร. (มท.) ๕๐๖๕๑", "มท. 50651"),
        ("มท.50651-2, 50655", "มท. 50651-2, 50655"),
        ("0 2123 4567/8", "0 2123 4567/8"),
        ("02-123-4567 ~ 9", "02-123-4567-9"),
        ("053-112233 หรือ 053-112234", "053-112233, 053-112234"),
        ("053-112233/053-112234", "053-112233, 053-112234"),
        ("053-112233,, ;053-112234;", "053-112233, 053-112234"),
        ("เบอร์โทรศัพท์: 053-112233", "053-112233"),
        ("โทรศัพท์หมายเลข 0 5311 2233", "0 5311 2233"),
        ("สายด่วน ๑๕๖๗", "1567"),
        ("T. 053-112233 M. 081-234-5678", "053-112233, 081-234-5678"),
        ("081-234-5678 (มือถือ), 053-112233 ที่ทำงาน", "081-234-5678, 053-112233"),
        ("0 5311 2233 (มท. 50650)", "0 5311 2233, มท. 50650"),
    ],
)
def test_several_numbers_ranges_and_the_ministrys_network_are_understood(typed: str, kept: str) -> None:
    assert parse_phone(typed) == kept == parse_phone(kept)


@pytest.mark.parametrize(
    ("typed", "kept", "split"),
    [
        ("0 2123 4567 ต่อ 1234", "0 2123 4567 ต่อ 1234", ("0 2123 4567", "1234")),
        ("021234567ต่อ๑๒", "0 2123 4567 ต่อ 12", ("0 2123 4567", "12")),
        ("0 2123 4567 กด 1", "0 2123 4567 ต่อ 1", ("0 2123 4567", "1")),
        ("0 2123 4567 (ต่อ 12)", "0 2123 4567 ต่อ 12", ("0 2123 4567", "12")),
        ("02-123-4567 ext. 5", "02-123-4567 ต่อ 5", ("02-123-4567", "5")),
        ("021234567 x12", "0 2123 4567 ต่อ 12", ("0 2123 4567", "12")),
        ("021234567#1", "0 2123 4567 ต่อ 1", ("0 2123 4567", "1")),
        ("มท. 50651 ต่อ 2", "มท. 50651 ต่อ 2", ("มท. 50651", "2")),
        ("0 2123 4567 หมายเลขภายใน 12", "0 2123 4567 ต่อ 12", ("0 2123 4567", "12")),
        ("0 2123 4567-9 ต่อ 12-14", "0 2123 4567-9 ต่อ 12-14", ("0 2123 4567-9", "12-14")),
        ("053112233 ต่อ 101, 102", "0 5311 2233 ต่อ 101, 102", ("0 5311 2233", "101, 102")),
        (
            "053112233 ต่อ 101, 0812345678",
            "0 5311 2233 ต่อ 101, 08 1234 5678",
            ("0 5311 2233 ต่อ 101, 08 1234 5678", ""),
        ),
    ],
)
def test_an_extension_is_kept_and_can_be_split_off_where_it_is_the_only_one(
    typed: str, kept: str, split: tuple[str, str]
) -> None:
    assert parse_phone(typed) == kept == parse_phone(kept)
    assert split_extension(kept) == split


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("081234567", "phone.mobile_digits"),
        ("08123456789", "phone.mobile_digits"),
        ("02123456", "phone.land_digits"),
        ("0 5311 22334", "phone.land_digits"),
        ("0 2123 4567, 0 5311 223", "phone.land_digits"),
        ("05311223305311224", "phone.together"),
        ("0" * 100, "phone.together"),
        ("02-123-4567 ต่อ", "phone.extension"),
        ("02-123-4567-1", "phone.range"),
        ("053-112240-053-112233", "phone.range"),
        ("โทรศัพท์ 0 5311 2233 โทรสาร 0 5311 2234", "phone.fax"),
        ("ไม่มี", "phone.words"),
        ("081-234-5678 (คุณสมชาย)", "phone.words"),
        ("<b>053-112233</b>", "phone.words"),
        ("a@b.go.th", "phone.words"),
        ("+66 81 234 567", "phone.mobile_digits"),
        ("5311 2233", "phone.zero"),
        ("812345678", "phone.zero"),
        *((typed, "phone.bad") for typed in ("", "-", "191", "11111", "+66 1111", "+1 212 555 1234", "011234567")),
    ],
)
def test_a_wrong_number_is_refused_with_its_true_cause(typed: str, code: str) -> None:
    with pytest.raises(ValueError) as refused:
        parse_phone(typed)
    assert refused.value.args[0] == code
    assert load_catalogue().text(code, **values_of(refused.value))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("081-234-567", "ต้องมี 10 หลัก ที่กรอกไว้ (081-234-567) มี 9 หลัก"),
        ("0 5311 2233, 05311223", "ต้องมี 9 หลัก ที่กรอกไว้ (05311223) มี 8 หลัก"),
        ("๐๕๓๑๑๒๒๓๓๔", "ต้องมี 9 หลัก ที่กรอกไว้ (0531122334) มี 10 หลัก"),
    ],
)
def test_the_digits_are_counted_aloud(typed: str, said: str) -> None:
    with pytest.raises(ValueError) as refused:
        parse_phone(typed)
    assert said in load_catalogue().text(refused.value.args[0], **values_of(refused.value))


@pytest.mark.parametrize(
    ("typed", "mobile"),
    [
        ("08 1234 5678", True),
        ("(081) 234-5678, 06 1234 5678", True),
        ("0812345678/9", True),
        ("0 2123 4567", False),
        ("08 1234 5678, 0 5311 2233", False),
        ("มท. 21234", False),
    ],
)
def test_a_land_line_is_known_from_a_mobile_number(typed: str, mobile: bool) -> None:
    assert is_mobile(parse_phone(typed)) is mobile


PIECES = ["0", "2123", " ", "4567", "053-112233", "08 1234 5678", "0812345678", "-", "/", ",", "ต่อ", "12", "ถึง", "9"]
PIECES += ["โทร.", "มท.", "21234", "+66", "(", ")", "1567", "และ", "กด", "x", "#", ".", "\n", "1", "a", "\u200e", "๕"]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text(max_size=30))
def test_what_is_kept_reads_the_same_and_nothing_else_than_a_reason_is_raised(typed: str) -> None:
    try:
        kept = parse_phone(typed)
    except ValueError as refused:
        assert refused.args[0] in CATALOGUE
        return
    assert parse_phone(kept) == kept
    number, extension = split_extension(kept)
    assert parse_phone(number) == number
    assert not extension or parse_phone(f"{number} ต่อ {extension}") == kept


@pytest.mark.parametrize(
    "typed",
    [
        "1234",
        "๑๒๓๔",
        "101-103",
        "101, 102",
        "101 หรือ 102",
        "ต่อ 1234",
        "กด 9",
        "ext. 12",
        "#12",
        "12/14",
        "１２",
        "101–103",
    ],
)
def test_extensions_are_taken_as_offices_write_them(typed: str) -> None:
    assert is_extension(typed)


@pytest.mark.parametrize("typed", ["abc", "คุณสมศรี", "-", "ไม่มี", "12a", "101 (คุณสมศรี)", "0 2123 4567", "", "ต่อ"])
def test_what_is_no_extension_is_told_from_one(typed: str) -> None:
    assert not is_extension(typed)


@given(st.text(max_size=40))
def test_an_extension_has_a_digit_whatever_is_typed(typed: str) -> None:
    assert not is_extension(typed) or any(one.isdigit() for one in typed)


CATALOGUE = load_catalogue()
