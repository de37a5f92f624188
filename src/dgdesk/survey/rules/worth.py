"""What a question is worth, as exact shares of 1, and the mean of several."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

Exact = Fraction | int
"""Exact numbers: whole numbers stay int, which adds much faster than Fraction."""


def capped(value: Exact) -> Exact:
    """Return the value, at most 1."""
    return value if value < 1 else 1


class Worth(NamedTuple):
    """What a question has earned and what is still open, together at most 1.

    ``open`` is not answered yet; ``external`` is given by the agency and not known yet. ``exempt``: the question is not
    counted, and its weight goes to its siblings.
    """

    earned: Exact = 0
    open: Exact = 0
    external: Exact = 0
    exempt: bool = False


OPEN = Worth(open=1)


LOST = Worth()


EXEMPT = Worth(exempt=True)


FULL = Worth(1)


def mean(parts: Sequence[Worth]) -> Worth:
    """Return the mean of the parts that are not exempt; exempt if all are."""
    counted = [part for part in parts if not part.exempt]
    count = len(counted)
    if not count:
        return EXEMPT
    return Worth(
        Fraction(sum([part.earned for part in counted]), count),
        Fraction(sum([part.open for part in counted]), count),
        Fraction(sum([part.external for part in counted]), count),
    )
