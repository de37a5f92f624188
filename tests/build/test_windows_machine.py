"""The machine with wine: how programs are called in it, what it shares, and what is said before it is set up."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from windows import bootloader, prepare
from windows.machine import Machine, Trouble, last_words, share, text_of, windows_path

ROOT = Path(__file__).parents[2]


def test_windows_sees_this_pc_as_a_drive() -> None:
    assert windows_path(Path("/home/สมชาย/a b.dgdesk")) == r"Z:\home\สมชาย\a b.dgdesk"


def test_a_program_sees_the_project_by_the_same_path_and_no_variable_of_this_pc(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("DGDESK_HOME", "/somewhere")
    machine = Machine(tmp_path, Path("/project"))
    command = machine.command(["wine", "x"], Path("/project/build"))
    assert command[command.index("--") :][-3:] == ["/project/build", "wine", "x"]
    assert command.count("/project") == 2
    assert "DGDESK_HOME" not in machine.environment({})


def test_the_person_of_a_trial_has_a_thai_name(tmp_path: Path) -> None:
    command = Machine(tmp_path, Path("/project"), "สมชาย ใจดี").command(["id"])
    assert command[command.index("/etc/passwd") - 1] == str(tmp_path / "passwd")
    assert (tmp_path / "passwd").read_text(encoding="utf-8").startswith("สมชาย ใจดี:x:0:0:")


def test_what_wine_has_and_windows_has_not_is_turned_off_in_every_run(tmp_path: Path) -> None:
    machine = Machine(tmp_path, Path("/project"), without=("msvcp140", "vcruntime140"))
    assert machine.wine_variables(tmp_path)["WINEDLLOVERRIDES"].split(";")[-1] == "msvcp140,vcruntime140=n"
    assert Machine(tmp_path, tmp_path).wine_variables(tmp_path)["WINEDLLOVERRIDES"].endswith("winemenubuilder.exe=d")


class Wine(Machine):
    """A machine whose wine registers its parts as long as it may load all of its own libraries."""

    def run(self, words, extra=None, folder=None, most_seconds=1800, log=None):
        overrides = extra["WINEDLLOVERRIDES"]
        prefix = Path(extra["WINEPREFIX"])
        (prefix / "drive_c" / "windows" / "system32").mkdir(parents=True, exist_ok=True)
        registered = (
            "" if "msvcr70" in overrides else r"[Software\\Classes\\CLSID\\{00021401-0000-0000-C000-000000000046}]"
        )
        (prefix / "system.reg").write_text(f"WINE REGISTRY\n{registered}\n", encoding="ascii")
        return subprocess.CompletedProcess(words, 0, "", "")


def made(home: Path, **more: object) -> Machine:
    (home / "shims").mkdir()
    (home / "shims" / "icuuc.dll").write_bytes(b"shim")
    return Wine(home, home, **more)


def test_a_fresh_windows_is_set_up_with_all_that_wine_has(tmp_path: Path) -> None:
    machine = made(tmp_path, without=("msvcr70", "msvcp140"))
    machine.new_prefix(tmp_path / "prefix")
    assert (tmp_path / "prefix" / "drive_c" / "windows" / "system32" / "icuuc.dll").read_bytes() == b"shim"
    assert "msvcr70" in machine.wine_variables(tmp_path / "prefix")["WINEDLLOVERRIDES"]  # what runs in it later


def test_a_windows_that_wine_left_half_done_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = made(tmp_path)
    monkeypatch.setattr("windows.machine.REGISTERED_LAST", "what wine never gets to")
    with pytest.raises(Trouble, match="half done"):
        machine.new_prefix(tmp_path / "prefix")


@pytest.mark.parametrize("page", ["utf-8", "cp874"])
def test_thai_is_read_in_the_code_page_of_the_windows_that_says_it(page: str) -> None:
    assert text_of("ทำงานแล้ว\r\nครบ\n".encode(page)) == "ทำงานแล้ว\nครบ\n"
    assert "\ufffd" in text_of(b"\xff\xfe\xfc")


def test_equal_libraries_lie_on_the_disk_once(tmp_path: Path) -> None:
    wine, prefix = tmp_path / "wine", tmp_path / "prefix" / "system32"
    wine.mkdir()
    prefix.mkdir(parents=True)
    for folder, name, content in (
        (wine, "kernel32.dll", b"same"),
        (prefix, "KERNEL32.DLL", b"same"),
        (wine, "user32.dll", b"of wine"),
        (prefix, "user32.dll", b"another"),
        (prefix, "alone.dll", b"same"),
    ):
        (folder / name).write_bytes(content)
    assert share(tmp_path / "prefix", [wine]) == 4
    assert (prefix / "KERNEL32.DLL").samefile(wine / "kernel32.dll")
    assert (prefix / "user32.dll").read_bytes() == b"another" and (prefix / "alone.dll").stat().st_nlink == 1
    assert share(tmp_path / "prefix", [wine]) == 0
    assert sorted(path.name for path in prefix.iterdir()) == ["KERNEL32.DLL", "alone.dll", "user32.dll"]


def test_a_copy_of_a_prefix_shares_libraries_and_nothing_that_is_written_to(tmp_path: Path) -> None:
    machine = Machine(tmp_path, tmp_path)
    (machine.pattern / "drive_c").mkdir(parents=True)
    (machine.pattern / "drive_c" / "a.dll").write_bytes(b"library")
    (machine.pattern / "system.reg").write_text("registry", encoding="ascii")
    (machine.pattern / "z").symlink_to("/")
    copy = tmp_path / "copy"
    machine.copy_prefix(copy)
    (copy / "system.reg").write_text("changed", encoding="ascii")
    machine.copy_prefix(copy)
    assert (copy / "drive_c" / "a.dll").samefile(machine.pattern / "drive_c" / "a.dll")
    assert (copy / "system.reg").read_text(encoding="ascii") == "registry" and (copy / "z").is_symlink()


def test_a_file_of_two_names_is_counted_once(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(bytes(100_000))
    alone = prepare.taken(tmp_path)
    os.link(tmp_path / "a", tmp_path / "b")
    (tmp_path / "c").symlink_to("a")
    assert alone <= prepare.taken(tmp_path) < alone + 100_000


def test_the_disk_is_spoken_of_before_anything_is_done() -> None:
    home = Path("/x")
    told = prepare.room(home, prepare.TAKES, 0)
    assert "/x" in told and told.count("GB") == 3
    assert prepare.room(home, 1_000_000, prepare.TAKES)
    with pytest.raises(Trouble, match="DGDESK_WINE"):
        prepare.room(home, prepare.TAKES - 2, 1)


def test_the_end_of_a_log_is_what_is_told(tmp_path: Path) -> None:
    log = tmp_path / "log"
    assert last_words(log) == ""
    log.write_bytes(b"x" * 9000 + "\nE: ไม่มี\n".encode())
    assert last_words(log).splitlines()[-1] == "E: ไม่มี"


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_what_failed_on_this_pc_is_told_in_its_own_words() -> None:
    with pytest.raises(Trouble, match=r"pip failed: ERROR: no such package"):
        prepare.host(python("import sys; sys.exit('  ERROR: no such package\\nnote: not a problem')"), "pip")
    with pytest.raises(Trouble, match="it failed: the reason"):
        prepare.host(python("print('the reason'); raise SystemExit(3)"), "it")
    assert prepare.host(python("print('fine')"), "it") == "fine\n"


def test_the_bootloader_is_built_from_the_version_that_freezes() -> None:
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert bootloader.PIN.partition(" ")[0] in pins


def test_the_bootloader_goes_where_pyinstaller_looks_for_it(tmp_path: Path) -> None:
    source, packages = tmp_path / "built", tmp_path / "site-packages"
    place = packages / "PyInstaller" / "bootloader" / "Windows-64bit-intel"
    for folder, content in ((source, b"ours"), (place, b"theirs")):
        folder.mkdir(parents=True)
        for name in bootloader.FILES:
            (folder / name).write_bytes(content)
    bootloader.put(source, packages)
    assert bootloader.digests(place) == bootloader.digests(source)
    with pytest.raises(Trouble, match=r"run\.exe"):
        bootloader.put(source, tmp_path)
