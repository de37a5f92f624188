"""Divides blocks into pages. Where several places would do, the page ends where it hurts least.

Every block says by its `Tie` how much it belongs to the next one. A page ends at the place with the smallest `cost`:
what is parted there, and how much of the page stays empty. A page less than `FULL` filled is the last resort, unless
what follows has to begin a new page. Where a later page would end badly, the pages before it end earlier, or have less
space between their blocks. `blocks.fill` decides where nothing here does, so nothing fails or is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate, chain, islice
from typing import Final, NamedTuple, TypeAlias

from dgdesk.printing.blocks import Block, Group, PageBreak, Placed, fill
from dgdesk.printing.pen import Pen
from dgdesk.printing.tables import Table
from dgdesk.printing.ties import Tie, Wrapper, kept, owner_of, tie_of

FULL: Final = 0.62
"""The part of a page that is filled at least, where anything allows it."""
_FUZZ: Final = 1e-6

_COSTS: Final = {Tie.FREE: 0.0, Tie.PART: 0.07, Tie.INSIDE: 0.2, Tie.CHOICE: 0.65, Tie.WHOLE: 0.9}
_THIN: Final = 1.0  # added for a page that is not filled enough: even `WHOLE` is parted instead
_SHORTER: Final = (0.8, 0.6)  # of the space that is left: there a table is split if that saves a later page
_SHRINK: Final = 0.4  # the part of the space between blocks that is taken away where a page can hold more then
_CROWDED: Final = 0.35  # for a part of the document that begins where the page is nearly full
_HALF: Final = 0.5
_SHORT: Final = 0.3  # for one that begins a page although little more than half of the one before is used
_TRIED: Final = 30
_AHEAD: Final = 8
_LAID: Final = 60
"""How many places of a page are tried to save a later page from a bad end, how far ahead that page may be, and how many
pages are laid out for that at most."""
_FORCED: Final = 1.3  # what cannot be understood when it is parted is parted last, but before a page stays nearly empty


class PartBegin(NamedTuple):
    """Here a part of the document begins: on a new page, if more than ``full`` of this one (0 to 1) is used.

    It does otherwise if a later page would end badly.
    """

    full: float
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


Continued = Callable[[Block], Block | None]
"""Gives the line that stands above the rest of a question at the top of a page."""


def pages(
    blocks: Sequence[Block], width: float, height: float, continued: Continued | None = None
) -> list[tuple[Placed, ...]]:
    """Place ``blocks`` on pages of one size. Page breaks that would leave a page empty are ignored.

    ``continued`` is asked at the top of every page that begins within the question of the page before. A page ends
    earlier if that saves one of the pages after it from a bad end.
    """
    found: list[tuple[Placed, ...]] = []
    planner = _Planner(tuple(blocks), width, height, continued)
    ends = planner.begin()
    while ends:
        end = planner.choose(ends)
        if end.placed:
            found.append(end.placed)
        ends = planner.after(end)
    return found


def cost(tie: Tie, filled: float) -> float:
    """What it costs to end a page at a place of this tie, ``filled`` to that part (0 to 1)."""
    return _COSTS[tie] + abs(1.0 - filled) + (_THIN if filled < FULL else 0.0)


class _End(NamedTuple):
    """A page, and what it costs to end it there. What is left: ``front``, then all blocks from ``at`` on."""

    placed: tuple[Placed, ...]
    front: tuple[Block, ...]
    at: int
    price: float = 0.0
    bad: bool = False
    """Whether it parts what belongs together, or leaves too much of the page empty."""
    closed: bool = False
    """Whether the next page begins with a page break, so that nothing on this page changes it."""


class _Open(NamedTuple):
    """A page that is being filled: what stands on it, and the index of the block after each."""

    placed: list[Placed]
    following: list[int]
    crowded: list[float]
    """What is added to the price of an end after each."""


_Left: TypeAlias = tuple[int, tuple[int, ...]]


class _Planner:
    """Chooses where pages end, with a look at the pages that follow. Every page is laid out only once."""

    def __init__(self, blocks: tuple[Block, ...], width: float, height: float, continued: Continued | None) -> None:
        self._blocks, self._width, self._height = blocks, width, height
        self._continued = continued
        self._left_to_lay = 0
        # by the identity of blocks, which `_End.front` and `_parts` keep alive
        self._following: dict[_Left, tuple[_End, list[_End]]] = {}
        self._plans: dict[tuple[_Left, int], tuple[float, bool]] = {}
        self._parts: dict[tuple[int, float, bool], tuple[Block, tuple[Block, Block] | None]] = {}

    def begin(self) -> list[_End]:
        """The ways to fill the first page, the cheapest first; none if there is nothing to place."""
        return self._ends((), 0)

    def after(self, end: _End) -> list[_End]:
        """The ways to fill the page after ``end``, the cheapest first; none if all is placed."""
        left = _left(end)
        if left not in self._following:
            self._left_to_lay -= 1
            self._following[left] = (end, self._ends(self._front(end), end.at))
        return self._following[left][1]

    def choose(self, ends: list[_End]) -> _End:
        """The best of ``ends``: the cheapest, unless one of the next pages would end badly then."""
        self._left_to_lay = _LAID
        return self._best(ends, _AHEAD)[2]

    def _best(self, ends: list[_End], ahead: int) -> tuple[float, bool, _End]:
        """The price of the best end and of ``ahead`` more pages, whether one of them ends badly, and the end."""
        tried: list[tuple[float, bool, _End]] = []
        for end in ends[:_TRIED]:
            if tried and (end.bad or self._left_to_lay <= 0):
                continue
            price, bad = self._plan(end, ahead)
            tried.append((price, bad, end))
            if not bad:
                break
        return min(tried, key=lambda one: one[0])

    def _plan(self, end: _End, ahead: int) -> tuple[float, bool]:
        """The price of ``end`` and of ``ahead`` more pages, and whether one of them ends badly."""
        if not ahead or end.closed:
            return end.price, end.bad
        key = (_left(end), ahead)
        if key not in self._plans:
            following = self.after(end)
            self._plans[key] = self._best(following, ahead - 1)[:2] if following else (0.0, False)
        price, later = self._plans[key]
        return end.price + price, end.bad or later

    def _front(self, end: _End) -> tuple[Block, ...]:
        """What is left over in front of the next page, below the line that names the question that goes on there."""
        owner = owner_of(end.placed[-1].block) if end.placed else ""
        following = next(chain(end.front, islice(self._blocks, end.at, None)), None)
        if self._continued is not None and following is not None and owner and owner == owner_of(following):
            line = self._continued(following)
            if line is not None and line.height(self._width) < self._height / 4:
                return (kept(line, Tie.ALWAYS, owner), *end.front)
        return end.front

    def _ends(self, front: tuple[Block, ...], at: int) -> list[_End]:
        """The ways to fill a page with ``front`` and the blocks from ``at`` on, the cheapest first."""
        page = _Open([], [], [])
        ends: list[_End] = []
        down = after = crowded = gaps = 0.0
        for number, block in enumerate(chain(front, islice(self._blocks, at, None)), start=at - len(front)):
            if isinstance(block, PageBreak | PartBegin):
                if not page.placed:
                    continue
                if isinstance(block, PageBreak):
                    price = crowded + max(0.0, 1.0 - down / self._height) * bool(ends)
                    return _sorted([*ends, _End(self._on_page(page.placed), (), number + 1, price, closed=True)])
                used = down / self._height
                if used > block.full:
                    ends.append(_End(self._on_page(page.placed), (), number + 1))
                    crowded = _CROWDED
                elif used > _HALF:
                    ends.append(_End(self._on_page(page.placed), (), number + 1, _SHORT + 1.0 - used))
                continue
            gap = max(after, block.before) if page.placed else 0.0
            top = down + gap
            high = block.height(self._width)
            gaps += gap
            if top + high > self._height + _FUZZ + _SHRINK * gaps:
                ends += self._places(page, block, max(number + 1, at), front, top, crowded)
                return _sorted(ends) or [self._filled(front, at)]
            page.placed.append(Placed(block, top))
            page.following.append(max(number + 1, at))
            page.crowded.append(crowded)
            down, after = top + high, block.after
        last = _End(self._on_page(page.placed), (), len(self._blocks), crowded)
        return _sorted([*ends, last]) if page.placed else []

    def _places(
        self, page: _Open, next_one: Block, after: int, front: tuple[Block, ...], top: float, crowded: float
    ) -> list[_End]:
        """Where ``page`` can end, which began with ``front`` and would have the next block begin at ``top``.

        ``after`` is the index of the block after that one.
        """
        found: list[_End] = []
        for count, (block, down) in enumerate(page.placed, start=1):
            tie = tie_of(block)
            if tie is not Tie.ALWAYS:
                filled = (down + block.height(self._width)) / self._height
                price = cost(tie, filled) + page.crowded[count - 1]
                following, bad = page.following[count - 1], _is_bad(tie, filled)
                placed = self._on_page(page.placed[:count])
                found.append(_End(placed, front[count:], following, price, bad))
        shorter = _SHORTER if _table(next_one) is not None else ()
        for forced, share in ((False, 1.0), *((False, one) for one in shorter), (True, 1.0)):
            if forced and any(one.price < _FORCED for one in found):
                break  # what is held together is only parted on a page that would be nearly empty
            parts = self._split(next_one, (self._height - top) * share, forced) if top < self._height else None
            if parts is None or top + parts[0].height(self._width) > self._height + _FUZZ:
                continue
            if _loses_head(next_one, parts[0]):
                continue
            filled = (top + parts[0].height(self._width)) / self._height
            tie = _within(next_one, tie_of(page.placed[-1].block) if page.placed else Tie.FREE)
            price = _FORCED + 1.0 - filled if forced else cost(tie, filled)
            placed = (*page.placed, Placed(parts[0], top))
            rest = (parts[1], *front[len(placed) :])
            found.append(_End(placed, rest, after, price + crowded, forced or _is_bad(tie, filled)))
        return found

    def _on_page(self, placed: Sequence[Placed]) -> tuple[Placed, ...]:
        """What stands on a page, with less space between the blocks if it would reach below the page."""
        over = placed[-1].down + placed[-1].block.height(self._width) - self._height if placed else 0.0
        if over <= _FUZZ:
            return tuple(placed)
        heights = [block.height(self._width) for block, _ in placed]
        factor = 1.0 - over / (placed[-1].down - sum(heights[:-1]))
        above = (0.0, *accumulate(heights))
        return tuple(
            Placed(block, solid + (down - solid) * factor) for (block, down), solid in zip(placed, above, strict=False)
        )

    def _split(self, block: Block, space: float, forced: bool) -> tuple[Block, Block] | None:
        key = (id(block), space, forced)
        if key not in self._parts:
            self._parts[key] = (block, block.split(self._width, space, forced))
        return self._parts[key][1]

    def _filled(self, front: tuple[Block, ...], at: int) -> _End:
        """A page that is filled without regard to ties, where they allow none."""
        filled = fill((*front, *self._blocks[at:]), self._width, self._height)
        left = len(self._blocks) - at
        while left and (len(filled.rest) < left or filled.rest[-left] is not self._blocks[-left]):
            left -= 1
        front = filled.rest[: len(filled.rest) - left]
        return _End(filled.placed, front, len(self._blocks) - left, _FORCED + 1.0, bad=True)


def _sorted(ends: list[_End]) -> list[_End]:
    """The cheapest first; of equal ones, that with more on the page."""
    return sorted(reversed(ends), key=lambda one: one.price)


def _is_bad(tie: Tie, filled: float) -> bool:
    return tie >= Tie.CHOICE or filled < FULL


def _left(end: _End) -> _Left:
    return end.at, tuple(map(id, end.front))


def _within(block: Block, before: Tie) -> Tie:
    """How much the parts of one block belong together; ``before`` is the tie of the block above it."""
    if _table(block) is not None:
        return Tie.PART
    around = max(before, tie_of(block))
    return Tie.INSIDE if around < Tie.CHOICE else min(around, Tie.WHOLE)


def _loses_head(block: Block, part: Block) -> bool:
    """Whether a table was parted within its head, as only a page that cannot hold the head may do."""
    whole, first = _table(block), _table(part)
    return whole is not None and first is not None and bool(whole.head) and not first.head


def _table(block: Block) -> Table | None:
    """The table that a block is, or wraps."""
    while not isinstance(block, Table):
        if isinstance(block, Group) and len(block.blocks) == 1:
            block = block.blocks[0]
        elif isinstance(block, Wrapper):
            block = block.block
        else:
            return None
    return block
