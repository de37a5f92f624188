"""Columns of tables are as wide as their longest words, in any print."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dgdesk.printing.blocks import Group
from dgdesk.printing.fonts import Fonts
from dgdesk.printing.lines import LineBreaker
from dgdesk.printing.paragraph import Paragraph
from dgdesk.printing.style import ParagraphStyle
from dgdesk.printing.tables import Grid, Table, row
from dgdesk.text.breaks import thai_breaker
from dgdesk.text.line_ends import COMPOUND, TORN
from printing.line_ends import rows_of

FONTS = Fonts()
SETTER = LineBreaker(FONTS, thai_breaker())


def text(words: str, size: float = 10) -> Paragraph:
    return Paragraph(SETTER, words, ParagraphStyle(size))


def table(*cells: Paragraph, shares: tuple[float, ...] | None = None) -> Table:
    return Table(Grid(shares or (1.0,) * len(cells), padding=3), (row(*((cell,) for cell in cells)),))


def test_columns_keep_their_shares_where_all_words_fit() -> None:
    assert table(text("มี"), text("ไม่มีการดำเนินการ"), shares=(1, 3)).grid.widths(400) == (100, 300)


@pytest.mark.parametrize("word", ["พระราชบัญญัติ", "ภายนอก", "พระนครศรีอยุธยา", "ค่าใช้จ่าย", "ได้รับการยกเว้น"])
def test_a_column_is_as_wide_as_its_longest_word(word: str) -> None:
    narrow = text(word)
    widths = table(text("มี " * 40), narrow, shares=(9, 1)).grid.widths(300)
    assert sum(widths) == pytest.approx(300)
    assert narrow.dearest_end(widths[1] - 6) < COMPOUND
    assert rows_of(narrow, widths[1] - 6, FONTS)[0][0] != word[: len(word) - 1]


def test_what_is_indented_counts_too() -> None:
    inner = text("พระราชบัญญัติ")
    own = Table(Grid((9, 1), padding=3), (row((text("มี"),), (Group((inner,), left=20),)),))
    assert inner.dearest_end(own.grid.widths(300)[1] - 26) == 0


def test_compounds_give_way_to_words_where_the_table_is_narrow() -> None:
    cells = [text("ค่าใช้จ่ายพระราชบัญญัติ") for _ in range(4)]
    widths = table(*cells, shares=(1, 1, 1, 5)).grid.widths(310)
    assert all(cell.dearest_end(width - 6) < TORN for cell, width in zip(cells, widths, strict=True))


def test_both_parts_of_a_split_table_have_the_same_columns() -> None:
    rows = tuple(row((text("มี"),), (text("พระราชบัญญัติ" if at == 9 else "มี"),)) for at in range(10))
    whole = Table(Grid((9, 1)), rows)
    parts = whole.split(200, 60, True)
    assert parts is not None
    assert all(isinstance(part, Table) and part.grid.widths(200) == whole.grid.widths(200) for part in parts)


def test_a_name_of_500_letters_leaves_the_columns_alone() -> None:
    assert table(text("มี"), text("x" * 500)).grid.widths(300) == (150, 150)


@given(st.lists(st.text(alphabet="กขคงจ ะาิ่เxX/.", max_size=80), min_size=1, max_size=5), st.floats(30, 500))
@settings(max_examples=60, deadline=None)
def test_columns_always_fill_the_table(cells: list[str], width: float) -> None:
    widths = table(*map(text, cells)).grid.widths(width)
    assert sum(widths) == pytest.approx(width) and min(widths) >= 0
