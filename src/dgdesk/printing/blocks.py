"""How pages fill: blocks with a height for every width, parted where they may be parted, whatever room is left.

A layout cannot fail: on an empty page a block must give up a first part, however little room there is. So no page
stays empty, no block is lost, and every split makes progress.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from dgdesk.printing.pen import Pen
from dgdesk.printing.style import BLACK, Colour

_FUZZ = 1e-6


class Block(Protocol):
    """Something that stands on a page. Lengths are points; ``top`` counts from the page's lower edge."""

    @property
    def keep_with_next(self) -> bool:
        """Whether the block must not be the last thing of a page while something follows."""
        ...

    @property
    def before(self) -> float:
        """Room wanted above, unless the block begins a page; of two neighbours' rooms the larger counts."""
        ...

    @property
    def after(self) -> float:
        """Room wanted below."""
        ...

    def height(self, width: float) -> float:
        """The height at ``width``, without `before` and `after`."""
        ...

    def split(self, width: float, space: float, forced: bool) -> tuple[Block, Block] | None:
        """Two parts, the first at most ``space`` high, or None where the block cannot be parted there.

        ``forced`` is said on an empty page: then there must be a first part, higher than ``space`` if need be, unless
        the block cannot be parted at all.
        """
        ...

    def draw(self, pen: Pen, x: float, top: float, width: float) -> None:
        """Draw the block below ``top`` from ``x`` on."""
        ...


class Placed(NamedTuple):
    """A block and how far below the top of its area it begins."""

    block: Block
    down: float


class Filled(NamedTuple):
    """What stands in an area, how far down it reaches, and what is left for the next one."""

    placed: tuple[Placed, ...]
    height: float
    rest: tuple[Block, ...]


@dataclass(frozen=True)
class PageBreak:
    """What follows begins a page."""

    keep_with_next: bool = False
    before: float = 0.0
    after: float = 0.0

    def height(self, width: float) -> float:
        """Nothing."""
        return 0.0

    def split(self, width: float, space: float, forced: bool) -> tuple[Block, Block] | None:
        """Never."""
        return None

    def draw(self, pen: Pen, x: float, top: float, width: float) -> None:
        """Nothing."""


@dataclass(frozen=True)
class Rule:
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
        """Never."""
        return None

    def draw(self, pen: Pen, x: float, top: float, width: float) -> None:
        """Draw the line."""
        y = top - self.thickness / 2
        pen.rule(x, y, x + width, y, self.thickness, self.colour)


@dataclass(frozen=True)
class Space:
    """Empty room; it vanishes at the top of a page."""

    points: float
    keep_with_next: bool = False

    @property
    def before(self) -> float:
        """The room."""
        return self.points

    @property
    def after(self) -> float:
        """Nothing."""
        return 0.0

    def height(self, width: float) -> float:
        """Nothing: the room is wanted above what follows."""
        return 0.0

    def split(self, width: float, space: float, forced: bool) -> tuple[Block, Block] | None:
        """Never."""
        return None

    def draw(self, pen: Pen, x: float, top: float, width: float) -> None:
        """Nothing."""


class Group:
    """Blocks under each other as one: indented together, and held on one page with ``keep`` if a page can hold them."""

    def __init__(
        self, blocks: Iterable[Block], *, left: float = 0.0, keep: bool = False, keep_with_next: bool = False
    ) -> None:
        self.blocks = tuple(blocks)
        self.left = left
        self.keep = keep
        self.keep_with_next = keep_with_next
        self._filled: dict[float, Filled] = {}

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
        """Parted as a page would be."""
        if self.keep and not forced:
            return None
        filled = fill(self.blocks, width - self.left, space, forced)
        if not filled.placed or not filled.rest:
            return None
        first = Group((placed.block for placed in filled.placed), left=self.left)
        return first, Group(filled.rest, left=self.left, keep_with_next=self.keep_with_next)

    def draw(self, pen: Pen, x: float, top: float, width: float) -> None:
        """Draw all of them."""
        for block, down in self._whole(width).placed:
            block.draw(pen, x + self.left, top - down, width - self.left)

    def _whole(self, width: float) -> Filled:
        if width not in self._filled:
            self._filled[width] = stack(self.blocks, width - self.left)
        return self._filled[width]


def stack(blocks: Sequence[Block], width: float) -> Filled:
    """All ``blocks`` under each other, however high that is."""
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
    """As many of ``blocks`` as fit into ``space``, the last of them parted if it may be.

    With ``forced`` at least a part of the first is placed; without it, nothing may be.
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


def pages(blocks: Sequence[Block], width: float, height: float) -> list[tuple[Placed, ...]]:
    """``blocks`` on pages of one size. Page breaks that would leave a page empty are passed over."""
    found: list[tuple[Placed, ...]] = []
    rest = tuple(blocks)
    while rest:
        filled = fill(rest, width, height)
        if filled.placed:
            found.append(filled.placed)
        rest = filled.rest
    return found


def _chain(blocks: Sequence[Block], at: int) -> int:
    """The end of the run of blocks from ``at`` on that want to stand together."""
    while at < len(blocks) - 1 and blocks[at].keep_with_next and not isinstance(blocks[at + 1], PageBreak):
        at += 1
    return at + 1


def _place(
    chain: Sequence[Block], width: float, down: float, after: float, space: float, *, first: bool, forced: bool = False
) -> Filled | None:
    """A chain placed from ``down`` on; its last block may be parted, the others not. None if that does not fit."""
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
    """The first block of an area that cannot hold what it should: as little of it as can be, rather than nothing."""
    if block.height(width) <= space + _FUZZ:
        return Filled((Placed(block, 0.0),), block.height(width), ())
    first, *rest = block.split(width, space, True) or (block,)
    return Filled((Placed(first, 0.0),), first.height(width), tuple(rest))
