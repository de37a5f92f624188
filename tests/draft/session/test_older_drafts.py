"""Drafts of dgdesk 0.1.0 and before, in which an unmarked file was enough: nothing is lost, and the file waits."""

from __future__ import annotations

import json
import lzma
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dgdesk.draft.drafts import open_draft

GOLDENS = Path(__file__).parents[2] / "faults" / "goldens"
COMMITS = sorted(one.stem for one in GOLDENS.glob("*.json"))


def unpacked(commit: str, folder: Path) -> Path:
    path = folder / "เดิม.dgdesk"
    path.write_bytes(lzma.decompress((GOLDENS / f"{commit}.dgdesk.xz").read_bytes()))
    return path


@pytest.mark.parametrize("commit", COMMITS)
def test_unmarked_files_of_older_drafts_wait_and_one_step_makes_them_complete(commit: str, tmp_path: Path) -> None:
    path = unpacked(commit, tmp_path)
    stored = json.loads((GOLDENS / f"{commit}.json").read_text(encoding="utf-8"))["evidence"]
    with open_draft(path, clock=lambda: datetime(2026, 11, 20, tzinfo=UTC), who="สมชาย") as draft:
        session = draft.session
        assert draft.package.evidence() == stored, "opening changes nothing"
        files = session.state.facts.evidence
        assert {slot: len(some) for slot, some in files.items()} == {slot: len(some) for slot, some in stored.items()}
        unmarked = {
            slot: [one.sha256 for one in some] for slot, some in files.items() if not any(one.marked for one in some)
        }
        waiting = {one.slot for one in session.state.problems if one.code == "evidence.unmarked"}
        assert waiting == set(unmarked) and "p1.3/yes" in waiting
        before = session.state
        session.mark_whole(unmarked)
        assert not any(one.code == "evidence.unmarked" for one in session.state.problems)
        assert session.state.score.total.earned > before.score.total.earned
        assert session.state.score.total.claimed == before.score.total.claimed
        session.undo()
        assert session.state == before and draft.package.evidence() == stored
