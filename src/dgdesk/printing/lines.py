"""Breaks text into lines: between words, never before ๆ, ฯ, marks or closing signs; safe for any input."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from dgdesk.printing.fonts import Fonts
from dgdesk.printing.pen import PenPiece
from dgdesk.printing.style import ParagraphStyle, TextRun
from dgdesk.text.breaks import WordBreaker
from dgdesk.text.clusters import ZERO_WIDTH_SPACE, tears

_FUZZ: Final = 1e-6
_ERAS: Final = ("พ.ศ.", "ค.ศ.", "ร.ศ.")


class TextLine(NamedTuple):
    """One line: its pieces, and its width without the white space at its end."""

    pieces: tuple[PenPiece, ...]
    width: float


class Word(NamedTuple):
    """Text that a line must not divide, in pieces by style; white space is a word of its own."""

    pieces: tuple[PenPiece, ...]
    texts: tuple[tuple[str, TextRun], ...]  # the characters of each piece and its style
    width: float
    blank: bool


class LineBreaker:
    """Measures and breaks text in the fonts of one document, between the words that one breaker finds."""

    def __init__(self, fonts: Fonts, breaker: WordBreaker) -> None:
        self.fonts = fonts
        self._breaker = breaker
        self._segments: dict[str, tuple[str, ...]] = {}
        self._known: dict[TextRun, dict[str, Word]] = {}

    def words(self, runs: Sequence[TextRun], style: ParagraphStyle) -> list[list[Word]]:
        """The words of ``runs``, one list for each line of the text itself (separated by line feeds)."""
        styles = [shape_text(run, style) for run in runs]
        texts = [run.text.replace(ZERO_WIDTH_SPACE, "").replace("\r\n", "\n") for run in runs]
        rows = "".join(texts).splitlines() or [""]
        known = [self._known.setdefault(which, {}) for which in styles]
        if len(styles) == 1:
            return [[self._word(text, styles[0], known[0]) for text in self._cut(row)] for row in rows]
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

    def piece(self, text: str, style: TextRun) -> PenPiece:
        """``text`` in a style without open (None) parts."""
        assert style.bold is not None and style.size is not None and style.colour is not None
        return PenPiece(self.fonts.face(style.bold).encode(text), style.size, style.bold, style.colour, style.link)

    def _mixed(
        self, row: str, owners: Sequence[int], styles: Sequence[TextRun], known: Sequence[dict[str, Word]]
    ) -> Iterator[Word]:
        """The words of a row in several styles; the style may change within a word."""
        at = 0
        for text in self._cut(row):
            first = owners[at]
            if first == owners[at + len(text) - 1]:
                at += len(text)
                yield self._word(text, styles[first], known[first])
                continue
            parts: list[tuple[str, int]] = []
            for char, owner in zip(text, owners[at : at + len(text)], strict=True):
                if parts and parts[-1][1] == owner:
                    parts[-1] = (parts[-1][0] + char, owner)
                else:
                    parts.append((char, owner))
            at += len(text)
            words = [self._word(part, styles[owner], known[owner]) for part, owner in parts]
            yield Word(
                tuple(piece for word in words for piece in word.pieces),
                tuple((part, styles[owner]) for part, owner in parts),
                sum(word.width for word in words),
                all(word.blank for word in words),
            )

    def _word(self, text: str, style: TextRun, known: dict[str, Word]) -> Word:
        """``text`` in one style; ``known`` caches the words of that style."""
        word = known.get(text)
        if word is None:
            piece = self.piece(text, style)
            word = known[text] = Word((piece,), ((text, style),), piece.width, text.isspace())
        return word

    def _cut(self, row: str) -> tuple[str, ...]:
        """The words of a row; ๆ, ฯลฯ and a year stay with the word before them, also after a space."""
        known = self._segments.get(row)
        if known is None:
            parts: list[str] = []
            for part in self._breaker.segments(row):
                if len(parts) > 1 and parts[-1].isspace() and _held(parts[-2], part):
                    blank = parts.pop()
                    parts[-1] += blank + part
                else:
                    parts.append(part)
            known = self._segments[row] = tuple(parts)
        return known

    def _row_lines(self, row: Sequence[Word], width: float, pushed: float) -> Iterator[TextLine]:
        held: list[PenPiece] = []
        left = width - pushed  # of the line that is being filled
        reach = ink = 0.0  # with and without the white space at the end
        for word in row:
            if word.blank:
                held += word.pieces
                reach += word.width
                continue
            units: Iterable[tuple[tuple[PenPiece, ...], float]] = [(word.pieces, word.width)]
            if word.width > width + _FUZZ:
                units = (((piece,), piece.width) for piece in self._units(word))
            for pieces, wide in units:
                if (ink or left < width) and reach + wide > left + _FUZZ:
                    yield TextLine(tuple(held), ink)
                    held, left, reach = [], width, 0.0
                held += pieces
                reach = ink = reach + wide
        yield TextLine(tuple(held), ink)

    def _units(self, word: Word) -> Iterator[PenPiece]:
        """The parts into which a word too wide for a line may be cut: clusters with what must stay with them."""
        for text, style in word.texts:
            assert style.bold is not None
            unit = ""
            for cluster in self.fonts.face(style.bold).clusters(text):
                if unit and not tears(unit[-1] + cluster[0], 1):
                    yield self.piece(unit, style)
                    unit = ""
                unit += cluster
                if len(unit) > 64:  # a row of marks or leading vowels without end
                    yield self.piece(unit, style)
                    unit = ""
            if unit:
                yield self.piece(unit, style)


def _held(before: str, after: str) -> bool:
    """Whether a line must not break at the white space between two words."""
    return after[0] in "ๆฯ" or (after[0].isdecimal() and before.endswith(_ERAS))


def shape_text(run: TextRun, style: ParagraphStyle) -> TextRun:
    """The style of ``run`` as a `TextRun` without text: what it leaves open is taken from ``style``."""
    return TextRun(
        "",
        style.bold if run.bold is None else run.bold,
        style.colour if run.colour is None else run.colour,
        style.size if run.size is None else run.size,
        run.link,
    )
