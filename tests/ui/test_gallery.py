"""Everything the window shows is whole in the looks that are hardest: the largest text, and scaling.

`docs/make_screenshots.py` walks through all the looks.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from ui.gallery import LOOKS
from ui.one_look import show

ALWAYS = ("large200-1024", "scale250")
BESIDE = ("english-large200-1024", "large150-1366", "contrast-1024", "scale150")
"""Ten seconds each: in `dev.py journey`, which CI runs too."""


# The child has a limit of its own, and says so; the test's must not come first.
@pytest.mark.timeout(400)
@pytest.mark.parametrize("name", [*ALWAYS, *(pytest.param(name, marks=pytest.mark.journey) for name in BESIDE)])
def test_every_text_is_whole(name: str, full_draft: Path, tmp_path: Path) -> None:
    found = show(LOOKS[name], full_draft, tmp_path)
    assert list(found.lines()) == []
    assert found.shown > 50


def test_there_is_a_look_for_every_theme_size_and_scaling() -> None:
    looks = LOOKS.values()
    assert {look.theme for look in looks} == {"light", "dark", "contrast"}
    assert {look.scale for look in looks} == {1.0, 1.25, 1.5, 2.0, 2.5}
    assert {look.percent for look in looks} >= {100, 150, 200} and {look.language for look in looks} == {"th", "en"}
    for theme in ("light", "dark", "contrast"):
        sizes = {(look.width, look.height) for look in looks if look.theme == theme}
        assert sizes >= {(1366, 768), (1024, 700)}
