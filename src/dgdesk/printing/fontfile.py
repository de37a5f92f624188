"""Builds the font file of one document: one glyph for each printed cluster, nothing else.

A TrueType file for a CIDFontType2 font needs only outlines and metrics: no cmap, no layout tables, no names (ISO
32000-1, 9.9, table 126). Glyph numbers are the codes in the text, so the PDF maps them by /Identity.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from copy import deepcopy
from typing import Any, Final

from fontTools.pens.basePen import BasePen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables._g_l_y_f import Glyph, GlyphComponent
from fontTools.ttLib.tables.ttProgram import Program

from dgdesk.printing.shapes import FRAME, MARKS, frame, mark
from dgdesk.printing.shaping import Cluster, TextPart

NOTDEF: Final = ".notdef"
_ARGS_ARE_XY: Final = 0x0002 | 0x0004  # ARGS_ARE_XY_VALUES, ROUND_XY_TO_GRID


def font_file(source: TTFont, clusters: Sequence[Cluster]) -> bytes:
    """A TrueType file whose glyph ``n + 1`` is ``clusters[n]``; glyph 0 is empty. Same input, same bytes."""
    outlines = source["glyf"]
    made: dict[str, Glyph] = {NOTDEF: Glyph()}
    widths: dict[str, int] = {NOTDEF: 0}
    bases: dict[str, Glyph] = {}
    for number, cluster in enumerate(clusters, start=1):
        made[f"c{number}"] = _glyph(cluster.parts, outlines, bases)
        widths[f"c{number}"] = cluster.advance
    for name, glyph in bases.items():
        made[name] = glyph
        widths[name] = 0
    return _file(source, made, widths)


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


def _glyph(parts: tuple[TextPart, ...], outlines: Any, bases: dict[str, Glyph]) -> Glyph:
    drawn = [part for part in parts if _base(part.glyph, outlines, bases) is not None]
    if not drawn:
        return Glyph()
    composite = Glyph()
    composite.numberOfContours = -1
    composite.components = []
    for part in drawn:
        component = GlyphComponent()
        component.glyphName = f"b.{part.glyph}"
        component.x, component.y = part.x, part.y
        component.flags = _ARGS_ARE_XY
        if part.scale != 1.0:
            component.transform = [[part.scale, 0], [0, part.scale]]
        composite.components.append(component)
    return composite


def _base(name: str, outlines: Any, bases: dict[str, Glyph]) -> Glyph | None:
    """The simple glyph of a part, made on first use; None if the glyph is empty."""
    key = f"b.{name}"
    if key not in bases:
        if name in MARKS:
            bases[key] = mark(name)
        elif name.startswith(FRAME) and name not in outlines.glyphs:
            bases[key] = frame(float(name.removeprefix(FRAME)))
        else:
            glyph = _flat(name, outlines)
            if glyph is None:
                return None
            bases[key] = glyph
    return bases[key]


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


def _file(source: TTFont, glyphs: dict[str, Glyph], widths: dict[str, int]) -> bytes:
    font = TTFont(sfntVersion="\x00\x01\x00\x00", recalcTimestamp=False)
    order = list(glyphs)
    font.setGlyphOrder(order)
    for tag in ("head", "hhea", "maxp"):
        font[tag] = deepcopy(source[tag])  # saving changes them
    font["loca"] = newTable("loca")
    table = font["glyf"] = newTable("glyf")
    table.glyphs, table.glyphOrder = glyphs, order
    metrics = font["hmtx"] = newTable("hmtx")
    metrics.metrics = {}
    for name, glyph in glyphs.items():
        glyph.recalcBounds(table)
        metrics.metrics[name] = (widths[name], getattr(glyph, "xMin", 0))
    font["maxp"].numGlyphs = len(order)
    stream = io.BytesIO()
    font.save(stream, reorderTables=False)
    return stream.getvalue()
