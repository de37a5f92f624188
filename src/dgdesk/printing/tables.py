"""Tables: the head is repeated on every page, rows are split where their cells can be, and any space is enough."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from dgdesk.printing.blocks import Block, Filled, fill, stack
from dgdesk.printing.pen import Pen
from dgdesk.printing.style import BLACK, Colour
from dgdesk.printing.widths import CellText, cell_texts, fitted

_FUZZ: Final = 1e-6


@dataclass(frozen=True)
class PrintCell:
    """Blocks in one cell, which may span several columns."""

    blocks: tuple[Block, ...] = ()
    span: int = 1
    fill: Colour | None = None


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


@dataclass(frozen=True)
class _Laid:
    """A row with its cells' contents in place."""

    row: PrintRow
    edges: tuple[tuple[float, float], ...]  # from the table's left: where each cell begins, its width
    filled: tuple[Filled, ...]
    height: float


@dataclass
class Table:
    """Rows of cells below a head that repeats on every page."""

    grid: Grid
    rows: tuple[PrintRow, ...]
    head: tuple[PrintRow, ...] = ()
    before: float = 4.0
    after: float = 6.0
    keep_with_next: bool = False
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
        for laid in (*head, *rows):
            self._draw_row(pen, x, top, laid)
            top -= laid.height

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
        plain = Table(self.grid, (*self.head, *self.rows), (), self.before, self.after, self.keep_with_next, self._laid)
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
            Table(self.grid, first, self.head, self.before, 0.0, _laid=self._laid),
            Table(self.grid, rest, self.head, 0.0, self.after, self.keep_with_next, self._laid),
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
            first.append(PrintCell(tuple(placed.block for placed in filled.placed), cell.span, cell.fill))
            rest.append(PrintCell(filled.rest, cell.span, cell.fill))
        if not progress:
            return None
        goes_on = PrintRow(tuple(rest), laid.row.keep_with_next, laid.row.again)
        return PrintRow(tuple(first)), goes_on.named_again()

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

    def _draw_row(self, pen: Pen, x: float, top: float, laid: _Laid) -> None:
        padding = self.grid.padding
        for cell, (left, width), filled in zip(laid.row.cells, laid.edges, laid.filled, strict=True):
            if cell.fill is not None:
                pen.area(x + left, top - laid.height, width, laid.height, cell.fill)
            pen.box(x + left, top - laid.height, width, laid.height, self.grid.line, self.grid.colour)
            for block, down in filled.placed:
                block.draw(pen, x + left + padding, top - padding - down, width - 2 * padding)


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


def _sum(rows: Iterable[_Laid]) -> float:
    return sum(one.height for one in rows)
