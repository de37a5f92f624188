"""Rounds the points of a score so that all figures shown add up, across a node's parts and down the tree.

If each figure were rounded alone, sums could be wrong by a hundredth; `rounding` explains the method.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from dgdesk.rules.rounding import Branch, Rounded, rounded_tree
from dgdesk.rules.rubric import Rubric
from dgdesk.rules.score import Points, Score, ScoreNode, breakdown

PLACES = 2
_UNIT = 10**PLACES


@dataclass(frozen=True, slots=True)
class Figures:
    """Rounded points of a node; ``earned + waiting + open + external + lost = weight`` holds exactly."""

    earned: Decimal
    waiting: Decimal
    open: Decimal
    external: Decimal
    lost: Decimal

    @property
    def weight(self) -> Decimal:
        """The most points that the node can have."""
        return self.earned + self.waiting + self.open + self.external + self.lost

    @property
    def claimed(self) -> Decimal:
        """The points by the answers alone."""
        return self.earned + self.waiting

    @property
    def high(self) -> Decimal:
        """The upper end of the interval; the lower one is ``earned``."""
        return self.earned + self.open + self.external


@dataclass(frozen=True, slots=True)
class FigureNode:
    """A node of the score tree with its figures, which are the sums of its parts' figures."""

    node: ScoreNode
    figures: Figures
    parts: tuple[FigureNode, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """All figures of a score: the total, and the tree of pillars, indicators and questions."""

    total: Figures
    pillars: tuple[FigureNode, ...]


def figures_of(rubric: Rubric, score: Score) -> Sheet:
    """Return the figures of a score."""
    pillars = breakdown(rubric, score)
    shown = rounded_tree(_branch(score.total, pillars))
    return Sheet(_figures(shown), tuple(map(_node, pillars, shown.parts)))


def _branch(points: Points, parts: Sequence[ScoreNode]) -> Branch:
    cells = (points.earned, points.waiting, points.open, points.external, points.lost)
    return Branch(
        tuple(Fraction(cell) * _UNIT for cell in cells), tuple(_branch(part.points, part.parts) for part in parts)
    )


def _node(node: ScoreNode, shown: Rounded) -> FigureNode:
    return FigureNode(node, _figures(shown), tuple(map(_node, node.parts, shown.parts)))


def _figures(shown: Rounded) -> Figures:
    return Figures(*(Decimal(cell).scaleb(-PLACES) for cell in shown.cells))
