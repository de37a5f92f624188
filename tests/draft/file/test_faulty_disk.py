"""A disk that fails at the last moment: what is told is what is there, and work goes on. Found by ``tests/faults``."""

from __future__ import annotations

import io
import os
import sqlite3
import stat
import sys
from pathlib import Path

import pytest

from dgdesk.draft.file import database
from dgdesk.draft.file.faults import database_faults
from dgdesk.draft.file.model import Edit
from dgdesk.errors import FileError
from rows import attached

MOVABLE = pytest.mark.skipif(sys.platform == "win32", reason="Windows does not let an open file be moved")


class FailingConnection(sqlite3.Connection):
    """SQLite whose next COMMIT fails: ``trouble`` is its code, ``written`` whether it is done all the same."""

    trouble: int | None = None
    written = False

    def commit(self) -> None:
        trouble, self.trouble = self.trouble, None
        if trouble is None:
            return super().commit()
        super().commit() if self.written else super().rollback()
        raise failure(trouble)


def failure(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("the disk failed")
    error.sqlite_errorcode = code
    return error


@pytest.fixture
def faulty(desk, monkeypatch):
    """A package, and its connection to let fail."""
    connect = sqlite3.connect
    monkeypatch.setattr(database.sqlite3, "connect", lambda *a, **k: connect(*a, factory=FailingConnection, **k))
    package = desk.create()
    package.apply([Edit("answer", "q", None, 1)], "answer")
    return package, package._database._raw


def attach(package, content=b"content"):
    return package.attach_file(io.BytesIO(content), lambda stored: attached("s", stored.sha256), "attach")


def test_after_an_attach_that_filled_the_disk_at_its_end_everything_works_on(faulty, refused):
    package, raw = faulty
    raw.trouble = sqlite3.SQLITE_FULL
    with refused("package.disk_full"):
        attach(package)
    assert (package.answers(), package.evidence(), package.files()) == ({"q": 1}, {}, ())
    package.apply([Edit("answer", "q", 1, 2)], "answer")
    attach(package)
    assert len(package.evidence()["s"]) == 1 and package.check() == ()


def test_after_an_answer_that_failed_at_its_end_everything_works_on(faulty, refused):
    package, raw = faulty
    raw.trouble = sqlite3.SQLITE_IOERR_WRITE
    with refused("package.disk_error"):
        package.apply([Edit("answer", "q", 1, 2)], "answer")
    package.apply([Edit("answer", "q", 1, 3)], "answer")
    assert package.answers() == {"q": 3} and package.check() == ()


def test_a_change_is_saved_though_its_folder_cannot_be_brought_to_the_disk(faulty):
    """SQLite then reports an error of a change that is in the file: "not saved" would be wrong."""
    package, raw = faulty
    raw.written = True
    raw.trouble = sqlite3.SQLITE_IOERR_DIR_FSYNC
    assert package.apply([Edit("answer", "q", 1, 2)], "answer").number == 2
    raw.trouble = sqlite3.SQLITE_IOERR_DIR_FSYNC
    assert attach(package).number == 3
    assert package.answers() == {"q": 2} and len(package.evidence()["s"]) == 1
    package.apply([Edit("answer", "q", 2, 3)], "answer")
    assert package.check() == ()


def test_a_copy_is_there_though_its_folder_cannot_be_brought_to_the_disk(desk, monkeypatch, tmp_path):
    real = os.fsync

    def fail(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(22, "Invalid argument")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fail)
    package = desk.create()
    assert package.backup(tmp_path / "copy.dgdesk") == ()
    assert desk.open(tmp_path / "copy.dgdesk").check() == ()


def told(path: Path, code: int, **how: bool) -> str:
    with pytest.raises(FileError) as caught, database_faults(path, **how):
        raise failure(code)
    return caught.value.code


def test_a_file_that_is_out_of_reach_is_not_called_damaged(tmp_path):
    """SQLite calls corrupt what the system cannot read, a pulled stick too."""
    path = tmp_path / "a.dgdesk"
    assert told(path, sqlite3.SQLITE_CORRUPT) == "package.disk_error"
    path.write_bytes(b"")
    assert told(path, sqlite3.SQLITE_CORRUPT) == "package.damaged"


def test_a_journal_that_cannot_be_made_is_the_disks_fault_not_a_missing_right(tmp_path):
    path = tmp_path / "a.dgdesk"
    assert told(path, sqlite3.SQLITE_CANTOPEN) == "package.cannot_open"
    assert told(path, sqlite3.SQLITE_CANTOPEN, opened=True) == "package.disk_error"


@MOVABLE
def test_a_moved_draft_is_told_as_such_by_attaching_and_compacting(desk, refused, tmp_path):
    """Not that the evidence cannot be read, nor that a folder is missing."""
    package = desk.create()
    source = tmp_path / "หลักฐาน.txt"
    source.write_bytes(b"evidence")
    away = tmp_path / "away.dgdesk"
    desk.path.rename(away)
    with refused("package.moved"):
        package.attach_file(source, lambda stored: attached("s", stored.sha256), "attach")
    with refused("package.moved"):
        package.compact()
    away.rename(desk.path)
    package.attach_file(source, lambda stored: attached("s", stored.sha256), "attach")
    assert package.check() == ()
