"""Every text of the window: from the catalogue, with break hints between Thai words.

U+200B is only ever in what is shown: what is copied loses it, what is edited never has it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QTextOption

from dgdesk.errors import DgdeskError
from dgdesk.text.breaks import WordBreaker, breakable
from dgdesk.text.clusters import ZERO_WIDTH_SPACE
from dgdesk.text.dates import error_values
from dgdesk.text.messages import Catalogue
from dgdesk.ui.widgets import colours
from dgdesk.ui.widgets.text_layout import Link, Run, TextLayout, TextStyle

LINK = re.compile(r"https?://[^\s()<>“”\"\u0e00-\u0e7f\u200b]+[^\s()<>“”\"\u0e00-\u0e7f\u200b.,;:]")
_LONG = re.compile(r"[!-~]{25,}")
_IN_ADDRESS = re.compile(r"(?<=[/\-_.?=&])(?=[^/\-_.?=&])")
_SPACES = re.compile(r"[ \t\r\f]+")
_MOST_LAID = 1024
"""Laid-out texts that are remembered: a few pages' worth, some megabytes."""
NEW_LINE = "\u2028"
"""Begins a new line inside a row of a list."""


class Texts:
    """Every text of the window: worded by the catalogue, broken into words for display."""

    def __init__(self, catalogue: Catalogue, breaker: WordBreaker) -> None:
        self.catalogue = catalogue
        self.breaker = breaker
        self._laid: dict[tuple[object, ...], TextLayout] = {}
        self._shown = lru_cache(maxsize=8192)(lambda text: _LONG.sub(_loosened, breakable(text, breaker)))

    def speaking(self, catalogue: Catalogue) -> Texts:
        """Return the same with another catalogue, for another language."""
        return Texts(catalogue, self.breaker)

    def say(self, code: str, /, **values: object) -> str:
        """Word a code, as plain text: for titles, buttons and accessible names."""
        return self.catalogue.text(code, **values)

    def show(self, text: str) -> str:
        """Return ``text`` with marks where a line may break; addresses break after their signs."""
        return ZERO_WIDTH_SPACE.join(shown for shown, _ in self.pieces(text))

    def pieces(self, text: str) -> list[tuple[str, str]]:
        """Return what is shown of a text, with its marks, cut before and after each web address.

        The second value is the address itself, empty beside every other piece.
        """
        if "http" not in text:
            return [(self._shown(text), "")]
        found, at = list[tuple[str, str]](), 0
        for link in LINK.finditer(text):
            found += [(self._shown(text[at : link.start()]), ""), (_IN_ADDRESS.sub(ZERO_WIDTH_SPACE, link[0]), link[0])]
            at = link.end()
        return [piece for piece in (*found, (self._shown(text[at:]), "")) if piece[0]]

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
            return error_values(self.catalogue, error)
        return self.say("ui.unknown_error", code=error.code)

    def layout(self, runs: Sequence[Run], font: QFont) -> TextLayout:
        """Return runs of plain text laid out beside each other, with their links."""
        shown, links, at = list[Run](), list[Link](), 0
        for run in runs:
            if run.text:
                text, found = self._with_links(run.text)
                links += [replace(link, first=link.first + at) for link in found]
                shown.append(Run(text, run.look))
                at += len(text) + 1
        return TextLayout(shown, links, font)

    def label_layout(
        self, words: str, style: TextStyle, own: QFont, across: Qt.AlignmentFlag, *, wraps: bool
    ) -> TextLayout:
        """Return a label's text laid out in a style of its own font, white space collapsed as in Qt's rich text.

        Many places of a page say the same, and a page that is opened again says what it said: each is shaped once.
        """
        key = (words, style, own.key(), across, wraps, colours.in_use().link)
        found = self._laid.pop(key, None)
        if found is None:
            text, links = self._with_links(_SPACES.sub(" ", words))
            wrap = QTextOption.WrapMode.WordWrap if wraps else QTextOption.WrapMode.ManualWrap
            run = Run(text.replace("\n", "\u2028"))
            found = TextLayout((run,), links, style.font(own), across=across, wrap=wrap)
            if len(self._laid) >= _MOST_LAID:
                del self._laid[next(iter(self._laid))]
        self._laid[key] = found  # the one used last goes last
        return found

    def _with_links(self, words: str) -> tuple[str, list[Link]]:
        pieces = self.pieces(words)
        links, at = list[Link](), 0
        for shown, address in pieces:
            if address:
                links.append(Link(at, len(shown), address))
            at += len(shown) + 1
        return ZERO_WIDTH_SPACE.join(shown for shown, _ in pieces), links


def _loosened(match: re.Match[str]) -> str:
    """Let a long name or path break after its signs, so that nothing needs more width than there is."""
    parts = re.split(r"(?<=[/\\\-_.?=&:@])", match[0])
    pieces = [part[at : at + 24] for part in parts for at in range(0, len(part), 24)]
    return ZERO_WIDTH_SPACE.join(pieces)
