"""Rows of tables that go on on the next page: named again there, never empty, and always further on."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from dgdesk.printing.blocks import Group
from dgdesk.printing.fonts import Fonts
from dgdesk.printing.lines import LineBreaker
from dgdesk.printing.pagination import pages
from dgdesk.printing.paragraph import Paragraph, ParagraphSlice
from dgdesk.printing.style import ParagraphStyle
from dgdesk.printing.tables import Grid, PrintCell, PrintRow, Table, row
from spaces import SpaceBreaker

SETTER = LineBreaker(Fonts(), SpaceBreaker())
WIDTH = 300.0


def text(words: str) -> Paragraph:
    return Paragraph(SETTER, words, ParagraphStyle(10))


def tables(laid: list) -> list[Table]:
    return [placed.block for page in laid for placed in page if isinstance(placed.block, Table)]


def test_a_row_that_goes_on_is_named_again() -> None:
    again = text("2. (ต่อ)")
    long = row((text("2. โครงการ"),), tuple(text(f"บรรทัด {at}") for at in range(40)), again=(again,))
    parts = tables(pages([Table(Grid((1, 2)), (row((text("1."),), (text("สั้น"),)), long))], WIDTH, 300))
    assert len(parts) > 2
    for part in parts[1:]:
        assert part.rows[0].cells[0].blocks == (again,)


def test_what_stands_below_a_row_is_named_when_it_goes_on() -> None:
    again = text("1. เรื่อง (ต่อ)")
    label = PrintRow((PrintCell((text("1. เรื่อง"),)), PrintCell((text("◉"),))), True, (again,))
    below = PrintRow((PrintCell((Group([text(f"แฟ้ม {at}") for at in range(40)], keep=True),), 2),), again=(again,))
    parts = tables(pages([Table(Grid((1, 2)), (label, below))], WIDTH, 300))
    assert len(parts) > 1
    assert all(part.rows[0].cells[0].blocks[0] is again for part in parts[1:])
    assert parts[0].height(WIDTH) > 0.6 * 300, "many files leave no page nearly empty"


@settings(max_examples=60, deadline=None)
@given(height=st.floats(1, 120), lines=st.integers(1, 30), name=st.integers(1, 6))
def test_a_page_that_has_only_space_for_the_name_goes_on_without_it(height: float, lines: int, name: int) -> None:
    """Every page makes progress, however small, and no line is lost or printed twice."""
    again = tuple(text("ชื่อ") for _ in range(name))
    own = [text(f"บรรทัด {at}") for at in range(lines)]
    laid = pages([Table(Grid((1, 1)), (row((text("1."),), tuple(own), again=again),))], WIDTH, height)
    found = [
        block.whole if isinstance(block, ParagraphSlice) else block
        for part in tables(laid)
        for one in part.rows
        for cell in one.cells
        for block in cell.blocks
    ]
    assert [block for block in found if block in own] == own
    assert len(laid) <= 4 * lines + 4
