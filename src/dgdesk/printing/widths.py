"""Widens the columns of a table to their longest words, at the cost of columns that are wider than theirs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol, runtime_checkable

from dgdesk.printing.blocks import Block
from dgdesk.printing.paragraph import Paragraph
from dgdesk.text.line_ends import COMPOUND, TORN, WORD

_HAIR = 0.01  # points; more than adding up widths can lose
_MOST = 0.6  # of the table: a word that needs more is cut, such as a name of 500 letters


@runtime_checkable
class Holder(Protocol):
    """A block that holds others below each other, by ``inset`` points narrower than itself."""

    @property
    def blocks(self) -> tuple[Block, ...]:
        """What it holds."""
        ...

    @property
    def inset(self) -> float:
        """How much narrower they are."""
        ...


class CellText(NamedTuple):
    """A paragraph in a cell, and how much narrower it is than the column."""

    paragraph: Paragraph
    inset: float


def cell_texts(blocks: Sequence[Block], inset: float) -> Iterator[CellText]:
    """The paragraphs in ``blocks``, which are ``inset`` narrower than their column."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield CellText(block, inset)
        elif isinstance(block, Holder):
            yield from cell_texts(block.blocks, inset + block.inset)


def fitted(shares: Sequence[float], columns: Sequence[Sequence[CellText]]) -> tuple[float, ...]:
    """Widths for ``columns`` of these texts: their shares, unless a word or compound would be parted by them.

    Then every column gets the width of its longest compound or, where the table is too narrow for all, of its longest
    word. The sum stays the same.
    """
    if all(
        text.paragraph.dearest_end(share - text.inset) <= WORD
        for share, own in zip(shares, columns, strict=True)
        for text in own
    ):
        return tuple(shares)
    whole = sum(shares)
    wanted = _least(columns, COMPOUND, whole)
    needed = _least(columns, TORN, whole)
    if sum(needed) > whole:
        return tuple(shares)
    # Those that need least more for whole compounds get it first.
    for at in sorted(range(len(shares)), key=lambda at: wanted[at] - needed[at]):
        if sum(needed) - needed[at] + wanted[at] <= whole:
            needed[at] = wanted[at]
    short = sum(max(0.0, need - share) for need, share in zip(needed, shares, strict=True))
    spare = sum(max(0.0, share - need) for need, share in zip(needed, shares, strict=True))
    if not short:
        return tuple(shares)
    return tuple(
        need if need >= share else share - (share - need) * short / spare
        for need, share in zip(needed, shares, strict=True)
    )


def _least(columns: Sequence[Sequence[CellText]], dearest: float, whole: float) -> list[float]:
    """What each column needs so that no line in it ends at a cost of ``dearest`` or more."""
    needs = [[text.paragraph.least_width(dearest) + text.inset + _HAIR for text in own] for own in columns]
    return [max((need for need in own if need <= _MOST * whole), default=0.0) for own in needs]
