"""Window, months: a month and a year in two boxes, and the text they make together. Pure; years are shown B.E."""

from __future__ import annotations

import re

from dgdesk.text.dates import BUDDHIST_ERA, MONTHS

_ISO = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


def split_month_year(shown: str) -> tuple[int, str]:
    """Return the month (1–12, 0 for none) and what stands in the year's box, for a stored or typed text."""
    if stored := _ISO.fullmatch(shown):
        return int(stored[2]), str(int(stored[1]) + BUDDHIST_ERA)
    for number, name in enumerate(MONTHS, start=1):
        if shown == name or shown.startswith(name + " "):
            return number, shown.removeprefix(name).strip()
    return 0, shown


def join_month_year(month: int, year: str) -> str:
    """Return the text that the two boxes mean together."""
    return " ".join(part for part in (MONTHS[month - 1] if month else "", year.strip()) if part)
