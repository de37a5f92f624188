"""The days of an edition in words: since when and until when it can be submitted, and how many days are left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from dgdesk.text.dates import day_text, days_left


def deadline_words(say: Callable[..., str], closes: str, today: date, language: str) -> str:
    """Return how many days are left until an edition closes (an ISO day); empty if it has no day, or no sound one."""
    left = days_left(closes, today)
    if left is None:
        return ""
    code = "edition.day.closed" if left < 0 else "edition.day.closes_today" if left == 0 else "edition.day.closes"
    return say(code, days=abs(left), day=day_text(today + timedelta(left), language))


def opening_words(say: Callable[..., str], opens: str, today: date, language: str) -> str:
    """Return since when an edition is open, or in how many days it opens; empty as for `deadline_words`."""
    left = days_left(opens, today)
    if left is None:
        return ""
    code = "edition.day.opens" if left > 0 else "edition.day.open"
    return say(code, days=left, day=day_text(today + timedelta(left), language))


def period_words(say: Callable[..., str], opens: str, closes: str, today: date, language: str) -> str:
    """Return both on one line; empty if the edition has no days."""
    parts = (opening_words(say, opens, today, language), deadline_words(say, closes, today, language))
    return " · ".join(part for part in parts if part)
