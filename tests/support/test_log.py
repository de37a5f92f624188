"""The log: small, without what persons wrote, and never in the way of the work."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from dgdesk.errors import FileError
from dgdesk.support.log import CRASHES, FILE, EventLog

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def test_events_and_errors_stand_in_the_file_a_line_each(tmp_path: Path) -> None:
    log = EventLog(tmp_path / "logs", lambda: NOW).open()
    log.event("start", version="0.1.0", frozen=False)
    log.error("slot", FileError("package.held", user="สมศรี"))
    log.close()
    lines = (tmp_path / "logs" / FILE).read_text("utf-8").splitlines()
    assert lines[0] == "2026-11-22T09:30:00.000+00:00 start version=0.1.0 frozen=False"
    assert lines[2] == "  dgdesk.errors.FileError package.held"
    assert "สมศรี" not in "\n".join(lines)


def test_facts_cannot_forge_a_line(tmp_path: Path) -> None:
    log = EventLog(tmp_path, lambda: NOW).open()
    log.event("start", version="1\n2026 forged " + "x" * 500)
    log.close()
    assert len((tmp_path / FILE).read_text("utf-8").splitlines()) == 1


def test_the_log_stays_small(tmp_path: Path) -> None:
    log = EventLog(tmp_path, lambda: NOW).open()
    for number in range(30_000):
        log.event("event", number=number, fact="x" * 60)
    log.close()
    files = sorted(tmp_path.iterdir())
    assert len(files) == 4
    assert sum(path.stat().st_size for path in files) < 1_100_000


def test_without_a_place_to_write_the_work_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "logs").write_bytes(b"a file in the folder's place")
    log = EventLog(tmp_path / "logs", lambda: NOW).open()
    log.watch_crashes()
    log.event("start")
    log.close()
    log.event("late")
    assert capsys.readouterr() == ("", "")


def test_a_crash_of_native_code_will_be_told(tmp_path: Path) -> None:
    import faulthandler

    before = faulthandler.is_enabled()
    log = EventLog(tmp_path, lambda: NOW).open()
    log.watch_crashes()
    assert faulthandler.is_enabled() and (tmp_path / CRASHES).is_file()
    log.close()
    if before:
        faulthandler.enable()
