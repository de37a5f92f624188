"""Divides blocks into pages. Where several places would do, the page ends where it hurts least.

Every block says by its `Tie` how much it belongs to the next one. A page ends at the place with the smallest `cost`:
what is parted there, and how much of the page stays empty. A page less than `FULL` filled is the last resort, unless
what follows has to begin a new page. `blocks.fill` decides where nothing here does, so nothing fails or is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Final, NamedTuple

from dgdesk.printing.blocks import Block, Group, PageBreak, Placed, fill
from dgdesk.printing.pen import Pen
from dgdesk.printing.tables import Table

FULL: Final = 0.62
"""The part of a page that is filled at least, where anything allows it."""
_FUZZ: Final = 1e-6


class Tie(IntEnum):
    """How much a block belongs to the next one: the higher, the less a page may end between them."""

    FREE = 0
    PART = 1
    """Between parts that can be understood alone: an option with all that it opened, and the next."""
    INSIDE = 2
    """Within such a part, if it is long."""
    WHOLE = 3
    """Never, unless it would leave the page less than `FULL` filled: a question, its notes and its first option."""
    ALWAYS = 4


_COSTS: Final = {Tie.FREE: 0.0, Tie.PART: 0.07, Tie.INSIDE: 0.2, Tie.WHOLE: 0.9}
_THIN: Final = 1.0  # added for a page that is not filled enough: even `WHOLE` is parted instead
_BAD: Final = 0.9
"""The price from which on the page before is ended elsewhere, if that helps."""
_TRIED: Final = 12
"""The most places that are tried for that."""
_FORCED: Final = 1.3  # what cannot be understood when it is parted is parted last, but before a page stays nearly empty


class Wrapper:
    """A block around one other block, measured as that one; what is within counts for `tie_of`."""

    block: Block

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


@dataclass(frozen=True)
class Kept(Wrapper):
    """A block that says how much it belongs to the next one; it is drawn and measured as it is.

    ``owner`` is the question that it is a part of, in words, and ``trail`` the options below which it stands, outermost
    first.
    """

    block: Block
    tie: Tie = Tie.FREE
    owner: str = ""
    trail: tuple[str, ...] = ()

    @property
    def keep_with_next(self) -> bool:
        """See `Block.keep_with_next`; what is filled without regard to ties keeps a question whole too."""
        return self.tie >= Tie.WHOLE

    def split(self, width: float, space: float, forced: bool) -> tuple[Block, Block] | None:
        """See `Block.split`."""
        parts = self.block.split(width, space, forced)
        return (replace(self, block=parts[0], tie=Tie.FREE), replace(self, block=parts[1])) if parts else None

    def draw(self, pen: Pen, x: float, top: float, width: float) -> None:
        """See `Block.draw`."""
        self.block.draw(pen, x, top, width)


def tie_of(block: Block) -> Tie:
    """How much a block belongs to the next one; for a block that is not `Kept` by `Block.keep_with_next`."""
    found = _kept(block)
    if found is not None:
        return found.tie
    return Tie.ALWAYS if block.keep_with_next else Tie.FREE


def owner_of(block: Block) -> str:
    """The question that a block is a part of, in words; empty for none."""
    found = _kept(block)
    return found.owner if found is not None else ""


def trail_of(block: Block) -> tuple[str, ...]:
    """The options below which a block stands, in words, outermost first."""
    found = _kept(block)
    return found.trail if found is not None else ()


def _kept(block: Block) -> Kept | None:
    while isinstance(block, Wrapper):
        if isinstance(block, Kept):
            return block
        block = block.block
    return None


def kept(block: Block, tie: Tie, owner: str = "", option: str = "") -> Block:
    """``block`` tied at least so much; with ``owner`` if it has none yet, and below one more ``option``."""
    trail = trail_of(block)
    inner = block.block if isinstance(block, Kept) else block
    return Kept(inner, max(tie, tie_of(block)), owner_of(block) or owner, (option, *trail) if option else trail)


def together(blocks: Iterable[Block], tie: Tie, *, last: bool = False) -> Iterator[Block]:
    """``blocks`` tied to each other at least so much, and with ``last`` also to what follows them."""
    held: Block | None = None
    for block in blocks:
        if held is not None:
            yield kept(held, tie)
        held = block
    if held is not None:
        yield kept(held, tie) if last else held


def indented(block: Block, left: float) -> Block:
    """``block`` indented by ``left`` points; what it belongs to stays the same."""
    if not left:
        return block
    if isinstance(block, Kept):
        return replace(block, block=indented(block.block, left))
    return Group((block,), left=left, keep_with_next=block.keep_with_next)


Continued = Callable[[Block], Block | None]
"""Gives the line that stands above the rest of a question at the top of a page."""


def pages(
    blocks: Sequence[Block], width: float, height: float, continued: Continued | None = None
) -> list[tuple[Placed, ...]]:
    """Place ``blocks`` on pages of one size. Page breaks that would leave a page empty are ignored.

    ``continued`` is asked at the top of every page that begins within the question of the page before. A page that
    would make the next one end badly ends earlier, if there is a place for that.
    """
    found: list[tuple[Placed, ...]] = []
    ends = _ends(tuple(blocks), width, height)
    while ends:
        tried: list[tuple[float, _End, list[_End]]] = []
        for end in ends[:_TRIED]:
            if tried and end.price >= _BAD:
                break
            following = _ends(_rest(end, continued, width, height), width, height)
            price = following[0].price if following else 0.0
            tried.append((end.price + price, end, following))
            if price < _BAD or not end.placed:
                break
        _, end, ends = min(tried, key=lambda one: one[0])
        if end.placed:
            found.append(end.placed)
    return found


def _rest(end: _End, continued: Continued | None, width: float, height: float) -> tuple[Block, ...]:
    """What is left for the next page, below the line that names the question that goes on there."""
    owner = owner_of(end.placed[-1].block) if end.placed else ""
    if continued is not None and end.rest and owner and owner == owner_of(end.rest[0]):
        line = continued(end.rest[0])
        if line is not None and line.height(width) < height / 4:
            return (kept(line, Tie.ALWAYS, owner), *end.rest)
    return end.rest


def cost(tie: Tie, filled: float) -> float:
    """What it costs to end a page at a place of this tie, ``filled`` to that part (0 to 1)."""
    return _COSTS[tie] + (1.0 - filled) + (_THIN if filled < FULL else 0.0)


class _End(NamedTuple):
    """A page, what is left for the next one, and what it costs to end the page there."""

    placed: tuple[Placed, ...]
    rest: tuple[Block, ...]
    price: float = 0.0


def _ends(blocks: tuple[Block, ...], width: float, height: float) -> list[_End]:
    """Return the ways to fill one page from the beginning of ``blocks``, the cheapest first; none if all are placed."""
    start = 0
    while start < len(blocks) and isinstance(blocks[start], PageBreak):
        start += 1
    placed: list[Placed] = []
    down = after = 0.0
    for at in range(start, len(blocks)):
        block = blocks[at]
        if isinstance(block, PageBreak):
            return [_End(tuple(placed), blocks[at + 1 :])]
        top = down + max(after, block.before) if placed else down
        high = block.height(width)
        if top + high > height + _FUZZ:
            found = _places(placed, blocks[start:], top, width, height)
            if found:
                return found
            filled = fill(blocks[start:], width, height)
            return [_End(filled.placed, filled.rest, _FORCED + 1.0)]
        placed.append(Placed(block, top))
        down, after = top + high, block.after
    return [_End(tuple(placed), ())] if placed else []


def _places(placed: list[Placed], blocks: tuple[Block, ...], top: float, width: float, height: float) -> list[_End]:
    """Where a page can end that holds ``placed``, and would have the next block begin at ``top``; the best first."""
    found: list[_End] = []
    for count, (block, down) in enumerate(placed, start=1):
        tie = tie_of(block)
        if tie is not Tie.ALWAYS:
            price = cost(tie, (down + block.height(width)) / height)
            found.append(_End(tuple(placed[:count]), blocks[count:], price))
    next_one = blocks[len(placed)]
    before = tie_of(placed[-1].block) if placed else Tie.FREE
    for forced in (False, True):
        if forced and any(one.price < _FORCED for one in found):
            break  # what is held together is only parted on a page that would be nearly empty
        parts = next_one.split(width, height - top, forced) if top < height else None
        if parts is None or top + parts[0].height(width) > height + _FUZZ or _loses_head(next_one, parts[0]):
            continue
        filled = (top + parts[0].height(width)) / height
        price = _FORCED + 1.0 - filled if forced else cost(_within(next_one, before), filled)
        rest = (parts[1], *blocks[len(placed) + 1 :])
        found.append(_End((*placed, Placed(parts[0], top)), rest, price))
    return sorted(reversed(found), key=lambda one: one.price)


def _within(block: Block, before: Tie) -> Tie:
    """How much the parts of one block belong together; ``before`` is the tie of the block above it."""
    if _table(block) is not None:
        return Tie.PART
    return Tie.WHOLE if before is Tie.WHOLE or tie_of(block) >= Tie.WHOLE else Tie.INSIDE


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
