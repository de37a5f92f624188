"""Shapes plain text into clusters of placed glyphs with HarfBuzz, so that stacked Thai marks are placed correctly.

A cluster is text that cannot be divided: a base with its marks, ``ำ`` with its consonant. Kerning and ligatures are
off, so a cluster looks the same in every place and can be one glyph of the document's font. Characters without a glyph
become a frame with their hexadecimal code, as in GNU Unifont.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import Final, NamedTuple

import uharfbuzz as hb
from fontTools.ttLib import TTFont

from dgdesk.printing.shapes import FRAME, FRAME_FOOT, FRAME_TOP, MARK_ADVANCE, MARKS
from dgdesk.text.clusters import FINAL_SIGNS, VOWEL_SIGNS
from dgdesk.text.invisible import visible

_LOST: Final = "\ufffd"
_FEATURES: Final = {"kern": False, "liga": False, "dlig": False, "clig": False, "calt": True}
_THAI = re.compile("[\u0e01-\u0e5e]")
_BLANKS: Final = re.compile(r"[\t\n\r\v\f\x85\u2028\u2029]")
# A cluster that looks the same wherever it stands: a sign of ASCII, or one of Thai with at most two marks and ำ.
_REGULAR: Final = re.compile(
    "[ -~\u0e3f\u0e4f-\u0e59]|[\u0e01-\u0e30\u0e32\u0e40-\u0e46][\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]{0,2}\u0e33?"
)
_DIGIT_SCALE: Final = 0.44
# More than a vowel and a sign on a letter.
_PILED: Final = re.compile(
    f"[{VOWEL_SIGNS}]{{2}}|[{FINAL_SIGNS}][{VOWEL_SIGNS}{FINAL_SIGNS}]|[{VOWEL_SIGNS}][{FINAL_SIGNS}]?\u0e33"
)
# Font units from the baseline, by whether the font is bold: what marks of correct Thai reach (ปึ้, ปู). Piles of
# marks are drawn over each other there, or they would reach the neighbouring lines.
_HIGHEST: Final = {False: 1255, True: 1275}
_LOWEST: Final = {False: -340, True: -345}
_BOLD: Final = 600  # the weight from which a font counts as bold
_STEP: Final = 100  # font units
_REMEMBERED: Final = 8192  # words of up to _SHORT characters; a print of the whole form has about two thousand
_SHORT: Final = 40
_LONGEST: Final = 8  # characters of one cluster; malformed input may pile up any number of marks

_MOST_PARTS: Final = 40  # glyphs of one cluster that are drawn
_FURTHEST: Final = 20_000  # font units; a font's tables hold no more than 32,767


class TextPart(NamedTuple):
    """A glyph of the source font within a cluster: offset in font units, size as a factor."""

    glyph: str
    x: int
    y: int
    scale: float = 1.0


class Cluster(NamedTuple):
    """Text that is drawn and copied as one: its characters, its glyphs, its width in font units."""

    source: str
    parts: tuple[TextPart, ...]
    advance: int
    missing: str = ""  # the character that has no glyph, if the parts are its replacement


class Shaper:
    """Shapes text with one font file. Holds no document's state; calls must come from one thread at a time."""

    def __init__(self, data: bytes) -> None:
        self.font = TTFont(io.BytesIO(data), recalcTimestamp=False, lazy=True)
        self._names = self.font.getGlyphOrder()
        self._known = self.font.getBestCmap()
        self._harfbuzz = hb.Font(hb.Face(hb.Blob(data)))
        self._buffer = hb.Buffer()
        self._regular: dict[str, tuple[Cluster, ...]] = {}
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._shaped_new)

    def clusters(self, text: str) -> list[Cluster]:
        """``text`` in clusters, in reading order; their joined sources are ``text``, with these exceptions.

        What is never seen is left out (`visible`), tabs and line ends count as a space, and characters that readers of
        PDFs do not keep (right to left, controls, unassigned) have their code as source: ``[U+0645]``.
        """
        found: list[Cluster] = []
        text = _BLANKS.sub(" ", visible(text))
        if self._printable.issuperset(text):
            return list(self._shaped(text))
        start = 0
        for at, char in enumerate(text):
            if char in self._printable:
                continue
            found += self._shaped(text[start:at])
            found.append(self._special(char))
            start = at + 1
        found += self._shaped(text[start:])
        return found

    @cached_property
    def _printable(self) -> frozenset[str]:
        """The characters that the font has and readers of PDFs keep; no control, as ToUnicode must not name U+0000."""
        known = map(chr, self._known)
        return frozenset(char for char in known if unicodedata.category(char)[0] != "C")

    def _shaped(self, run: str) -> Sequence[Cluster]:
        return self._remembered(run) if len(run) <= _SHORT else self._shaped_new(run)

    def _shaped_new(self, run: str) -> Sequence[Cluster]:
        """The clusters of a run of printable characters; the regular ones are shaped once each."""
        texts = _REGULAR.findall(run)
        if sum(map(len, texts)) < len(run):
            return self._shaped_whole(run)
        known = self._regular
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            self._learn(new)
        return [cluster for text in texts for cluster in known[text]]

    def _learn(self, texts: Sequence[str]) -> None:
        """Shape regular clusters: those of Thai letters in one go, which takes a third of the time."""
        thai = [text for text in texts if _THAI.match(text) and not _PILED.search(text)]
        together = self._shaped_whole("".join(thai)) if len(thai) > 1 else ()
        if [cluster.source for cluster in together] == thai:
            self._regular.update((cluster.source, (cluster,)) for cluster in together)
        for text in texts:
            if text not in self._regular:
                self._regular[text] = tuple(self._shaped_whole(text))

    def _shaped_whole(self, run: str) -> Sequence[Cluster]:
        if not run:
            return []
        buffer = self._buffer
        buffer.reset()
        buffer.add_str(run)
        buffer.direction, buffer.language = "ltr", "th"
        buffer.script = "Thai" if _THAI.search(run) else "Latn"
        hb.shape(self._harfbuzz, buffer, _FEATURES)
        names = self._names
        piled = _PILED.search(run) is not None
        pens: dict[int, int] = {}
        parts: dict[int, list[TextPart]] = {}
        for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            pen, name = pens.get(info.cluster, 0), names[info.codepoint]
            parts.setdefault(info.cluster, []).append(
                TextPart(
                    name, pen + place.x_offset, self._within_line(name, place.y_offset) if piled else place.y_offset
                )
            )
            pens[info.cluster] = pen + place.x_advance
        starts = sorted(parts)
        found: list[Cluster] = []
        for start, end in zip(starts, [*starts[1:], len(run)], strict=True):
            cluster = Cluster(run[start:end], tuple(parts[start]), pens[start])
            found += [cluster] if end - start <= _LONGEST else _cut(cluster)
        return found

    def _within_line(self, name: str, raised: int) -> int:
        """How far to raise or lower a mark so that it stays in its own line."""
        if not raised:
            return 0
        glyph = self.font["glyf"][name]
        if not glyph.numberOfContours:
            return raised
        bold = self.font["OS/2"].usWeightClass >= _BOLD
        return int(max(_LOWEST[bold] - glyph.yMin, min(_HIGHEST[bold] - glyph.yMax, raised)))

    @cached_property
    def _advances(self) -> dict[str, int]:
        return {name: advance for name, (advance, _) in self.font["hmtx"].metrics.items()}

    def _special(self, char: str) -> Cluster:
        """A character that the font does not have."""
        if char in MARKS:
            return Cluster(char, (TextPart(char, 0, 0),), MARK_ADVANCE)
        if unicodedata.category(char) == "Zs":
            return Cluster(char, (), self._advances[self._known[0x20]])
        return self._framed(char)

    def _framed(self, char: str) -> Cluster:
        """A frame with the code of ``char`` in two rows."""
        code = f"{ord(char):04X}" if ord(char) <= 0xFFFF else f"{ord(char):06X}"
        half = len(code) // 2
        glyphs = [self._known[ord(digit)] for digit in code]
        cell = max(self._advances[self._known[ord(digit)]] for digit in "0123456789ABCDEF") * _DIGIT_SCALE
        width = round(half * cell + 240)
        middle = (FRAME_TOP + FRAME_FOOT) / 2
        parts = [TextPart(f"{FRAME}{width}", 0, 0)]
        for at, glyph in enumerate(glyphs):
            row, column = divmod(at, half)
            x = 120 + column * cell + (cell - self._advances[glyph] * _DIGIT_SCALE) / 2
            y = middle + 35 if row == 0 else FRAME_FOOT + 65
            parts.append(TextPart(glyph, round(x), round(y), _DIGIT_SCALE))
        return Cluster(_copied(char), tuple(parts), width, char)


def _cut(cluster: Cluster) -> list[Cluster]:
    """Divide a pile of marks: the first part draws it, as far as a font allows; the others only carry their characters.

    Each has a small width: PDFium takes equal characters at the same position for one text printed twice.
    """
    first, *rest = (cluster.source[at : at + _LONGEST] for at in range(0, len(cluster.source), _LONGEST))
    parts = tuple(part for part in cluster.parts[:_MOST_PARTS] if abs(part.x) <= _FURTHEST)
    return [Cluster(first, parts, min(cluster.advance, _FURTHEST)), *(Cluster(source, (), _STEP) for source in rest)]


def _copied(char: str) -> str:
    """What a reader of the PDF copies for a character that is not printed as itself.

    The character itself, unless readers reverse or drop it; then the code that is printed. U+FFFD cannot be used:
    MuPDF takes it for a missing entry and invents a character.
    """
    odd = unicodedata.category(char)[0] == "C" or unicodedata.bidirectional(char) in ("R", "AL", "AN", "NSM")
    return f"[U+{ord(char):04X}]" if odd or char == _LOST else char
