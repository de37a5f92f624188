"""Window, texts: every text of the window: worded by the catalogue, broken into words for display.

U+200B is only ever in what is shown: what is copied loses it, what is edited never has it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont

from dgdesk.errors import DgdeskError
from dgdesk.messages import Catalogue
from dgdesk.moments import error_words
from dgdesk.thai.breaks import WordBreaker, breakable
from dgdesk.thai.script import ZERO_WIDTH_SPACE
from dgdesk.ui import colours
from dgdesk.ui.laid import LaidText, look_of

LINK = re.compile(r"https?://[^\s()<>“”\"\u0e00-\u0e7f\u200b]+[^\s()<>“”\"\u0e00-\u0e7f\u200b.,;:]")
_LONG = re.compile(r"[!-~]{25,}")
_IN_ADDRESS = re.compile(r"(?<=[/\-_.?=&])(?=[^/\-_.?=&])")
_SPACES = re.compile(r"[ \t\r\f]+")
_MOST_LAID = 1024
"""Laid-out texts that are remembered: a few pages' worth, some megabytes."""


class Texts:
    """Every text of the window: worded by the catalogue, broken into words for display."""

    def __init__(self, catalogue: Catalogue, breaker: WordBreaker) -> None:
        self.catalogue = catalogue
        self.breaker = breaker
        self._breaker = breaker
        self._laid: dict[tuple[object, ...], LaidText] = {}
        self._shown = lru_cache(maxsize=8192)(lambda text: _LONG.sub(_loosened, breakable(text, breaker)))

    def speaking(self, catalogue: Catalogue) -> Texts:
        """Return the same with another catalogue, for another language."""
        return Texts(catalogue, self._breaker)

    def say(self, code: str, /, **values: object) -> str:
        """Word a code, as plain text: for titles, buttons and accessible names."""
        return self.catalogue.text(code, **values)

    def show(self, text: str) -> str:
        """Return ``text`` with marks where a line may break; addresses break after their signs."""
        parts = []
        at = 0
        for link in LINK.finditer(text):
            parts.append(self._shown(text[at : link.start()]))
            parts.append(in_address(link[0]))
            at = link.end()
        parts.append(self._shown(text[at:]))
        return ZERO_WIDTH_SPACE.join(part for part in parts if part) if len(parts) > 1 else parts[0]

    def cut(self, text: str, most: int = 60) -> str:
        """Return the beginning of a text, plain, cut between words when it is longer than ``most`` letters."""
        if len(text) <= most:
            return text
        kept = ""
        for word in self.show(text).replace(" ", f" {ZERO_WIDTH_SPACE}").split(ZERO_WIDTH_SPACE):
            if len(kept) + len(word) > most:
                break
            kept += word
        return f"{kept.rstrip()} …"

    def label(self, code: str, /, **values: object) -> str:
        """Word a code for display."""
        return self.show(self.say(code, **values))

    def error(self, error: DgdeskError) -> str:
        """Word an error, plain; one that the catalogue does not know is still said in words."""
        if error.code in self.catalogue:
            return error_words(self.catalogue, error)
        return self.say("ui.unknown_error", code=error.code)

    def laid(self, words: str, css: str, own: QFont, across: Qt.AlignmentFlag, *, wraps: bool) -> LaidText:
        """Return a text laid out in a look of a widget's own font.

        Many places of a page say the same, and a page that is opened again says what it said: each is shaped once.
        """
        key = (words, css, own.key(), across, wraps, colours.in_use().link)
        found = self._laid.pop(key, None)
        if found is None:
            shown, links = self.with_links(words)
            found = LaidText(shown, links, look_of(css).font(own), colours.in_use().link, across=across, wraps=wraps)
            if len(self._laid) >= _MOST_LAID:
                del self._laid[next(iter(self._laid))]
        self._laid[key] = found  # the one used last goes last
        return found

    def with_links(self, words: str) -> tuple[str, list[tuple[int, int]]]:
        """Return a text with its marks, lines ended by U+2028, and where (first, length) links are in it."""
        whole, links, at = "", list[tuple[int, int]](), 0
        for link in LINK.finditer(words):
            before = self.show(words[at : link.start()])
            whole += before + ZERO_WIDTH_SPACE if before else ""
            shown = in_address(link[0])
            links.append((len(_SPACES.sub(" ", whole)), len(shown)))
            whole += shown + ZERO_WIDTH_SPACE
            at = link.end()
        whole += self.show(words[at:])
        return _SPACES.sub(" ", whole).replace("\n", "\u2028"), links


def in_address(link: str) -> str:
    """Return a web address with marks after its signs."""
    return _IN_ADDRESS.sub(ZERO_WIDTH_SPACE, link)


def _loosened(match: re.Match[str]) -> str:
    """Let a long name or path break after its signs, so that nothing needs more width than there is."""
    parts = re.split(r"(?<=[/\\\-_.?=&:@])", match[0])
    pieces = [part[at : at + 24] for part in parts for at in range(0, len(part), 24)]
    return ZERO_WIDTH_SPACE.join(pieces)
