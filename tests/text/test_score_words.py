"""The three figures of a score have the same words in the catalogue, the guide, and one line for every place."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dgdesk.resources import resource
from dgdesk.text.messages import Language, load_catalogue
from dgdesk.text.score_words import figures_line

NAMES = ("score.defensible", "score.claimed", "score.range")


def test_the_three_figures_stand_in_one_line() -> None:
    line = figures_line(load_catalogue("th").text, Decimal("1.50"), Decimal("2.25"), Decimal("98.50"))
    assert line == "มีหลักฐานแล้ว 1.50 · ตามคำตอบ 2.25 · ช่วงคะแนนที่เป็นไปได้ ตั้งแต่ 1.50 ถึง 98.50"
    english = figures_line(load_catalogue("en").text, 1, 2, 3)
    assert english == "With evidence 1 · As answered 2 · Possible range from 1 to 3"


@pytest.mark.parametrize("language", ["th", "en"])
def test_the_guide_and_the_explanation_use_the_same_names(language: Language) -> None:
    catalogue = load_catalogue(language)
    guide = resource(f"help/{language}.html").read_text(encoding="utf-8")
    for name in map(catalogue.text, NAMES):
        assert f"<b>{name}</b>" in guide
        assert f"“{name}”" in catalogue.text("score.meaning")
    assert catalogue.text("score.meaning") in catalogue.text("ui.what.score", meaning=catalogue.text("score.meaning"))


def test_no_other_words_are_left_for_the_range() -> None:
    for language in ("th", "en"):
        for code, words in load_catalogue().messages.items():
            told = words[language]
            assert "คะแนนสูงสุดที่ยังเป็นไปได้" not in told and "claimed by the answers" not in told, code
