"""Months, dates and times as Thai offices write them (Buddhist years), and as plain English.

Years are stored C.E. (ISO 8601) and shown B.E. (C.E. + 543, as since 2484 B.E.). Qt's QLocale prints 2026 for 2569
and cannot be used here. Moments are shown in Thailand's time by `time_text` and `thai_time`, and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Final

from dgdesk.errors import DgdeskError
from dgdesk.system.bounds import NO_TIME, read_moment
from dgdesk.text.digits import to_arabic
from dgdesk.text.refusals import EntryRefused

if TYPE_CHECKING:
    from dgdesk.text.messages import Catalogue

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
_ENGLISH: Final = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_BY_NAME: Final = {
    **{name.replace(".", ""): number for names in (MONTHS, SHORT_MONTHS) for number, name in enumerate(names, start=1)},
    # as spoken: ตุลา, กันยา, กุมภา
    **{re.sub("(คม|ยน|พันธ์)$", "", name): number for number, name in enumerate(MONTHS, start=1)},
    **{part: number for number, name in enumerate(_ENGLISH, start=1) for part in (name, name[:3])},
}
_ISO: Final = re.compile(r"(?P<year>\d{4})[-/](?P<month>\d{1,2})", re.ASCII)
_NUMERIC: Final = re.compile(r"(?P<month>\d{1,2}) ?[-/.] ?(?P<year>\d{4}|\d{2})", re.ASCII)
_NAMED: Final = re.compile(
    r"(?:เดือน ?)?(?P<name>[ก-ฮะ-์. ]+?|[a-z]+)[ ./-]*(?:ปี ?)?(?P<era>[พค]\.? ?ศ\.?)? ?(?P<year>\d{4}|\d{2})",
    re.ASCII | re.IGNORECASE,
)


def parse_month_year(text: str) -> tuple[int, int]:
    """The C.E. year and the month (1–12) that a person typed.

    Accepted are "2025-10", "10/2568", "๑๐/๒๕๖๘", "ต.ค. 2568", "ตค68", "ตุลาคม พ.ศ. 2568", "ตุลาคม ค.ศ. 2025",
    "Oct 2025". Two digits are B.E. (68 = 2568); four are C.E. below 2400, B.E. from there on, unless an era is written.

    Raises:
        EntryRefused: ``month.era`` (the year belongs to the other era than the one written), else ``month.bad``: it is
            not a month of a year from 1857 on.
    """
    plain = " ".join(to_arabic(text).split())
    if len(plain) <= _LONGEST:
        for pattern in (_ISO, _NUMERIC, _NAMED):
            if match := pattern.fullmatch(plain):
                parts = match.groupdict()
                name = parts.get("name")
                month = _BY_NAME.get(_bare(name), 0) if name is not None else int(parts["month"])
                era = (parts.get("era") or "")[:1]
                if 1 <= month <= 12 and _of_other_era(parts["year"], era):
                    raise EntryRefused("month.era", year=parts["year"])
                year = _common_era(parts["year"], era)
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
    return re.sub("[. ]", "", name).replace("ฏ", "ฎ").casefold()


def _month(number: int, short: bool) -> str:
    return (SHORT_MONTHS if short else MONTHS)[number - 1]


def _common_era(digits: str, era: str) -> int:
    year = int(digits)
    if era == "ค":
        return year
    if len(digits) == 2:
        year += 2500
    return year - BUDDHIST_ERA if era == "พ" or year >= _FIRST_BUDDHIST_YEAR else year


def _of_other_era(digits: str, era: str) -> bool:
    """Whether a year of four digits cannot be of the written era, and can be of the other one."""
    year = int(digits)
    if len(digits) < 4 or not era:
        return False
    return year >= _FIRST_BUDDHIST_YEAR if era == "ค" else _EARLIEST_YEAR <= year < _FIRST_BUDDHIST_YEAR


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def thai_time(moment: datetime) -> datetime:
    """Return an aware moment in Thailand's time, whatever zone the PC has: the one rule for what people see.

    A moment at the very end of the calendar, which has no hour in Thailand, is returned unchanged.
    """
    try:
        return moment.astimezone(THAILAND)
    except (OverflowError, OSError):
        return moment


def thai_day(moment: datetime) -> date:
    """Return the day that it is in Thailand at a moment."""
    return thai_time(moment).date()


def time_text(moment: datetime, language: str) -> str:
    """Return "20 พ.ย. 2569 09:30 น." or "20 Nov 2026 09:30", in Thailand's time; "-" for `NO_TIME`."""
    if moment == NO_TIME:
        return "-"
    moment = thai_time(moment)
    if language == "th":
        return f"{format_date(moment, short=True)} {format_time(moment)}"
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year} {moment:%H:%M}"


def iso_time_text(iso: str, language: str) -> str:
    """Return an ISO time as text in Thailand's time zone; any other text is returned unchanged."""
    try:
        return time_text(read_moment(iso), language)
    except (ValueError, OverflowError, OSError):
        return iso


def day_text(day: date, language: str) -> str:
    """Return "20 พ.ย. 2569" or "20 Nov 2026"."""
    return format_date(day, short=True) if language == "th" else f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def iso_day_text(iso: str, language: str) -> str:
    """Return an ISO day as text; any other text is returned unchanged."""
    try:
        return day_text(date.fromisoformat(iso), language)
    except ValueError:
        return iso


def error_values(catalogue: Catalogue, error: DgdeskError) -> str:
    """Return the sentence of an error, with times and days as a person reads them."""
    return catalogue.text(error.code, **in_words(error.values, catalogue.language))


def detail_values(catalogue: Catalogue, error: DgdeskError) -> tuple[str, ...]:
    """Return the details of an error, one sentence each."""
    return tuple(catalogue.text(code, **in_words(values, catalogue.language)) for code, values in error.details)


def in_words(values: Mapping[str, object], language: str) -> dict[str, object]:
    """Return the values of an error with its times and days as text."""
    return {
        name: _IN_WORDS[name](value, language) if name in _IN_WORDS and isinstance(value, str) else value
        for name, value in values.items()
    }


_IN_WORDS = {"since": iso_time_text, "day": iso_day_text}
"""How the values of errors are worded, by their names."""
