"""The words of an entry, and how long the rest takes."""

from __future__ import annotations

from dgdesk.ui.outbox.wording import Pace


def test_the_rest_takes_as_long_as_lately_and_is_not_guessed_at_once():
    pace = Pace()
    assert pace.left(0, 1000, 0.0) is None
    assert pace.left(100, 1000, 1.0) is None
    assert pace.left(200, 1000, 2.0) == 8.0
    assert pace.left(200, 1000, 25.0) is None  # nothing has left for long
    assert pace.left(50, 1000, 26.0) is None  # begun again
