"""A PC whose clock stands where no program can work: one sentence, before anything else is imported."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dgdesk.__main__ import main
from dgdesk.system.startup import clock_fault, clock_words, tell_clock, this_year, year_of


@pytest.mark.parametrize(
    ("year", "fault"),
    [
        (2000, None),
        (2026, None),
        (2200, None),
        (1999, "wrong"),
        (1970, "wrong"),
        (2201, "wrong"),
        (2542, "wrong"),
        (2543, "buddhist"),
        (2569, "buddhist"),
        (2743, "buddhist"),
        (2744, "wrong"),
        (9999, "wrong"),
        (-4, "wrong"),
        (None, "unreadable"),
    ],
)
def test_a_year_is_judged(year: int | None, fault: str | None) -> None:
    assert clock_fault(year) == fault


@given(st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC)))
def test_the_year_is_reckoned_as_the_calendar_does(moment: datetime) -> None:
    assert year_of(moment.timestamp()) == moment.year


def test_years_behind_every_librarys_bound_are_reckoned_too() -> None:
    assert year_of(4e11) == 14645 and year_of(-1e11) == -1199
    assert this_year() == datetime.now(UTC).year


def test_a_clock_that_python_cannot_read_is_asked_in_another_root(monkeypatch: pytest.MonkeyPatch) -> None:
    def overflows() -> float:
        raise OverflowError("timestamp too large to convert to C _PyTime_t")

    monkeypatch.setattr(time, "time", overflows)
    assert this_year() == datetime.now(UTC).year


@pytest.mark.parametrize("arguments", [["office-check"], ["new", "x.dgdesk"], ["--selftest", "x"], ["verify", "x.zip"]])
@pytest.mark.parametrize("year", [1999, 2300, 2568, None])
def test_every_command_says_one_sentence_and_does_nothing(
    arguments: list[str], year: int | None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")
    assert main([*arguments, "--lang", "en"], year=lambda: year) == 3
    told = capsys.readouterr()
    assert told.out == "" and told.err.count("\n") == 1 and "Your drafts and evidence are not affected" in told.err
    assert year is None or str(year) in told.err
    assert main(arguments, year=lambda: year) == 3
    assert "นาฬิกาของเครื่องนี้แสดงปี" in capsys.readouterr().err


def test_a_buddhist_year_is_told_with_the_year_to_set() -> None:
    assert "2025" in clock_words(2568, "buddhist", "en") and "ค.ศ. 2025" in clock_words(2568, "buddhist", "th")


@pytest.mark.parametrize("arguments", [[], ["x.dgdesk"]])
def test_the_window_says_it_in_both_languages(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments, year=lambda: 2568) == 3
    told = capsys.readouterr().err
    assert "นาฬิกาของเครื่องนี้แสดงปี" in told and "The clock of this PC says the year 2568" in told


def test_who_has_no_console_is_shown_a_box(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []

    def fails(text: str) -> None:
        raise OSError("no such box")

    monkeypatch.setattr(sys, "stderr", None)
    tell_clock(2568, "buddhist", None, (fails, shown.append))
    assert len(shown) == 1 and "2568" in shown[0]


def test_nothing_that_waits_or_times_is_imported_before_the_clock_is_asked() -> None:
    code = (
        "import sys; before = set(sys.modules)\n"
        "from dgdesk.__main__ import main\n"
        "main(['score', 'x', '--lang', 'en'], year=lambda: 2568)\n"
        "print(*sorted(name for name in set(sys.modules) - before), sep='\\n')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    loaded = done.stdout.split()
    assert not {"threading", "socket", "datetime", "yaml", "PySide6", "sqlalchemy", "asyncio"} & set(loaded)
    assert {name for name in loaded if name.startswith("dgdesk.")} == {
        *(
            "dgdesk.__main__",
            "dgdesk.system",
            "dgdesk.system.arguments",
            "dgdesk.system.startup",
            "dgdesk.system.startup",
            "dgdesk.system.startup",
        ),
    }
