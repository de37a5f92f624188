"""The font file of a document: what is written here without fontTools is what fontTools works out from every point."""

from __future__ import annotations

import io
from functools import cache

from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from dgdesk.printing.fontfile import font_file
from dgdesk.printing.shaping import Cluster, Shaper
from dgdesk.resources import resource

TEXTS = st.text(st.sampled_from("กขนปฝฟฬญฐำะาิีึืุูเแโใไ็่้๊๋์ํ๎๏๙ 0aBgÉƠ%☑☐()–“”") | st.characters(codec="utf-8"), max_size=30)
FIGURES = {
    "head": ("xMin", "yMin", "xMax", "yMax", "flags"),
    "hhea": ("advanceWidthMax", "minLeftSideBearing", "minRightSideBearing", "xMaxExtent", "numberOfHMetrics"),
    "maxp": (
        *("numGlyphs", "maxPoints", "maxContours", "maxCompositePoints", "maxCompositeContours"),
        *("maxComponentElements", "maxComponentDepth"),
    ),
}


@cache
def shaper(name: str) -> Shaper:
    return Shaper(resource(f"fonts/{name}.ttf").read_bytes())


@given(text=TEXTS, name=st.sampled_from(["Sarabun-Regular", "Sarabun-SemiBold"]))
def test_bounds_and_figures_are_those_that_fonttools_computes(text: str, name: str) -> None:
    clusters: list[Cluster] = list(dict.fromkeys(shaper(name).clusters(text)))
    data = font_file(shaper(name).font, clusters)
    written, computed = read(data), read(resaved(data))
    for table, fields in FIGURES.items():
        for field in fields:
            assert getattr(written[table], field) == getattr(computed[table], field), field
    assert written["hmtx"].metrics == computed["hmtx"].metrics
    for glyph in written.getGlyphOrder():
        one, other = written["glyf"][glyph], computed["glyf"][glyph]
        assert one.numberOfContours == other.numberOfContours
        if one.numberOfContours:
            assert (one.xMin, one.yMin, one.xMax, one.yMax) == (other.xMin, other.yMin, other.xMax, other.yMax)
            assert one.getCoordinates(written["glyf"]) == other.getCoordinates(computed["glyf"])


@given(text=TEXTS)
def test_a_glyph_looks_as_in_the_source_whatever_was_written_before(text: str) -> None:
    """Glyphs that fontTools has read already are written by it, the others copied; neither makes a difference."""
    new = Shaper(resource("fonts/Sarabun-Regular.ttf").read_bytes())
    clusters = list(dict.fromkeys(new.clusters(text)))
    first = read(font_file(new.font, clusters))
    for glyph in new.font.getGlyphOrder():
        new.font["glyf"][glyph]
    second = read(font_file(new.font, clusters))
    for glyph in first.getGlyphOrder():
        same = first["glyf"][glyph].getCoordinates(first["glyf"])
        assert same == second["glyf"][glyph].getCoordinates(second["glyf"])


def read(data: bytes) -> TTFont:
    font = TTFont(io.BytesIO(data), recalcTimestamp=False)
    for glyph in font.getGlyphOrder():
        font["glyf"][glyph]
    return font


def resaved(data: bytes) -> bytes:
    """The same font, every figure of it computed by fontTools."""
    stream = io.BytesIO()
    read(data).save(stream)
    return stream.getvalue()
