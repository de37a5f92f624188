"""Figures for show: points rounded so that everything shown adds up, across a node's parts and down the tree.

Rounding each figure by itself lets sums miss by a hundredth. Here the whole is rounded first; then the table of its
parts is rounded with given sums of rows and columns (controlled rounding: every figure is its own floor or ceiling,
after L. Cox, "A constructive procedure for unbiased controlled rounding", JASA 82, 1987), and so on downwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from dgdesk.rules.credit import Exact
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
        """The points the node could have."""
        return self.earned + self.waiting + self.open + self.external + self.lost

    @property
    def claimed(self) -> Decimal:
        """What the answers claim."""
        return self.earned + self.waiting

    @property
    def high(self) -> Decimal:
        """The upper end of the interval; the lower one is ``earned``."""
        return self.earned + self.open + self.external


@dataclass(frozen=True, slots=True)
class FigureNode:
    """A node of the score tree with its figures; those of its parts add up to its own."""

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
    total = rounded_parts(_cells(score.total))
    return Sheet(_figures(total), _parts(breakdown(rubric, score), total))


def rounded_parts(parts: Sequence[Exact]) -> list[int]:
    """Round parts to hundredths so that they add up to their rounded sum (largest remainder first)."""
    scaled = [Fraction(part) * _UNIT for part in parts]
    floors = [part.numerator // part.denominator for part in scaled]
    missing = _nearest(sum(scaled, Fraction(0))) - sum(floors)
    order = sorted(range(len(parts)), key=lambda at: (floors[at] - scaled[at], at))
    for at in order[:missing]:
        floors[at] += 1
    return floors


def controlled(table: Sequence[Sequence[Exact]], columns: Sequence[int]) -> list[list[int]]:
    """Round a table to hundredths: every cell its floor or ceiling, the columns with the sums given.

    Rows add up to the floor or ceiling of their own sums. ``columns`` must be floors or ceilings of the columns' exact
    sums; then a rounding exists.
    """
    scaled = [[Fraction(cell) * _UNIT for cell in row] for row in table]
    whole = [[cell.numerator // cell.denominator for cell in row] for row in scaled]
    sums = [sum(row, Fraction(0)) for row in scaled]
    flow = _Flow(
        [[cell.denominator != 1 for cell in row] for row in scaled],
        [wanted - sum(row[at] for row in whole) for at, wanted in enumerate(columns)],
    )
    for at, row in enumerate(whole):
        for _ in range(sums[at].numerator // sums[at].denominator - sum(row)):
            flow.give(at)
    # A row that is no whole number of hundredths may take one more; those with the largest remainder first.
    remainders = {at: value % 1 for at, value in enumerate(sums) if value % 1}
    for at in sorted(remainders, key=lambda at: (-remainders[at], at)):
        flow.give(at)
    return [[cell + flow.taken(at, column) for column, cell in enumerate(row)] for at, row in enumerate(whole)]


def _parts(nodes: Sequence[ScoreNode], columns: Sequence[int]) -> tuple[FigureNode, ...]:
    if not nodes:
        return ()
    rows = controlled([_cells(node.points) for node in nodes], columns)
    return tuple(
        FigureNode(node, _figures(row), _parts(node.parts, row)) for node, row in zip(nodes, rows, strict=True)
    )


def _cells(points: Points) -> tuple[Exact, ...]:
    return (points.earned, points.waiting, points.open, points.external, points.lost)


def _figures(cells: Sequence[int]) -> Figures:
    return Figures(*(Decimal(cell).scaleb(-PLACES) for cell in cells))


def _nearest(value: Fraction) -> int:
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


class _Flow:
    """Which cells of a table are rounded up: units given by rows to columns that lack them (augmenting paths)."""

    def __init__(self, free: list[list[bool]], lacking: list[int]) -> None:
        self._free = free
        self._lacking = lacking
        self._up: set[tuple[int, int]] = set()

    def taken(self, row: int, column: int) -> int:
        """Return 1 where a cell is rounded up."""
        return int((row, column) in self._up)

    def give(self, row: int) -> bool:
        """Round one more cell of a row up, if a column lacks it; another row may give way."""
        return self._give(row, set())

    def _give(self, row: int, seen: set[int]) -> bool:
        for column, free in enumerate(self._free[row]):
            if not free or column in seen or (row, column) in self._up:
                continue
            seen.add(column)
            if self._lacking[column] > 0:
                self._lacking[column] -= 1
                self._up.add((row, column))
                return True
            for other in range(len(self._free)):
                if (other, column) in self._up and self._give(other, seen):
                    self._up.remove((other, column))
                    self._up.add((row, column))
                    return True
        return False
