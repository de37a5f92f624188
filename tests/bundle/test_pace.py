"""The pace of long work: progress that never runs back, and a stop that is heard."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgdesk.bundle.pace import ExportCancelled, Pace


@given(st.lists(st.integers(1, 50), min_size=1, max_size=40), st.integers(0, 60))
def test_progress_never_runs_back_and_ends_at_the_end(pieces: list[int], every: int) -> None:
    told: list[tuple[int, int]] = []
    pace = Pace(sum(pieces), lambda done, total: told.append((done, total)), None, every)
    for piece in pieces:
        pace.add(piece)
    assert told == sorted(told) and told[-1] == (sum(pieces), sum(pieces))
    steps = [after - before for (before, _), (after, _) in zip([(0, 0), *told], told, strict=False)]
    assert all(step >= every for step in steps[:-1])
    assert (len(told) == len(pieces)) or every > 1


def test_a_stop_is_heard() -> None:
    pace = Pace(10, None, lambda: True, every=5)
    pace.add(4)
    with pytest.raises(ExportCancelled, match=r"bundle\.cancelled"):
        pace.add(1)
