"""Times as a person reads them: Thai dates with Buddhist years in Thai, plain dates in English. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from dgdesk.errors import DgdeskError
from dgdesk.messages import Catalogue
from dgdesk.system.bounds import NO_TIME, read_moment
from dgdesk.thai.dates import THAILAND, format_date, format_time

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def moment_words(moment: datetime, language: str) -> str:
    """Return "20 พ.ย. 2569 09:30 น." or "20 Nov 2026 09:30", in the time zone of ``moment``; "-" for `NO_TIME`."""
    if moment == NO_TIME:
        return "-"
    if language == "th":
        return f"{format_date(moment, short=True)} {format_time(moment)}"
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year} {moment:%H:%M}"


def iso_words(iso: str, language: str) -> str:
    """Return an ISO time as text in Thailand's time zone; any other text is returned unchanged."""
    try:
        return moment_words(read_moment(iso).astimezone(THAILAND), language)
    except (ValueError, OverflowError, OSError):
        return iso


def day_words(day: date, language: str) -> str:
    """Return "20 พ.ย. 2569" or "20 Nov 2026"."""
    return format_date(day, short=True) if language == "th" else f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def iso_day_words(iso: str, language: str) -> str:
    """Return an ISO day as text; any other text is returned unchanged."""
    try:
        return day_words(date.fromisoformat(iso), language)
    except ValueError:
        return iso


def error_words(catalogue: Catalogue, error: DgdeskError) -> str:
    """Return the sentence of an error, with times and days as a person reads them."""
    return catalogue.text(error.code, **in_words(error.values, catalogue.language))


def detail_words(catalogue: Catalogue, error: DgdeskError) -> tuple[str, ...]:
    """Return the details of an error, one sentence each."""
    return tuple(catalogue.text(code, **in_words(values, catalogue.language)) for code, values in error.details)


def in_words(values: Mapping[str, object], language: str) -> dict[str, object]:
    """Return the values of an error with its times and days as text."""
    return {
        name: _IN_WORDS[name](value, language) if name in _IN_WORDS and isinstance(value, str) else value
        for name, value in values.items()
    }


_IN_WORDS = {"since": iso_words, "day": iso_day_words}
"""How the values of errors are worded, by their names."""
