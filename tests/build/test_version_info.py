"""The version resource says the program's one version, in Windows' four numbers, with Thai that Explorer can show."""

from __future__ import annotations

from pathlib import Path

import pytest

import version_info
from dgdesk import __version__


def test_the_version_is_the_programs() -> None:
    assert version_info.read_version() == __version__


@pytest.mark.parametrize(
    ("version", "numbers"), [("0.1.0", (0, 1, 0, 0)), ("1.20.3rc1", (1, 20, 3, 0)), ("2.0.0.dev1", (2, 0, 0, 0))]
)
def test_four_numbers(version: str, numbers: tuple[int, int, int, int]) -> None:
    assert version_info.four_numbers(version) == numbers


@pytest.mark.parametrize("version", ["1.2", "x", "1.70000.0"])
def test_what_windows_cannot_count_is_refused(version: str) -> None:
    with pytest.raises(ValueError):
        version_info.four_numbers(version)


def test_a_file_without_a_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n", encoding="utf-8")
    with pytest.raises(ValueError):
        version_info.read_version(tmp_path / "a.py")


def test_the_text_is_what_pyinstaller_evaluates() -> None:
    made: dict[str, object] = {}

    def keep(name: str):
        return lambda *args, **kwargs: made.setdefault(name, []).append((args, kwargs)) or name

    names = (
        "VSVersionInfo",
        "FixedFileInfo",
        "StringFileInfo",
        "StringTable",
        "StringStruct",
        "VarFileInfo",
        "VarStruct",
    )
    eval(version_info.resource_text("1.2.3", "dgdesk-cli"), {name: keep(name) for name in names})
    strings = dict(args for args, _ in made["StringStruct"])
    assert strings["OriginalFilename"] == "dgdesk-cli.exe" and strings["FileVersion"] == "1.2.3"
    assert "แบบสำรวจ" in strings["FileDescription"]
    assert made["StringTable"][0][0][0] == "041e04b0" and made["VarStruct"][0][0] == ("Translation", [0x041E, 1200])
