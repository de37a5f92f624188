"""Looking at a real folder: what can be tried is tried, and nothing is left behind."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dgdesk.system.check.clock import built_on
from dgdesk.system.check.facts import judge
from dgdesk.system.check.gather import can_write, look_at_machine, look_at_place
from dgdesk.system.check.places import kind_of, mount_type, volume_of

NOW = datetime(2026, 12, 1, tzinfo=UTC)
MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
tmpfs /tmp tmpfs rw 0 0
//server/งาน /mnt/share cifs rw 0 0
/dev/sdb1 /media/a/USB\\040STICK vfat rw 0 0
/dev/sdc1 /media/สมศรี/แฟลช\\040ไดรฟ์ exfat rw 0 0
broken
"""


def test_a_folder_that_can_be_written_is_left_as_it_was(tmp_path: Path) -> None:
    draft = tmp_path / "น่าน.dgdesk"
    draft.write_bytes(b"x" * 100)
    facts = look_at_place(draft, {}, ())
    assert (facts.folder, facts.writable, facts.draft, facts.size) == (tmp_path, True, draft, 100)
    assert [each.name for each in tmp_path.iterdir()] == ["น่าน.dgdesk"]


def test_a_folder_that_is_not_there_cannot_be_written(tmp_path: Path) -> None:
    facts = look_at_place(tmp_path / "ไม่มี", {}, ())
    assert not facts.writable
    assert "office.unwritable" in [one.code for one in judge(look_at_machine(NOW, tmp_path), (facts,))]


def test_a_name_that_no_system_takes_is_an_answer_not_an_error() -> None:
    assert not can_write(Path("a\0b"))
    assert not look_at_place(Path("a\0b"), {}, ()).writable


def test_a_draft_in_the_systems_temporary_folder_is_told(tmp_path: Path) -> None:
    draft = tmp_path / "Temp1_x.zip" / "น่าน.dgdesk"
    draft.parent.mkdir()
    draft.write_bytes(b"")
    assert look_at_place(draft, {}, (tmp_path,)).origin == "archive"


def test_this_machine_has_all_that_the_program_needs(tmp_path: Path) -> None:
    facts = look_at_machine(NOW, tmp_path / "โปรไฟล์" / "dgdesk")
    assert facts.missing == ()
    assert facts.profile_writable and not facts.profile.exists()


def test_from_source_no_build_has_written_its_day() -> None:
    assert built_on() is None


@pytest.mark.parametrize(
    ("written", "day"), [("2031-02-03\n", datetime(2031, 2, 3, tzinfo=UTC)), ("", None), ("soon", None), ("ก", None)]
)
def test_the_day_of_the_build_is_read(written: str, day: datetime | None, tmp_path: Path) -> None:
    (tmp_path / "built.txt").write_text(written, encoding="utf-8")
    assert built_on(str(tmp_path / "built.txt")) == day


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    facts = look_at_machine(NOW, tmp_path, fonts=("fonts/None.ttf",), libraries=("no_such_library", "json"))
    assert facts.missing == ("None.ttf", "no_such_library")


def test_libraries_whose_files_are_there_are_not_loaded_for_it() -> None:
    code = (
        "import sys; from datetime import UTC, datetime; from pathlib import Path\n"
        "from dgdesk.system.check.gather import look_at_machine\n"
        "facts = look_at_machine(datetime.now(UTC), Path.home(), libraries=None)\n"
        "print(facts.missing, sorted({'PIL', 'nlpo3', 'pypdfium2', 'uharfbuzz'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "() []\n"


@pytest.mark.parametrize("left", [None, b"", b"\x7fELF"])
def test_a_library_whose_file_was_taken_away_is_missed(
    left: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "nlpo3"
    package.mkdir()
    (package / "__init__.py").touch()
    if left is not None:
        (package / "_backend.so").write_bytes(left)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    monkeypatch.delitem(sys.modules, "nlpo3", raising=False)
    facts = look_at_machine(NOW, tmp_path, libraries=None)
    assert facts.missing == (() if left else ("nlpo3",))


@pytest.mark.parametrize(
    ("path", "filesystem"),
    [
        ("/tmp/x", "tmpfs"),
        ("/mnt/share/a", "cifs"),
        ("/media/a/USB STICK/x", "vfat"),
        ("/media/สมศรี/แฟลช ไดรฟ์/น่าน", "exfat"),
        ("/home/a", "ext4"),
        ("/", "ext4"),
    ],
)
def test_the_deepest_mount_tells_the_filesystem(path: str, filesystem: str) -> None:
    assert mount_type(path, MOUNTS) == filesystem


def test_kinds_of_volumes() -> None:
    assert [kind_of(each) for each in ("cifs", "tmpfs", "ext4", "iso9660", "")] == [
        "network",
        "memory",
        "fixed",
        "optical",
        "unknown",
    ]


def test_the_room_that_is_left_is_known(tmp_path: Path) -> None:
    free = volume_of(tmp_path).free
    assert free is not None and free > 0
