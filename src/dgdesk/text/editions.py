"""What an edition is called for people: its id (`th-province-2568`) is for machines."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

_PROVINCE: Final = re.compile(r"th-province-(2[0-9]{3})")


def edition_year(edition: str) -> str:
    """Return the Buddhist year of an edition; empty if the id does not name one."""
    found = _PROVINCE.fullmatch(edition)
    return found[1] if found is not None else ""


def edition_words(say: Callable[..., str], edition: str) -> str:
    """Return an edition in words, "ระดับจังหวัด พ.ศ. 2568"; an id that the program does not know stays as it is."""
    found = _PROVINCE.fullmatch(edition)
    if found is None:
        return edition
    return say("edition.province", year=found[1])
