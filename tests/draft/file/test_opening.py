"""Making and opening a package: what is kept, what is refused, and in what words."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from dgdesk.draft.file.connecting import database_uri
from dgdesk.draft.file.model import Edit
from dgdesk.draft.file.opening import create_draft_file

AWKWARD_NAMES = [
    "แบบสำรวจ น่าน ๒๕๖๙.dgdesk",
    "100% #1.dgdesk",
    "ทำไม? & 'quoted' %41 น้ำ.dgdesk",
    "file:x?mode=ro.dgdesk",
]


def test_a_new_package_keeps_definition_and_facts_byte_for_byte(desk):
    definition = bytes(range(256)) * 1000
    package = desk.create(definition=definition, meta={"edition": "2568"})
    package = desk.reopen()
    assert package.definition == definition
    assert package.definition_sha256 == hashlib.sha256(definition).hexdigest()
    assert package.meta == {"edition": "2568"}
    assert (package.answers(), package.evidence(), package.files(), package.state_counter) == ({}, {}, (), 0)
    assert not package.can_undo and not package.can_redo
    assert package.undo() is None and package.redo() is None
    assert package.check() == ()


def test_the_file_has_the_promised_settings(desk):
    package = desk.create()
    pragma = package._database.outside_transaction
    assert pragma("PRAGMA application_id") == [(0x4447444B,)]
    assert pragma("PRAGMA user_version") == [(3,)]
    assert pragma("PRAGMA journal_mode") == [("delete",)]
    assert pragma("PRAGMA synchronous") == [(3,)]
    assert pragma("PRAGMA secure_delete") == [(1,)]
    assert pragma("PRAGMA foreign_keys") == [(1,)]


def test_closing_leaves_nothing_beside_the_file(desk):
    desk.create().close()
    desk.open().close()
    assert [path.name for path in desk.path.parent.iterdir()] == ["survey.dgdesk"]


@pytest.mark.parametrize("name", AWKWARD_NAMES)
@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not allow these names")
def test_names_with_thai_blanks_and_uri_signs_work(desk, thai_path, name):
    path = thai_path / name
    with desk.create(path) as package:
        package.apply([Edit("answer", "q", None, "ใช่")], "answer")
        with desk.open(path, read_only=True) as reader:
            assert reader.answers() == {"q": "ใช่"}
        package.backup(thai_path / f"copy of {name}")
    assert sorted(each.name for each in thai_path.iterdir()) == sorted([name, f"copy of {name}"])
    with desk.open(path) as package:
        assert package.answers() == {"q": "ใช่"}


@pytest.mark.parametrize(
    ("place", "uri"),
    [
        ("C:/งาน 1/a.dgdesk", "file:///C:/%E0%B8%87%E0%B8%B2%E0%B8%99%201/a.dgdesk?mode=ro"),
        ("//server/share/a#b.dgdesk", "file:////server/share/a%23b.dgdesk?mode=ro"),
        ("/home/a?b%.dgdesk", "file:///home/a%3Fb%25.dgdesk?mode=ro"),
    ],
)
def test_drive_letters_and_shares_have_the_form_sqlite_wants(place, uri):
    class Place(type(Path())):
        def as_posix(self) -> str:
            return place

    assert database_uri(Place("x"), "ro") == uri


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux takes any bytes as a name")
def test_a_name_that_is_not_utf8_works(desk, tmp_path):
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe.dgdesk"))
    desk.create(path).close()
    package = desk.open(path)
    assert package.meta == {"province": "น่าน"}
    copy = path.with_name("copy " + path.name)
    package.backup(copy)
    assert desk.open(copy).meta == {"province": "น่าน"}


def test_an_existing_file_is_never_overwritten(desk, refused):
    desk.path.write_text("งานเดิม", encoding="utf-8")
    with refused("package.exists"):
        desk.create()
    assert desk.path.read_text(encoding="utf-8") == "งานเดิม"
    assert list(desk.path.parent.iterdir()) == [desk.path]


def test_a_package_is_not_made_where_no_folder_is_nor_under_an_impossible_name(desk, refused, tmp_path):
    with refused("package.folder_missing"):
        desk.create(tmp_path / "no" / "x.dgdesk")
    with refused("package.path_too_long"):
        desk.create(tmp_path / ("ย" * 300))
    with refused("package.bad_name"):
        desk.create(tmp_path / "a\0b")
    with refused("package.is_folder"):
        desk.create(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_is_called_as_a_half_made_draft_is_in_nobodys_way_and_stays(desk, tmp_path):
    (tmp_path / "survey.dgdesk.part").write_bytes(b"half")
    (tmp_path / "survey.dgdesk.part-journal").write_bytes(b"half")
    assert desk.create().check() == ()
    assert (tmp_path / "survey.dgdesk.part").read_bytes() == b"half"
    assert (tmp_path / "survey.dgdesk.part-journal").read_bytes() == b"half"


def test_what_is_no_package_is_refused_and_left_as_it_was(desk, refused, tmp_path):
    with refused("package.missing"):
        desk.open()
    with refused("package.missing"):
        desk.open(tmp_path / "nowhere" / "x.dgdesk")
    with refused("package.is_folder"):
        desk.open(tmp_path)
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE t (x)")
    with closing(sqlite3.connect(tmp_path / "wal.db")) as other:  # its settings are not ours to change either
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("CREATE TABLE t (x)")
    contents = {
        "empty.dgdesk": b"",
        "garbage.dgdesk": os.urandom(5000),
        "short.dgdesk": b"SQLite format 3\0" + b"\1" * 20,
        "other.dgdesk": (tmp_path / "other.db").read_bytes(),
        "wal.dgdesk": (tmp_path / "wal.db").read_bytes(),
    }
    for name, content in contents.items():
        path = tmp_path / name
        path.write_bytes(content)
        for read_only in (False, True):
            with refused("package.not_a_package"):
                desk.open(path, read_only=read_only)
        assert path.read_bytes() == content
        assert not (tmp_path / f"{name}.lock").exists()


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9])
def test_a_truncated_file_is_called_damaged(desk, refused, kept):
    with desk.create() as package:
        for number in range(40):
            package.apply([Edit("answer", f"q{number}", None, "ก" * 500)], "answer")
    content = desk.path.read_bytes()
    desk.path.write_bytes(content[: int(len(content) * kept)])
    with refused("package.damaged"):
        package = desk.open()
        package.answers()
        package.history(limit=100)


def test_a_newer_file_is_refused_unchanged(desk, refused):
    desk.create().close()
    with closing(sqlite3.connect(desk.path)) as database:
        database.execute("PRAGMA user_version = 4")
    content = desk.path.read_bytes()
    for read_only in (False, True):
        with refused("package.newer") as caught:
            desk.open(read_only=read_only)
        assert (caught.value.values["version"], caught.value.values["known"]) == (4, 3)
    assert desk.path.read_bytes() == content


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER sly AFTER INSERT ON state BEGIN DELETE FROM state; END",
        "CREATE VIEW sly AS SELECT 1",
        "DROP TRIGGER change_kept",
        "DROP TABLE export",
        "ALTER TABLE state ADD COLUMN sly TEXT",
        "PRAGMA user_version = 0",
    ],
)
def test_a_file_with_a_foreign_or_missing_part_is_refused(desk, refused, statement):
    desk.create().close()
    with closing(sqlite3.connect(desk.path)) as database:
        database.execute(statement)
    with refused("package.damaged"):
        desk.open()


def test_a_value_that_is_no_json_or_nested_without_end_is_told_not_traced(desk, refused):
    desk.create().close()
    for value in ('{"half', "[" * 200_000):
        with closing(sqlite3.connect(desk.path)) as database, database:
            database.execute("INSERT OR REPLACE INTO state VALUES ('answer', 'q', '', ?)", (value,))
        package = desk.open()
        with refused("package.value_damaged"):
            package.answers()
        assert package.check() != ()
        package.close()


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX rights")
def test_a_folder_without_write_permission_is_told_and_reading_still_works(child, clock):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "survey.dgdesk"
        create_draft_file(path, definition=b"{}", meta={}, clock=clock, who="a").close()
        path.chmod(0o444)
        folder.chmod(0o555)
        process = child(
            """
if os.geteuid() == 0:
    os.setuid(65534)
for action in (
    lambda: open_draft_file(path, clock=clock, who="b"),
    lambda: create_draft_file(path.with_name("new.dgdesk"), definition=b"", meta={}, clock=clock, who="b"),
):
    try:
        action()
    except DgdeskError as error:
        say(error.code)
with open_draft_file(path, clock=clock, who="b", read_only=True) as package:
    say(str(package.check()))
    try:
        package.backup(path.with_name("copy.dgdesk"))
    except DgdeskError as error:
        say(error.code)
path.parent.exists() and say("end")
""",
            path,
        )
        said = process.communicate()[0].split()
        folder.chmod(0o755)
        assert said[:3] == ["package.read_only_place", "target.forbidden", "()"]
        assert said[3] in ("target.forbidden", "package.cannot_open")
        assert said[4] == "end"
        assert [each.name for each in folder.iterdir()] == ["survey.dgdesk"]


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX rights")
def test_a_write_protected_file_in_a_writable_folder_is_told(child, clock):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "survey.dgdesk"
        create_draft_file(path, definition=b"{}", meta={}, clock=clock, who="a").close()
        path.chmod(0o444)
        folder.chmod(0o777)
        process = child(
            """
if os.geteuid() == 0:
    os.setuid(65534)
try:
    open_draft_file(path, clock=clock, who="b")
except DgdeskError as error:
    say(error.code)
say(str(os.listdir(path.parent)))
""",
            path,
        )
        assert process.communicate()[0].splitlines() == ["package.read_only_place", "['survey.dgdesk']"]
