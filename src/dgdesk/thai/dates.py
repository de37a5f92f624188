"""Months, dates and times as Thai offices write them: Buddhist years, Thai names, the 24-hour clock.

Years are stored C.E. (ISO 8601) and shown B.E. (C.E. + 543, as since 2484 B.E.). Qt's QLocale prints 2026 for 2569
and cannot be used here. Datetimes are shown in their own time zone: the caller converts to `THAILAND` first.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from typing import Final

from dgdesk.thai.digits import to_arabic

THAILAND: Final = timezone(timedelta(hours=7), "Asia/Bangkok")
"""The one time zone in which dgdesk shows times and tells days apart, whatever zone the PC is set to."""

BUDDHIST_ERA: Final = 543  # years that B.E. is ahead of C.E.

MONTHS: Final = (
    "มกราคม",
    "กุมภาพันธ์",
    "มีนาคม",
    "เมษายน",
    "พฤษภาคม",
    "มิถุนายน",
    "กรกฎาคม",
    "สิงหาคม",
    "กันยายน",
    "ตุลาคม",
    "พฤศจิกายน",
    "ธันวาคม",
)
SHORT_MONTHS: Final = (
    "ม.ค.",
    "ก.พ.",
    "มี.ค.",
    "เม.ย.",
    "พ.ค.",
    "มิ.ย.",
    "ก.ค.",
    "ส.ค.",
    "ก.ย.",
    "ต.ค.",
    "พ.ย.",
    "ธ.ค.",
)

_FIRST_BUDDHIST_YEAR: Final = 2400  # a four-digit year is B.E. from here on (2400 B.E. = 1857), else C.E.
_EARLIEST_YEAR: Final = 1857
_LONGEST: Final = 60
_BY_NAME: Final = {
    name.replace(".", ""): number for names in (MONTHS, SHORT_MONTHS) for number, name in enumerate(names, start=1)
} | {
    re.sub("(คม|ยน|พันธ์)$", "", name): number  # as spoken: ตุลา, กันยา, กุมภา
    for number, name in enumerate(MONTHS, start=1)
}
_ISO: Final = re.compile(r"(?P<year>\d{4})[-/](?P<month>\d{1,2})", re.ASCII)
_NUMERIC: Final = re.compile(r"(?P<month>\d{1,2}) ?[-/.] ?(?P<year>\d{4}|\d{2})", re.ASCII)
_NAMED: Final = re.compile(
    r"(?:เดือน ?)?(?P<name>[ก-ฮะ-์. ]+?)[ ./-]*(?:ปี ?)?(?P<era>[พค]\.? ?ศ\.?)? ?(?P<year>\d{4}|\d{2})",
    re.ASCII,
)


def parse_month_year(text: str) -> tuple[int, int]:
    """The C.E. year and the month (1–12) that a person typed.

    Accepted are "2025-10", "10/2568", "๑๐/๒๕๖๘", "ต.ค. 2568", "ตค68", "ตุลาคม พ.ศ. 2568", "ตุลาคม ค.ศ. 2025". Two digits
    are B.E. (68 = 2568); four are C.E. below 2400, B.E. from there on, unless the era is written.

    Raises:
        ValueError: ``month.bad``; it is not a month of a year from 1857 on.
    """
    plain = " ".join(to_arabic(text).split())
    if len(plain) <= _LONGEST:
        for pattern in (_ISO, _NUMERIC, _NAMED):
            if match := pattern.fullmatch(plain):
                parts = match.groupdict()
                name = parts.get("name")
                month = _BY_NAME.get(_bare(name), 0) if name is not None else int(parts["month"])
                year = _common_era(parts["year"], (parts.get("era") or "")[:1])
                if 1 <= month <= 12 and _EARLIEST_YEAR <= year < _FIRST_BUDDHIST_YEAR:
                    return year, month
    raise ValueError("month.bad", text[:_LONGEST])


def format_month_year(iso: str, short: bool = False) -> str:
    """ "2025-10" as "ตุลาคม 2568", or short "ต.ค. 2568".

    Raises:
        ValueError: ``month.bad``; not a month in ISO form.
    """
    match = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", iso, re.ASCII)
    if not match:
        raise ValueError("month.bad", iso[:_LONGEST])
    return f"{_month(int(match[2]), short)} {int(match[1]) + BUDDHIST_ERA}"


def format_date(day: date, short: bool = False) -> str:
    """A day as "22 พฤศจิกายน 2569", or short "22 พ.ย. 2569"."""
    return f"{day.day} {_month(day.month, short)} {day.year + BUDDHIST_ERA}"


def format_time(moment: datetime) -> str:
    """The time of day as "10:32 น."."""
    return f"{moment:%H:%M} น."


def _bare(name: str) -> str:
    """A month's name without dots and spaces; ฏ is read as ฎ, the common typing error in กรกฎาคม."""
    return re.sub("[. ]", "", name).replace("ฏ", "ฎ")


def _month(number: int, short: bool) -> str:
    return (SHORT_MONTHS if short else MONTHS)[number - 1]


def _common_era(digits: str, era: str) -> int:
    year = int(digits)
    if era == "ค":
        return year
    if len(digits) == 2:
        year += 2500
    return year - BUDDHIST_ERA if era == "พ" or year >= _FIRST_BUDDHIST_YEAR else year
