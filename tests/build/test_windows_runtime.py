"""Microsoft's C++ runtime is in the program once, the newest, and everything asks for it by its own name."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from made_pe import pe as made
from windows import pe, runtime

Entry = tuple[str, str, str]
OLD, NEW, NEWEST = (14, 38, 1, 0), (14, 51, 36231, 0), (14, 51, 36247, 0)
RENAMED = "msvcp140-7c26614e1d733892c2deac7e245ce115.dll"


class Disk:
    """Files of wheels and of the pinned set, by made-up paths."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def entry(self, name: str, *asked: str, version: tuple[int, int, int, int] | None = None) -> Entry:
        path = f"/wheels/{name}"
        self.files[path] = made(asked, version=version)
        return name, path, "EXTENSION" if name.endswith("pyd") else "BINARY"

    def pinned(self, *names: str, version: tuple[int, int, int, int] = NEW) -> list[Path]:
        for name in names:
            asked = ["vcruntime140.dll"] if name.startswith("msvcp") else []
            self.files[f"/pin/{name}"] = made(asked, version=version)
        return [Path("/pin", name) for name in names]

    def set_of(self, entries: list[Entry], brought: list[Path], work: Path) -> dict[str, str]:
        made_of = runtime.one_set(entries, brought, work, lambda path: self.files[path])
        assert len({name for name, _, _ in made_of}) == len(made_of)
        return {name: path for name, path, _ in made_of}


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("VCRUNTIME140.dll", "vcruntime140.dll"),
        ("vcruntime140_1.DLL", "vcruntime140_1.dll"),
        (RENAMED, "msvcp140.dll"),
        ("msvcp140_atomic_wait-0123abcd.dll", "msvcp140_atomic_wait.dll"),
        ("msvcp_win.dll", None),
        ("msvcp140d.dll", None),
        ("xmsvcp140.dll", None),
        ("vcruntime140.dll.txt", None),
    ],
)
def test_a_part_of_the_runtime_is_known_by_its_name(name: str, plain: str | None) -> None:
    assert runtime.plain_name(name) == plain


def test_of_three_versions_the_newest_stays_and_lies_in_internal(tmp_path: Path) -> None:
    disk = Disk()
    entries = [
        disk.entry("python311.dll", "VCRUNTIME140.dll"),
        disk.entry("VCRUNTIME140.dll", version=OLD),
        disk.entry("PySide6\\Qt6Core.dll", "MSVCP140.dll"),
        disk.entry("PySide6\\msvcp140.dll", "vcruntime140.dll", version=OLD),
        disk.entry("PySide6\\vcruntime140.dll", version=OLD),
        disk.entry("PySide6\\concrt140.dll", version=OLD),
    ]
    found = disk.set_of(entries, disk.pinned("vcruntime140.dll", "msvcp140.dll"), tmp_path)
    assert found == {
        "python311.dll": "/wheels/python311.dll",
        "PySide6\\Qt6Core.dll": "/wheels/PySide6\\Qt6Core.dll",
        "vcruntime140.dll": "/pin/vcruntime140.dll",
        "msvcp140.dll": "/pin/msvcp140.dll",
    }


def test_a_renamed_copy_that_is_newer_takes_its_own_name_again(tmp_path: Path) -> None:
    disk = Disk()
    entries = [
        disk.entry("pikepdf/_core.pyd", RENAMED, "kernel32.dll"),
        disk.entry("pikepdf.libs/qpdf30.dll", RENAMED.upper()),
        disk.entry(f"pikepdf.libs/{RENAMED}", version=NEWEST),
    ]
    found = disk.set_of(entries, disk.pinned("vcruntime140.dll", "msvcp140.dll"), tmp_path)
    assert set(found) == {"pikepdf/_core.pyd", "pikepdf.libs/qpdf30.dll", "msvcp140.dll"}
    assert found["msvcp140.dll"] == f"/wheels/pikepdf.libs/{RENAMED}"
    assert pe.read(Path(found["pikepdf/_core.pyd"]).read_bytes()).imports == ("msvcp140.dll", "kernel32.dll")
    assert pe.read(Path(found["pikepdf.libs/qpdf30.dll"]).read_bytes()).imports == ("msvcp140.dll",)


def test_what_the_runtime_itself_asks_for_comes_with_it(tmp_path: Path) -> None:
    disk = Disk()
    found = disk.set_of(
        [disk.entry("a.pyd", "msvcp140.dll")], disk.pinned("vcruntime140.dll", "msvcp140.dll"), tmp_path
    )
    assert set(found) == {"a.pyd", "msvcp140.dll", "vcruntime140.dll"}


def test_a_runtime_that_nobody_brings_stops_the_build(tmp_path: Path) -> None:
    disk = Disk()
    with pytest.raises(ValueError, match=r"vcomp140\.dll"):
        disk.set_of([disk.entry("a.pyd", "VCOMP140.dll")], disk.pinned("vcruntime140.dll"), tmp_path)


def test_a_wheel_that_brings_a_newer_family_asks_for_a_new_pin(tmp_path: Path) -> None:
    disk = Disk()
    entries = [
        disk.entry("a.pyd", "vcruntime140.dll", "msvcp140.dll"),
        disk.entry("msvcp140.dll", version=(14, 60, 1, 0)),
    ]
    with pytest.raises(ValueError, match="renew the pin"):
        disk.set_of(entries, disk.pinned("vcruntime140.dll", "msvcp140.dll"), tmp_path)


def test_a_wheels_files_are_taken_and_nothing_of_it_is_run(tmp_path: Path) -> None:
    wheel = tmp_path / "msvc_runtime-1-cp313-cp313-win_amd64.whl"
    with zipfile.ZipFile(wheel, "w") as packed:
        packed.writestr("msvc_runtime-1.data/data/msvcp140.dll", b"one")
        packed.writestr("msvc_runtime-1.data/data/Scripts/vcruntime140.dll", b"two")
        packed.writestr("msvc_runtime.cp313-win_amd64.pyd", b"no")
        packed.writestr("../outside/x.dll", b"no")
    runtime.unpack(wheel, tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.glob("*.dll")} == {
        "msvcp140.dll": b"one",
        "vcruntime140.dll": b"two",
    }
