"""Paging: which lines of a table's rows stand on which sheet of paper. Pure; heights are counted in lines."""

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
    """Share rows of so many ``lines`` out to sheets with room for ``first_page`` and then ``page`` lines.

    ``gap`` is the space that a row, or a part of it, takes besides its lines. A row stays whole where a fresh sheet can
    hold it; a longer one goes on over the next. There is at least one sheet, and one line on every further one; every
    line stands on exactly one, in order.
    """
    pages: list[list[Slice]] = [[]]
    room = first_page
    for row, count in enumerate(lines):
        done = 0
        while done < count:
            left = count - done
            fitting = int(room - gap)
            begins = not pages[-1] and len(pages) > 1
            if left > fitting and not begins and (left <= int(page - gap) or fitting < 1):
                pages.append([])
                room = page
                continue
            taken = min(left, max(fitting, 1))
            pages[-1].append(Slice(row, done, done + taken))
            done += taken
            room -= taken + gap
    return tuple(map(tuple, pages))
