"""Fills pages with blocks. A block has a height for every width; many can be split where the page ends.

A layout cannot fail: on an empty page a block must give a first part, however little space there is. So no page stays
empty, no block is lost, and every split makes progress.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from dgdesk.printing.pen import Pen
from dgdesk.printing.style import BLACK, Colour
from dgdesk.printing.tags import Part

_FUZZ = 1e-6


class Block(Protocol):
    """Something that is printed on a page. Lengths are in points; ``top`` is measured from the page's lower edge."""

    @property
    def keep_with_next(self) -> bool:
        """Whether the block must be on the same page as the beginning of the next block."""
        ...

    @property
    def before(self) -> float:
        """The space above, ignored at the top of a page; between two blocks the larger of both spaces counts."""
        ...

    @property
    def after(self) -> float:
        """The space below."""
        ...

    def height(self, width: float) -> float:
        """The height at ``width``, without `before` and `after`."""
        ...

    def split(self, width: float, space: float, forced: bool) -> tuple[Block, Block] | None:
        """Split the block in two, the first part at most ``space`` high; None if that is not possible.

        ``forced`` is set on an empty page: then there must be a first part, even if it is higher than ``space``, unless
        the block cannot be split at all.
        """
        ...

    def draw(self, pen: Pen, x: float, top: float, width: float) -> None:
        """Draw the block; its upper left corner is at (``x``, ``top``)."""
        ...


class Placed(NamedTuple):
    """A block and how far below the top of its area it begins."""

    block: Block
    down: float


class Filled(NamedTuple):
    """The blocks placed in an area, how far down they reach, and the blocks left for the next area."""

    placed: tuple[Placed, ...]
    height: float
    rest: tuple[Block, ...]


@dataclass(frozen=True)
class PageBreak:
    """The next block begins a new page."""

    keep_with_next: bool = False
    before: float = 0.0
    after: float = 0.0

    def height(self, width: float) -> float:
        """Zero."""
        return 0.0

    def split(self, width: float, space: float, forced: bool) -> tuple[Block, Block] | None:
        """None: the block is never split."""
        return None

    def draw(self, pen: Pen, x: float, top: float, width: float) -> None:
        """Draw nothing."""


@dataclass(frozen=True)
class RuleLine:
    """A line across the width."""

    thickness: float = 0.5
    colour: Colour = BLACK
    keep_with_next: bool = False
    before: float = 4.0
    after: float = 4.0

    def height(self, width: float) -> float:
        """The thickness."""
        return self.thickness

    def split(self, width: float, space: float, forced: bool) -> tuple[Block, Block] | None:
        """None: the block is never split."""
        return None

    def draw(self, pen: Pen, x: float, top: float, width: float) -> None:
        """Draw the line."""
        y = top - self.thickness / 2
        pen.rule(x, y, x + width, y, self.thickness, self.colour)


@dataclass(frozen=True)
class Space:
    """Empty space; it is ignored at the top of a page."""

    points: float
    keep_with_next: bool = False

    @property
    def before(self) -> float:
        """The space."""
        return self.points

    @property
    def after(self) -> float:
        """Zero."""
        return 0.0

    def height(self, width: float) -> float:
        """Zero: `before` is the space above the next block."""
        return 0.0

    def split(self, width: float, space: float, forced: bool) -> tuple[Block, Block] | None:
        """None: the block is never split."""
        return None

    def draw(self, pen: Pen, x: float, top: float, width: float) -> None:
        """Draw nothing."""


class Group:
    """Blocks below each other as one block: indented together, with ``keep`` on one page if a page can hold them.

    ``path`` are the parts of the structure in which they stand, outermost first.
    """

    def __init__(
        self,
        blocks: Iterable[Block],
        *,
        left: float = 0.0,
        keep: bool = False,
        keep_with_next: bool = False,
        path: tuple[Part, ...] = (),
    ) -> None:
        self.blocks = tuple(blocks)
        self.left = left
        self.keep = keep
        self.keep_with_next = keep_with_next
        self.path = path
        self._filled: dict[float, Filled] = {}

    @property
    def inset(self) -> float:
        """How much narrower the blocks are."""
        return self.left

    @property
    def before(self) -> float:
        """The first block's."""
        return self.blocks[0].before if self.blocks else 0.0

    @property
    def after(self) -> float:
        """The last block's."""
        return self.blocks[-1].after if self.blocks else 0.0

    def height(self, width: float) -> float:
        """The height of all of them."""
        return self._whole(width).height

    def split(self, width: float, space: float, forced: bool) -> tuple[Block, Block] | None:
        """See `Block.split`: the blocks are divided as a page would divide them."""
        if self.keep and not forced:
            return None
        filled = fill(self.blocks, width - self.left, space, forced)
        if not filled.placed or not filled.rest:
            return None
        first = Group((placed.block for placed in filled.placed), left=self.left, path=self.path)
        return first, Group(filled.rest, left=self.left, keep_with_next=self.keep_with_next, path=self.path)

    def draw(self, pen: Pen, x: float, top: float, width: float) -> None:
        """Draw all of them."""
        outer = pen.owner
        pen.enter(self.path)
        for block, down in self._whole(width).placed:
            block.draw(pen, x + self.left, top - down, width - self.left)
        if self.path:
            pen.owner = outer

    def _whole(self, width: float) -> Filled:
        if width not in self._filled:
            self._filled[width] = stack(self.blocks, width - self.left)
        return self._filled[width]


def stack(blocks: Sequence[Block], width: float) -> Filled:
    """Place all ``blocks`` below each other, without a limit of height."""
    placed: list[Placed] = []
    down = after = 0.0
    for block in blocks:
        if placed:
            down += max(after, block.before)
        placed.append(Placed(block, down))
        down += block.height(width)
        after = block.after
    return Filled(tuple(placed), down, ())


def fill(blocks: Sequence[Block], width: float, space: float, forced: bool = True) -> Filled:
    """Place as many ``blocks`` as fit into ``space``; the last one is split if possible.

    With ``forced`` at least a part of the first block is placed; without it, the result may be empty.
    """
    placed: list[Placed] = []
    down = after = 0.0
    at = 0
    while at < len(blocks):
        if isinstance(blocks[at], PageBreak):
            if placed:
                return Filled(tuple(placed), down, tuple(blocks[at + 1 :]))
            at += 1
            continue
        end = _chain(blocks, at)
        tried = _place(blocks[at:end], width, down, after, space, first=not placed)
        must = forced and not placed
        if tried is None and must:  # the chain is higher than a page
            tried = _place(blocks[at:end], width, down, after, space, first=True, forced=True)
            if tried is None:
                tried, end = _forced(blocks[at], width, space), at + 1
        if tried is None:
            return Filled(tuple(placed), down, tuple(blocks[at:]))
        placed += tried.placed
        down = tried.height
        after = placed[-1].block.after
        if tried.rest:
            return Filled(tuple(placed), down, (*tried.rest, *blocks[end:]))
        at = end
    return Filled(tuple(placed), down, ())


def _chain(blocks: Sequence[Block], at: int) -> int:
    """The end of the run of blocks from ``at`` that must stay on one page (`Block.keep_with_next`)."""
    while at < len(blocks) - 1 and blocks[at].keep_with_next and not isinstance(blocks[at + 1], PageBreak):
        at += 1
    return at + 1


def _place(
    chain: Sequence[Block], width: float, down: float, after: float, space: float, *, first: bool, forced: bool = False
) -> Filled | None:
    """Place a chain from ``down``; only its last block may be split. None if it does not fit."""
    placed: list[Placed] = []
    for number, block in enumerate(chain):
        if placed or not first:
            down += max(after, block.before)
        high = block.height(width)
        if down + high <= space + _FUZZ:
            placed.append(Placed(block, down))
            down, after = down + high, block.after
            continue
        parts = block.split(width, space - down, forced) if number == len(chain) - 1 else None
        if parts is None or down + parts[0].height(width) > space + _FUZZ:
            return None
        placed.append(Placed(parts[0], down))
        return Filled(tuple(placed), down + parts[0].height(width), (parts[1],))
    return Filled(tuple(placed), down, ())


def _forced(block: Block, width: float, space: float) -> Filled:
    """Place the smallest possible part of a block that the area cannot hold, so that the area is not empty."""
    if block.height(width) <= space + _FUZZ:
        return Filled((Placed(block, 0.0),), block.height(width), ())
    first, *rest = block.split(width, space, True) or (block,)
    return Filled((Placed(first, 0.0),), first.height(width), tuple(rest))
