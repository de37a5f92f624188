"""Prepares a Thai font for the window: an empty glyph for U+200B, and lines with space for stacked marks.

    python build/thai_font.py INPUT.ttf OUTPUT.ttf

Without the glyph a zero width space costs a fallback font and a taller line. Without the space the tone of ที่ and ปี้ is
drawn above the line's box, and every widget cuts it off: Sarabun's line reaches 1.068 em up, its tones 1.289 em.
Deterministic: the same input gives the same bytes, and a font that is prepared comes out as it went in. Names are kept:
Sarabun's licence (OFL 1.1) reserves none. The version string says what was done.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph

ZERO_WIDTH_SPACE = 0x200B
GLYPH = "uni200B"
REMARK = "; dgdesk: empty U+200B added, taller lines"
# In em: what the ink of all words of a Thai dictionary needs (ผึ้ reaches 1.289 up, ภุ 0.353 down, in the bold face;
# only ฎุ and ฏุ reach further down).
ASCENT, DESCENT = 1.30, 0.36


def add_zero_width_space(font: TTFont) -> bool:
    """Add the glyph where it is missing; says whether ``font`` changed.

    Raises:
        ValueError: the font has an own glyph of that name, or no TrueType outlines.
    """
    if ZERO_WIDTH_SPACE in font.getBestCmap():
        return False
    if "glyf" not in font or GLYPH in font.getGlyphOrder():
        raise ValueError("not a font this tool knows")
    font["glyf"][GLYPH] = Glyph()  # also appends it to the glyph order
    font["hmtx"][GLYPH] = (0, 0)
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[ZERO_WIDTH_SPACE] = GLYPH
    return True


def make_room(font: TTFont) -> bool:
    """Give lines the space that Thai marks need; return whether ``font`` changed."""
    em = font["head"].unitsPerEm
    up, down = round(ASCENT * em), round(DESCENT * em)
    head, metrics = font["hhea"], font["OS/2"]
    # FreeType and macOS read hhea, DirectWrite the typographic values, GDI the last two.
    wanted = (
        (head, {"ascent": up, "descent": -down, "lineGap": 0}),
        (metrics, {"sTypoAscender": up, "sTypoDescender": -down, "sTypoLineGap": 0}),
        (metrics, {"usWinAscent": max(up, metrics.usWinAscent), "usWinDescent": max(down, metrics.usWinDescent)}),
    )
    changed = False
    for table, values in wanted:
        for name, value in values.items():
            changed |= getattr(table, name) != value
            setattr(table, name, value)
    return changed


def prepare(font: TTFont) -> bool:
    """Do both, and say so in the version string; says whether ``font`` changed."""
    # Both are done whatever the first one says.
    if not any([add_zero_width_space(font), make_room(font)]):
        return False
    for record in font["name"].names:
        if record.nameID == 5:
            record.string = record.toUnicode() + REMARK
    if "DSIG" in font:
        del font["DSIG"]  # it would no longer hold
    return True


def main(source: str, target: str) -> None:
    """Write ``target``, whole or not at all."""
    font = TTFont(source, recalcTimestamp=False, recalcBBoxes=False)
    part = Path(target + ".part")
    if prepare(font):
        font.save(part, reorderTables=False)
    else:
        part.write_bytes(Path(source).read_bytes())
    part.replace(target)


if __name__ == "__main__":
    main(*sys.argv[1:])
