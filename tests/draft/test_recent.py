"""Recent drafts: what is known without opening, and read again only when the file has changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from dgdesk.draft.drafts import new_draft
from dgdesk.draft.recent import read_recent, stamp_of
from dgdesk.system.settings import Recent

Clock = Callable[[], datetime]


def test_a_draft_is_described_and_read_again_only_after_a_change(
    thai_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = thai_path / "น่าน.dgdesk"
    new_draft(path, clock=clock, who="สมศรี", respondent="TH-55").close()
    found = read_recent(Recent(str(path), page="g.page2"), clock)
    assert found is not None
    assert (found.respondent, found.page) == ("น่าน", "g.page2")
    assert 0 <= found.percent < 5 and found.low == "0.00" and float(found.high) > 90
    assert datetime.fromisoformat(found.changed) == clock()
    monkeypatch.setattr("dgdesk.draft.drafts.open_draft", lambda *_, **__: pytest.fail("read again"))
    assert read_recent(found, clock) == found


def test_a_missing_file_is_none_and_a_damaged_one_stays_as_known(tmp_path: Path, clock: Clock) -> None:
    assert read_recent(Recent(str(tmp_path / "no.dgdesk")), clock) is None
    assert read_recent(Recent("a\0b"), clock) is None
    bad = tmp_path / "bad.dgdesk"
    bad.write_bytes(b"no draft")
    known = Recent(str(bad), respondent="น่าน", percent=40)
    assert read_recent(known, clock) == known


def test_figures_of_an_earlier_version_are_read_again(thai_path: Path, clock: Clock) -> None:
    """0.1.0 left what waits for evidence out of the upper end, and knew no claimed figure; the file is the same."""
    path = thai_path / "น่าน.dgdesk"
    with new_draft(path, clock=clock, who="สมศรี", respondent="TH-55") as draft:
        draft.session.answer("p1.4", "yes")
    old = Recent(str(path), respondent="น่าน", percent=1, low="0.00", high="99.25", stamp=stamp_of(path))
    found = read_recent(old, clock)
    assert found is not None
    assert (found.low, found.claimed, found.high) == ("0.00", "0.75", "100.00")
