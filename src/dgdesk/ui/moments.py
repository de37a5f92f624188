"""Window, moments: times as a person reads them: Thai dates in Thai, plain ones in English. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from dgdesk.thai.dates import format_date, format_time

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def moment_words(moment: datetime, language: str) -> str:
    """Return "20 พ.ย. 2569 09:30 น." or "20 Nov 2026 09:30", in the moment's own zone."""
    if language == "th":
        return f"{format_date(moment, short=True)} {format_time(moment)}"
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year} {moment:%H:%M}"


def iso_words(iso: str, language: str) -> str:
    """Word an ISO time for this PC's zone; what is none is returned as it is."""
    try:
        moment = datetime.fromisoformat(iso)
        return moment_words(moment.astimezone(), language)
    except (ValueError, OverflowError, OSError):
        return iso


def in_words(values: Mapping[str, object], language: str) -> dict[str, object]:
    """Return the values of an error with its times in words."""
    return {
        name: iso_words(value, language) if name == "since" and isinstance(value, str) else value
        for name, value in values.items()
    }
