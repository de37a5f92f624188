"""The self-test: wrong use is reported, a folder with files is left alone, one failure stops no other step.

The whole of it runs in CI, frozen, where nothing else is (``build/dev.py freeze-test``).
"""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from dgdesk import __main__, selftest
from dgdesk.text.messages import load_catalogue


def ended(*arguments: str) -> tuple[int, str]:
    err = io.StringIO()
    return selftest.run(arguments, io.StringIO(), err), err.getvalue()


def breaks() -> dict[str, object]:
    raise selftest.Broken("the page is empty")


def raises() -> dict[str, object]:
    secret = "สมศรี"
    raise KeyError(f"no {len(secret)}")


def test_without_a_folder_it_is_wrong_use() -> None:
    assert ended("--lang", "en")[0] == 2


def test_a_folder_with_files_is_left_alone(tmp_path: Path) -> None:
    kept = tmp_path / "งาน.dgdesk"
    kept.write_bytes(b"x")
    code, said = ended(str(tmp_path), "--lang", "en")
    assert code == 3 and "holds files already" in said
    assert [path.name for path in tmp_path.iterdir()] == [kept.name]


def test_a_folder_that_cannot_be_made_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    code, said = ended(str(tmp_path / "file" / "below"))
    assert code == 3 and said.count("\n") == 1


def test_a_program_without_a_console_says_nothing_and_lives(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert selftest.run([str(tmp_path)], None, None) == 3


def test_the_program_knows_the_way_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert __main__.main(["--selftest", str(tmp_path), "--lang=en"]) == 3
    assert "holds files already" in capsys.readouterr().err


def test_a_step_that_fails_says_what_and_where_but_no_values() -> None:
    first, second = selftest.try_step("print", breaks), selftest.try_step("demo", raises)
    assert (first["ok"], first["failure"]) == (False, "the page is empty") and "where" not in first
    assert not second["ok"] and second["failure"] == "KeyError: 'no 5'"
    assert second["where"][-1].endswith(" raises") and second["where"][-1].startswith("test_selftest.py:")


@pytest.mark.parametrize("console", [True, False])
def test_one_failure_stops_no_other_step_and_makes_the_whole_fail(
    console: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DGDESK_HOME", str(tmp_path / "profile"))  # the run sets it, and it must not stay
    monkeypatch.setattr(selftest, "steps", lambda folder, platform: {"print": breaks, "demo": lambda: {"answers": 3}})
    out = io.StringIO()
    folder = tmp_path / "report"
    assert selftest.run([str(folder), "--lang", "en"], out if console else None, None) == 1
    report = json.loads((folder / "selftest.json").read_text(encoding="utf-8"))
    assert report["ok"] is False and report["program"]["frozen"] is False
    assert [(step["name"], step["ok"]) for step in report["steps"]] == [("print", False), ("demo", True)]
    text = (folder / "selftest.txt").read_text(encoding="utf-8")
    assert "FAILED: print a PDF and read it back" in text and "the page is empty" in text
    assert "passed: fill the demo survey, attach, print, sign and export" in text and "1 of 2 steps failed" in text
    assert not console or out.getvalue() == text


def test_every_step_has_its_words(tmp_path: Path) -> None:
    prefix = "selftest.step_"
    said = {code.removeprefix(prefix) for code in load_catalogue().messages if code.startswith(prefix)}
    assert set(selftest.steps(tmp_path, "offscreen")) == said


def test_modules_from_elsewhere_are_named() -> None:
    paths = ["/opt/dgdesk/_internal/a.so", "pyimod01.py", None, "/usr/lib/python3/b.py"]
    assert selftest.foreign_modules(paths, Path("/opt/dgdesk")) == ["/usr/lib/python3/b.py"]


def test_every_library_says_its_version() -> None:
    assert {name for name, version in selftest.versions().items() if not version[:1].isdigit()} == set()
