"""The typefaces of one document: they turn text into codes and widths, and at the end build the font of those codes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from threading import local
from typing import Final, NamedTuple

from dgdesk.printing.fontfile import font_file, paths
from dgdesk.printing.shaping import Cluster, Shaper
from dgdesk.resources import resource

_THREADS: Final = local()
_FULL: Final = 60_000  # glyphs of one TrueType file; 65,535 is its limit, and base glyphs need numbers too


def _shaper(path: Path) -> Shaper:
    """The shaper of one of the program's fonts; each thread that prints has its own."""
    known: dict[Path, Shaper] = _THREADS.__dict__.setdefault("shapers", {})
    if path not in known:
        known[path] = Shaper(path.read_bytes())
    return known[path]


class Encoded(NamedTuple):
    """Text ready to be drawn: (number of the font file, codes as hexadecimal digits) and the width in ems."""

    codes: tuple[tuple[int, str], ...]
    width: float


class Typeface:
    """One weight in one document: every different cluster becomes one glyph with its own code.

    Measuring and drawing ask for the same texts many times, so results are cached.
    """

    def __init__(self, name: str, path: Path, missing: Counter[str]) -> None:
        self.name = name
        self._shaper = _shaper(path)
        self._missing = missing
        self._numbers: dict[Cluster, tuple[int, str]] = {}  # the number of the font file, and the code in it
        self._encoded: dict[str, Encoded] = {}
        self._outlines: dict[str, tuple[str, float]] = {}
        head, metrics = self._shaper.font["head"], self._shaper.font["OS/2"]
        self.em: int = head.unitsPerEm
        self.box: tuple[int, int, int, int] = (head.xMin, head.yMin, head.xMax, head.yMax)
        self.ascent: int = metrics.sTypoAscender
        self.descent: int = metrics.sTypoDescender
        self.cap_height: int = metrics.sCapHeight
        self.weight: int = metrics.usWeightClass

    def encode(self, text: str) -> Encoded:
        """The codes of ``text`` and its width in ems. Characters without a glyph are counted as missing."""
        known = self._encoded.get(text)
        if known is None:
            known = self._encoded[text] = self._encode(self._shaper.clusters(text))
        return known

    def reader(self) -> Callable[[Encoded], str]:
        """Gives the characters that a reader of the PDF copies, for all that was encoded so far."""
        known = [cluster.source for cluster in self._numbers]

        def read(encoded: Encoded) -> str:
            return "".join(
                known[file * _FULL + int(digits[at : at + 4], 16) - 1]
                for file, digits in encoded.codes
                for at in range(0, len(digits), 4)
            )

        return read

    def clusters(self, text: str) -> list[str]:
        """``text`` cut into parts that must not be divided."""
        return [cluster.source if not cluster.missing else cluster.missing for cluster in self._shaper.clusters(text)]

    def outline(self, text: str) -> tuple[str, float]:
        """``text`` as path operators in font units, and its width in ems. Text drawn as paths cannot be copied."""
        known = self._outlines.get(text)
        if known is None:
            clusters = self._shaper.clusters(text)
            width = sum(cluster.advance for cluster in clusters) / self.em
            known = self._outlines[text] = (paths(self._shaper.font, clusters), width)
        return known

    def files(self) -> list[FontFile]:
        """The font files that hold every code given so far: one, or more if the text has over 60,000 clusters."""
        clusters = list(self._numbers)
        return [FontFile(self, clusters[at : at + _FULL]) for at in range(0, len(clusters), _FULL)]

    def build(self, clusters: list[Cluster]) -> bytes:
        """The TrueType file of some of the clusters."""
        return font_file(self._shaper.font, clusters)

    def _encode(self, clusters: Sequence[Cluster]) -> Encoded:
        codes = [self._numbers.get(cluster) or self._new_code(cluster) for cluster in clusters]
        for cluster in clusters:
            if cluster.missing:
                self._missing[cluster.missing] += 1
        by_file = groupby(codes, itemgetter(0))
        return Encoded(
            tuple([(file, "".join([digits for _, digits in some])) for file, some in by_file]),
            sum([cluster.advance for cluster in clusters]) / self.em,
        )

    def _new_code(self, cluster: Cluster) -> tuple[int, str]:
        file, code = divmod(len(self._numbers), _FULL)
        known = self._numbers[cluster] = (file, f"{code + 1:04X}")
        return known


class FontFile:
    """One font of the PDF: the glyphs of up to 60,000 clusters."""

    def __init__(self, face: Typeface, clusters: list[Cluster]) -> None:
        self.face = face
        self.clusters = clusters
        self.data = face.build(clusters)

    @property
    def name(self) -> str:
        """The PostScript name with the six letters of a subset (ISO 32000-1, 9.6.4), taken from the content."""
        digest = sha256(self.data).digest()
        return "".join(chr(65 + byte % 26) for byte in digest[:6]) + "+" + self.face.name

    @property
    def widths(self) -> list[int]:
        """Widths in thousandths of the em, from code 1 on."""
        return [round(cluster.advance * 1000 / self.face.em) for cluster in self.clusters]

    def to_unicode(self) -> str:
        """The CMap that gives the characters back (ISO 32000-1, 9.10.3)."""
        rows = [
            f"<{code:04X}> <{cluster.source.encode('utf-16-be').hex().upper()}>"
            for code, cluster in enumerate(self.clusters, start=1)
        ]
        lines = [
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
            "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
            "1 begincodespacerange <0000> <FFFF> endcodespacerange",
        ]
        for at in range(0, len(rows), 100):  # more than a hundred in a block is not allowed
            block = rows[at : at + 100]
            lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
        return "\n".join([*lines, "endcmap CMapName currentdict /CMap defineresource pop end end"])


class Fonts:
    """The two weights of one document, and what it could not print."""

    def __init__(self, find: Callable[[str], Path] = resource) -> None:
        self._missing: Counter[str] = Counter()
        self.regular = Typeface("Sarabun-Regular", find("fonts/Sarabun-Regular.ttf"), self._missing)
        self.bold = Typeface("Sarabun-SemiBold", find("fonts/Sarabun-SemiBold.ttf"), self._missing)

    def face(self, bold: bool) -> Typeface:
        """The typeface of a weight."""
        return self.bold if bold else self.regular

    @property
    def missing(self) -> Mapping[str, int]:
        """Characters shown by a frame with their code, in order of appearance. Each text counts once."""
        return dict(self._missing)
