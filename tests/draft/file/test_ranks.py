"""Ranks keep any order, and move as few attachments as possible."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dgdesk.draft.file.ranks import STEP, UNRANKED, free_rank, next_rank, rank_of, ranked, ranks_for, without_rank

KNOWN = st.lists(st.none() | st.integers(0, 12) | st.integers(0, UNRANKED), max_size=12)


def test_one_after_the_other_leaves_gaps() -> None:
    assert ranks_for([None, None, None]) == [STEP, 2 * STEP, 3 * STEP]
    assert next_rank([]) == STEP and next_rank([5, 70]) == 70 + STEP
    assert next_rank([5, UNRANKED]) == 5 + STEP, "before those that have none"


def test_only_what_moves_gets_another_rank() -> None:
    assert ranks_for([3000, 1000, 2000]) == [500, 1000, 2000]
    assert ranks_for([1000, None, 2000]) == [1000, 1500, 2000]
    assert ranks_for([1000, None, 1001]) == [1000, 2000, 3000], "no gap: all anew"
    assert ranks_for([4000, 3000, 2000]).count(2000) + ranks_for([4000, 3000, 2000]).count(4000) == 1


@given(KNOWN)
def test_any_order_can_be_kept(known: list[int | None]) -> None:
    ranks = ranks_for(known)
    assert len(ranks) == len(known) and all(one < other for one, other in zip([0, *ranks], ranks, strict=False))
    if all(one is not None and one > 0 for one in known) and known == sorted(set(known)) and UNRANKED not in known:
        assert ranks == known


@given(st.sets(st.integers(0, 30) | st.just(UNRANKED), max_size=20), st.integers(0, 40) | st.just(UNRANKED))
def test_a_wanted_rank_is_given_or_one_behind_it(there: set[int], wanted: int) -> None:
    ranks = sorted(there)
    rank = free_rank(ranks, wanted)
    assert rank not in there and rank < UNRANKED
    if wanted < UNRANKED:
        assert (rank == wanted) == (wanted not in there) and rank >= wanted


def test_a_rank_that_is_none_stands_at_the_end() -> None:
    assert rank_of(ranked({"sha256": "x"}, 7)) == 7 and without_rank({"sha256": "x", "rank": 7}) == {"sha256": "x"}
    for value in (None, "x", [], {}, {"rank": "7"}, {"rank": -1}, {"rank": True}, {"rank": 10**30}):
        assert rank_of(value) == UNRANKED
    assert without_rank("x") == "x" and without_rank(None) is None
