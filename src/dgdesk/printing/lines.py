"""Breaks text into lines: between words, never before ๆ, ฯ, marks or closing signs; safe for any input.

Of the line ends that words allow, those of a whole paragraph are chosen together (`dgdesk.printing.fitting`): at spaces
first, then between words, in compounds last (`dgdesk.text.line_ends`). A web address ends a line only after a sign.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from dgdesk.printing.fitting import fit
from dgdesk.printing.fonts import Fonts
from dgdesk.printing.pen import ENGLISH, PenPiece
from dgdesk.printing.style import Colour, ParagraphStyle, TextRun
from dgdesk.text.breaks import WordBreaker, held_together
from dgdesk.text.clusters import tears
from dgdesk.text.invisible import visible
from dgdesk.text.line_ends import ADDRESS, COMPOUND, NUMBER, SPACE, TORN, WORD, LineEndCosts, thai_line_ends

_FUZZ: Final = 1e-6
_REMEMBERED: Final = 8192
_HOLDING: Final = re.compile("[ๆฯ]|[ศน][.]")  # without these, nothing in a row is held
_THAI: Final = re.compile("[\u0e01-\u0e3a\u0e40-\u0e4e]")
_NOT_THAI: Final = "".join(map(chr, (*range(0x21, 0x7F), 0xAB, 0xBB, 0x2018, 0x2019, 0x201C, 0x201D, 0x2026)))
_LATIN: Final = re.compile("[A-Za-z]{2}")  # one letter is that of a code, as in P1.4
_SHORT: Final = 10  # letters; no address has fewer
_PILE: Final = 12  # letters that stay together though a cut would tear a cluster; correct Thai has fewer
_ADDRESS: Final = re.compile(r"(?:https?://|www\.)\S")
_SIGNS: Final = "/?&=.-"  # a web address may end a line after these
_STEPS: Final = "/?&_"  # rather after these than after others
_NAME_SIGNS: Final = _SIGNS + "_,;:+#@"  # and a long name, as of a file, also after these


class TextLine(NamedTuple):
    """One line: its pieces, its width without the white space at its end, and what that end costs."""

    pieces: tuple[PenPiece, ...]
    width: float
    cost: float = 0.0


class Word(NamedTuple):
    """Text that a line must not divide, in pieces by style; white space is a word of its own."""

    pieces: tuple[PenPiece, ...]
    texts: tuple[tuple[str, TextRun], ...]  # the characters of each piece and its style
    width: float
    blank: bool
    text: str
    from_thai: bool  # whether the first character is a Thai letter
    to_thai: bool  # whether the last one is
    address: bool  # whether it holds a web address, which may be cut after a sign


class _Part(NamedTuple):
    """A word or, if a word may be cut, a part of it."""

    pieces: tuple[PenPiece, ...]
    width: float
    blank: bool


class LineBreaker:
    """Measures and breaks text in the fonts of one document, between the words that one breaker finds."""

    def __init__(self, fonts: Fonts, breaker: WordBreaker, line_ends: LineEndCosts | None = None) -> None:
        self.fonts = fonts
        self._breaker = breaker
        self._line_ends = line_ends or thai_line_ends()
        self._segments: dict[str, tuple[str, ...]] = {}
        self._known: dict[TextRun, dict[str, Word]] = {}
        self._rows: dict[tuple[TextRun, str], list[Word]] = {}
        self._blanks: dict[tuple[Colour, float], PenPiece] = {}

    def words(self, runs: Sequence[TextRun], style: ParagraphStyle) -> list[list[Word]]:
        """The words of ``runs``, one list for each line of the text itself (separated by line feeds)."""
        styles = [shape_text(run, style) for run in runs]
        texts = [visible(run.text).replace("\r\n", "\n") for run in runs]
        rows = "".join(texts).splitlines() or [""]
        known = [self._known.setdefault(which, {}) for which in styles]
        if len(styles) == 1:
            return [self._plain(row, styles[0], known[0]) for row in rows]
        owners = [number for number, text in enumerate(texts) for _ in text]
        found: list[list[Word]] = []
        at = 0
        for row in rows:
            found.append(list(self._mixed(row, owners[at : at + len(row)], styles, known)))
            at += len(row) + 1
        return found

    def lines(self, words: Iterable[Sequence[Word]], width: float, pushed: float = 0.0) -> list[TextLine]:
        """``words`` in lines of at most ``width`` points; a word that is wider is cut between clusters.

        The first line is ``pushed`` points shorter.
        """
        lines: list[TextLine] = []
        for row in words:
            lines += self._row_lines(row, width, 0.0 if lines else pushed)
        return lines

    def widest(self, words: Iterable[Sequence[Word]], dearest: float) -> float:
        """The width that ``words`` need so that no line end costs ``dearest`` or more."""
        most = 0.0
        for row in words:
            costs = _RowCosts(row, self._line_ends)
            wide = 0.0
            for at, word in enumerate(row):
                if word.blank:
                    wide = 0.0
                    continue
                wide = word.width if at and costs.at(at) < dearest else wide + word.width
                most = max(most, wide if dearest <= ADDRESS else self._inner(word, wide))
        return most

    def piece(self, text: str, style: TextRun) -> PenPiece:
        """``text`` in a style without open (None) parts."""
        assert style.bold is not None and style.size is not None and style.colour is not None
        encoded = self.fonts.face(style.bold).encode(text)
        language = language_of(text) if text.isascii() else ""
        return PenPiece(encoded, style.size, style.bold, style.colour, style.link, style.said, language)

    def blank(self, style: ParagraphStyle) -> PenPiece:
        """A space in the colour and size of a paragraph: one ends each of them."""
        found = self._blanks.get((style.colour, style.size))
        if found is None:
            found = self.piece(" ", TextRun("", False, style.colour, style.size))
            self._blanks[style.colour, style.size] = found
        return found

    def _plain(self, row: str, style: TextRun, known: dict[str, Word]) -> list[Word]:
        """The words of a row in one style; half of the rows of a form come more than once."""
        found = self._rows.get((style, row))
        if found is None:
            found = [known.get(text) or self._word(text, style, known) for text in self._cut(row)]
            self._rows[style, row] = found
        return found

    def _mixed(
        self, row: str, owners: Sequence[int], styles: Sequence[TextRun], known: Sequence[dict[str, Word]]
    ) -> Iterator[Word]:
        """The words of a row in several styles; the style may change within a word."""
        at = 0
        for text in self._cut(row):
            first = owners[at]
            if first == owners[at + len(text) - 1]:
                at += len(text)
                yield known[first].get(text) or self._word(text, styles[first], known[first])
                continue
            parts: list[tuple[str, int]] = []
            for char, owner in zip(text, owners[at : at + len(text)], strict=True):
                if parts and parts[-1][1] == owner:
                    parts[-1] = (parts[-1][0] + char, owner)
                else:
                    parts.append((char, owner))
            at += len(text)
            words = [known[owner].get(part) or self._word(part, styles[owner], known[owner]) for part, owner in parts]
            yield Word(
                tuple(piece for word in words for piece in word.pieces),
                tuple((part, styles[owner]) for part, owner in parts),
                sum(word.width for word in words),
                all(word.blank for word in words),
                text,
                words[0].from_thai,
                words[-1].to_thai,
                _is_address(text),
            )

    def _word(self, text: str, style: TextRun, known: dict[str, Word]) -> Word:
        """Make ``text`` in one style; ``known`` are the words of that style made so far."""
        piece = self.piece(text, style)
        blank, from_thai, to_thai, address = _nature(text)
        word = known[text] = Word((piece,), ((text, style),), piece.width, blank, text, from_thai, to_thai, address)
        return word

    def _cut(self, row: str) -> tuple[str, ...]:
        """The words of a row; what is held together stays so, also with a space between."""
        known = self._segments.get(row)
        if known is None and not _HOLDING.search(row):
            known = self._segments[row] = self._breaker.segments(row)
        if known is None:
            parts: list[str] = []
            for part in self._breaker.segments(row):
                if len(parts) > 1 and parts[-1].isspace() and held_together(parts[-2], part):
                    blank = parts.pop()
                    parts[-1] += blank + part
                else:
                    parts.append(part)
            known = self._segments[row] = tuple(parts)
        return known

    def _row_lines(self, row: Sequence[Word], width: float, pushed: float) -> Iterator[TextLine]:
        line = _line(row, 0.0)
        if line.width <= width - pushed + _FUZZ:
            yield line
            return
        costs = _RowCosts(row, self._line_ends)
        parts: Sequence[Word | _Part] = row
        cost = costs.at
        if any([word.width > width or word.address for word in row]):
            prices: list[float | int] = []  # of a line that begins with a part; an integer is the number of a word
            parts = list(self._parts(row, width, prices))

            def cost(at: int) -> float:
                price = prices[at]
                return costs.at(price) if isinstance(price, int) else price

        if pushed and parts[0].width > width - pushed + _FUZZ:
            yield TextLine((), 0.0)
            pushed = 0.0
        found = fit([part.width for part in parts], [part.blank for part in parts], cost, width, pushed)
        for (begin, end), price in zip(pairwise(found.ends), found.costs, strict=True):
            yield _line(parts[begin:end], price)

    def _parts(self, row: Sequence[Word], width: float, prices: list[float | int]) -> Iterator[_Part]:
        """The words of a row, with those in parts that may be cut."""
        for at, word in enumerate(row):
            if word.blank or (word.width <= width + _FUZZ and not word.address):
                prices.append(at)
                yield _Part(word.pieces, word.width, word.blank)
                continue
            for number, (piece, price) in enumerate(self._units(word)):
                prices.append(price if number else at)
                yield _Part((piece,), piece.width, False)

    def _units(self, word: Word) -> Iterator[tuple[PenPiece, float]]:
        """The parts into which a word may be cut, clusters with what must stay with them, and what that costs."""
        signs = _SIGNS if word.address else _NAME_SIGNS
        before = ""
        for text, style in word.texts:
            assert style.bold is not None
            unit = ""
            for cluster in self.fonts.face(style.bold).clusters(text):
                # a row of marks or leading vowels may have no end
                if unit and (len(unit) > _PILE or not tears(unit[-1] + cluster[0], 1)):
                    yield self.piece(unit, style), _inside(before, unit, signs)
                    before, unit = before[-2:] + unit, ""
                unit += cluster
            if unit:
                yield self.piece(unit, style), _inside(before, unit, signs)
                before = before[-2:] + unit

    def _inner(self, word: Word, wide: float) -> float:
        """How much of ``wide``, which ends with ``word``, has no sign after which the word may be cut."""
        if not word.address:
            return wide
        most = reach = wide - word.width
        for piece, price in self._units(word):
            reach = piece.width if price < TORN else reach + piece.width
            most = max(most, reach)
        return most


class _RowCosts:
    """What a line that begins with a word costs, for the words of one row."""

    def __init__(self, row: Sequence[Word], line_ends: LineEndCosts) -> None:
        self._row = row
        self._line_ends = line_ends
        self._known: dict[int, float] = {}

    def at(self, at: int) -> float:
        """The cost of a line that begins with the word at ``at``."""
        known = self._known.get(at)
        return self._found(at) if known is None else known

    def _found(self, at: int) -> float:
        row = self._row
        if at == 0:
            return SPACE
        if row[at - 1].blank:
            return NUMBER if at > 1 and _counts(row[at - 2], row[at]) else SPACE
        if not self._side_by_side(at):
            return WORD if row[at - 1].text[-1].isalnum() else SPACE
        begin, end = at - 1, at + 1
        while begin and self._side_by_side(begin):
            begin -= 1
        while end < len(row) and self._side_by_side(end):
            end += 1
        costs = self._line_ends.between([word.text.strip(_NOT_THAI) for word in row[begin:end]])
        self._known.update(enumerate(costs[1:], start=begin + 1))
        return self._known[at]

    def _side_by_side(self, at: int) -> bool:
        """Whether Thai letters stand on both sides of where a word begins."""
        return self._row[at - 1].to_thai and self._row[at].from_thai


def _line(parts: Sequence[Word | _Part], cost: float) -> TextLine:
    """Some parts as a line."""
    width = sum([part.width for part in parts])
    for part in reversed(parts):
        if not part.blank:
            break
        width -= part.width
    return TextLine(tuple([piece for part in parts for piece in part.pieces]), width, cost)


@lru_cache(maxsize=_REMEMBERED)  # the same word comes in several styles
def _nature(word: str) -> tuple[bool, bool, bool, bool]:
    """Whether a word is white space, begins with a Thai letter, ends with one, and holds a web address."""
    return word.isspace(), _THAI.match(word) is not None, _THAI.match(word[-1]) is not None, _is_address(word)


def _is_address(word: str) -> bool:
    return len(word) > _SHORT and _ADDRESS.search(word) is not None


def _counts(before: Word, after: Word) -> bool:
    """Whether one of two words is the other's number: มาตรา 39, 5 ครั้ง."""
    return (before.to_thai and after.text[0].isdecimal()) or (before.text[-1].isdecimal() and after.from_thai)


def _inside(before: str, after: str, signs: str) -> float:
    """What a line end costs inside a word that is cut; several signs stay together."""
    if not before or before[-1] not in signs or after[0] in signs:
        return TORN
    if before.endswith("://"):
        return COMPOUND
    return ADDRESS if before[-1] in _STEPS else ADDRESS + WORD


def language_of(text: str) -> str | None:
    """The language of words in ASCII; None if there are none, only figures and signs."""
    return ENGLISH if _LATIN.search(text) else None


def shape_text(run: TextRun, style: ParagraphStyle) -> TextRun:
    """The style of ``run`` as a `TextRun` without text: what it leaves open is taken from ``style``."""
    return TextRun(
        "",
        style.bold if run.bold is None else run.bold,
        style.colour if run.colour is None else run.colour,
        style.size if run.size is None else run.size,
        run.link,
        said=run.said,
    )
