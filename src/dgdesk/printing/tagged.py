"""Blocks that say where in the structure another block stands; they are measured and split as that one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dgdesk.printing.blocks import Block
from dgdesk.printing.pen import Pen
from dgdesk.printing.tags import SKIPPED, Numbering, Part, item
from dgdesk.printing.ties import Kept, Wrapper


@dataclass(frozen=True, eq=False)
class Tagged(Wrapper):
    """A block in parts of the structure, the outermost first."""

    block: Block
    path: tuple[Part, ...]

    def split(self, width: float, space: float, forced: bool) -> tuple[Block, Block] | None:
        """See `Block.split`."""
        parts = self.block.split(width, space, forced)
        return (Tagged(parts[0], self.path), Tagged(parts[1], self.path)) if parts else None

    def draw(self, pen: Pen, x: float, top: float, width: float) -> None:
        """See `Block.draw`."""
        outer = pen.owner
        pen.enter(self.path)
        self.block.draw(pen, x, top, width)
        pen.owner = outer


@dataclass(frozen=True, eq=False)
class Repeated(Wrapper):
    """A block that says again what was said: it is no part of the structure."""

    block: Block

    def split(self, width: float, space: float, forced: bool) -> tuple[Block, Block] | None:
        """See `Block.split`."""
        parts = self.block.split(width, space, forced)
        return (Repeated(parts[0]), Repeated(parts[1])) if parts else None

    def draw(self, pen: Pen, x: float, top: float, width: float) -> None:
        """See `Block.draw`."""
        outer, pen.owner = pen.owner, None
        self.block.draw(pen, x, top, width)
        pen.owner = outer


@dataclass(frozen=True, eq=False)
class Reason(Wrapper):
    """The reason why what follows is skipped: it opens a section that ends with the next question that is asked."""

    block: Block

    def split(self, width: float, space: float, forced: bool) -> tuple[Block, Block] | None:
        """See `Block.split`."""
        parts = self.block.split(width, space, forced)
        return (Reason(parts[0]), parts[1]) if parts else None

    def draw(self, pen: Pen, x: float, top: float, width: float) -> None:
        """See `Block.draw`."""
        if pen.owner is not None and pen.owner.groups:
            pen.owner = pen.tree.skipped_part(self, SKIPPED)
        self.block.draw(pen, x, top, width)


def tagged(block: Block, *path: Part) -> Block:
    """``block`` in parts of the structure; how much it belongs to the next one stays."""
    if isinstance(block, Kept):
        return Kept(Tagged(block.block, path), block.tie, block.owner, block.trail)
    return Tagged(block, path)


def listed(blocks: Iterable[Block], numbering: Numbering) -> Iterator[Block]:
    """Paragraphs with labels as the items of one list."""
    whole = Part("L", numbering=numbering)
    for block in blocks:
        yield tagged(block, whole, item(alone=True))
