"""Gives a font an empty glyph for U+200B, so that a zero width space costs neither a fallback font nor line height.

    python build/font_zwsp.py INPUT.ttf OUTPUT.ttf

Deterministic: the same input gives the same bytes, and a font that has the glyph comes out as it went in. Names are
kept: Sarabun's licence (OFL 1.1) reserves none. The version string says what was done.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph

ZERO_WIDTH_SPACE = 0x200B
GLYPH = "uni200B"
REMARK = "; dgdesk: empty U+200B added"


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
    if add_zero_width_space(font):
        font.save(part, reorderTables=False)
    else:
        part.write_bytes(Path(source).read_bytes())
    part.replace(target)


if __name__ == "__main__":
    main(*sys.argv[1:])
