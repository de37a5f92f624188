"""Blocks that only the survey needs: answers on a band, named fields."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from dgdesk.printing.blocks import Block, fill, stack
from dgdesk.printing.paragraph import Paragraph
from dgdesk.printing.pen import Pen
from dgdesk.printing.style import Colour
from dgdesk.printing.survey.context import BAND, INK
from dgdesk.printing.tags import Part
from dgdesk.printing.ties import Wrapper

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

    @property
    def inset(self) -> float:
        """How much narrower the blocks are."""
        return 2 * _PAD_X

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


class Named(Wrapper):
    """A block whose top is a link target, and which may have an entry in the table of contents."""

    def __init__(self, block: Block, key: str, title: str = "", level: int | None = None) -> None:
        self.block, self.key = block, key
        self._title, self._level = title, level

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


class Drawn(NamedTuple):
    """A block of a fixed height, drawn by the function ``paint(pen, left edge, top, width)``.

    ``part`` is what is drawn in the structure; None if it belongs to what is around it.
    """

    high: float
    paint: Callable[[Pen, float, float, float], None]
    part: Part | None
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
        outer = pen.owner
        if self.part is not None:
            pen.enter((self.part,))
            if pen.owner is not None:
                pen.owner.box = (x, top - self.high, x + width, top)
        self.paint(pen, x, top, width)
        pen.owner = outer
