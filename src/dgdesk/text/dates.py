"""Months, dates and times as Thai offices write them (Buddhist years), and as plain English.

Years are stored C.E. (ISO 8601) and shown B.E. (C.E. + 543, as since 2484 B.E.). Qt's QLocale prints 2026 for 2569
and cannot be used here. Moments are shown in Thailand's time by `time_text` and `thai_time`, and nowhere else.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, timedelta, timezone
from typing import Final

from dgdesk.system.bounds import NO_TIME, read_moment
from dgdesk.system.patterns import late
from dgdesk.text.digits import to_arabic
from dgdesk.text.refusals import EntryRefused

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


def _bare(name: str) -> str:
    """A month's name in small letters without dots and spaces; ฏ is read as ฎ, ศ and ส as ษ: common misspellings."""
    bare = re.sub("[. ]", "", name).casefold().replace("ฏ", "ฎ")
    return re.sub("พันธุ?์?$|พัน$", "พันธ์", re.sub("[ศส]", "ษ", bare))


_BY_NAME: Final = {
    _bare(part): number
    for number, (name, short, english) in enumerate(zip(MONTHS, SHORT_MONTHS, _ENGLISH, strict=True), start=1)
    # the second as spoken: ตุลา, กันยา, กุมภา
    for part in (name, re.sub("(คม|ยน|พันธ์)$", "", name), short, english, english[:3])
} | {"sept": 9}

_DAY: Final = r"(?:(?:วัน[ก-ฮะ-์]{0,12} ?)?ที่ ?|[a-z]{3,6}day,? )?(?P<day>\d{1,2})(?:st|nd|rd|th)?(?: of\b)?"
_NAME: Final = r"(?:เดือน ?)?(?P<name>[ก-ฮะ-์. ]+?|[a-z]+)"
_YEAR: Final = r"(?:ปี ?)?(?P<era>[พค]\.? ?ศ\.?)? ?(?P<year>\d{4}|\d{2})(?: ?(?P<era_after>[bc]\.? ?e\.?|a\.? ?d\.?))?"
_TIME: Final = r"(?:[T ]\d{1,2}[:.]\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
_SHAPES: Final = tuple(
    late(shape, re.ASCII | re.IGNORECASE)
    for shape in (
        r"(?P<year>\d{4})[-/](?P<month>\d{1,2})",
        r"(?P<month>\d{1,2}) ?[-/.] ?(?P<year>\d{4}|\d{2})",
        rf"{_NAME}[ ./-]*{_YEAR}",
        rf"(?P<year>\d{{4}})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}}){_TIME}",
        rf"{_DAY} ?[-/.] ?(?P<month>\d{{1,2}}) ?[-/.] ?{_YEAR}{_TIME}",
        rf"{_DAY}[ ./-]*{_NAME}[ ,./-]*{_YEAR}",
        rf"(?P<name>[a-z]+)\.? {_DAY},? {_YEAR}",
    )
)
"""A month with its year, then a whole date: its day comes first or, in ISO form and after an English month, last."""


def parse_month_year(text: str) -> tuple[int, int]:
    """The C.E. year and the month (1–12) that a person typed; of a whole date its month.

    Accepted are "2025-10", "10/2568", "๑๐/๒๕๖๘", "ต.ค. 2568", "ตค68", "ตุลาคม พ.ศ. 2568", "ตุลาคม ค.ศ. 2025",
    "Oct 2025", "5/10/2568", "5 ต.ค. 68", "2025-10-05", "October 5, 2025". Two digits are B.E. (68 = 2568); four are
    C.E. below 2400, B.E. from there on, unless an era is written.

    Raises:
        EntryRefused: ``month.era`` (the year belongs to the other era than the one written), ``month.day`` (the month
            has no such day), ``month.no_year``, ``month.no_month``, ``month.number`` (no month has this number),
            ``month.year`` (no year, or one before 1857), else ``month.bad``.
    """
    plain = " ".join(to_arabic(text).split())
    if len(plain) <= _LONGEST:
        for shape in _SHAPES:
            if (match := shape.fullmatch(plain)) and (found := _month_of(match)):
                return found
    raise _month_refusal(plain)


_YEAR_ALONE: Final = late(r"(?:ปี ?)?(?:[พค]\.? ?ศ\.?)? ?\d{4}", re.ASCII)
_NUMBERS: Final = late(r"(?P<month>\d{1,2}) ?[-/.] ?(?P<year>\d{1,8})", re.ASCII)
_MONTH_THEN: Final = late(r"(?:เดือน ?)?(?P<name>[ก-ฮะ-์.]+|[a-z]+) (?P<year>.{1,20})", re.IGNORECASE)


def _month_refusal(plain: str) -> EntryRefused:
    """What is wrong with a text that is no month of a year."""
    if len(plain) > _LONGEST:
        return EntryRefused("month.bad")
    if _bare(plain.removeprefix("เดือน")) in _BY_NAME:
        return EntryRefused("month.no_year")
    if _YEAR_ALONE.fullmatch(plain):
        return EntryRefused("month.no_month")
    numbers = _SHAPES[0].fullmatch(plain) or _NUMBERS.fullmatch(plain)
    if numbers is not None:
        if not 1 <= int(numbers["month"]) <= 12:
            return EntryRefused("month.number", month=numbers["month"])
        return EntryRefused("month.year", year=numbers["year"])
    named = _SHAPES[2].fullmatch(plain) or _MONTH_THEN.fullmatch(plain)
    if named is not None and _bare(named["name"]) in _BY_NAME:
        return EntryRefused("month.year", year=named["year"])
    return EntryRefused("month.bad")


def _month_of(match: re.Match[str]) -> tuple[int, int] | None:
    """The year and month of a text of a known shape; None if it names no month of a year that counts."""
    parts = match.groupdict()
    month = _BY_NAME.get(_bare(parts["name"]), 0) if parts.get("name") else int(parts.get("month") or 0)
    if not 1 <= month <= 12:
        return None
    era = _ERAS.get((parts.get("era") or parts.get("era_after") or "")[:1].casefold(), "")
    if _of_other_era(parts["year"], era):
        raise EntryRefused("month.era", year=parts["year"])
    year = _common_era(parts["year"], era)
    if not _EARLIEST_YEAR <= year < _FIRST_BUDDHIST_YEAR:
        return None
    day = parts.get("day")
    if day is not None and not 1 <= int(day) <= monthrange(year, month)[1]:
        raise EntryRefused("month.day", day=str(int(day)), month=f"{year:04}-{month:02}")
    return year, month


_ERAS: Final = {"พ": "พ", "b": "พ", "ค": "ค", "c": "ค", "a": "ค"}


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


def days_left(closes: str, today: date) -> int | None:
    """Return the days until an ISO day, below 0 after it; None if it is no day."""
    try:
        return (date.fromisoformat(closes) - today).days
    except ValueError:
        return None


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


def iso_month_text(iso: str, language: str) -> str:
    """Return an ISO month as "ตุลาคม 2568" or "October 2025"; any other text is returned unchanged."""
    try:
        thai = format_month_year(iso)
    except ValueError:
        return iso
    return thai if language == "th" else f"{_ENGLISH[int(iso[5:]) - 1].capitalize()} {iso[:4]}"


def worded(name: str, value: object, language: str) -> object:
    """Return the value ``name`` of a sentence as a person reads it: a time, a day or a month as text in Thai time.

    Any other value is returned unchanged. A text counts as a time only under the names of `TIMES`, since a file or an
    answer may be called "2025-08-01".
    """
    if isinstance(value, datetime):
        return time_text(value, language)
    if isinstance(value, date):
        return day_text(value, language)
    if name not in TIMES or not isinstance(value, str):
        return value
    for shape, words in _WORDS:
        if shape.fullmatch(value):
            return words(value.replace(" UTC", "+00:00"), language)
    return value


TIMES: Final = frozenset(
    {
        *("at", "claimed", "day", "end", "entry", "last", "moment", "month", "now", "received", "since", "start"),
        *("time", "valid", "when"),
    }
)
"""Names of values that are moments, days or months in every sentence of the catalogue."""
_WORDS: Final = (
    (late(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}\S*(?: UTC)?", re.ASCII), iso_time_text),
    (late(r"\d{4}-\d{2}-\d{2}", re.ASCII), iso_day_text),
    (late(r"\d{4}-\d{2}", re.ASCII), iso_month_text),
)
