"""What blocks say of themselves, at their limits: parted rows, hundreds of files in a cell, texts that are no text."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dgdesk.printing
from dgdesk.printing.blocks import Block, Group, PageBreak, RuleLine, Space
from dgdesk.printing.document import SheetSize, typeset
from dgdesk.printing.fonts import Fonts
from dgdesk.printing.lines import LineBreaker
from dgdesk.printing.pagination import PartBegin
from dgdesk.printing.paragraph import Paragraph, ParagraphSlice
from dgdesk.printing.pen import Pen
from dgdesk.printing.signatures import SideBySide
from dgdesk.printing.style import ParagraphStyle, TextRun
from dgdesk.printing.survey.boxes import Band, Beside, Drawn, Named
from dgdesk.printing.survey.writing import Gap, WriteIn
from dgdesk.printing.tables import Grid, PrintCell, PrintRow, Table, row
from dgdesk.printing.tagged import Reason, Repeated, Tagged, listed
from dgdesk.printing.tags import Part
from dgdesk.printing.ties import Kept
from printing.conforming import findings
from printing.extracting import FACTS
from printing.tree import TaggedFile, read_tree
from spaces import SpaceBreaker

STYLE = ParagraphStyle(10)
WORDS = "คำ"
Make = Callable[[LineBreaker], Block]


def text(setter: LineBreaker, words: str | Sequence[TextRun] = WORDS, label: str = "") -> Paragraph:
    return Paragraph(setter, words, STYLE, label=label)


def _drawn(setter: LineBreaker, part: Part | None) -> Block:
    return Drawn(20, lambda pen, x, top, width: pen.line(x, top - 15, (pen.piece(WORDS, 10),)), part)


BLOCKS: dict[type, Make | None] = {
    Paragraph: text,
    ParagraphSlice: lambda setter: ParagraphSlice(text(setter), 0, 1, 400),
    Group: lambda setter: Group((text(setter),)),
    Kept: lambda setter: Kept(text(setter)),
    Tagged: lambda setter: next(listed((text(setter, label="•"),), "Disc")),
    Reason: lambda setter: Reason(text(setter)),
    Table: lambda setter: Table(Grid((1,)), (row(text(setter)),)),
    Band: lambda setter: Band((text(setter),)),
    Beside: lambda setter: Beside(text(setter), text(setter)),
    SideBySide: lambda setter: SideBySide((text(setter), text(setter))),
    Named: lambda setter: Named(text(setter), "key"),
    WriteIn: lambda setter: WriteIn(setter, ((TextRun(WORDS),), Gap()), STYLE, said="ช่องว่าง"),
    Drawn: lambda setter: _drawn(setter, Part("Figure", said="รูป")),
    # Nothing is written, or nothing that is read.
    PageBreak: None,
    PartBegin: None,
    RuleLine: None,
    Space: None,
    Repeated: None,
}
"""Every kind of block, with one that says a word. A new kind belongs here."""
PRIVATE = {"_ContentsLine"}
"""Kinds that only one module knows; the tests of that module show their part."""


def kinds() -> Iterator[type]:
    """Every class of the printing code that can be drawn on a page as a block."""
    for module in pkgutil.walk_packages(dgdesk.printing.__path__, "dgdesk.printing."):
        for _, one in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            drawn = all(hasattr(one, name) for name in ("draw", "split", "height"))
            if drawn and one.__module__ == module.name and one is not Block and one.__name__ not in PRIVATE:
                yield one


def read(blocks: Callable[[LineBreaker], Sequence[Block]], sheet: SheetSize | None = None) -> tuple[TaggedFile, bytes]:
    fonts = Fonts()
    data = typeset(blocks(LineBreaker(fonts, SpaceBreaker())), fonts, FACTS, sheet or SheetSize()).data
    return read_tree(data), data


def test_every_kind_of_block_has_a_part() -> None:
    assert set(kinds()) == set(BLOCKS)


@pytest.mark.parametrize("make", [make for make in BLOCKS.values() if make is not None])
def test_what_a_block_says_is_read(make: Make) -> None:
    found, data = read(lambda setter: [make(setter)])
    assert found.faults == []
    assert WORDS in found.root.text
    assert findings(data) == []


def test_a_block_without_a_part_is_refused() -> None:
    with pytest.raises(ValueError, match="no part"):
        read(lambda setter: [_drawn(setter, None)])


def test_what_repeats_something_is_not_read_again() -> None:
    found, _ = read(lambda setter: [text(setter), Repeated(text(setter, "คำ (ต่อ)"))])
    assert found.root.text.strip() == WORDS and "(ต่อ)" in found.artifacts[0]


def test_an_empty_print_keeps_all_rules() -> None:
    assert findings(read(lambda setter: [])[1]) == []


def test_hundreds_of_files_in_one_cell_are_one_cell() -> None:
    def blocks(setter: LineBreaker) -> list[Block]:
        files = [
            text(setter, [TextRun(f"E{at:04d}", link="https://go.th"), TextRun(f" {at}.pdf")]) for at in range(300)
        ]
        return [Table(Grid((1, 3)), (row((text(setter, "ข้อ"),), files),), (row(text(setter, "ก"), text(setter, "ข")),))]

    found, data = read(blocks)
    (table,) = found.root.all("Table")
    assert len(table.pages) > 5 and len(table.own("TR")) == 2
    cell = table.own("TR")[1].own("TD")[0]
    assert [one.text.split()[0] for one in cell.own("P")] == [f"E{at:04d}" for at in range(300)]
    assert findings(data) == [] and found.faults == []


def test_a_row_over_three_pages_is_one_row_and_its_name_is_read_once() -> None:
    def blocks(setter: LineBreaker) -> list[Block]:
        again = (Repeated(text(setter, "ข้อ 1 (ต่อ)")),)
        long = [text(setter, f"บรรทัด {at} " * 12) for at in range(60)]
        rows = row((text(setter, "ข้อ 1"),), long, (text(setter, "◉"),), again=again), row(*[text(setter)] * 3)
        return [Table(Grid((1, 2, 1)), rows, (row(*[text(setter, "หัว")] * 3),))]

    found, data = read(blocks)
    (table,) = found.root.all("Table")
    _, first, second = table.own("TR")
    assert len(first.pages) >= 3 and len(second.pages) == 1
    assert [one.role for one in first.own("TH", "TD")] == ["TH", "TD", "TD"]
    assert "(ต่อ)" not in found.root.text and found.root.text.count("หัว") == 3
    assert [one.text.split()[1] for one in first.own("TD")[0].own("P")] == [str(at) for at in range(60)]
    assert findings(data) == [] and found.faults == []


def test_cells_have_heads_and_count_their_columns() -> None:
    def blocks(setter: LineBreaker) -> list[Block]:
        head = row(PrintCell((text(setter, "รวม"),), 2), text(setter, "ก"))
        wide = PrintRow((PrintCell((text(setter, "กลุ่ม"),), 3, names=True),))
        return [Table(Grid((1, 1, 1)), (wide, row(text(setter, "ชื่อ"), text(setter), ())), (head,))]

    (table,) = read(blocks)[0].root.all("Table")
    cells = [[(one.role, one.scope, one.span) for one in line.own("TH", "TD")] for line in table.own("TR")]
    assert cells == [
        [("TH", "Column", 2), ("TH", "Column", 1)],
        [("TH", "Column", 3)],
        [("TH", "Row", 1), ("TD", "", 1), ("TD", "", 1)],
    ]


def test_a_link_over_two_lines_is_one_link() -> None:
    address = "https://" + "/".join(["data.go.th"] * 20)
    found, data = read(lambda setter: [text(setter, [TextRun("ดู "), TextRun(address, link=address)])])
    (link,) = found.root.all("Link")
    assert link.text.strip() == address and len(link.clicks) >= 2
    assert findings(data) == []


def test_words_in_english_are_marked_without_figures_at_their_ends() -> None:
    found, data = read(lambda setter: [text(setter, "แผน Open Data 2 Go ปี 2568 (P1.4) พ.ศ. 2570 and more")])
    assert found.english == ["Open Data 2 Go", "and more"]
    assert findings(data) == []


def test_the_frame_of_pages_is_not_read() -> None:
    fonts = Fonts()
    setter = LineBreaker(fonts, SpaceBreaker())

    def foot(pen: Pen, page: int, pages: int) -> None:
        pen.text(20, 20, f"หน้า {page}", 9)

    blocks = [text(setter, "ก"), PageBreak(), text(setter, "ข")]
    found = read_tree(typeset(blocks, fonts, FACTS, SheetSize(), underlay=foot, decorate=foot).data)
    assert found.artifacts == ["หน้า 1หน้า 1", "หน้า 2หน้า 2"] and found.root.text.split() == ["ก", "ข"]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=30), min_size=1, max_size=4))
def test_any_text_keeps_all_rules(texts: list[str]) -> None:
    found, data = read(lambda setter: [text(setter, one) for one in texts])
    assert findings(data) == [] and found.faults == []


@pytest.mark.parametrize(
    "words", ["\0", "ก\0ข", "\ufffe\uffff", "\ue000", "\ufeffก", "\x7f", "\u0e48\u0e48" * 40, "เเเแแ"]
)
def test_texts_that_are_no_text_keep_all_rules(words: str) -> None:
    found, data = read(lambda setter: [text(setter, words)])
    assert findings(data) == [] and found.faults == []
