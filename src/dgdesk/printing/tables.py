"""Tables: the head is repeated on every page, rows are split where their cells can be, and any space is enough."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Final, Literal, NamedTuple

from dgdesk.printing.blocks import Block, Filled, Group, fill, stack
from dgdesk.printing.paragraph import Paragraph, ParagraphSlice
from dgdesk.printing.pen import Pen
from dgdesk.printing.style import BLACK, Colour
from dgdesk.printing.tags import Element, Part, Scope
from dgdesk.printing.widths import CellText, cell_texts, fitted

_FUZZ: Final = 1e-6


@dataclass(frozen=True)
class PrintCell:
    """Blocks in one cell, which may span several columns. Its ``names`` say that it is the head of rows below it.

    ``key`` is the same for all parts of a cell.
    """

    blocks: tuple[Block, ...] = ()
    span: int = 1
    fill: Colour | None = None
    names: bool = False
    key: object = field(default_factory=object, repr=False, compare=False)


@dataclass(frozen=True)
class PrintRow:
    """One row; with ``keep_with_next`` it is not the last row on a page.

    ``again`` names the row where it goes on after the end of a page: it stands at the top of the first cell there.
    ``repeated`` counts the blocks of the first cell that are such a name.
    """

    cells: tuple[PrintCell, ...]
    keep_with_next: bool = False
    again: tuple[Block, ...] = ()
    repeated: int = 0
    key: object = field(default_factory=object, repr=False, compare=False)

    def named_again(self) -> PrintRow:
        """The row as it goes on on the next page."""
        if not self.again or self.repeated or not self.cells:
            return self
        first = replace(self.cells[0], blocks=(*self.again, *self.cells[0].blocks))
        return replace(self, cells=(first, *self.cells[1:]), repeated=len(self.again))

    def unnamed(self) -> PrintRow:
        """The row without a name, for a page that has no space for one; it gets none any more."""
        first = replace(self.cells[0], blocks=self.cells[0].blocks[self.repeated :])
        return replace(self, cells=(first, *self.cells[1:]), repeated=0, again=())


@dataclass(frozen=True)
class Grid:
    """Columns and lines of a table; ``columns`` are shares of the width, corrected by the words of ``content``."""

    columns: tuple[float, ...]
    padding: float = 3.5
    line: float = 0.5
    colour: Colour = BLACK
    content: tuple[PrintRow, ...] = field(default=(), repr=False)  # all rows of the table, also where it is split
    _fitted: dict[float, tuple[float, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def widths(self, width: float) -> tuple[float, ...]:
        """The widths of the columns in points."""
        if width not in self._fitted:
            whole = sum(self.columns)
            shares = [width * share / whole for share in self.columns]
            self._fitted[width] = fitted(shares, self._texts())
        return self._fitted[width]

    def _texts(self) -> list[list[CellText]]:
        """The texts of each column, without cells that span several."""
        found: list[list[CellText]] = [[] for _ in self.columns]
        for row in self.content:
            column = 0
            for cell in row.cells:
                if cell.span == 1:
                    found[column] += cell_texts(cell.blocks, 2 * self.padding)
                column += cell.span
        return found


class _Laid(NamedTuple):
    """A row with its cells' contents in place."""

    row: PrintRow
    edges: tuple[tuple[float, float], ...]  # from the table's left: where each cell begins, its width
    filled: tuple[Filled, ...]
    height: float


@dataclass
class Table:
    """Rows of cells below a head that repeats on every page.

    The first cell of a row of several names the row, unless its ``cells`` are ``equal``; a table that is only a
    ``frame`` around blocks is no table in the structure.
    """

    grid: Grid
    rows: tuple[PrintRow, ...]
    head: tuple[PrintRow, ...] = ()
    before: float = 4.0
    after: float = 6.0
    keep_with_next: bool = False
    cells: Literal["named", "equal", "frame"] = "named"
    part: Part = field(default_factory=lambda: Part("Table"), repr=False, compare=False)
    # By identity of the row, which the laid row keeps alive; the parts of a table share it.
    _laid: dict[tuple[int, float], _Laid] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        """Let the columns follow the words; the parts of a split table keep the widths of the whole."""
        if not self.grid.content:
            self.grid = replace(self.grid, content=(*self.head, *self.rows))

    def height(self, width: float) -> float:
        """See `Block.height`."""
        head, rows = self._lay(width)
        return _sum(head) + _sum(rows)

    def split(self, width: float, space: float, forced: bool) -> tuple[Block, Block] | None:
        """See `Block.split`: the head is never printed without a row, unless the page cannot hold both.

        ``forced`` also parts what a row holds together, where that fills the page.
        """
        head, rows = self._lay(width)
        left = space - _sum(head)
        count = 0
        while count < len(rows) and rows[count].height <= left + _FUZZ:
            left -= rows[count].height
            count += 1
        if count == len(rows):
            return None
        parts = self._row_split(rows[count], left, False)
        if parts is None and forced and count:
            parts = self._row_split(rows[count], left, True)
            if parts is not None and self._lay_row(parts[0], width).height > left + _FUZZ:
                parts = None
        if parts is None:
            while count and rows[count - 1].row.keep_with_next:
                count -= 1
        if count or parts is not None:
            return self._parts(self.rows[:count], parts, self.rows[count:])
        return self._forced(head, rows, width, space) if forced else None

    def draw(self, pen: Pen, x: float, top: float, width: float) -> None:
        """See `Block.draw`."""
        head, rows = self._lay(width)
        outer = pen.owner
        table = None
        if outer is not None and self.cells != "frame":
            table = pen.tree.element(self.part, self.part, outer)
        again = table is None or table.joined
        for number, laid in enumerate((*head, *rows)):
            heads = number < len(head)
            if table is None or (heads and again):  # the head is read once
                self._draw_row(pen, x, top, laid, None if table is not None else outer, None)
            else:
                self._draw_row(pen, x, top, laid, pen.tree.element(laid.row.key, _ROW, table), heads)
            top -= laid.height
        pen.owner = outer

    def _forced(
        self, head: Sequence[_Laid], rows: Sequence[_Laid], width: float, space: float
    ) -> tuple[Block, Block] | None:
        """Split on an empty page that cannot hold the head and a good part of the first row."""
        left = space - _sum(head)
        if left > 0:
            kept = 0
            while kept < len(rows) - 1 and rows[kept].height <= left + _FUZZ:  # a chain of rows longer than the page
                left -= rows[kept].height
                kept += 1
            if kept:
                return self._parts(self.rows[:kept], None, self.rows[kept:])
            parts = self._row_split(rows[0], left, True)
            if parts is not None:
                return self._parts((), parts, self.rows)
            if len(rows) > 1:
                return self._parts(self.rows[:1], None, self.rows[1:])
            return None
        # The head alone fills the page: from here on its rows count as rows.
        plain = replace(self, rows=(*self.head, *self.rows), head=())
        if not self.head:
            parts = self._row_split(rows[0], space, True)
            if parts is not None:
                return self._parts((), parts, self.rows)
            return self._parts(self.rows[:1], None, self.rows[1:]) if len(rows) > 1 else None
        return plain.split(width, space, True)

    def _parts(
        self, before: tuple[PrintRow, ...], parts: tuple[PrintRow, PrintRow] | None, after: tuple[PrintRow, ...]
    ) -> tuple[Block, Block]:
        first, rest = before, after
        if parts is None and before and before[-1].keep_with_next:
            rest = (after[0].named_again(), *after[1:])
        if parts is not None:
            first, rest = (*before, parts[0]), (parts[1], *after[1:])
        return (
            replace(self, rows=first, after=0.0, keep_with_next=False),
            replace(self, rows=rest, before=0.0),
        )

    def _row_split(self, laid: _Laid, space: float, forced: bool) -> tuple[PrintRow, PrintRow] | None:
        """Split a row so that every cell has a first part; None if not possible. If forced, one cell is enough."""
        inner = space - 2 * self.grid.padding
        if inner <= 0 and not forced:
            return None
        first: list[PrintCell] = []
        rest: list[PrintCell] = []
        progress = False
        for number, (cell, (_, width)) in enumerate(zip(laid.row.cells, laid.edges, strict=True)):
            filled = fill(cell.blocks, width - 2 * self.grid.padding, inner, forced)
            if cell.blocks and not filled.placed:
                return None
            if number == 0 and filled.rest and len(filled.placed) <= laid.row.repeated:
                # There is only space for the name of the row, which would come again on every page.
                widths = tuple(wide for _, wide in laid.edges)
                return self._row_split(self._measured(laid.row.unnamed(), widths), space, True) if forced else None
            progress |= bool(filled.rest)
            first.append(replace(cell, blocks=tuple(placed.block for placed in filled.placed)))
            rest.append(replace(cell, blocks=filled.rest))
        if not progress:
            return None
        goes_on = PrintRow(tuple(rest), laid.row.keep_with_next, laid.row.again, key=laid.row.key)
        return PrintRow(tuple(first), repeated=laid.row.repeated, key=laid.row.key), goes_on.named_again()

    def _lay(self, width: float) -> tuple[tuple[_Laid, ...], tuple[_Laid, ...]]:
        return tuple(self._lay_row(row, width) for row in self.head), tuple(
            self._lay_row(row, width) for row in self.rows
        )

    def _lay_row(self, row: PrintRow, width: float) -> _Laid:
        key = (id(row), width)
        if key not in self._laid:
            self._laid[key] = self._measure_row(row, self.grid.widths(width))
        return self._laid[key]

    def _measure_row(self, row: PrintRow, widths: Sequence[float]) -> _Laid:
        spans: list[float] = []
        column = 0
        for cell in row.cells:
            spans.append(sum(widths[column : column + cell.span]))
            column += cell.span
        if column != len(widths):
            raise ValueError("the cells of a row must fill the columns of its table")
        return self._measured(row, spans)

    def _measured(self, row: PrintRow, spans: Sequence[float]) -> _Laid:
        """A row whose cells have these widths, with its contents in place."""
        edges = tuple((sum(spans[:at]), wide) for at, wide in enumerate(spans))
        padding = 2 * self.grid.padding
        filled = tuple(stack(cell.blocks, edge[1] - padding) for cell, edge in zip(row.cells, edges, strict=True))
        return _Laid(row, edges, filled, max((one.height for one in filled), default=0.0) + padding)

    def _draw_row(self, pen: Pen, x: float, top: float, laid: _Laid, owner: Element | None, heads: bool | None) -> None:
        """Draw a row; ``owner`` is its element, or with ``heads`` None that of what is around the table."""
        padding = self.grid.padding
        for number, (cell, (left, width), filled) in enumerate(
            zip(laid.row.cells, laid.edges, laid.filled, strict=True)
        ):
            own = owner
            if owner is not None and heads is not None:
                part = _cell_part(self._scope(laid.row, number, heads), cell.span)
                own = pen.tree.element(cell.key, part, owner)
                own.join()  # also an empty one, so that all rows have the same columns
                pen.alone = _is_text(cell.blocks)
            if cell.fill is not None:
                pen.area(x + left, top - laid.height, width, laid.height, cell.fill)
            pen.box(x + left, top - laid.height, width, laid.height, self.grid.line, self.grid.colour)
            repeated = laid.row.repeated if number == 0 else 0
            for at, (block, down) in enumerate(filled.placed):
                pen.owner = None if at < repeated else own
                block.draw(pen, x + left + padding, top - padding - down, width - 2 * padding)
            pen.alone = False

    def _scope(self, row: PrintRow, number: int, heads: bool) -> Scope:
        """Of which cells a cell is the head."""
        cell = row.cells[number]
        if not cell.blocks:
            return ""
        if heads or cell.names:
            return "Column"
        return "Row" if self.cells == "named" and number == 0 and len(row.cells) > 1 else ""


def row(
    *cells: Block | PrintCell | Iterable[Block],
    keep_with_next: bool = False,
    fill: Colour | None = None,
    again: tuple[Block, ...] = (),
) -> PrintRow:
    """A row of cells, each a block, several blocks or a `PrintCell`."""
    made: list[PrintCell] = []
    for cell in cells:
        if isinstance(cell, PrintCell):
            made.append(cell)
        elif isinstance(cell, Iterable):
            made.append(PrintCell(tuple(cell), fill=fill))
        else:
            made.append(PrintCell((cell,), fill=fill))
    return PrintRow(tuple(made), keep_with_next, again)


_ROW: Final = Part("TR")


@cache
def _cell_part(scope: Scope, span: int) -> Part:
    return Part("TH" if scope else "TD", scope=scope, span=span)


def _is_text(blocks: Sequence[Block]) -> bool:
    """Whether a cell holds one text and nothing else."""
    while len(blocks) == 1:
        block = blocks[0]
        if isinstance(block, Group):
            blocks = block.blocks
        else:
            return isinstance(block, Paragraph | ParagraphSlice)
    return False


def _sum(rows: Iterable[_Laid]) -> float:
    return sum(one.height for one in rows)
