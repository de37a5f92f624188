"""What a person is told of the PC: each fact alone, and the worst first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgdesk.system.check.clock import CheckResult
from dgdesk.system.check.facts import MIB, THAI_ZONE, FolderFacts, MachineFacts, Volume, judge
from dgdesk.text.messages import load_catalogue

MADE = datetime(2026, 11, 1, tzinfo=UTC)
MACHINE = MachineFacts(now=MADE + timedelta(days=30), made=MADE, profile=Path("profile"), windows=True)
PLACE = FolderFacts(
    folder=Path("D:/งาน"),
    writable=True,
    volume=Volume("fixed", "NTFS", "", 50 << 30),
    draft=Path("D:/งาน/น่าน.dgdesk"),
    size=200 * MIB,
)


def told(machine: MachineFacts = MACHINE, place: FolderFacts = PLACE) -> list[tuple[str, str]]:
    return [(one.code.removeprefix("office."), one.severity) for one in judge(machine, (place,))]


def test_a_pc_that_suits_is_told_nothing() -> None:
    assert told() == []


@pytest.mark.parametrize(
    ("volume", "expected"),
    [
        (Volume("network", "NTFS", "", 50 << 30), [("network", "warning")]),
        (Volume("removable", "exFAT", "", 50 << 30), [("removable", "note")]),
        (Volume("removable", "FAT32", "", 50 << 30), [("removable", "note"), ("small_files", "note")]),
        (Volume("fixed", "NTFS", "", 99 * MIB), [("disk_full", "error")]),
        (Volume("fixed", "NTFS", "", 1200 * MIB), [("disk_low", "warning")]),
        (Volume("fixed", "NTFS", "", None), []),
    ],
)
def test_the_volume_of_a_draft(volume: Volume, expected: list[tuple[str, str]]) -> None:
    assert told(place=replace(PLACE, volume=volume)) == expected


def test_a_draft_that_nears_four_gigabytes_on_fat_is_warned_about_before_it_is_too_late() -> None:
    large = replace(PLACE, volume=Volume("removable", "vfat", "", 50 << 30), size=(4 << 30) - 600 * MIB)
    assert ("small_files", "warning") in told(place=large)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"writable": False}, [("unwritable", "error")]),
        ({"synced": "OneDrive"}, [("synced", "warning")]),
        ({"origin": "mail", "marked": True}, [("from_mail", "warning")]),
        ({"origin": "archive"}, [("from_archive", "warning")]),
        ({"origin": "temporary"}, [("from_temporary", "warning")]),
        ({"marked": True}, [("from_internet", "note")]),
        ({"draft": Path("D:/" + "ก" * 250 + ".dgdesk")}, [("path_too_long", "warning")]),
    ],
)
def test_the_place_of_a_draft(change: dict[str, object], expected: list[tuple[str, str]]) -> None:
    assert told(place=replace(PLACE, **change)) == expected  # type: ignore[arg-type]  # one field of several types


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"now": MADE - timedelta(days=400)}, [("clock_behind", "error")]),
        ({"now": MADE + timedelta(days=9 * 365), "used": (MADE,)}, [("clock_ahead", "warning")]),
        ({"now": MADE + timedelta(days=5 * 365), "used": (MADE,)}, []),
        ({"now": MADE + timedelta(days=9 * 365), "used": (MADE, MADE + timedelta(days=5 * 365))}, []),
        ({"now": MADE + timedelta(days=9 * 365), "latest": MADE}, [("clock_after_draft", "warning")]),
        ({"now": MADE + timedelta(days=740), "latest": MADE - timedelta(days=90)}, [("clock_after_draft", "warning")]),
        ({"now": MADE + timedelta(days=700), "latest": MADE - timedelta(days=90)}, []),
        ({"now": MADE + timedelta(days=9 * 365), "latest": MADE + timedelta(days=8 * 365)}, []),
        ({"now": MADE + timedelta(days=9 * 365)}, []),
        ({"now": MADE + timedelta(days=40 * 365)}, [("clock_ahead", "warning")]),
        (
            {"now": MADE + timedelta(days=40 * 365), "latest": MADE + timedelta(days=40 * 365)},
            [("clock_ahead", "warning")],
        ),
        (
            {"now": MADE + timedelta(days=40 * 365), "used": (MADE + timedelta(days=40 * 365),)},
            [("clock_ahead", "warning")],
        ),
        ({"now": MADE - timedelta(days=400), "made": None}, []),
        ({"now": MADE + timedelta(days=9 * 365), "latest": MADE, "made": None}, [("clock_after_draft", "warning")]),
        ({"latest": MACHINE.now + timedelta(hours=2)}, [("clock_before_draft", "warning")]),
        ({"latest": MACHINE.now + timedelta(minutes=2)}, []),
        ({"missing": ("Sarabun-Regular.ttf",)}, [("parts_missing", "error")]),
        ({"profile_writable": False}, [("profile_unwritable", "error")]),
        ({"others": 1}, [("another_window", "note")]),
    ],
)
def test_the_machine(change: dict[str, object], expected: list[tuple[str, str]]) -> None:
    assert told(machine=MACHINE._replace(**change)) == expected  # type: ignore[arg-type]  # one field of several types


def test_long_paths_are_no_matter_where_the_system_knows_no_such_limit() -> None:
    long = replace(PLACE, draft=Path("/" + "ก" * 250 + ".dgdesk"))
    assert told(MACHINE._replace(windows=False), long) == []


PLACES = st.builds(
    FolderFacts,
    folder=st.just(Path("x")),
    writable=st.booleans(),
    volume=st.builds(
        Volume,
        st.sampled_from(["fixed", "removable", "network", "optical", "memory", "unknown"]),
        st.sampled_from(["NTFS", "FAT32", "vfat", "exFAT", ""]),
        st.just(""),
        st.none() | st.integers(0, 1 << 42),
    ),
    synced=st.sampled_from(["", "Dropbox"]),
    draft=st.none() | st.just(Path("x/y.dgdesk")),
    size=st.integers(0, 1 << 36),
    origin=st.sampled_from(["", "temporary", "mail", "archive"]),
    marked=st.booleans(),
)
MACHINES = st.builds(
    MachineFacts,
    now=st.datetimes(datetime(1980, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
    made=st.none() | st.just(MADE),
    latest=st.none() | st.datetimes(datetime(1980, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
    used=st.sampled_from([(), (MADE,), (MADE, datetime(2050, 1, 1, tzinfo=UTC))]),
    missing=st.sampled_from([(), ("nlpo3",)]),
    profile=st.just(Path("p")),
    profile_writable=st.booleans(),
    others=st.integers(0, 3),
    windows=st.booleans(),
    zone=st.none() | st.integers(-12 * 60, 14 * 60).map(lambda minutes: timedelta(minutes=minutes)),
)


@pytest.mark.parametrize(("minutes", "said"), [(0, "UTC+00:00"), (-210, "UTC-03:30"), (480, "UTC+08:00")])
def test_a_pc_in_another_time_zone_is_told_once_and_one_in_thailand_never(minutes: int, said: str) -> None:
    def found(zone: timedelta | None) -> list[CheckResult]:
        machine = MachineFacts(now=datetime(2026, 11, 20, tzinfo=UTC), made=None, zone=zone)
        return [one for one in judge(machine, ()) if one.code == "office.zone_differs"]

    assert [(one.severity, one.values["zone"]) for one in found(timedelta(minutes=minutes))] == [("note", said)]
    assert found(THAI_ZONE) == [] == found(None)


@given(MACHINES, st.lists(PLACES, max_size=3).map(tuple))
def test_whatever_is_found_has_a_sentence_in_both_languages_and_the_worst_stands_first(
    machine: MachineFacts, places: tuple[FolderFacts, ...]
) -> None:
    found: tuple[CheckResult, ...] = judge(machine, places)
    ranks = [("error", "warning", "note").index(one.severity) for one in found]
    assert ranks == sorted(ranks)
    for language in ("th", "en"):
        catalogue = load_catalogue(language)
        for one in found:
            sentence = catalogue.text(one.code, **one.values)
            assert "{" not in sentence and len(sentence) > 20
