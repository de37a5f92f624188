"""Panels: which of the panels beside the page there is room for. Pure; widths in pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

NARROW: Final = 1200
"""Below this width the page needs the room of the side panel, unless the person wants to see it."""


@dataclass(frozen=True, slots=True)
class Least:
    """The least widths at which the words of outline, page and side panel are whole."""

    outline: int
    page: int
    side: int


def panels_shown(width: int, least: Least, side_wanted: bool | None) -> tuple[bool, bool]:
    """Return whether outline and side panel are shown; ``side_wanted`` is None while the person has not said.

    Where three do not fit, as with very large text, the side panel takes the outline's place as long as it is wanted.
    """
    all_fit = least.outline + least.page + least.side <= width
    side = width >= NARROW and all_fit if side_wanted is None else side_wanted
    return not side or all_fit, side


def whole_sizes(sizes: Sequence[int], known: Sequence[int]) -> tuple[int, ...]:
    """Return panels' sizes to remember: one that is hidden (0) keeps what was known of it. Empty: nothing is known."""
    found = list(sizes)
    if len(known) == len(sizes):
        found = [size or before for size, before in zip(sizes, known, strict=True)]
    return tuple(found) if all(found) else ()
