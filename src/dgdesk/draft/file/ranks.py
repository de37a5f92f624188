"""Ranks: the whole numbers that keep the attachments of a slot in order, each stored with its attachment.

They leave gaps, so that one attachment can be put anywhere without touching the others.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Final

from dgdesk.draft.file.model import StoredJson
from dgdesk.system.bounds import LARGEST_COUNT, is_count

RANK: Final = "rank"
STEP: Final = 1000
"""From one attachment to the next that is attached after it."""
UNRANKED: Final = LARGEST_COUNT + 1
"""Where an attachment without a readable rank stands: at the end."""


def rank_of(value: StoredJson) -> int:
    """Return the rank in a stored attachment."""
    # dict first: it is found without the slow question to an abstract class
    rank = value.get(RANK) if isinstance(value, dict | Mapping) else None
    return rank if is_count(rank) else UNRANKED


def ranked(value: Mapping[str, StoredJson], rank: int) -> dict[str, StoredJson]:
    """Return an attachment with a rank, as it is stored."""
    return {**value, RANK: rank}


def without_rank(value: StoredJson) -> StoredJson:
    """Return a stored attachment without its rank."""
    return {key: one for key, one in value.items() if key != RANK} if isinstance(value, Mapping) else value


def next_rank(ranks: Sequence[int]) -> int:
    """Return a rank behind all of ``ranks``, which ascend."""
    behind = bisect_left(ranks, UNRANKED)
    return (ranks[behind - 1] if behind else 0) + STEP


def free_rank(ranks: Sequence[int], wanted: int) -> int:
    """Return ``wanted`` if it is not among ``ranks``, which ascend; else one soon behind it."""
    at = bisect_left(ranks, wanted)
    if wanted < UNRANKED and (at == len(ranks) or ranks[at] != wanted):
        return wanted
    if wanted >= UNRANKED or at + 1 == len(ranks) or ranks[at + 1] >= UNRANKED:
        return next_rank(ranks)
    between = (wanted + ranks[at + 1]) // 2
    return between if between > wanted else next_rank(ranks)


def ranks_for(known: Sequence[int | None]) -> list[int]:
    """Return ascending ranks for attachments in a wanted order, given those that they have (None: it is new).

    As many as possible keep theirs; all get new ones only where a gap is too narrow.
    """
    kept = _longest_ascent(known)
    ranks: list[int] = []
    for at in [*kept, len(known)]:
        new = at - len(ranks)
        low = ranks[-1] if ranks else 0
        high = known[at] if at < len(known) else low + STEP * (new + 1)
        assert high is not None
        if high - low <= new:
            return [STEP * (position + 1) for position in range(len(known))]
        ranks += [low + (high - low) * (one + 1) // (new + 1) for one in range(new)]
        if at < len(known):
            ranks.append(high)
    return ranks


def _longest_ascent(known: Sequence[int | None]) -> list[int]:
    """Return the positions of the longest strictly ascending part of the ranks that are there."""
    ends: list[int] = []  # ends[n]: the smallest rank that ends an ascent of n + 1
    at_end: list[int] = []
    before: dict[int, int | None] = {}
    for at, rank in enumerate(known):
        if rank is None or not 0 < rank < UNRANKED:
            continue
        length = bisect_left(ends, rank)
        before[at] = at_end[length - 1] if length else None
        ends[length : length + 1] = [rank]
        at_end[length : length + 1] = [at]
    found: list[int] = []
    last = at_end[-1] if at_end else None
    while last is not None:
        found.append(last)
        last = before[last]
    return found[::-1]
