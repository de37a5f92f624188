"""How much blocks belong to each other where a page could end between them, and to which question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import IntEnum

from dgdesk.printing.blocks import Block, Group
from dgdesk.printing.pen import Pen


class Tie(IntEnum):
    """How much a block belongs to the next one: the higher, the less a page may end between them."""

    FREE = 0
    PART = 1
    """Between parts that can be understood alone: an option with all that it opened, and the next."""
    INSIDE = 2
    """Within such a part, if it is long."""
    CHOICE = 3
    """Between two options of a choice that is read at one glance."""
    WHOLE = 4
    """Never, unless it would leave the page less than `FULL` filled: a question, its notes and its first option."""
    ALWAYS = 5


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
        return self.tie >= Tie.CHOICE

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
