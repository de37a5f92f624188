"""The portable ZIP: complete, marked, and the same bytes for the same program."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from dgdesk.system.profile import PORTABLE_MARK, find_profile
from windows import portable

EPOCH = 1_767_225_600


@pytest.fixture
def program(thai_path: Path) -> Path:
    folder = thai_path / "program"
    for name in ("dgdesk.exe", "_internal/b.dll", "_internal/a.dll"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(name.encode() * 400)
    return folder


def test_the_same_files_give_the_same_bytes(program: Path, tmp_path: Path) -> None:
    portable.write(program, tmp_path / "one.zip", EPOCH)
    os.utime(program / "dgdesk.exe", (1, 1))
    (program / "dgdesk.exe").chmod(0o700)
    portable.write(program, tmp_path / "two.zip", EPOCH)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_another_time_gives_other_bytes(program: Path, tmp_path: Path) -> None:
    portable.write(program, tmp_path / "one.zip", EPOCH)
    portable.write(program, tmp_path / "two.zip", EPOCH + 60)
    assert (tmp_path / "one.zip").read_bytes() != (tmp_path / "two.zip").read_bytes()


def test_a_time_before_zips_were_invented_is_their_first(program: Path, tmp_path: Path) -> None:
    portable.write(program, tmp_path / "one.zip", 0)
    with zipfile.ZipFile(tmp_path / "one.zip") as packed:
        assert packed.infolist()[0].date_time == (1980, 1, 1, 0, 0, 0)


def test_what_is_unpacked_is_the_program_and_keeps_its_profile_beside_it(program: Path, tmp_path: Path) -> None:
    portable.write(program, tmp_path / "one.zip", EPOCH)
    assert not list(tmp_path.glob("*.part"))
    with zipfile.ZipFile(tmp_path / "one.zip") as packed:
        assert packed.namelist() == sorted(packed.namelist())
        packed.extractall(tmp_path / "stick")
    unpacked = tmp_path / "stick" / portable.FOLDER
    for path in (path for path in program.rglob("*") if path.is_file()):
        assert (unpacked / path.relative_to(program)).read_bytes() == path.read_bytes()
    assert find_profile({}, Path("C:/Users/somchai"), "win32", unpacked).root == unpacked / "profile"


def test_the_mark_is_a_note_that_notepad_shows(program: Path, tmp_path: Path) -> None:
    assert portable.MARK == PORTABLE_MARK
    portable.write(program, tmp_path / "one.zip", EPOCH)
    with zipfile.ZipFile(tmp_path / "one.zip") as packed:
        note = packed.read(f"{portable.FOLDER}/{portable.MARK}")
    assert note.startswith(b"\xef\xbb\xbf")
    assert b"\n" not in note.replace(b"\r\n", b"")
    assert "profile" in note.decode("utf-8")
