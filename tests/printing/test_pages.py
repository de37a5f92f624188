"""Pages fill whatever comes: nothing is lost, nothing fails, heads stay with what they head."""

from __future__ import annotations

import random
from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from dgdesk.printing.blocks import Block, Group, PageBreak, Placed, RuleLine, Space
from dgdesk.printing.fonts import Fonts
from dgdesk.printing.lines import LineBreaker
from dgdesk.printing.pagination import FULL, pages
from dgdesk.printing.paragraph import Paragraph, ParagraphSlice
from dgdesk.printing.style import ParagraphStyle
from dgdesk.printing.tables import Grid, PrintCell, Table, row
from spaces import SpaceBreaker

SETTER = LineBreaker(Fonts(), SpaceBreaker())
WIDTH = 300.0
WORDS = "จังหวัด ระบบ ดิจิทัล ข้อมูล เปิด ภาครัฐ น้ำ ปู่ "


def words(count: int, size: float = 10, **more: bool) -> Paragraph:
    return Paragraph(SETTER, (WORDS * (count // 8 + 1))[: count * 6], ParagraphStyle(size, before=2, after=3), **more)


def leaves(block: Block) -> Iterator[tuple[Paragraph, int, int]]:
    """The lines of paragraphs in a block: (paragraph, first, end) at whatever width they were set."""
    if isinstance(block, Paragraph):
        yield block, 0, -1
    elif isinstance(block, ParagraphSlice):
        yield block.whole, block.start, block.end
    elif isinstance(block, Group):
        for inner in block.blocks:
            yield from leaves(inner)
    elif isinstance(block, Table):
        for each in block.rows:
            for cell in each.cells:
                for inner in cell.blocks:
                    yield from leaves(inner)


def inventory(laid: list[tuple[Placed, ...]]) -> dict[int, list[tuple[int, int]]]:
    found: dict[int, list[tuple[int, int]]] = {}
    for page in laid:
        for placed in page:
            for paragraph, start, end in leaves(placed.block):
                found.setdefault(id(paragraph), []).append((start, end))
    return found


def whole(parts: list[tuple[int, int]]) -> bool:
    """Whether the parts follow each other from the first line on."""
    if parts == [(0, -1)]:
        return True
    at = 0
    for start, end in parts:
        if start != at or end <= start:
            return False
        at = end
    return True


def story(chance: random.Random) -> tuple[list[Block], list[Paragraph]]:
    """A random document and all its paragraphs."""
    made: list[Paragraph] = []

    def paragraph(most: int = 120, **more: bool) -> Paragraph:
        made.append(words(chance.randint(0, most), chance.choice((7, 10, 14)), **more))
        return made[-1]

    def block(depth: int) -> Block:
        kind = chance.randrange(8 if depth else 4)
        if kind < 3:
            return paragraph()
        if kind == 3:
            return paragraph(8, keep_with_next=True)
        if kind == 4:
            inner = [block(depth - 1) for _ in range(chance.randint(0, 4))]
            return Group(inner, left=chance.uniform(0, 60), keep=chance.random() < 0.5)
        if kind == 5:
            return chance.choice((PageBreak(), RuleLine(), Space(chance.uniform(0, 80))))
        columns = chance.randint(1, 4)
        rows = [
            row(*([paragraph(60) for _ in range(chance.randint(0, 2))] for _ in range(columns)),
                keep_with_next=chance.random() < 0.2)
            for _ in range(chance.randint(1, 12))
        ]  # fmt: skip
        head = (row(PrintCell((words(3),), span=columns)),) if chance.random() < 0.6 else ()
        return Table(Grid((1.0,) * columns), tuple(rows), head, keep_with_next=chance.random() < 0.2)

    return [block(2) for _ in range(chance.randint(1, 12))], made


def test_500_random_documents_on_pages_of_any_height_lose_nothing() -> None:
    for seed in range(500):
        chance = random.Random(seed)
        blocks, made = story(chance)
        height = chance.choice((chance.uniform(1, 60), chance.uniform(60, 200), chance.uniform(200, 800)))
        laid = pages(blocks, WIDTH, height)
        assert all(laid)
        found = inventory(laid)
        assert all(whole(found[id(paragraph)]) for paragraph in made), seed


def test_no_block_reaches_below_the_page_where_its_parts_are_small_enough() -> None:
    for seed in range(200):
        blocks, _ = story(random.Random(seed))
        for page in pages(blocks, WIDTH, 400):
            foot = max(placed.down + placed.block.height(WIDTH) for placed in page)
            assert foot <= 400 + 1e-6, seed


@given(before=st.integers(0, 40), count=st.integers(1, 60))
@settings(max_examples=80, deadline=None)
def test_a_heading_is_never_last_on_a_page(before: int, count: int) -> None:
    blocks = [*(words(1) for _ in range(before)), words(1, 14, keep_with_next=True), words(count)]
    laid = pages(blocks, WIDTH, 300)
    assert sum(placed.block.keep_with_next for page in laid for placed in page) == 1, "the heading is printed, once"
    for page in laid[:-1]:
        assert not page[-1].block.keep_with_next


@given(before=st.integers(0, 40), rows=st.integers(1, 40))
@settings(max_examples=80, deadline=None)
def test_the_head_of_a_table_stands_on_each_page_and_never_alone(before: int, rows: int) -> None:
    head = (row(words(1), words(1)),)
    table = Table(Grid((1, 2)), tuple(row(words(at % 5 + 1), words(at % 9 + 4)) for at in range(rows)), head)
    laid = pages([*(words(1) for _ in range(before)), words(1, keep_with_next=True), table], WIDTH, 260)
    tables = [placed.block for page in laid for placed in page if isinstance(placed.block, Table)]
    assert all(each.head == head and each.rows for each in tables)
    assert sum(len(each.rows) for each in tables) >= rows
    for page in laid:
        if isinstance(page[-1].block, Table) and len(page) > 1 and page[-1].block.rows[0] is table.rows[0]:
            assert page[-2].block.keep_with_next  # the heading came along


def test_kept_blocks_go_to_the_next_page_together() -> None:
    kept = Group([words(1), words(1), words(1)], keep=True)
    laid = pages([words(1), words(1), words(1), kept], WIDTH, 80)
    assert [len(page) for page in laid] == [3, 1]
    assert laid[1][0].block is kept


def test_kept_blocks_are_parted_rather_than_leave_a_page_nearly_empty() -> None:
    kept = Group([words(1) for _ in range(12)], keep=True)
    laid = pages([words(1), kept], WIDTH, 200)
    assert [len(page) for page in laid] == [2, 1]
    assert laid[0][1].down + laid[0][1].block.height(WIDTH) > FULL * 200


def test_a_heading_stays_with_a_kept_group_that_no_page_can_hold() -> None:
    heading = words(1, 14, keep_with_next=True)
    laid = pages([words(1), heading, Group([words(20) for _ in range(12)], keep=True)], WIDTH, 200)
    assert len(laid) > 2
    (own,) = [page for page in laid if any(placed.block is heading for placed in page)]
    at = [placed.block for placed in own].index(heading)
    assert isinstance(own[at + 1].block, Group)


def test_a_page_break_at_the_start_or_twice_leaves_no_page_empty() -> None:
    laid = pages([PageBreak(), words(1), PageBreak(), PageBreak(), words(1), PageBreak()], WIDTH, 300)
    assert [len(page) for page in laid] == [1, 1]


def test_a_row_parts_only_where_every_cell_can() -> None:
    tall = row(words(200), words(2))
    table = Table(Grid((1, 1)), (row(words(2), words(2)), tall), (row(words(1), words(1)),))
    laid = pages([table], WIDTH, 150)
    assert len(laid) > 2
    assert whole(inventory(laid)[id(tall.cells[0].blocks[0])])
