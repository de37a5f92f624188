"""Blocks that only the survey needs: answers on a band, lines to write on, named fields, columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dgdesk.printing.blocks import Block, fill, stack
from dgdesk.printing.pagination import Wrapper
from dgdesk.printing.paragraph import Paragraph
from dgdesk.printing.pen import Pen
from dgdesk.printing.style import Colour
from dgdesk.printing.survey.context import BAND, INK, LINE

_PAD_X = 6.0
_PAD_Y = 1.2
_NARROW = 110.0  # points; the least width of an answer that is printed next to its label


class Band:
    """Blocks on a grey band with a bar at the left, which shows that they are answers, not text of the form."""

    def __init__(
        self,
        blocks: Sequence[Block],
        *,
        tint: Colour | None = BAND,
        bar: Colour | None = INK,
        before: float = 1.5,
        after: float = 2.5,
        keep_with_next: bool = False,
    ) -> None:
        self.blocks = tuple(blocks)
        self.before, self.after = before, after
        self.keep_with_next = keep_with_next
        self._tint, self._bar = tint, bar

    def height(self, width: float) -> float:
        """See `Block.height`."""
        return stack(self.blocks, width - 2 * _PAD_X).height + 2 * _PAD_Y

    def split(self, width: float, space: float, forced: bool) -> tuple[Block, Block] | None:
        """See `Block.split`."""
        filled = fill(self.blocks, width - 2 * _PAD_X, space - 2 * _PAD_Y, forced)
        if not filled.placed or not filled.rest:
            return None
        first = [placed.block for placed in filled.placed]
        tint, bar = self._tint, self._bar
        return (
            Band(first, tint=tint, bar=bar, before=self.before, after=0.0),
            Band(filled.rest, tint=tint, bar=bar, before=0.0, after=self.after, keep_with_next=self.keep_with_next),
        )

    def draw(self, pen: Pen, x: float, top: float, width: float) -> None:
        """See `Block.draw`."""
        high = self.height(width)
        if self._tint is not None:
            pen.area(x, top - high, width, high, self._tint)
        if self._bar is not None:
            pen.area(x, top - high, 1.8, high, self._bar)
        for block, down in stack(self.blocks, width - 2 * _PAD_X).placed:
            block.draw(pen, x + _PAD_X, top - _PAD_Y - down, width - 2 * _PAD_X)


class Beside:
    """A label and the block that belongs to it: side by side if both fit, else one below the other."""

    def __init__(self, label: Paragraph, block: Block, *, most_lines: int = 3, keep_with_next: bool = False) -> None:
        self._label, self._block = label, block
        self._most = most_lines
        self.keep_with_next = keep_with_next

    @property
    def before(self) -> float:
        """See `Block.before`."""
        return self._label.before

    @property
    def after(self) -> float:
        """See `Block.after`."""
        return self._block.after

    def height(self, width: float) -> float:
        """See `Block.height`."""
        left = self._left(width)
        if left is not None:
            return max(self._label.line_height + 2 * _PAD_Y, self._block.height(width - left))
        return self._stacked(width)

    def split(self, width: float, space: float, forced: bool) -> tuple[Block, Block] | None:
        """See `Block.split`: side by side, the label and the block are not split."""
        if self._left(width) is not None:
            return None
        label = self._label.height(width)
        gap = max(self._label.after, self._block.before)
        parts = self._block.split(width, space - label - gap, False)
        if parts is not None:
            return Beside(self._label, parts[0], most_lines=0), parts[1]
        if not forced:
            return None
        return self._label.split(width, space, True) if label > space else (self._label, self._block)

    def draw(self, pen: Pen, x: float, top: float, width: float) -> None:
        """See `Block.draw`."""
        left = self._left(width)
        if left is None:
            self._label.draw(pen, x, top, width)
            gap = max(self._label.after, self._block.before)
            self._block.draw(pen, x, top - self._label.height(width) - gap, width)
        else:
            self._label.draw(pen, x, top - _PAD_Y, left)
            self._block.draw(pen, x + left, top, width - left)

    def _stacked(self, width: float) -> float:
        gap = max(self._label.after, self._block.before)
        return self._label.height(width) + gap + self._block.height(width)

    def _left(self, width: float) -> float | None:
        """The width of the label, or None if it is above the block."""
        lines = self._label.lines(width)
        if len(lines) > 1 or not self._most:
            return None
        own = lines[0].width + self._label.style.left + self._label.style.hang + 8.0
        beside = width - own
        if (
            beside < max(0.3 * width, _NARROW)
            or self._block.height(beside) > self._most * self._label.line_height + 3 * _PAD_Y
        ):
            return None
        return own


@dataclass(frozen=True)
class WritingLines:
    """Lines to write on; ``share`` is their part of the width, ``pitch`` the distance between them."""

    count: int = 1
    pitch: float = 21.0
    share: float = 1.0
    keep_with_next: bool = False
    before: float = 0.0
    after: float = 3.0

    def height(self, width: float) -> float:
        """See `Block.height`."""
        return self.count * self.pitch

    def split(self, width: float, space: float, forced: bool) -> tuple[Block, Block] | None:
        """See `Block.split`."""
        fitting = min(int(space / self.pitch), self.count - 1)
        if fitting < 1:
            if not forced or self.count < 2:
                return None
            fitting = 1
        parts = (fitting, self.count - fitting)
        first, rest = (WritingLines(count, self.pitch, self.share, False, 0.0, self.after) for count in parts)
        return first, rest

    def draw(self, pen: Pen, x: float, top: float, width: float) -> None:
        """See `Block.draw`."""
        for line in range(1, self.count + 1):
            y = top - line * self.pitch + 5
            pen.rule(x, y, x + width * self.share, y, 0.6, LINE)


class Named(Wrapper):
    """A block whose top is a link target, and which may have an entry in the table of contents."""

    def __init__(self, block: Block, key: str, title: str = "", level: int | None = None) -> None:
        self.block, self.key = block, key
        self._title, self._level = title, level

    @property
    def keep_with_next(self) -> bool:
        """See `Block.keep_with_next`."""
        return self.block.keep_with_next

    @property
    def before(self) -> float:
        """See `Block.before`."""
        return self.block.before

    @property
    def after(self) -> float:
        """See `Block.after`."""
        return self.block.after

    def height(self, width: float) -> float:
        """See `Block.height`."""
        return self.block.height(width)

    def split(self, width: float, space: float, forced: bool) -> tuple[Block, Block] | None:
        """See `Block.split`."""
        parts = self.block.split(width, space, forced)
        return (Named(parts[0], self.key, self._title, self._level), parts[1]) if parts is not None else None

    def draw(self, pen: Pen, x: float, top: float, width: float) -> None:
        """See `Block.draw`."""
        pen.place(self.key, top)
        if self._level is not None:
            pen.outline_entry(self._title, self.key, self._level)
        self.block.draw(pen, x, top, width)


class Columns:
    """Short paragraphs in columns of equal width, read downwards; for many options that have only a name."""

    def __init__(self, cells: Sequence[Paragraph], count: int, *, before: float = 2.0, after: float = 4.0) -> None:
        self._cells = tuple(cells)
        self._count = count
        self.before, self.after = before, after
        self.keep_with_next = False

    def height(self, width: float) -> float:
        """See `Block.height`."""
        return sum(self._rows(width))

    def split(self, width: float, space: float, forced: bool) -> tuple[Block, Block] | None:
        """See `Block.split`: split by rows, so that each page has a part of every column."""
        rows = self._rows(width)
        fitting = 0
        while fitting < len(rows) and rows[fitting] <= space + 1e-6:
            space -= rows[fitting]
            fitting += 1
        if fitting in (0, len(rows)) and not (forced and len(rows) > 1):
            return None
        fitting = min(max(fitting, 1), len(rows) - 1)
        kept: list[Paragraph] = []
        rest: list[Paragraph] = []
        for column in range(self._count):
            own = self._cells[column * len(rows) : (column + 1) * len(rows)]
            kept += own[:fitting]
            rest += own[fitting:]
        return (
            Columns(kept, self._count, before=self.before, after=0.0),
            Columns(rest, self._count, before=0.0, after=self.after),
        )

    def draw(self, pen: Pen, x: float, top: float, width: float) -> None:
        """See `Block.draw`."""
        rows = self._rows(width)
        column_width = width / self._count
        for at, cell in enumerate(self._cells):
            column, row = divmod(at, len(rows))
            cell.draw(pen, x + column * column_width, top - sum(rows[:row]), column_width - 4)

    def _rows(self, width: float) -> list[float]:
        count = -(-len(self._cells) // self._count)
        heights = [0.0] * count
        for at, cell in enumerate(self._cells):
            heights[at % count] = max(heights[at % count], cell.height(width / self._count - 4))
        return heights


@dataclass(frozen=True)
class Drawn:
    """A block of a fixed height, drawn by the function ``paint(pen, left edge, top, width)``."""

    high: float
    paint: Callable[[Pen, float, float, float], None]
    keep_with_next: bool = False
    before: float = 0.0
    after: float = 0.0

    def height(self, width: float) -> float:
        """See `Block.height`."""
        return self.high

    def split(self, width: float, space: float, forced: bool) -> tuple[Block, Block] | None:
        """None: the block is never split."""
        return None

    def draw(self, pen: Pen, x: float, top: float, width: float) -> None:
        """See `Block.draw`."""
        self.paint(pen, x, top, width)
