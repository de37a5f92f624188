"""The trial's Windows has Thai letters for its title bars, and not by the program's own name."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from windows.screen import PROGRAM_FONT, TRIAL_FONT, described_font, renamed_font

FONTS = sorted((Path(__file__).parents[2] / "resources" / "fonts").glob("*.ttf"))


@pytest.mark.parametrize("path", FONTS, ids=lambda path: path.stem)
def test_a_font_has_another_name_and_the_same_letters(path: Path) -> None:
    content = path.read_bytes()
    before, after = TTFont(io.BytesIO(content)), TTFont(io.BytesIO(renamed_font(content)))
    assert after["name"].getDebugName(1).startswith(TRIAL_FONT)
    assert not any(PROGRAM_FONT in str(one) for one in after["name"].names if one.nameID in (1, 4, 6, 16))
    assert after.getBestCmap() == before.getBestCmap() and after.getBestCmap()[0x0E01]


def test_windows_is_told_of_a_font_in_its_own_form() -> None:
    told = described_font(TRIAL_FONT)
    assert len(told) == 92 and told[28:].decode("utf-16-le").rstrip("\0") == TRIAL_FONT
