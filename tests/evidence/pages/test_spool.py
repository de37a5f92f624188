"""Files of the draft made ready to be looked at, and nothing of them left behind."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dgdesk.errors import FileError
from dgdesk.evidence.pages import spool as spool_module
from dgdesk.evidence.pages.spool import SpoolFolder, outside_name, safe, spool
from dgdesk.system.progress import NO_PROGRESS, Cancelled, Progress

STOPPED = Progress(is_cancelled=lambda: True)


def damaged() -> Iterator[bytes]:
    yield b"x" * 10
    raise FileError("package.evidence_damaged", sha256="0" * 64)


def test_a_file_lies_in_a_private_folder_until_it_is_closed(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    made = spool(iter([b"abc", b"defg"]), 7, tmp_path, Progress(lambda *at: seen.append(at)))
    assert made.path.read_bytes() == b"abcdefg" and seen == [(3, 7), (7, 7)]
    assert sys.platform == "win32" or made.path.parent.stat().st_mode & 0o077 == 0
    made.close()
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_file_is_not_shown(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"evidence_damaged"):
        spool(damaged(), 20, tmp_path, NO_PROGRESS)
    with pytest.raises(Cancelled):
        spool(iter([b"abc"]), 20, tmp_path, STOPPED)
    assert list(tmp_path.iterdir()) == []


def test_a_copy_is_read_only_and_goes_with_the_shelf(thai_path: Path) -> None:
    shelf = SpoolFolder(thai_path / "view")
    path = shelf.put('แผน: "น้ำ".docx', iter([b"abc", b"def"]), NO_PROGRESS)
    assert path.read_bytes() == b"abcdef" and path.name == "แผน_ _น้ำ_.docx"
    assert not path.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH)
    assert sys.platform == "win32" or path.parent.stat().st_mode & 0o077 == 0
    with pytest.raises(Cancelled):
        shelf.put("a.docx", iter([b"abc"]), STOPPED)
    with pytest.raises(FileError):
        shelf.put("a.docx", damaged(), NO_PROGRESS)
    assert not list((thai_path / "view").rglob("a.docx"))
    shelf.close()
    assert list((thai_path / "view").iterdir()) == []


def test_what_a_killed_process_left_goes_at_the_next_start(tmp_path: Path) -> None:
    code = """
import os, sys
from pathlib import Path
from dgdesk.evidence.pages.spool import SpoolFolder
from dgdesk.system.progress import NO_PROGRESS
SpoolFolder(Path(sys.argv[1])).put("a.txt", iter([b"secret"]), NO_PROGRESS)
os._exit(9)
"""
    environment = {**os.environ, "PYTHONPATH": str(Path(spool_module.__file__).parents[3])}
    assert subprocess.run([sys.executable, "-c", code, str(tmp_path)], env=environment, check=False).returncode == 9
    assert list(tmp_path.rglob("a.txt"))
    living = SpoolFolder(tmp_path)
    assert not list(tmp_path.rglob("a.txt"))
    kept = living.put("b.txt", iter([b"b"]), NO_PROGRESS)
    SpoolFolder(tmp_path).close()
    assert kept.exists()  # its owner lives
    living.close()
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FileError, match=r"viewer\.no_room"):
        SpoolFolder(tmp_path / "file" / "view")


@pytest.mark.parametrize(
    "name", ["..", "con.txt", "a/b\\c.pdf", "น้ำ" * 90 + ".pdf", "x\u202efdp.exe", " .", "a." + "b" * 300, "\x00"]
)
def test_safe_names_are_short_plain_and_stay_in_their_folder(name: str, tmp_path: Path) -> None:
    made = safe(name)
    assert len(made.encode()) <= 210 and not set(made) & set('/\\:*?"<>|\x00\u202e')
    (tmp_path / made).write_bytes(b"")
    assert [path.name for path in tmp_path.iterdir()] == [made]


def test_only_documents_are_handed_out_and_by_what_they_are() -> None:
    docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    assert outside_name("แผน.DOCX", docx) == "แผน.DOCX"
    assert outside_name("แผน.exe", docx) == "แผน.exe.docx"
    assert outside_name("a.xls", "application/x-ole-storage") == "a.xls"
    assert outside_name("a.msi", "application/x-ole-storage") is None
    assert outside_name("a.pdf", "application/x-executable") is None
    assert outside_name("a.docx", "application/octet-stream") is None
    assert outside_name("a.bat", "text/plain") == "a.bat.txt"
    assert outside_name("a.docx", docx, "application/zip") == "a.docx"
    for other in ("application/x-executable", "text/x-script", "text/html", "application/rtf", "application/pdf"):
        assert outside_name("a.docx", docx, other) is None
