"""When a copy is due, and which may go."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from dgdesk.draft.backups.copies import Policy, is_due, to_drop
from dgdesk.draft.backups.names import BackupCopy, all_copies, folder_for, list_copies, name_for, read_name

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
POLICY = Policy(most=3, days=30, every=timedelta(hours=1), least=2)
DRAFT = Path("งาน/น่าน.dgdesk")


def copies(*hours: float) -> list[BackupCopy]:
    return [BackupCopy(NOW - timedelta(hours=each), Path(f"{each}")) for each in hours]


def test_a_copy_is_due_once_something_was_changed_and_an_hour_has_gone() -> None:
    just_now = NOW - timedelta(minutes=1)
    assert is_due(POLICY, [], NOW, just_now)
    assert not is_due(POLICY, [], NOW, None)
    assert is_due(POLICY, copies(2), NOW, just_now)
    assert not is_due(POLICY, copies(0.5), NOW, just_now)
    assert not is_due(POLICY, copies(2), NOW, NOW - timedelta(hours=3))


def test_a_copy_from_the_future_keeps_nobody_from_a_new_one() -> None:
    assert is_due(POLICY, copies(-5000), NOW, NOW)


def test_too_many_and_too_old_go_but_never_the_last_two() -> None:
    assert [one.path.name for one in to_drop(POLICY, copies(1, 2, 3, 4, 5), NOW)] == ["5", "4"]
    assert [one.path.name for one in to_drop(POLICY, copies(1, 2, 24 * 40), NOW)] == ["960"]
    assert to_drop(POLICY, copies(24 * 400, 24 * 500), NOW) == ()


AGES = st.lists(st.integers(-1000, 100_000), unique=True, max_size=30)


@given(AGES, st.integers(1, 12), st.integers(1, 400), st.integers(0, 5))
def test_what_stays_is_the_newest_and_no_more_than_allowed(hours: list[int], most: int, days: int, least: int) -> None:
    policy = Policy(most=most, days=days, least=least)
    there = copies(*hours)
    gone = set(to_drop(policy, there, NOW))
    left = sorted((one for one in there if one not in gone), reverse=True)
    assert len(left) <= max(most, least)
    assert left == sorted(there, reverse=True)[: len(left)]
    assert len(left) >= min(least, len(there))


def test_a_name_tells_whose_copy_it_is_and_when_it_was_made(tmp_path: Path) -> None:
    name = name_for(DRAFT, NOW)
    assert name == "น่าน.20261122-093000.dgdesk"
    assert read_name(name, DRAFT) == NOW
    assert read_name("น่านเหนือ.20261122-093000.dgdesk", DRAFT) is None
    assert read_name("น่าน.20261322-093000.dgdesk", DRAFT) is None
    assert read_name("น่าน.๒๐261122-093000.dgdesk", DRAFT) is None
    assert folder_for(DRAFT) == Path("งาน/น่าน.backups")
    assert list_copies(DRAFT, tmp_path / "none") == ()


def test_in_a_chosen_place_two_drafts_of_one_name_do_not_share_their_copies(tmp_path: Path) -> None:
    one, other = tmp_path / "2568" / "น่าน.dgdesk", tmp_path / "2569" / "น่าน.dgdesk"
    chosen = tmp_path / "สำเนา"
    assert folder_for(one, chosen) != folder_for(other, chosen)
    assert folder_for(one, chosen) == folder_for(one.parent / "." / one.name, chosen)
    for folder, draft, hour in ((folder_for(one), one, 1), (folder_for(one, chosen), one, 2)):
        folder.mkdir(parents=True)
        (folder / name_for(draft, NOW - timedelta(hours=hour))).write_bytes(b"x")
    assert [copy.at for copy in all_copies(one, chosen)] == [NOW - timedelta(hours=each) for each in (1, 2)]
    assert len(all_copies(one)) == 1 and all_copies(other, chosen) == ()


@given(st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="/\\"), min_size=1, max_size=150))
def test_every_drafts_name_is_found_again(stem: str) -> None:
    draft = Path(f"{stem}.dgdesk")
    assert read_name(name_for(draft, NOW), draft) == NOW
    assert len(name_for(draft, NOW)) < 130
