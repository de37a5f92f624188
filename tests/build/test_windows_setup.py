"""What setup knows about the program: names, files to write and to take away, always the same for the same folder."""

from __future__ import annotations

import os
import re
import struct
from pathlib import Path

import pytest

import dgdesk
from made_pe import pe as made_pe
from windows import pe, picture, setup

ROOT = Path(__file__).parents[2]


@pytest.fixture
def program(tmp_path: Path) -> Path:
    folder = tmp_path / "dgdesk"
    for name in ("dgdesk.exe", "_internal/zlib.dll", "_internal/dgdesk/คำ $x.txt", "_internal/a/b/c.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"x" * 1500)
    return folder


def made(folder: Path, version: str = "1.2.3", **more: bool) -> str:
    output, uninstaller = Path("/out/setup.exe.part"), Path("/work/uninstall.exe")
    return setup.values(version, folder, output, uninstaller, Path("/i.ico"), Path("/s.bmp"), **more)


def macro(text: str, name: str) -> list[str]:
    inside = re.search(rf"^!macro {name}.*?\n(.*?)^!macroend", text, re.MULTILINE | re.DOTALL)
    assert inside
    return [line.strip() for line in inside[1].splitlines()]


def test_the_version_is_the_packages() -> None:
    assert setup.read_version(ROOT) == dgdesk.__version__


@pytest.mark.parametrize("version", ["1.2", "1.2.3rc1", "", "1.2.3.4"])
def test_a_version_that_setup_could_not_compare_is_refused(tmp_path: Path, version: str) -> None:
    source = tmp_path / "src" / "dgdesk" / "__init__.py"
    source.parent.mkdir(parents=True)
    source.write_text(f'__version__ = "{version}"\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"1\.2\.3"):
        setup.read_version(tmp_path)


def test_setup_bears_the_version_in_both_forms(program: Path) -> None:
    text = made(program)
    assert '!define VERSION "1.2.3"' in text
    assert '!define VERSION4 "1.2.3.0"' in text
    assert "!define KIBIBYTES 6" in text


def test_each_file_is_written_once_and_deleted_by_name(program: Path) -> None:
    text = made(program)
    written = [line for line in macro(text, "WriteFiles") if line.startswith("File ")]
    assert len(written) == len(set(written)) == 4
    deleted = [line for line in macro(text, "DeleteFiles") if line.startswith("Delete ")]
    assert deleted == [
        r'Delete "$INSTDIR\_internal\a\b\c.txt"',
        r'Delete "$INSTDIR\_internal\dgdesk\คำ $$x.txt"',
        r'Delete "$INSTDIR\_internal\zlib.dll"',
        r'Delete "$INSTDIR\dgdesk.exe"',
    ]


def test_folders_go_from_the_inside_out_and_only_when_empty(program: Path) -> None:
    removed = [line for line in macro(made(program), "DeleteFiles") if line.startswith("RMDir")]
    assert removed[0] == r'RMDir "$INSTDIR\_internal\a\b"'
    assert removed[-1] == r'RMDir "$INSTDIR\_internal"'
    assert not any("/r" in line for line in removed)


def test_uninstalling_names_no_folder_of_the_person() -> None:
    script = setup.SCRIPT.read_text(encoding="utf-8")
    part = script[script.index('Section "Uninstall"') :]
    assert "RMDir /r" not in part
    assert not re.search(r"\$(APPDATA|DOCUMENTS)", script) and "$PROFILE" not in part


def test_one_kind_of_installation_is_written_where_it_belongs() -> None:
    script = setup.SCRIPT.read_text(encoding="utf-8")
    written = re.findall(r"^ *(?:Write|Delete)Reg\w+ (?:/ifempty )?(\w+) ", script, re.MULTILINE)
    assert len(written) > 30 and set(written) == {"SHCTX"}
    for code, number in re.findall(r"^!define CODE_(\w+) (\d+)$", script, re.MULTILINE):
        assert f"| {number} |" in (ROOT / "docs" / "release.md").read_text(encoding="utf-8"), code


def test_the_name_in_setups_own_header_is_the_files(program: Path) -> None:
    assert '!define OUTPUT_NAME "setup.exe"' in made(program)


def test_what_nsis_leaves_without_a_checksum_gets_one(tmp_path: Path) -> None:
    path = tmp_path / "uninstall.exe"
    path.write_bytes(made_pe(["kernel32.dll"]))
    setup.finish(path, None)
    content = path.read_bytes()
    assert pe.read(content).checksum == pe.right_checksum(content) != 0


def test_only_what_moves_aside_as_a_whole_stands_at_the_top(program: Path) -> None:
    assert macro(made(program), "EachTopName") == [
        '!insertmacro "${do}" "_internal"',
        '!insertmacro "${do}" "dgdesk.exe"',
    ]


def test_the_same_folder_gives_the_same_text_whatever_the_order_of_the_disk(program: Path, tmp_path: Path) -> None:
    again = tmp_path / "again" / "dgdesk"
    for path in sorted((path for path in program.rglob("*") if path.is_file()), reverse=True):
        target = again / path.relative_to(program)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    assert made(again).replace(str(again), "") == made(program).replace(str(program), "")


def test_all_files_get_one_time(program: Path) -> None:
    setup.set_times(program, 1_700_000_000)
    assert {os.stat(path).st_mtime for path in [program, *program.rglob("*")]} == {1_700_000_000}


def test_a_quick_setup_says_so(program: Path) -> None:
    assert "!define QUICKLY" in made(program, quickly=True)
    assert "QUICKLY" not in made(program)


def test_a_name_with_signs_of_nsis_means_itself() -> None:
    assert setup.quoted('a"$b') == '"a$\\"$$b"'


def test_the_picture_is_a_bitmap_of_the_size_that_setup_shows() -> None:
    content = picture.side_picture()
    assert content[:2] == b"BM"
    assert struct.unpack_from("<I", content, 2) == (len(content),)
    assert struct.unpack_from("<ii", content, 18) == (picture.WIDTH, picture.HEIGHT)
