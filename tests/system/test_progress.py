"""One object tells how far long work is, and whether the person wants it stopped; parts of the work share it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgdesk.system.progress import NO_PROGRESS, Cancelled, Progress, by_percent, each_file


def counted(seen: list[tuple[int, int]], total: int = 0, every: int = 0) -> Progress:
    return Progress(lambda *now: seen.append(now), total=total, every=every)


@given(st.lists(st.integers(1, 50), min_size=1, max_size=40), st.integers(0, 60))
def test_progress_never_runs_back_and_ends_at_the_end(pieces: list[int], every: int) -> None:
    told: list[tuple[int, int]] = []
    progress = counted(told, sum(pieces), every)
    for piece in pieces:
        progress.add(piece)
    assert told == sorted(told) and told[-1] == (sum(pieces), sum(pieces))
    steps = [after - before for (before, _), (after, _) in zip([(0, 0), *told], told, strict=False)]
    assert all(step >= every for step in steps[:-1])
    assert (len(told) == len(pieces)) or every > 1


def test_a_stop_is_heard_before_anything_is_counted() -> None:
    seen: list[tuple[int, int]] = []
    progress = Progress(lambda *now: seen.append(now), lambda: True, total=10)
    for call in (progress.check, lambda: progress.add(1), lambda: progress.half(2), lambda: progress.at(1, 2)):
        with pytest.raises(Cancelled, match=r"package\.cancelled"):
            call()
    assert seen == [] and progress.cancelled


def test_what_is_done_already_is_counted_after_a_stop() -> None:
    seen: list[tuple[int, int]] = []
    Progress(lambda *now: seen.append(now), lambda: True, total=10).advance(4)
    assert seen == [(4, 10)]


def test_without_anybody_who_listens_nothing_happens() -> None:
    NO_PROGRESS.count(10).add(4)
    assert not NO_PROGRESS.cancelled


def test_more_than_was_expected_is_more_in_all_too_and_an_unknown_whole_stays_unknown() -> None:
    seen: list[tuple[int, int]] = []
    counted(seen, 10).advance(12)
    counted(seen).advance(12)
    assert seen == [(12, 12), (12, 0)]


def test_a_part_that_is_read_twice_counts_once_and_ends_where_it_should() -> None:
    seen: list[tuple[int, int]] = []
    progress = counted(seen, 10)
    progress.begin(5)
    for _ in range(2):
        progress.half(3)
        progress.half(2)
    progress.end()
    assert [done for done, _ in seen] == [1, 2, 4, 5]
    progress.begin(5)
    progress.within(9)
    progress.end()
    assert seen[-1] == (10, 10)


def test_a_part_of_the_work_reports_figures_of_the_whole_and_is_stopped_with_it() -> None:
    seen: list[tuple[int, int]] = []
    stop: list[int] = []
    whole = Progress(lambda *now: seen.append(now), lambda: bool(stop))
    part = whole.mapped(lambda done, total: (100 + done, 100 + total))
    part.count(5).add(2)
    silent = part.silent()
    silent.report(1, 2)
    assert seen == [(102, 105)]
    stop.append(1)
    for one in (part, silent, part.count(3)):
        assert one.cancelled


def test_a_step_is_told_to_who_listens_to_the_whole() -> None:
    told: list[str] = []
    whole = Progress(stepped=told.append)
    whole.step("print")
    whole.mapped(lambda done, total: (done, total)).count(3).step("writing")
    NO_PROGRESS.step("nobody hears it")
    assert told == ["print", "writing"]


def test_files_are_counted_by_their_bytes_and_a_missing_one_counts_little(tmp_path: Path) -> None:
    sizes = {"a": 10, "b": 30}
    for name, size in sizes.items():
        (tmp_path / name).write_bytes(b"x" * size)
    seen: list[tuple[int, int]] = []
    paths = [tmp_path / "a", tmp_path / "b", tmp_path / "none"]
    for path, reading in each_file(paths, counted(seen)):
        if path.name == "b":
            reading.report(1, 2)
            reading.report(0, 0)
    assert seen == [(10, 41), (25, 41), (10, 41), (40, 41), (41, 41)]


def test_after_a_stop_no_further_file_is_begun(tmp_path: Path) -> None:
    begun: list[Path] = []
    with pytest.raises(Cancelled):
        for path, _ in each_file([tmp_path / "a", tmp_path / "b"], Progress(None, lambda: bool(begun))):
            begun.append(path)
    assert [path.name for path in begun] == ["a"]


def test_a_percentage_is_told_when_it_changes() -> None:
    told: list[int] = []
    report = by_percent(told.append)
    for done, total in ((0, 0), (5, 0), (0, 1000), (9, 1000), (10, 1000), (1000, 1000), (1000, 1000)):
        report(done, total)
    assert told == [-1, 0, 1, 100]
