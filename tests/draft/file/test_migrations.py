"""Older packages: copied first, then migrated whole or not at all, with every answer kept."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from dgdesk.draft.file import opening
from dgdesk.draft.file.model import Edit
from dgdesk.draft.file.schema import VERSION

FIXTURES = Path(__file__).parent / "fixtures"


@pytest.fixture
def old(desk):
    """Somebody's file of version 1."""
    shutil.copy(FIXTURES / "v1.dgdesk", desk.path)
    return desk.path


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def require_old_content(package):
    assert package.definition == '{"edition": "ทดสอบ-1"}'.encode()
    assert package.meta == {"province": "น่าน"}
    assert package.answers() == {"g1": "ใช่", "g2": 12.5}
    assert package.evidence() == {}
    assert [record.number for record in package.history()] == [4, 3, 2, 1]
    assert {record.action for record in package.history()} == {""}
    assert b"".join(package.read_file(package.files()[0].sha256)) == bytes(range(250)) * 10
    assert package.exports() == ()
    assert package.check() == ()


def test_every_older_version_has_a_fixture_and_a_step():
    assert set(opening.STEPS) == set(range(1, VERSION))
    found = [name for name in names(FIXTURES) if name != "__pycache__"]  # left by who imports the maker
    versions = range(1, VERSION)
    files = {f"v{version}.dgdesk" for version in versions} | {f"make_v{version}.py" for version in versions}
    assert set(found) == files | {"v2.json"}


def test_an_old_file_is_copied_then_migrated_and_keeps_everything(desk, old, tmp_path):
    package = desk.open()
    require_old_content(package)
    assert package.redo().redoes == 3
    assert package.evidence()["g1/yes"][0]["name"] == "คำสั่ง.pdf"
    package.register_export({"a": 1})
    package = desk.reopen()
    assert package.can_undo and len(package.exports()) == 1
    package.close()
    assert names(tmp_path) == ["survey.dgdesk", "survey.v1-backup.dgdesk"]
    with closing(sqlite3.connect(tmp_path / "survey.v1-backup.dgdesk")) as copy:
        assert copy.execute("PRAGMA user_version").fetchone() == (1,)
        assert copy.execute("SELECT count(*) FROM change").fetchone() == (4,)
        assert copy.execute("SELECT target, value FROM state").fetchall() == [("g1", '"ใช่"'), ("g2", "12.5")]


def test_a_migrated_file_refuses_what_a_new_one_refuses(desk, old):
    desk.open().close()
    with closing(sqlite3.connect(old)) as database:
        for statement in ("DELETE FROM change", "UPDATE change_edit SET new = NULL"):
            with pytest.raises(sqlite3.IntegrityError, match="only grows"):
                database.execute(statement)
        database.execute("INSERT INTO export VALUES (1, '', '', 0, '{}')")
        with pytest.raises(sqlite3.IntegrityError, match="only grows"):
            database.execute("DELETE FROM export")


def test_an_earlier_copy_is_not_overwritten(desk, old, tmp_path):
    (tmp_path / "survey.v1-backup.dgdesk").write_bytes(b"earlier")
    desk.open().close()
    assert names(tmp_path) == ["survey.dgdesk", "survey.v1-backup-2.dgdesk", "survey.v1-backup.dgdesk"]
    assert (tmp_path / "survey.v1-backup.dgdesk").read_bytes() == b"earlier"


def test_a_reader_of_an_old_file_changes_nothing(desk, old, tmp_path):
    content = old.read_bytes()
    with desk.open(read_only=True) as reader:
        require_old_content(reader)
        assert reader.path == old
        reader.backup(tmp_path / "copy.dgdesk")
    assert old.read_bytes() == content
    assert names(tmp_path) == ["copy.dgdesk", "survey.dgdesk"]
    require_old_content(desk.open(tmp_path / "copy.dgdesk"))


def test_a_migration_that_fails_leaves_the_old_file_as_it_was(desk, old, refused, tmp_path, monkeypatch):
    monkeypatch.setitem(opening.STEPS, 1, (*opening.STEPS[1], "INSERT INTO nowhere VALUES (1)"))
    with refused("package.damaged"):
        desk.open()
    with closing(sqlite3.connect(old)) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (1,)
        assert database.execute("SELECT name FROM sqlite_master WHERE name = 'export'").fetchall() == []
    monkeypatch.undo()
    require_old_content(desk.open())


def test_no_migration_without_a_copy(desk, old, refused, monkeypatch):
    from dgdesk.draft.file import copying
    from dgdesk.errors import FileError

    def full(database, target, pulse):
        raise FileError("package.disk_full", name=target.name, path=str(target))

    monkeypatch.setattr(copying, "write_copy", full)
    content = old.read_bytes()
    with refused("package.disk_full"):
        desk.open()
    assert old.read_bytes() == content


def test_a_new_file_and_a_migrated_one_work_alike(desk, old, tmp_path):
    migrated, fresh = desk.open(), desk.create(tmp_path / "fresh.dgdesk")
    for package in (migrated, fresh):
        before = package.state_counter
        record = package.apply([Edit("answer", "new", None, [1])], "answer")
        assert (record.number, record.action) == (before + 1, "answer")
        assert package.history(limit=1) == (record,)
