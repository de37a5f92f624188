"""A private folder for copies that must not stay: gone when closed, and after a kill with the next one."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from dgdesk.system import scratch as scratch_module
from dgdesk.system.scratch import Scratch, sweep, temporary

KILLED = """
import os, sys
from pathlib import Path
from dgdesk.system.scratch import Scratch
made = Scratch(Path(sys.argv[1]), "น่าน.sealing-")
(made.path / "secret.pdf").write_bytes(b"secret")
(made.path / "secret.pdf").chmod(0o400)
os._exit(9)
"""


def kill_at_work(folder: Path) -> Path:
    environment = {**os.environ, "PYTHONPATH": str(Path(scratch_module.__file__).parents[2])}
    done = subprocess.run([sys.executable, "-c", KILLED, str(folder)], env=environment, check=False)
    assert done.returncode == 9
    (left,) = folder.rglob("secret.pdf")
    return left


def test_it_is_the_owner_s_alone_and_gone_when_closed(thai_path: Path) -> None:
    with Scratch(thai_path, "copy-") as made:
        assert made.path.parent == thai_path and made.path.name.startswith("copy-")
        if os.name == "posix":
            assert stat.S_IMODE(made.path.stat().st_mode) == 0o700
        (made.path / "in").mkdir()
        (made.path / "in" / "a.pdf").write_bytes(b"a")
        (made.path / "in" / "a.pdf").chmod(stat.S_IREAD)
    assert list(thai_path.iterdir()) == []


def test_what_a_killed_process_left_goes_with_the_next_and_what_lives_stays(thai_path: Path) -> None:
    left = kill_at_work(thai_path)
    sweep(thai_path, "สตูล.sealing-")
    assert left.exists(), "another draft's is not ours to remove"
    with Scratch(thai_path, "น่าน.sealing-") as made:
        assert not left.exists()
        (made.path / "mine").write_bytes(b"")
        sweep(thai_path, "น่าน.sealing-")
        assert (made.path / "mine").exists(), "its owner lives"
    assert list(thai_path.iterdir()) == []


def test_a_folder_of_a_person_is_never_touched(thai_path: Path) -> None:
    theirs = thai_path / "copy-ของฉัน"
    theirs.mkdir()
    (theirs / "เก็บไว้.txt").write_bytes(b"kept")
    (thai_path / "copy-file").write_bytes(b"kept")
    os.utime(theirs, (0, 0))
    sweep(thai_path, "copy-")
    assert (theirs / "เก็บไว้.txt").read_bytes() == b"kept" and (thai_path / "copy-file").exists()


@pytest.mark.skipif(os.name != "posix", reason="making links needs a right on Windows")
def test_a_link_leads_nowhere(thai_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / ".held").write_bytes(b"")
    (elsewhere / "file").write_bytes(b"kept")
    (elsewhere / "file").chmod(0o444)
    (thai_path / "copy-link").symlink_to(elsewhere)
    with Scratch(thai_path, "copy-") as made:
        (made.path / "link").symlink_to(elsewhere / "file")
    assert (elsewhere / "file").read_bytes() == b"kept"
    assert stat.S_IMODE((elsewhere / "file").stat().st_mode) == 0o444


@pytest.mark.skipif(os.name != "posix" or os.getuid() != 0, reason="only root can make what is another person's")
def test_what_is_another_person_s_is_left_alone(thai_path: Path) -> None:
    left = kill_at_work(thai_path)
    os.chown(left.parent, 12345, 12345)
    sweep(thai_path, "น่าน.sealing-")
    assert left.exists()


def test_where_nothing_can_be_written_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    sweep(tmp_path / "file", "copy-")
    with pytest.raises(OSError, match=r"file"):
        Scratch(tmp_path / "file", "copy-")


def test_the_system_s_temporary_folder_is_swept_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scratch_module.tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(scratch_module, "TEMPORARY", "น่าน.sealing-")
    left = kill_at_work(tmp_path)
    scratch_module.sweep_temporary()
    assert not left.exists()
    with temporary() as made:
        assert made.path.parent == tmp_path
