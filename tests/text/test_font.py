"""The bundled typeface draws nothing for U+200B, and the tool that makes it so does nothing else."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import uharfbuzz as hb
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from dgdesk.resources import resource
from dgdesk.text.clusters import CONSONANTS, FOLLOWING, LEADING, MARKS

BUILD = Path(__file__).parents[2] / "build"
FACES = ("Sarabun-Regular", "Sarabun-SemiBold", "Sarabun-Bold")
ZWSP = 0x200B


def tool(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, BUILD / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def small_font(tmp_path: Path) -> Path:
    """A font of two glyphs, with a date and a version."""
    pen = TTGlyphPen(None)
    for step, point in ((pen.moveTo, (0, 0)), (pen.lineTo, (0, 500)), (pen.lineTo, (400, 0))):
        step(point)
    pen.closePath()
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "A"])
    builder.setupCharacterMap({ord("A"): "A"})
    builder.setupGlyf({".notdef": TTGlyphPen(None).glyph(), "A": pen.glyph()})
    builder.setupHorizontalMetrics({".notdef": (500, 0), "A": (450, 0)})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Klein", "version": "Version 1.000"})
    builder.setupOS2()
    builder.setupPost()
    builder.updateHead(created=3_600_000_000, modified=3_600_000_000)
    path = tmp_path / "small.ttf"
    builder.save(path)
    return path


@pytest.mark.parametrize("face", FACES)
def test_zero_width_space_is_an_empty_glyph_without_advance(face: str) -> None:
    with TTFont(resource(f"fonts/{face}.ttf")) as font:
        name = font.getBestCmap()[ZWSP]
        assert font["hmtx"][name] == (0, 0)
        assert font["glyf"][name].numberOfContours == 0
        assert all(ZWSP in table.cmap for table in font["cmap"].tables if table.isUnicode())


@pytest.mark.parametrize("face", FACES)
def test_the_face_has_all_thai_letters_and_says_what_was_done_to_it(face: str) -> None:
    with TTFont(resource(f"fonts/{face}.ttf")) as font:
        wanted = CONSONANTS + FOLLOWING + LEADING + MARKS + "ๆฯ๐๑๒๓๔๕๖๗๘๙–“”"
        assert {char for char in wanted if ord(char) not in font.getBestCmap()} == set()
        assert font["name"].getDebugName(5).endswith("; dgdesk: empty U+200B added, taller lines")
        assert "Open Font License" in font["name"].getDebugName(13)
        assert font["name"].getBestFamilyName() == "Sarabun"


@pytest.mark.parametrize("face", FACES)
def test_lines_have_room_for_every_stack_of_marks(face: str) -> None:
    """Widgets cut off what is drawn outside the line: ที่ without its tone is another word."""
    path = resource(f"fonts/{face}.ttf")
    with TTFont(path) as font:
        up, down = font["hhea"].ascent, -font["hhea"].descent
        assert (font["OS/2"].sTypoAscender, -font["OS/2"].sTypoDescender) == (up, down)
        order, outlines = font.getGlyphOrder(), font["glyf"]
        shaper = hb.Font(hb.Face(hb.Blob.from_file_path(str(path))))
        for consonant in CONSONANTS:
            for vowel in ("", *"\u0e31\u0e34\u0e35\u0e36\u0e37\u0e38\u0e39"):
                for tone in ("", *"\u0e48\u0e49\u0e4a\u0e4b\u0e4c"):
                    if consonant in "ฎฏฤฦ" and vowel in ("\u0e38", "\u0e39"):
                        continue  # below two storeys: no word of everyday Thai has them
                    for low, high in ink(shaper, consonant + vowel + tone, order, outlines):
                        assert -down <= low and high <= up, consonant + vowel + tone


def ink(shaper: hb.Font, text: str, order: list[str], outlines: Any) -> Iterator[tuple[int, int]]:
    """Yield the lowest and highest point of each glyph's outline, as HarfBuzz places it."""
    run = hb.Buffer()
    run.add_str(text)
    run.guess_segment_properties()
    hb.shape(shaper, run)
    for info, place in zip(run.glyph_infos, run.glyph_positions, strict=True):
        outline = outlines[order[info.codepoint]]
        if outline.numberOfContours:
            yield outline.yMin + place.y_offset, outline.yMax + place.y_offset


def test_the_licence_lies_beside_the_fonts_and_reserves_no_name() -> None:
    text = resource("fonts/OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in text
    assert "with Reserved Font Name" not in text
    assert "U+200B" in resource("fonts/README.txt").read_text(encoding="utf-8")


def test_the_tool_gives_the_same_bytes_each_time_and_leaves_a_finished_font_alone(
    small_font: Path, tmp_path: Path
) -> None:
    make = tool("thai_font").main
    for target in ("one.ttf", "two.ttf"):
        make(str(small_font), str(tmp_path / target))
    make(str(tmp_path / "one.ttf"), str(tmp_path / "again.ttf"))
    made = (tmp_path / "one.ttf").read_bytes()
    assert made == (tmp_path / "two.ttf").read_bytes() == (tmp_path / "again.ttf").read_bytes()
    assert made != small_font.read_bytes()
    assert not list(tmp_path.glob("*.part"))


def test_the_tool_adds_one_glyph_room_and_a_remark_and_nothing_else(small_font: Path, tmp_path: Path) -> None:
    tool("thai_font").main(str(small_font), str(tmp_path / "new.ttf"))
    with TTFont(small_font) as old, TTFont(tmp_path / "new.ttf") as new:
        assert new.getGlyphOrder() == [*old.getGlyphOrder(), "uni200B"]
        assert new["hmtx"]["uni200B"] == (0, 0)
        for table, fields in {
            "head": ("created", "modified", "xMin", "yMin", "xMax", "yMax", "unitsPerEm"),
            "hhea": ("lineGap", "advanceWidthMax"),
            "OS/2": ("sTypoLineGap", "usWeightClass", "xAvgCharWidth"),
        }.items():
            assert [getattr(new[table], field) for field in fields] == [getattr(old[table], field) for field in fields]
        assert (new["hhea"].ascent, new["hhea"].descent) == (1300, -360)
        assert new["glyf"]["A"] == old["glyf"]["A"]
        assert new["name"].getDebugName(1) == "Klein"
