"""Builds the font file of one document: one glyph for each printed cluster, nothing else.

A TrueType file for a CIDFontType2 font needs only outlines and metrics: no cmap, no layout tables, no names (ISO
32000-1, 9.9, table 126). Glyph numbers are the codes in the text, so the PDF maps them by /Identity.

The composite glyphs, of which a print has thousands, and the figures of all glyphs are written here; fontTools would
work them out again from every point.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from copy import deepcopy
from struct import Struct, pack, unpack_from
from typing import Any, Final, NamedTuple

from fontTools.misc.roundTools import otRound
from fontTools.pens.basePen import BasePen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables._g_l_y_f import Glyph
from fontTools.ttLib.tables.ttProgram import Program

from dgdesk.printing.shapes import FRAME, MARKS, frame, mark
from dgdesk.printing.shaping import Cluster, TextPart

NOTDEF: Final = ".notdef"
_WORDS, _XY, _GRID, _SCALE, _MORE = 0x0001, 0x0002, 0x0004, 0x0008, 0x0020  # flags of a component
_LSB_IS_X_MIN: Final = 0x0002  # of the head table
_ONE: Final = 1 << 14  # in 2.14 fixed point
_HEAD: Final = Struct(">5h")
_X_SHORT, _Y_SHORT, _REPEATED, _X_SAME, _Y_SAME = 0x02, 0x04, 0x08, 0x10, 0x20  # flags of a point

_Box = tuple[int, int, int, int]
"""Left, bottom, right, top."""


class _Outline(NamedTuple):
    """A glyph as it is written; empty if it draws nothing."""

    data: bytes = b""
    box: _Box = (0, 0, 0, 0)
    points: int = 0
    contours: int = 0
    components: int = 0


def font_file(source: TTFont, clusters: Sequence[Cluster]) -> bytes:
    """A TrueType file whose glyph ``n + 1`` is ``clusters[n]``; glyph 0 is empty. Same input, same bytes."""
    bases = _Bases(source["glyf"], first=len(clusters) + 1)
    made = [_Outline(), *(_composite(cluster.parts, bases) for cluster in clusters)]
    widths = [0, *(cluster.advance for cluster in clusters)]
    return _file(source, [*made, *bases.outlines], widths + [0] * len(bases.outlines))


def paths(source: TTFont, clusters: Sequence[Cluster]) -> str:
    """The outlines of ``clusters``, one after the other, as path operators of a PDF in font units."""
    glyphs = source.getGlyphSet()
    pen = _PathPen(glyphs)
    x = 0
    for cluster in clusters:
        for part in cluster.parts:
            if part.glyph in glyphs:
                glyphs[part.glyph].draw(TransformPen(pen, (part.scale, 0, 0, part.scale, x + part.x, part.y)))
        x += cluster.advance
    return " ".join(pen.operators)


class _PathPen(BasePen):  # type: ignore[misc]  # fontTools ships no types
    """Turns what is drawn with it into path operators; fontTools passes quadratic curves as cubic ones."""

    def __init__(self, glyphs: Any) -> None:
        super().__init__(glyphs)
        self.operators: list[str] = []

    def _moveTo(self, pt: tuple[float, float]) -> None:
        self._write("m", pt)

    def _lineTo(self, pt: tuple[float, float]) -> None:
        self._write("l", pt)

    def _curveToOne(self, pt1: tuple[float, float], pt2: tuple[float, float], pt3: tuple[float, float]) -> None:
        self._write("c", pt1, pt2, pt3)

    def _closePath(self) -> None:
        self._write("h")

    def _write(self, operator: str, *points: tuple[float, float]) -> None:
        self.operators += [f"{x:.1f} {y:.1f}" for x, y in points]
        self.operators.append(operator)


class _Bases:
    """The simple glyphs of which the others consist, each made on first use; the number of the first is ``first``."""

    def __init__(self, outlines: Any, first: int) -> None:
        self._source, self._first = outlines, first
        self._numbers: dict[str, int | None] = {}
        self.outlines: list[_Outline] = []

    def find(self, name: str) -> tuple[int, _Outline] | None:
        """The number and the outline of a part; None if it is empty."""
        if name not in self._numbers:
            outline = self._outline(name)
            self._numbers[name] = len(self.outlines) if outline.data else None
            if outline.data:
                self.outlines.append(outline)
        at = self._numbers[name]
        return None if at is None else (self._first + at, self.outlines[at])

    def _outline(self, name: str) -> _Outline:
        if name in MARKS:
            return _simple(mark(name), self._source)
        if name.startswith(FRAME) and name not in self._source.glyphs:
            return _simple(frame(float(name.removeprefix(FRAME))), self._source)
        copied = _copied(getattr(self._source.glyphs[name], "data", b""))
        if copied is not None:
            return copied
        glyph = _flat(name, self._source)
        return _Outline() if glyph is None else _simple(glyph, self._source)


def _simple(glyph: Glyph, table: Any) -> _Outline:
    data = glyph.compile(table, recalcBBoxes=True)
    box = (glyph.xMin, glyph.yMin, glyph.xMax, glyph.yMax)
    return _Outline(data, box, len(glyph.coordinates), glyph.numberOfContours)


def _copied(data: bytes) -> _Outline | None:
    """A simple glyph that fontTools has not read yet, byte for byte without its instructions; None for any other.

    Source: OpenType, the ``glyf`` table: https://learn.microsoft.com/typography/opentype/spec/glyf
    """
    if len(data) < _HEAD.size:
        return None
    contours, *box = _HEAD.unpack_from(data)
    if contours <= 0:
        return None
    ends = _HEAD.size + 2 * contours
    last, instructions = unpack_from(">2H", data, ends - 2)
    at = flags = ends + 2 + instructions
    left, coordinates = last + 1, 0
    while left:  # the file says nowhere how long the glyph is, and fills it up with zeros
        flag = data[at]
        times = 1 + (data[at + 1] if flag & _REPEATED else 0)
        at += 2 if flag & _REPEATED else 1
        x = 1 if flag & _X_SHORT else 0 if flag & _X_SAME else 2
        y = 1 if flag & _Y_SHORT else 0 if flag & _Y_SAME else 2
        coordinates += times * (x + y)
        left -= times
    content = data[:ends] + b"\x00\x00" + data[flags : at + coordinates]
    return _Outline(content, (box[0], box[1], box[2], box[3]), last + 1, contours)


def _composite(parts: Sequence[TextPart], bases: _Bases) -> _Outline:
    drawn = [(part, *found) for part in parts if (found := bases.find(part.glyph)) is not None]
    if not drawn:
        return _Outline()
    boxes = [_moved(part, base.box) for part, _, base in drawn]
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    box = (min(lefts), min(bottoms), max(rights), max(tops))
    last = len(drawn) - 1
    written = [_component(part, number, more=at < last) for at, (part, number, _) in enumerate(drawn)]
    return _Outline(
        b"".join([pack(">5h", -1, *box), *written]),
        box,
        sum(base.points for _, _, base in drawn),
        sum(base.contours for _, _, base in drawn),
        len(drawn),
    )


def _moved(part: TextPart, box: _Box) -> _Box:
    left, bottom, right, top = box
    if part.scale == 1.0:
        return left + part.x, bottom + part.y, right + part.x, top + part.y
    return (
        otRound(left * part.scale + part.x),
        otRound(bottom * part.scale + part.y),
        otRound(right * part.scale + part.x),
        otRound(top * part.scale + part.y),
    )


def _component(part: TextPart, number: int, *, more: bool) -> bytes:
    small = -128 <= part.x <= 127 and -128 <= part.y <= 127
    flags = _XY | _GRID | (0 if small else _WORDS) | (_MORE if more else 0)
    place = pack(">2b" if small else ">2h", part.x, part.y)
    if part.scale == 1.0:
        return pack(">2H", flags, number) + place
    return pack(">2H", flags | _SCALE, number) + place + pack(">h", otRound(part.scale * _ONE))


def _flat(name: str, outlines: Any) -> Glyph | None:
    """A copy of a glyph without instructions, its own components resolved."""
    original = outlines[name]
    if original.numberOfContours == 0:
        return None
    coordinates, ends, flags = original.getCoordinates(outlines)
    glyph = Glyph()
    glyph.numberOfContours = len(ends)
    glyph.coordinates, glyph.endPtsOfContours, glyph.flags = coordinates.copy(), list(ends), flags
    glyph.coordinates.toInt()
    glyph.program = Program()
    glyph.program.fromBytecode(b"")
    return glyph


def _file(source: TTFont, outlines: Sequence[_Outline], widths: Sequence[int]) -> bytes:
    font = TTFont(sfntVersion="\x00\x01\x00\x00", recalcBBoxes=False, recalcTimestamp=False)
    order = [NOTDEF, *(f"g{number}" for number in range(1, len(outlines)))]
    font.setGlyphOrder(order)
    for tag in ("head", "hhea", "maxp"):
        font[tag] = deepcopy(source[tag])  # changed below
    font["loca"] = newTable("loca")
    table = font["glyf"] = newTable("glyf")
    table.glyphs = {name: Glyph(one.data) for name, one in zip(order, outlines, strict=True)}
    table.glyphOrder = order
    metrics = font["hmtx"] = newTable("hmtx")
    lefts = (one.box[0] for one in outlines)
    metrics.metrics = dict(zip(order, zip(widths, lefts, strict=True), strict=True))
    _set_figures(font, outlines, widths)
    stream = io.BytesIO()
    font.save(stream, reorderTables=False)
    return stream.getvalue()


def _set_figures(font: TTFont, outlines: Sequence[_Outline], widths: Sequence[int]) -> None:
    """Set the greatest and least values of the glyphs in ``head``, ``hhea`` and ``maxp``."""
    drawn = [(one, width) for one, width in zip(outlines, widths, strict=True) if one.data]
    head, horizontal, most = font["head"], font["hhea"], font["maxp"]
    boxes = [one.box for one, _ in drawn] or [(0, 0, 0, 0)]
    head.xMin, head.yMin = min(box[0] for box in boxes), min(box[1] for box in boxes)
    head.xMax, head.yMax = max(box[2] for box in boxes), max(box[3] for box in boxes)
    head.flags |= _LSB_IS_X_MIN
    horizontal.advanceWidthMax = max(widths)
    horizontal.minLeftSideBearing, horizontal.xMaxExtent = head.xMin, head.xMax
    horizontal.minRightSideBearing = min((width - one.box[2] for one, width in drawn), default=0)
    simple = [one for one, _ in drawn if not one.components]
    composite = [one for one, _ in drawn if one.components]
    most.numGlyphs = len(outlines)
    most.maxPoints = max((one.points for one in simple), default=0)
    most.maxContours = max((one.contours for one in simple), default=0)
    most.maxCompositePoints = max((one.points for one in composite), default=0)
    most.maxCompositeContours = max((one.contours for one in composite), default=0)
    most.maxComponentElements = max((one.components for one in composite), default=0)
    most.maxComponentDepth = 1 if composite else 0
