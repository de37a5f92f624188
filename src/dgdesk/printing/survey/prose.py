"""The texts of a print before they are set: numbers in the chosen digits, and addresses that can be followed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from dgdesk.printing.fonts import Fonts
from dgdesk.printing.lines import LineBreaker, Word
from dgdesk.printing.style import ParagraphStyle, TextRun
from dgdesk.text.breaks import WordBreaker
from dgdesk.text.digits import prose_to_thai
from dgdesk.text.line_ends import LineEndCosts

_ADDRESS: Final = re.compile(
    r"(?P<web>(?:https?://|www\.)[^\s\u0e00-\u0e7f<>\"“”]+)"
    r"|(?P<mail>[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,})"
)
_AFTER: Final = ".,;:!?'"
"""Signs that end a sentence, not an address."""


class ProseBreaker(LineBreaker):
    """Breaks the texts of a survey into lines; every address in them is a link.

    With ``thai_digits`` all numbers are in Thai digits, but for those of codes, addresses and typed text.
    """

    def __init__(
        self,
        fonts: Fonts,
        breaker: WordBreaker,
        line_ends: LineEndCosts | None = None,
        *,
        thai_digits: bool = False,
    ) -> None:
        super().__init__(fonts, breaker, line_ends)
        self._thai_digits = thai_digits

    def words(self, runs: Sequence[TextRun], style: ParagraphStyle) -> list[list[Word]]:
        """See `LineBreaker.words`."""
        return super().words([part for run in runs for part in self._prose(run)], style)

    def _prose(self, run: TextRun) -> Iterator[TextRun]:
        for part in (run,) if run.link else with_links(run):
            in_digits = self._thai_digits and not part.typed and not part.link.startswith(("http", "mailto:"))
            yield part._replace(text=prose_to_thai(part.text)) if in_digits else part


def with_links(run: TextRun) -> Iterator[TextRun]:
    """The run in parts: each web or e-mail address in it is a link, without the signs that follow it."""
    text, end = run.text, 0
    if "://" in text or "@" in text or "www." in text:
        for match in _ADDRESS.finditer(text):
            address = _without_brackets(match[0].rstrip(_AFTER)).rstrip(_AFTER)
            if match.start() > end:
                yield run._replace(text=text[end : match.start()])
            prefix = "mailto:" if match["mail"] else "https://" if address.startswith("www.") else ""
            yield run._replace(text=address, link=prefix + address)
            end = match.start() + len(address)
    if end < len(text) or not text:
        yield run._replace(text=text[end:]) if end else run


def _without_brackets(address: str) -> str:
    """The address without closing brackets that were opened before it."""
    while address.endswith((")", "]")) and sum(map(address.count, ")]")) > sum(map(address.count, "([")):
        address = address[:-1].rstrip(_AFTER)
    return address
