"""No mark touches a neighbouring line: what Thai puts above and below its letters stays within the line's height."""

from __future__ import annotations

import re

import pytest

from dgdesk.printing.fonts import Fonts
from dgdesk.printing.lines import LineBreaker
from dgdesk.printing.paragraph import Paragraph
from dgdesk.printing.shaping import Shaper
from dgdesk.printing.style import ParagraphStyle
from dgdesk.resources import resource
from dgdesk.text.breaks import thai_breaker
from dgdesk.text.clusters import CONSONANTS, FINAL_SIGNS, VOWEL_SIGNS, broken

LETTERS = [one + vowel + sign for one in CONSONANTS for vowel in ("", *VOWEL_SIGNS) for sign in ("", *FINAL_SIGNS)]
CORRECT = [text for text in LETTERS if not broken(text)]
PILES = ["ก" + "ุ" * 5, "ป" + "้" * 4, "กีีี้้้", "งิ้ำ", "ปูุูุ", "่่่", "ุุุ", "มีั", "วุู", "ก" + "ู" * 30, "ก" + "๋" * 30]
RARE = re.compile("[ฎฏฤฦ][ฺุู]|็.|.๎")  # lower or higher than all others; few words have them: กระฎุมพี
COMMON = [text for text in CORRECT if not RARE.search(text)]


def reach(name: str, texts: list[str]) -> tuple[int, int]:
    """How far the glyphs of texts reach above and below the baseline, in thousandths of the size."""
    shaper = Shaper(resource(f"fonts/{name}.ttf").read_bytes())
    glyphs = shaper.font["glyf"]
    placed = [(glyphs[part.glyph], part.y) for text in texts for one in shaper.clusters(text) for part in one.parts]
    inked = [(glyph, y) for glyph, y in placed if glyph.numberOfContours]
    return max(glyph.yMax + y for glyph, y in inked), -min(glyph.yMin + y for glyph, y in inked)


@pytest.mark.parametrize(("name", "bold"), [("Sarabun-Regular", False), ("Sarabun-SemiBold", True)])
def test_marks_fit_between_two_lines(name: str, bold: bool) -> None:
    above, below = reach(name, COMMON)
    high, low = reach(name, PILES)
    assert max(above, high) + max(below, low) <= ParagraphStyle(1000, bold).line_height


@pytest.mark.parametrize("word", ["กระฎุมพี", "ฤู", "เป็่น", "ปี๎"])
@pytest.mark.parametrize(("name", "bold"), [("Sarabun-Regular", False), ("Sarabun-SemiBold", True)])
def test_lines_with_tall_stacks_are_higher(name: str, bold: bool, word: str) -> None:
    setter = LineBreaker(Fonts(), thai_breaker())
    style = ParagraphStyle(1000, bold)
    (above, below), own = reach(name, COMMON), reach(name, [word])
    assert max(above, own[0]) + max(below, own[1]) <= Paragraph(setter, word, style).line_height
    assert Paragraph(setter, "กฎหมายเป็นที่ตั้ง", style).line_height == style.line_height


def test_piles_are_moved_and_correct_thai_is_not() -> None:
    for name in ("Sarabun-Regular", "Sarabun-SemiBold"):
        above, below = reach(name, COMMON)
        high, low = reach(name, PILES)
        assert high <= above + 10 and low <= below + 10
