"""The page numbers in what a person typed as the place of a key passage: "3, 5–7", "หน้า ๓ ถึง ๕ และ 9", "p. 4"."""

from __future__ import annotations

import re
from typing import Final

from dgdesk.system.patterns import late
from dgdesk.text.digits import narrow, to_arabic

_WORD: Final = r"(?:หน้า(?:ที่)?|น\.|pages?|pp?\.)"
_BETWEEN: Final = r"(?:,|;|&|-|\u2010|\u2011|\u2012|–|—|~|ถึง|และ|กับ|to|and)"
_LIST: Final = rf"[0-9]{{1,7}}(?:\s*{_BETWEEN}\s*(?:{_WORD}\s*)?[0-9]{{1,7}}|\s+[0-9]{{1,7}}(?=\s*(?:{_BETWEEN}|$)))*"
_WHOLE: Final = late(rf"\s*(?:{_WORD}\s*)?({_LIST})[\s.]*")
_SAID: Final = late(rf"(?<![a-z]){_WORD}\s*({_LIST})")


def typed_pages(text: str) -> tuple[int, ...]:
    """Return the page numbers of a text, each once, in order; of other words only those after a word for a page."""
    plain = to_arabic(narrow(text)).casefold()
    whole = _WHOLE.fullmatch(plain)
    lists = [whole[1]] if whole else [found[1] for found in _SAID.finditer(plain)]
    return tuple(sorted({int(number) for one in lists for number in re.findall("[0-9]+", one)}))


def pages_beyond(text: str, count: int) -> str:
    """Return the typed pages that a file of ``count`` pages does not have, as a list; empty if none or not known."""
    return ", ".join(str(page) for page in typed_pages(text) if page > count or page < 1) if count else ""
