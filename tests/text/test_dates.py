"""Months and years are understood as people write them and shown in the Buddhist era."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgdesk.text.dates import MONTHS, SHORT_MONTHS, format_date, format_month_year, format_time, parse_month_year
from dgdesk.text.digits import to_thai
from dgdesk.text.messages import load_catalogue
from dgdesk.text.refusals import EntryRefused


@pytest.mark.parametrize(
    "typed",
    [
        *("2025-10", "2568-10", "10/2568", "๑๐/๒๕๖๘", "10/2025", "10/68", "10-2568", "10.2568", "10 / 2568", "2568/10"),
        *("ต.ค. 2568", "ต.ค.2568", "ต.ค.68", "ตค 68", "ตค.68", "ต. ค. 2568", "ต.ค./68", "ตุลาคม 2568", "ตุลาคม๒๕๖๘"),
        *("ตุลา 68", "เดือนตุลาคม 2568", "เดือน ตุลาคม ปี 2568", "ตุลาคม พ.ศ. 2568", "ตุลาคม พ.ศ.2568", "ต.ค. พ.ศ. 68"),
        *("ตุลาคม ค.ศ. 2025", "ตุลาคม 2025", "  ตุลาคม\u00a0 2568 "),
    ],
)
def test_october_2568_is_understood(typed: str) -> None:
    assert parse_month_year(typed) == (2025, 10)


@pytest.mark.parametrize(
    "typed",
    [
        *("30/9/2568", "30-09-2568", "30.9.68", "๓๐/๙/๒๕๖๘", "30/9/2025", "30 / 9 / 2568", "2025-09-30", "2568/9/30"),
        *("2025-09-30T08:00:00+07:00", "2025-09-30 00:00", "30/9/2568 10:15", "30 ก.ย. 68", "30ก.ย.2568", "30-ก.ย.-68"),
        *("30 กันยายน พ.ศ. 2568", "30 กันยายน ค.ศ. 2025", "วันที่ 30 กันยายน 2568", "วันที่ ๓๐ เดือนกันยายน พ.ศ. ๒๕๖๘"),
        *("วันอังคารที่ 30 กันยายน 2568", "30 Sep 2025", "30 Sept 2025", "30th of September 2025", "Sept 2025"),
        *("September 30, 2025", "Sep. 30 2025", "Tuesday, 30 September 2025"),
        *("September 2568 B.E.", "September 2025 CE", "กันยา 68"),
    ],
)
def test_a_whole_date_gives_its_month(typed: str) -> None:
    assert parse_month_year(typed) == (2025, 9)


@given(st.dates(date(1858, 1, 1), date(2399, 12, 31)), st.booleans(), st.booleans())
def test_every_day_of_the_calendar_gives_its_month(day: date, thai: bool, short: bool) -> None:
    shown = format_date(day, short=short)
    numbers = f"{day.day}/{day.month}/{day.year + 543}"
    for typed in (shown, numbers, day.isoformat()):
        assert parse_month_year(to_thai(typed) if thai else typed) == (day.year, day.month)


@pytest.mark.parametrize(
    ("typed", "day", "month"),
    [
        *(("29/2/2568", "29", "2025-02"), ("29 ก.พ. 2566", "29", "2023-02"), ("2025-02-29", "29", "2025-02")),
        *(("31 กันยายน 2568", "31", "2025-09"), ("๓๑/๔/๒๕๖๙", "31", "2026-04"), ("0/9/68", "0", "2025-09")),
    ],
)
def test_a_day_that_its_month_does_not_have_is_refused_as_such(typed: str, day: str, month: str) -> None:
    with pytest.raises(EntryRefused, match=r"month\.day") as refused:
        parse_month_year(typed)
    assert refused.value.values == {"day": day, "month": month}


def test_a_leap_day_is_counted_in_the_common_era() -> None:
    assert parse_month_year("29 ก.พ. 2567") == (2024, 2)
    assert parse_month_year("29/2/67") == (2024, 2)


@pytest.mark.parametrize("typed", ["ตุลาคม พ.ศ. 2025", "ต.ค. ค.ศ. 2568", "มกราคม พศ ๒๐๒๖"])
def test_a_year_that_is_of_the_other_era_is_refused_as_such(typed: str) -> None:
    with pytest.raises(ValueError, match=r"month\.era"):
        parse_month_year(typed)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        *((one, "bad") for one in ("", "ตุลาโคม 2568", "10//2568", "Octo 2025", "ก" * 100, "10/30/2568", "5//10/2568")),
        *((one, "bad") for one in ("5 10 ต.ค. 2568", "5 ตุลา", "2568-10-")),
        *((one, "no_year") for one in ("ตุลาคม", "เดือน ต.ค.", "ธ.ค.", "October")),
        *((one, "no_month") for one in ("2568", "ปี ๒๕๖๘", "พ.ศ. 2568", "2025")),
        *((one, "number") for one in ("13/2568", "0/2568", "2025-13")),
        *((one, "year") for one in ("10/568", "10/25688", "10/๒๕๖๘๙", "10/1500", "ต.ค. ค.ศ. 68", "ต.ค. 2568 ก")),
        *((one, "year") for one in ("ตุลาคม 25x", "เดือนตุลาคม ปีหน้า", "ต.ค. 269")),
    ],
)
def test_what_is_no_month_is_refused_with_its_cause(typed: str, code: str) -> None:
    with pytest.raises(ValueError, match=rf"^month\.{code}$"):
        parse_month_year(typed)


@pytest.mark.parametrize(
    ("typed", "month"),
    [
        *(("พฤษจิกายน 2568", 11), ("พฤศภาคม 68", 5), ("พ.ย. 68", 11), ("กุมภาพันธุ์ 68", 2), ("เมศายน 68", 4)),
        ("กรกฏาคม 2568", 7),
        ("กุมภา 68", 2),
        ("มิถุนา 68", 6),
        ("พฤศจิกา 68", 11),
    ],
)
def test_months_as_spoken_and_as_misspelt(typed: str, month: int) -> None:
    assert parse_month_year(typed) == (2025, month)


@given(st.integers(1858, 2399), st.integers(1, 12), st.booleans(), st.booleans())
def test_a_month_shown_is_understood_again(year: int, month: int, short: bool, thai: bool) -> None:
    shown = format_month_year(f"{year}-{month:02}", short=short)
    assert parse_month_year(to_thai(shown) if thai else shown) == (year, month)


def test_the_year_2400_parts_the_eras() -> None:
    assert parse_month_year("1/2400") == (1857, 1)
    assert parse_month_year("1/2399") == (2399, 1)


def test_months_days_and_times_are_shown_the_thai_way() -> None:
    assert format_month_year("2025-10") == "ตุลาคม 2568"
    assert format_month_year("2025-10", short=True) == "ต.ค. 2568"
    assert format_date(date(2026, 11, 22)) == "22 พฤศจิกายน 2569"
    assert format_date(datetime(2026, 11, 2, 23, 59), short=True) == "2 พ.ย. 2569"
    assert format_time(datetime(2026, 11, 22, 10, 32)) == "10:32 น."
    assert format_time(datetime(2026, 11, 22, 9, 5)) == "09:05 น."
    assert len(set(MONTHS)) == len(set(SHORT_MONTHS)) == 12


@pytest.mark.parametrize("iso", ["2025-13", "2025-00", "2025-1", "10/2568", "2025-10-01", ""])
def test_only_iso_months_are_shown(iso: str) -> None:
    with pytest.raises(ValueError, match=r"month\.bad"):
        format_month_year(iso)


@given(st.text())
def test_no_text_breaks_the_reading(text: str) -> None:
    try:
        year, month = parse_month_year(text)
    except ValueError as refused:
        assert refused.args[0] in load_catalogue()
    else:
        assert 1857 <= year < 2400 and 1 <= month <= 12
