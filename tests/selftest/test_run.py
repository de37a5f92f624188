"""The self-test's door: wrong use is told, a folder with files is left alone, every step has its words.

The whole of it runs in CI, frozen, where nothing else is (``build/dev.py freeze-test``).
"""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from dgdesk import __main__
from dgdesk.messages import load_catalogue
from dgdesk.selftest import about, run
from dgdesk.selftest.headless import headless_steps


def ended(*arguments: str) -> tuple[int, str]:
    err = io.StringIO()
    return run.run(arguments, io.StringIO(), err), err.getvalue()


def test_without_a_folder_it_is_wrong_use() -> None:
    assert ended("--lang", "en")[0] == 2


def test_a_folder_with_files_is_left_alone(tmp_path: Path) -> None:
    kept = tmp_path / "งาน.dgdesk"
    kept.write_bytes(b"x")
    code, said = ended(str(tmp_path), "--lang", "en")
    assert code == 3 and "holds files already" in said
    assert [path.name for path in tmp_path.iterdir()] == [kept.name]


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    code, said = ended(str(tmp_path / "file" / "below"))
    assert code == 3 and said.count("\n") == 1


def test_a_program_without_a_console_says_nothing_and_lives(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert run.run([str(tmp_path)], None, None) == 3


def test_the_program_knows_the_way_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert __main__.main(["--selftest", str(tmp_path), "--lang=en"]) == 3
    assert "holds files already" in capsys.readouterr().err


def test_every_step_has_its_words(tmp_path: Path) -> None:
    names = {step.name for step in [*headless_steps(tmp_path), *run._steps(tmp_path, "offscreen")]}
    said = {
        code.removeprefix("selftest.step_") for code in load_catalogue().messages if code.startswith("selftest.step_")
    }
    assert names == said


def test_the_first_steps_hold_from_source(tmp_path: Path) -> None:
    steps = {step.name: step for step in headless_steps(tmp_path)}
    assert steps["words"].work()["words"] > 5
    assert "TIFF" in steps["pictures"].work()["kinds"]


def test_modules_from_elsewhere_are_named() -> None:
    paths = ["/opt/dgdesk/_internal/a.so", "pyimod01.py", None, "/usr/lib/python3/b.py"]
    assert about.foreign_modules(paths, Path("/opt/dgdesk")) == ["/usr/lib/python3/b.py"]


def test_every_library_says_its_version() -> None:
    assert {name for name, version in about.versions().items() if not version[:1].isdigit()} == set()
