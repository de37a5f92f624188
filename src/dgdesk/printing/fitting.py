"""Chooses the line ends of a paragraph all at once: those with the least sum of costs and of empty line ends."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Final, NamedTuple

from dgdesk.text.line_ends import TORN

_FUZZ: Final = 1e-6
_RAGGED: Final = 100.0  # cost of an empty line; it grows with the square of the empty share
_LINE: Final = 2.0  # cost of one line more
_HELP: Final = 6.0  # so much more a line may cost than at best, to help the lines below
_NEVER: Final = float("inf")


class Fit(NamedTuple):
    """Some pieces in lines: where each line begins, where the last one ends, and what the end of each line costs."""

    ends: tuple[int, ...]
    costs: tuple[float, ...]


def fit(
    widths: Sequence[float], blank: Sequence[bool], cost: Callable[[int], float], width: float, pushed: float
) -> Fit:
    """The best lines for pieces of these widths, of which some are white space.

    ``cost`` is asked what a line that begins with a piece costs. The first line is ``pushed`` shorter. No line is
    wider than ``width`` unless a single piece is; no line but the first begins with white space.
    """
    count = len(widths)
    left = [0.0, *accumulate(widths)]
    ink = [0.0]  # where the last ink before a piece ends
    for at in range(count):
        ink.append(ink[at] if blank[at] else left[at + 1])
    best = [_NEVER] * (count + 1)
    back = [0] * (count + 1)
    best[0] = 0.0
    asked: dict[int, float] = {}
    for begin in range(count):
        if best[begin] == _NEVER:
            continue
        edge = left[begin] + (width - pushed if begin == 0 else width)
        furthest = bisect_right(ink, edge + _FUZZ) - 1
        if furthest >= count:
            if best[begin] < best[count]:
                best[count], back[count] = best[begin], begin
            continue
        least = _NEVER  # the cost of this line with its best end
        worth = _NEVER  # what it may cost
        so_far = best[begin] + _LINE
        end = furthest
        while end > begin:
            if not blank[end]:
                free = (edge - ink[end]) / width
                ragged = _RAGGED * free * free
                if ragged > worth:
                    break
                if (price := asked.get(end)) is None:
                    price = asked[end] = cost(end)
                if price < TORN or least == _NEVER:
                    least = min(least, price + ragged)
                    worth = least + _HELP
                    if so_far + price + ragged < best[end]:
                        best[end], back[end] = so_far + price + ragged, begin
            end -= 1
        if least == _NEVER:  # not even one piece fits
            end = next((at for at in range(begin + 1, count) if not blank[at]), count)
            total = best[begin] + TORN
            if total < best[end]:
                best[end], back[end] = total, begin
    ends = [count]
    while ends[-1]:
        ends.append(back[ends[-1]])
    ends.reverse()
    return Fit(tuple(ends), (*(asked.get(end, TORN) for end in ends[1:-1]), 0.0))
