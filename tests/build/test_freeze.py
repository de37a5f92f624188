"""Freezing: nothing of this minute goes in, sizes are reported by part, and the bare root holds what is asked for."""

from __future__ import annotations

import re
import runpy
import sys
from pathlib import Path
from subprocess import CompletedProcess

import pytest

import freeze
import frozen_root
import icon


def test_the_build_knows_no_clock_and_no_settings_of_the_person() -> None:
    made = freeze.variables({"PATH": "/bin", "PYTHONPATH": "/x", "QT_SCALE_FACTOR": "2", "LANG": "th_TH"}, "1700000000")
    assert made["SOURCE_DATE_EPOCH"] == "1700000000" and made["PYTHONHASHSEED"] == "0" and made["PATH"] == "/bin"
    assert made["PYTHONNODEBUGRANGES"] == "1"
    assert "PYTHONPATH" not in made and "QT_SCALE_FACTOR" not in made


def test_a_date_that_was_given_counts() -> None:
    assert freeze.variables({"SOURCE_DATE_EPOCH": "1"}, "1700000000")["SOURCE_DATE_EPOCH"] == "1"


def test_without_git_there_is_a_date_all_the_same(tmp_path: Path) -> None:
    assert freeze.commit_time(tmp_path).isdigit()


def test_every_file_is_counted_with_its_part() -> None:
    files = {
        "dgdesk": 13_000_000,
        "_internal/PySide6/Qt/lib/libicudata.so.73": 32_000_000,
        "_internal/PySide6/QtCore.abi3.so": 4_000_000,
        "_internal/pillow.libs/libz.so": 1_000_000,
        "_internal/PIL/_imaging.so": 1_000_000,
        "_internal/libX11.so.6": 1_500_000,
        "_internal/libpython3.11.so.1.0": 5_000_000,
        "_internal/dgdesk/resources/i18n/ui.yaml": 1_000,
        "LICENSES.html": 900_000,
    }
    lines = list(freeze.table(files))
    assert [line.split("MB  ")[1] for line in lines] == [
        *(
            "ICU (of Qt)",
            "program (modules)",
            "Python",
            "Qt and PySide6",
            "pillow",
            "libraries of the system",
            "others",
        ),
        "all, 9 files",
    ]
    assert lines[-1].split()[0] == "58.4" and lines[4].split()[0] == "2.0"


def test_links_count_nothing(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"12345")
    (tmp_path / "b").symlink_to("a")
    assert freeze.sizes(tmp_path) == {"a": 5}


def test_the_system_is_asked_only_for_what_the_program_does_not_have() -> None:
    needs = {"start": [], "x.so": ["libown.so", "libGL.so.1"], "libown.so": ["libc.so.6"]}
    files = [Path("start"), Path("x.so"), Path("libown.so")]
    wanted = frozen_root.wanted_from_system(Path("start"), files, lambda path: needs[path.name])
    assert wanted == {"libGL.so.1", "libc.so.6"}


def test_what_the_start_needs_is_the_systems_although_the_program_brings_it_too() -> None:
    needs = {"start": ["libz.so.1"], "x.so": ["libz.so.1"], "libz.so.1": ["libc.so.6"]}
    files = [Path("start"), Path("x.so"), Path("libz.so.1")]
    wanted = frozen_root.wanted_from_system(Path("start"), files, lambda path: needs[path.name])
    assert wanted == {"libz.so.1", "libc.so.6"}


CHROOT, UNSHARE = ["/usr/sbin/chroot", "/root"], ["/usr/bin/unshare", "--user", "/usr/sbin/chroot", "/root"]


def ended(code: int, stderr: str = "") -> CompletedProcess[str]:
    return CompletedProcess([], code, "", stderr)


def test_a_way_that_is_not_allowed_gives_way_to_the_next_and_its_words_are_kept() -> None:
    answers = {
        CHROOT[0]: ended(125, "chroot: cannot change root directory to '/root': Operation not permitted\n"),
        UNSHARE[0]: ended(0),
    }
    way, refused = frozen_root.way_in([CHROOT, UNSHARE], lambda command: answers[command[0]])
    assert way == UNSHARE
    assert refused == ["chroot: cannot change root directory to '/root': Operation not permitted"]


def test_where_no_way_is_allowed_every_refusal_is_told() -> None:
    said = ended(1, "unshare: unshare failed: No space left on device\n")
    way, refused = frozen_root.way_in([UNSHARE, UNSHARE], lambda command: said)
    assert way is None
    assert refused == ["unshare: unshare failed: No space left on device"] * 2


@pytest.mark.parametrize(
    "said",
    [
        "/dgdesk/dgdesk: error while loading shared libraries: libz.so.1: cannot open shared object file\n",
        "Traceback ...\nImportError: libGL.so.1: Operation not permitted\n",
        "chroot: failed to run command '/dgdesk/dgdesk': No such file or directory\n",
        "",
    ],
)
def test_a_program_that_does_not_start_in_the_root_is_a_fault_and_no_refusal(said: str) -> None:
    with pytest.raises(RuntimeError, match=re.escape(said.strip().splitlines()[-1]) if said else "no word said"):
        frozen_root.way_in([CHROOT, UNSHARE], lambda command: ended(127, said))


def test_libraries_bring_those_they_need_and_what_is_missing_is_told() -> None:
    cache = "2 libs found\n\tlibGL.so.1 (libc6,x86-64) => /lib/libGL.so.1\n\tlibGL.so.1 (libc6) => /lib32/libGL.so.1\n"
    known = frozen_root.read_cache(cache + "\tlibX.so.6 (libc6,x86-64, OS ABI: Linux 3.2.0) => /lib/libX.so.6\n")
    needs = {"/lib/libGL.so.1": ["libX.so.6", "ld-linux-x86-64.so.2"], "/lib/libX.so.6": ["libGL.so.1", "libgone.so.1"]}
    found, missing = frozen_root.system_libraries(["libGL.so.1"], known, lambda path: needs[str(path)])
    assert found == {"libGL.so.1": "/lib/libGL.so.1", "libX.so.6": "/lib/libX.so.6"}
    assert missing == {"libgone.so.1"}


def test_the_icon_has_every_size_and_the_same_bytes_each_time() -> None:
    import io

    from PIL import Image

    first = icon.icon()
    assert first == icon.icon()
    with Image.open(io.BytesIO(first)) as picture:
        assert picture.info["sizes"] == {(size, size) for size in icon.SIZES}
        picture.size = (16, 16)
        assert picture.convert("RGBA").getpixel((8, 1))[:3] == (31, 78, 140)


def test_a_run_that_proves_nothing_about_windows_is_told() -> None:
    def report(frozen: bool, breaks: bool) -> dict[str, object]:
        return {"program": {"frozen": frozen}, "steps": [{"name": "window", "found": {"qt_breaks_thai": breaks}}]}

    assert frozen_root.unlike_windows(report(True, False)) == []
    assert len(frozen_root.unlike_windows(report(False, True))) == 2
    assert frozen_root.unlike_windows({"program": {"frozen": True}, "steps": [{"name": "window"}]}) != []


def test_root_goes_straight_in_and_others_by_a_namespace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frozen_root.shutil, "which", lambda name, path: f"/usr/bin/{name}")
    monkeypatch.setattr(frozen_root.os, "geteuid", lambda: 0)
    assert [Path(way[0]).name for way in frozen_root.ways(tmp_path)] == ["chroot", "unshare"]
    monkeypatch.setattr(frozen_root.os, "geteuid", lambda: 1000)
    assert [Path(way[0]).name for way in frozen_root.ways(tmp_path)] == ["unshare"]


def test_every_program_reads_its_modules_from_the_one_archive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "_MEIPASS", "/a folder?/_internal", raising=False)
    monkeypatch.setattr(sys, "_pyinstaller_pyz", "the archive in the program itself", raising=False)
    runpy.run_path(str(Path(freeze.__file__).with_name("shared_modules.py")))
    # PyInstaller's reader takes what follows the last question mark for the place in the file
    assert vars(sys)["_pyinstaller_pyz"] == "/a folder?/_internal/modules.pyz?0"


def test_modules_are_weighed_as_the_program_and_not_as_a_library() -> None:
    assert freeze.part_of("_internal/modules.pyz") == freeze.part_of("dgdesk.exe") == "program (modules)"
