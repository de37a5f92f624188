"""Distributes the lines of table rows over sheets of paper. Pure; heights are counted in lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Slice:
    """Lines ``first`` to ``last`` (one past) of a row."""

    row: int
    first: int
    last: int


def pages_of_rows(
    lines: Sequence[int], first_page: float, page: float, gap: float = 0.0
) -> tuple[tuple[Slice, ...], ...]:
    """Distribute rows of so many ``lines`` over sheets that hold ``first_page`` and then ``page`` lines.

    ``gap`` is the space that a row, or a part of it, takes in addition to its lines. A row is not split if an empty
    sheet can hold it; a longer row continues on the next sheet. There is at least one sheet, and at least one line on
    each further sheet; every line is on exactly one sheet, in order.
    """
    pages: list[list[Slice]] = [[]]
    space = first_page
    for row, count in enumerate(lines):
        done = 0
        while done < count:
            left = count - done
            fitting = int(space - gap)
            begins = not pages[-1] and len(pages) > 1
            if left > fitting and not begins and (left <= int(page - gap) or fitting < 1):
                pages.append([])
                space = page
                continue
            taken = min(left, max(fitting, 1))
            pages[-1].append(Slice(row, done, done + taken))
            done += taken
            space -= taken + gap
    return tuple(map(tuple, pages))
