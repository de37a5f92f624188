"""Where the lines of the survey's prints end, counted on the text before it was broken, by PyThaiNLP's pieces."""

from __future__ import annotations

from functools import cache

import pytest

from printing.line_ends import LineEnds, count_line_ends, drawn_paragraphs
from printing.survey.demo import CHOICES, demo_source, print_demo


@cache
def counted(name: str) -> LineEnds:
    with drawn_paragraphs() as drawn:
        print_demo(demo_source(), name)
    return count_line_ends(drawn)


@pytest.mark.parametrize("name", CHOICES)
def test_no_line_ends_inside_a_word(name: str) -> None:
    found = counted(name)
    assert found.between_letters > 150, "the print was read"
    assert found.places.get("torn", {}) == {}


def test_three_of_a_hundred_line_ends_at_most_are_inside_a_compound() -> None:
    found = counted("final") + counted("large") + counted("blank")
    assert found.count["inside"] <= 0.03 * found.between_letters, found.places["inside"]


@pytest.mark.parametrize("name", CHOICES)
def test_no_line_ends_after_a_prefix_that_stands_alone(name: str) -> None:
    assert counted(name).places.get("bare", {}) == {}
