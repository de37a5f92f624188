"""The record of a trial tells what failed as plainly as what passed."""

from __future__ import annotations

import json
from pathlib import Path

from windows.record import Record


def test_a_trial_that_failed_says_where_and_why(tmp_path: Path) -> None:
    record = Record(tmp_path, "1.2.3")
    record.tools = {"wine": "wine-10.0"}
    record.passed("setup works", 3.21, {"files": 1234})
    record.failed("the upgrade works", 4.0, "gone:\na | b")
    record.write(tmp_path / "trial.md")
    text = (tmp_path / "trial.md").read_text(encoding="utf-8")
    assert "dgdesk 1.2.3, wine wine-10.0" in text
    assert "| setup works | yes | 3.2 | files: 1,234 |" in text
    assert "| the upgrade works | **NO** | 4.0 | gone: a / b |" in text
    assert "cannot show" in text
    assert not list(tmp_path.glob("*.part"))


def test_sizes_come_from_the_build(tmp_path: Path) -> None:
    built = {
        "installed": 140_000_000,
        "files": 7,
        "frozen_sha256": "ff",
        "reproducible": True,
        "seconds": {"freeze": 9.5},
        "bootloader": {"run.exe": "bb"},
        "outputs": {"dgdesk-1.2.3-setup.exe": {"bytes": 41_500_000, "sha256": "aa"}},
    }
    (tmp_path / "build.json").write_text(json.dumps(built), encoding="utf-8")
    text = Record(tmp_path, "1.2.3").text()
    assert "| dgdesk-1.2.3-setup.exe | 41.5 | `aa` |" in text
    assert "| installed (7 files) | 140.0 | `ff` |" in text
    assert "the same bytes" in text
    assert "run.exe `bb`" in text


def test_only_a_full_trial_goes_into_the_documentation(tmp_path: Path) -> None:
    record = Record(tmp_path, "1.2.3")
    built = tmp_path / "build.json"
    built.write_text(json.dumps({"reproducible": True}), encoding="utf-8")
    assert record.lacking() == ["no step was taken"]
    record.passed("setup works", 3.2, {})
    assert record.lacking() == []
    built.write_text(json.dumps({"reproducible": None}), encoding="utf-8")
    assert [each.partition(" (")[0] for each in record.lacking()] == ["the build was not made a second time"]
    record.failed("the upgrade works", 4.0, "gone")
    assert record.lacking()[0] == "the upgrade works: no"
    built.unlink()
    assert len(record.lacking()) == 2
