"""Lines to write on: gaps share a line, units stay beside them, and any width holds them."""

from __future__ import annotations

import pytest

from dgdesk.printing.fonts import Fonts
from dgdesk.printing.lines import LineBreaker
from dgdesk.printing.pen import Pen
from dgdesk.printing.style import Colour, ParagraphStyle, TextRun
from dgdesk.printing.survey.writing import PITCH, Gap, Together, WriteIn, WritePart
from dgdesk.text.breaks import thai_breaker

STYLE = ParagraphStyle(10)
LABEL = (TextRun("มีจำนวนทั้งสิ้น "),)
UNIT = (TextRun(" บริการ"),)


class Watching(Pen):
    """A pen that notes where the dots are."""

    def __init__(self, fonts: Fonts) -> None:
        super().__init__(fonts)
        self.dotted: list[tuple[float, float, float]] = []

    def dots(self, x1: float, y: float, x2: float, colour: Colour = (0, 0, 0)) -> None:
        self.dotted.append((x1, y, x2))


def drawn(parts: list[WritePart], width: float) -> tuple[list[tuple[float, float, float]], float]:
    fonts = Fonts()
    block = WriteIn(LineBreaker(fonts, thai_breaker()), parts, STYLE)
    pen = Watching(fonts)
    block.draw(pen, 0.0, 500.0, width)
    return pen.dotted, block.height(width)


def test_a_number_and_its_unit_share_the_line_of_the_label() -> None:
    dotted, height = drawn([LABEL, Together((Gap(60.0, 100.0), UNIT))], 400.0)
    assert len(dotted) == 1 and height == PITCH
    assert 50 < dotted[0][2] - dotted[0][0] < 100


def test_a_gap_without_a_limit_takes_what_is_left() -> None:
    dotted, _ = drawn([LABEL, Gap()], 400.0)
    assert dotted[0][2] > 395


def test_handwriting_has_its_height_and_further_lines_are_whole() -> None:
    dotted, height = drawn([LABEL, Gap(more=2)], 400.0)
    assert len(dotted) == 3 and height == 3 * PITCH and PITCH >= 8 * 72 / 25.4
    assert [round(one[0]) for one in dotted[1:]] == [3, 3]


@pytest.mark.parametrize("width", [1.0, 40.0, 90.0, 150.0, 1000.0])
def test_any_width_holds_it(width: float) -> None:
    file = Together(((TextRun(" (แนบเอกสารหลักฐาน) ไฟล์ "),), Gap(64.0), (TextRun(" หน้า "),), Gap(30.0, 50.0)))
    dotted, height = drawn([LABEL, Gap(), file, UNIT], width)
    assert height > 0
    assert all(x2 <= width + 0.01 for _, _, x2 in dotted)


def test_what_belongs_together_moves_to_the_next_line_together() -> None:
    file = Together(((TextRun("ไฟล์ "),), Gap(64.0), (TextRun(" หน้า "),), Gap(30.0, 50.0)))
    dotted, _ = drawn([LABEL, Gap(110.0), file], 250.0)
    assert len({y for _, y, _ in dotted}) == 2
    assert dotted[1][1] == dotted[2][1], "file and page are on one line"
