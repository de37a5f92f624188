"""All texts of the window: from the catalogue, with break hints between Thai words.

The break hint (U+200B) is only in displayed text: copying removes it, edited text never has it.
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
from dgdesk.text.messages import Catalogue
from dgdesk.ui.widgets import colours
from dgdesk.ui.widgets.text_layout import Link, Run, TextLayout, TextStyle

LINK = re.compile(r"https?://[^\s()<>“”\"\u0e00-\u0e7f\u200b]+[^\s()<>“”\"\u0e00-\u0e7f\u200b.,;:]")
_LONG = re.compile(r"[!-~]{25,}")
_IN_ADDRESS = re.compile(r"(?<=[/\-_.?=&])(?=[^/\-_.?=&])")
_SPACES = re.compile(r"[ \t\r\f]+")
_MOST_LAID = 1024
"""Number of laid-out texts that are cached: some pages' worth, a few megabytes."""
NEW_LINE = "\u2028"
"""Starts a new line inside a row of a list."""


class Texts:
    """The texts of the catalogue, with break hints for display."""

    def __init__(self, catalogue: Catalogue, breaker: WordBreaker) -> None:
        self.catalogue = catalogue
        self.breaker = breaker
        self._laid: dict[tuple[object, ...], TextLayout] = {}
        self._shown = lru_cache(maxsize=8192)(lambda text: _LONG.sub(_loosened, breakable(text, breaker)))

    def speaking(self, catalogue: Catalogue) -> Texts:
        """Return the same object with another catalogue, for another language."""
        return Texts(catalogue, self.breaker)

    def say(self, code: str, /, **values: object) -> str:
        """Return the text of a code, plain: for titles, buttons and accessible names."""
        return self.catalogue.text(code, **values)

    def show(self, text: str) -> str:
        """Return ``text`` with break hints; web addresses may break after punctuation."""
        return ZERO_WIDTH_SPACE.join(shown for shown, _ in self.pieces(text))

    def pieces(self, text: str) -> list[tuple[str, str]]:
        """Split a text, with break hints, before and after each web address.

        Each piece is (shown text, address); the address is empty for ordinary text.
        """
        if "http" not in text:
            return [(self._shown(text), "")]
        found, at = list[tuple[str, str]](), 0
        for link in LINK.finditer(text):
            found += [(self._shown(text[at : link.start()]), ""), (_IN_ADDRESS.sub(ZERO_WIDTH_SPACE, link[0]), link[0])]
            at = link.end()
        return [piece for piece in (*found, (self._shown(text[at:]), "")) if piece[0]]

    def cut(self, text: str, most: int = 60) -> str:
        """Return a text, plain, cut between words to at most ``most`` letters."""
        if len(text) <= most:
            return text
        kept = ""
        for word in self.show(text).replace(" ", f" {ZERO_WIDTH_SPACE}").split(ZERO_WIDTH_SPACE):
            if len(kept) + len(word) > most:
                break
            kept += word
        return f"{kept.rstrip()} …"

    def label(self, code: str, /, **values: object) -> str:
        """Return the text of a code, with break hints."""
        return self.show(self.say(code, **values))

    def error(self, error: DgdeskError) -> str:
        """Return the text of an error, plain; for a code that is not in the catalogue, a general sentence."""
        if error.code in self.catalogue:
            return self.catalogue.error(error)
        return self.say("ui.unknown_error", code=error.code)

    def layout(self, runs: Sequence[Run], font: QFont) -> TextLayout:
        """Return the layout of runs of plain text, with their links."""
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
        """Return the layout of a label's text, with white space collapsed as in Qt's rich text.

        Many labels of a page have the same text, and a page may be opened again: each text is shaped once.
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
    """Allow breaks after the punctuation of a long name or path, so that it fits any width."""
    parts = re.split(r"(?<=[/\\\-_.?=&:@])", match[0])
    pieces = [part[at : at + 24] for part in parts for at in range(0, len(part), 24)]
    return ZERO_WIDTH_SPACE.join(pieces)
