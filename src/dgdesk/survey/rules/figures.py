"""Figures for display: points rounded so that everything shown adds up, as one flow through the tree (Cox 1987).

If each figure were rounded alone, sums could be wrong by a hundredth; `rounding` explains the method.

Each branch has one cell per kind of points; its cells are the sums of its parts' cells. Imagine that hundredths flow
from the whole down the tree into the leaves, each kind separately, and up again as the weights of the branches. The
exact amounts are such a flow; so there is one of whole hundredths between floor and ceiling on every edge (Ford and
Fulkerson's integrality theorem; after L. Cox, "A constructive procedure for unbiased controlled rounding", JASA 82,
1987). It is found by raising floors along augmenting paths.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from dgdesk.survey.rules.rubric import Rubric
from dgdesk.survey.rules.score import Points, Score, ScoreNode, Tree, breakdown

PLACES = 2
_UNIT = 10**PLACES


class Figures(NamedTuple):
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
        return self.earned + self.waiting + self.open + self.external


class FigureNode(NamedTuple):
    """A node of the score tree with its figures, which are the sums of its parts' figures."""

    node: ScoreNode
    figures: Figures
    parts: tuple[FigureNode, ...]


class FigureSheet(NamedTuple):
    """All figures of a score: the total, and the tree of pillars, indicators and questions.

    ``cautious`` is the total with p = 0; where that is the same score, its figures are the same.
    """

    total: Figures
    cautious: Figures
    pillars: tuple[FigureNode, ...]


def figures_of(rubric: Rubric, score: Score, tree: Tree | None = None) -> FigureSheet:
    """Return the figures of a score; ``tree`` is its `breakdown`, where that is known already."""
    pillars = tree or breakdown(rubric, score)
    shown = rounded_tree(_branch(score.total, pillars))
    total, cautious = _figures(shown), score.cautious
    if cautious != score.total:
        cautious_figures = _figures(Rounded(tuple(rounded_parts(_cells(cautious))), ()))
    else:
        cautious_figures = total
    return FigureSheet(total, cautious_figures, tuple(map(_node, pillars, shown.parts)))


def _branch(points: Points, parts: Sequence[ScoreNode]) -> Branch:
    return Branch(_cells(points), tuple(_branch(part.points, part.parts) for part in parts))


def _cells(points: Points) -> tuple[Fraction, ...]:
    cells = (points.earned, points.waiting, points.open, points.external, points.lost)
    return tuple(Fraction(cell) * _UNIT for cell in cells)


def _node(node: ScoreNode, shown: Rounded) -> FigureNode:
    return FigureNode(node, _figures(shown), tuple(map(_node, node.parts, shown.parts)))


def _figures(shown: Rounded) -> Figures:
    return Figures(*(Decimal(cell).scaleb(-PLACES) for cell in shown.cells))


_OUTSIDE = 0


class Branch(NamedTuple):
    """Exact cells, one per kind, and the branches whose cells add up to them."""

    cells: tuple[Fraction, ...]
    parts: tuple[Branch, ...] = ()


class Rounded(NamedTuple):
    """The rounded cells of a branch, and of its parts in the same order."""

    cells: tuple[int, ...]
    parts: tuple[Rounded, ...]


def nearest(value: Fraction) -> int:
    """Round to the nearest whole number, halves up."""
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def rounded_parts(parts: Sequence[Fraction]) -> list[int]:
    """Round parts so that they add up to their rounded sum, the largest remainders up."""
    floors = [part.numerator // part.denominator for part in parts]
    missing = nearest(sum(parts, Fraction(0))) - sum(floors)
    order = sorted(range(len(parts)), key=lambda at: (floors[at] - parts[at], at))
    for at in order[:missing]:
        floors[at] += 1
    return floors


def rounded_tree(whole: Branch) -> Rounded:
    """Round a tree; the whole by largest remainder if its parts allow it, else up or down like the other cells.

    Raises:
        ArithmeticError: the parts of a branch do not add up to it.
    """
    wanted = tuple(Fraction(cell) for cell in rounded_parts(whole.cells))
    for cells in (wanted, whole.cells):
        flow = _Flow(len(whole.cells))
        root = flow.add(whole, cells)
        if flow.balance():
            return root.rounded(flow)
    raise ArithmeticError("parts that do not add up")


class _Laid(NamedTuple):
    """A branch in the flow: the edges of its cells."""

    edges: tuple[int | None, ...]
    parts: tuple[_Laid, ...]

    def rounded(self, flow: _Flow) -> Rounded:
        cells = tuple(0 if edge is None else flow.amount(edge) for edge in self.edges)
        return Rounded(cells, tuple(part.rounded(flow) for part in self.parts))


class _Flow:
    """Edges that carry their floor or one more. At each point the inflow equals the outflow."""

    def __init__(self, kinds: int) -> None:
        self._kinds = kinds
        self._excess = [0]
        self._ends: list[tuple[int, int]] = []
        self._floors: list[int] = []
        self._raised: list[bool] = []
        self._at: list[list[int]] = [[]]

    def add(self, whole: Branch, cells: tuple[Fraction, ...]) -> _Laid:
        """Add the edges of a tree; ``cells`` are the given cells of the whole."""
        return self._lay(whole, cells, [_OUTSIDE] * self._kinds, _OUTSIDE)

    def amount(self, edge: int) -> int:
        """Return what an edge carries."""
        return self._floors[edge] + self._raised[edge]

    def balance(self) -> bool:
        """Raise edges until every point is in balance; False if that is impossible."""
        return all(self._relieve(point) for point in range(len(self._excess)) for _ in range(self._excess[point]))

    def _lay(self, branch: Branch, cells: tuple[Fraction, ...], above: list[int], under: int) -> _Laid:
        weight = self._point()
        kinds = [self._point() for _ in cells] if branch.parts else [weight] * len(cells)
        edges = tuple(
            self._edge(start, end, cell) if cell else None for start, end, cell in zip(above, kinds, cells, strict=True)
        )
        parts = tuple(self._lay(part, part.cells, kinds, weight) for part in branch.parts)
        self._edge(weight, under, sum(cells, Fraction(0)))
        return _Laid(edges, parts)

    def _point(self) -> int:
        self._excess.append(0)
        self._at.append([])
        return len(self._excess) - 1

    def _edge(self, start: int, end: int, exact: Fraction) -> int:
        number, floor = len(self._ends), exact.numerator // exact.denominator
        self._ends.append((start, end))
        self._floors.append(floor)
        self._raised.append(False)
        self._excess[start] -= floor
        self._excess[end] += floor
        if exact != floor:
            self._at[start].append(number)
            self._at[end].append(number)
        return number

    def _relieve(self, point: int) -> bool:
        """Move one unit of excess from a point to the nearest point that lacks one."""
        came: dict[int, int | None] = {point: None}
        waiting = deque([point])
        while waiting:
            here = waiting.popleft()
            if self._excess[here] < 0:
                self._excess[here] += 1
                self._excess[point] -= 1
                self._turn(came, here)
                return True
            for edge in self._at[here]:
                start, end = self._ends[edge]
                there, may = (end, not self._raised[edge]) if start == here else (start, self._raised[edge])
                if may and there not in came:
                    came[there] = edge
                    waiting.append(there)
        return False

    def _turn(self, came: dict[int, int | None], here: int) -> None:
        while (edge := came[here]) is not None:
            self._raised[edge] = not self._raised[edge]
            start, end = self._ends[edge]
            here = start if here == end else end
