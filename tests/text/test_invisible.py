"""What is never seen is dropped; what changes the order of letters is not."""

from __future__ import annotations

import pytest

from dgdesk.text.invisible import visible


@pytest.mark.parametrize(
    "text", ["☑\ufe0f", "☑\u200d", "\ufeff☑", "☑\u2060", "\u00ad☑\u200b", "☑\U000e0100", "\u200e☑\u200f"]
)
def test_joiners_and_selectors_are_dropped(text: str) -> None:
    assert visible(text) == "☑"


@pytest.mark.parametrize("text", ["", "abc", "น้ำ ๆ", "ก\u202eข", "ก\u2067ข\u2069", "ก\u0e4dา", "é", "ก\tข\n"])
def test_everything_else_stays(text: str) -> None:
    assert visible(text) == text
