"""Maintenance of the draft file: safe copies, checks, compaction, the register of exports."""

from __future__ import annotations

import io
import os
import sqlite3
from contextlib import closing

import pytest

from dgdesk.draft.file.connecting import PAGE_BYTES
from dgdesk.draft.file.model import Edit
from dgdesk.draft.file.register import RECEIPT, SCAN
from dgdesk.text.messages import load_catalogue
from rows import appended, detached

MIB = 1 << 20


def attach(package, slot, content):
    return package.attach_file(io.BytesIO(content), appended(package, slot), "attach")


def everything(package):
    return (
        package.definition,
        package.meta,
        package.answers(),
        package.evidence(),
        package.history(limit=1000),
        package.files(),
        package.exports(),
        [b"".join(package.read_file(file.sha256)) for file in package.files()],
    )


def filled(desk):
    package = desk.create()
    package.apply([Edit("answer", "q", None, "น้ำ")], "answer")
    attach(package, "s", os.urandom(MIB + 5))
    attach(package, "s", b"b")
    package.undo()
    package.register_export({"digest": "0" * 64})
    return package


def test_a_backup_equals_the_original_and_can_be_worked_on(desk, tmp_path):
    package = filled(desk)
    target = tmp_path / "สำเนา 1.dgdesk"
    assert package.backup(target) == ()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["survey.dgdesk", "survey.dgdesk.lock", "สำเนา 1.dgdesk"]
    copy = desk.open(target)
    assert everything(copy) == everything(package)
    assert copy.redo() is not None
    assert package.can_redo, "the original stays as it was"


def test_a_backup_does_not_overwrite_unless_asked_and_never_the_package_itself(desk, refused, tmp_path):
    package = filled(desk)
    target = tmp_path / "copy.dgdesk"
    target.write_text("older copy", encoding="utf-8")
    with refused("package.exists"):
        package.backup(target)
    assert target.read_text(encoding="utf-8") == "older copy"
    package.backup(target, replace=True)
    assert desk.open(target).answers() == package.answers()
    with refused("package.copy_onto_itself"):
        package.backup(desk.path, replace=True)
    with refused("package.folder_missing"):
        package.backup(tmp_path / "no" / "copy.dgdesk")
    with refused("package.folder_missing"):
        package.backup(tmp_path / "no" / "copy.dgdesk", replace=True)


def test_a_backup_onto_a_package_that_somebody_works_in_is_refused(desk, refused, tmp_path):
    package = filled(desk)
    other = desk.create(tmp_path / "other.dgdesk")
    with refused("package.held"):
        package.backup(other.path, replace=True)
    assert other.apply([Edit("answer", "q", None, 1)], "answer").number == 1


def test_a_backup_of_a_damaged_package_is_made_and_says_what_is_damaged(desk, tmp_path):
    with desk.create() as package:
        attach(package, "s", b"needle" * 1000)
    content = desk.path.read_bytes()
    desk.path.write_bytes(content.replace(b"needleneedle", b"needleNeedle", 1))
    package = desk.open()
    damages = package.backup(tmp_path / "copy.dgdesk")
    assert [damage.code for damage in damages] == ["package.check_file"]
    assert desk.open(tmp_path / "copy.dgdesk").check() == damages


def test_a_copy_that_is_not_what_the_package_is_is_thrown_away(desk, refused, tmp_path, monkeypatch):
    from dgdesk.draft.file import copying

    package = filled(desk)
    write_copy = copying.write_copy

    def spoil(database, target, pulse):
        write_copy(database, target, pulse)
        with closing(sqlite3.connect(target)) as copy, copy:
            copy.execute("UPDATE state SET value = '\"น้า\"'")

    monkeypatch.setattr(copying, "write_copy", spoil)
    with refused("package.copy_failed"):
        package.backup(tmp_path / "copy.dgdesk")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["survey.dgdesk", "survey.dgdesk.lock"]


@pytest.mark.parametrize(
    ("statement", "code", "subject"),
    [
        ("UPDATE definition SET content = x'00'", "package.check_definition", None),
        ("DELETE FROM definition", "package.check_definition", ""),
        ("UPDATE state SET value = '\"น้า\"' WHERE target = 'q'", "package.check_value", "q"),
        ("DELETE FROM state WHERE target = 'q'", "package.check_value", "q"),
        ("INSERT INTO change VALUES (9, '2026-01-01', 'a', '', NULL, NULL, 1, NULL)", "package.check_journal", "5"),
        ("DELETE FROM chunk; DELETE FROM file", "package.check_missing_file", "s"),
        ("PRAGMA foreign_keys = OFF; DELETE FROM file", "package.check_structure", ""),
    ],
)
def test_a_check_finds_what_was_changed_behind_the_programs_back(desk, statement, code, subject):
    filled(desk).close()
    with closing(sqlite3.connect(desk.path)) as database:
        database.executescript(statement)
    damages = desk.open().check()
    found = [damage for damage in damages if damage.code == code]
    assert found, damages
    if subject is not None:
        assert found[0].subject == subject
    for damage in damages:
        for language in ("th", "en"):
            assert load_catalogue(language).text(damage.code, subject=damage.subject, detail=damage.detail)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE chunk SET data = zeroblob(length(data)) WHERE file = {file}",
        "DELETE FROM chunk WHERE file = {file}",
        "DELETE FROM chunk WHERE file = {file}; DELETE FROM file WHERE id = {file}",
    ],
    ids=["damaged", "without its pieces", "gone"],
)
def test_a_check_tells_of_a_scan_that_is_lost(desk, statement, tmp_path):
    package = filled(desk)
    package.register_export({"digest": "ab"})
    stored = package.add_file(io.BytesIO(b"a signed sheet"))
    record = {"digest": "ab", "sha256": stored.sha256, "name": "ใบลงนาม.pdf"}
    package.register_reply(SCAN, record)
    package.register_reply(RECEIPT, {"digest": "ab", "sha256": "0" * 64})  # names no file of its own
    assert package.check() == ()
    package.close()
    with closing(sqlite3.connect(desk.path)) as database:
        (number,) = database.execute("SELECT id FROM file WHERE sha256 = ?", (stored.sha256,)).fetchone()
        database.executescript(statement.format(file=number))
    package = desk.reopen()
    (found,) = (damage for damage in package.check() if damage.code == "package.check_scan")
    assert (found.subject, found.detail) == ("ใบลงนาม.pdf", stored.sha256)
    for language in ("th", "en"):
        sentence = load_catalogue(language).text(found.code, subject=found.subject, detail=found.detail)
        assert "ใบลงนาม.pdf" in sentence and stored.sha256 in sentence
    assert package.backup(tmp_path / "copy.dgdesk") == package.check()
    package.add_file(io.BytesIO(b"a signed sheet"))
    assert package.check() == ()


def test_a_broken_page_is_reported_not_raised(desk):
    with filled(desk) as package:
        for number in range(60):
            package.apply([Edit("answer", f"q{number}", None, "ก" * 400)], "answer")
    content = bytearray(desk.path.read_bytes())
    for page in range(10, len(content) // PAGE_BYTES, 3):
        content[page * PAGE_BYTES : page * PAGE_BYTES + 16] = b"\xff" * 16
    desk.path.write_bytes(content)
    damages = desk.open(read_only=True).check()
    assert "package.check_structure" in {damage.code for damage in damages}


def test_compaction_drops_what_nothing_can_bring_back(desk):
    package = desk.create()
    keep = attach(package, "s", os.urandom(MIB)).edits[0].file
    package.add_file(io.BytesIO(os.urandom(2 * MIB)))  # never referred to
    attach(package, "t", os.urandom(2 * MIB))
    package.undo()
    package.apply([Edit("answer", "q", None, 1)], "answer")  # the attaching can no longer be done again
    freed = package.compact().freed
    assert freed >= 4 * MIB
    assert [file.sha256 for file in package.files()] == [keep]
    assert package.state_counter == 4, "keeping undo adds no entry"
    assert package.check() == ()
    package = desk.reopen()
    assert package.undo().undoes == 4 and package.undo().undoes == 1
    assert package.compact().freed < MIB, "redo can bring the file back"
    package.redo()
    assert len(b"".join(package.read_file(keep))) == MIB


def test_compaction_without_undo_keeps_only_what_is_attached_now(desk):
    package = desk.create()
    attach(package, "s", os.urandom(MIB))
    package.apply(detached(package, "s"), "detach")
    attach(package, "t", b"kept")
    assert package.compact().freed < MIB and len(package.files()) == 2, "undo could bring it back"
    assert package.compact(keep_undo=False).freed >= MIB
    assert len(package.files()) == 1
    assert not package.can_undo and not package.can_redo
    assert [record.action for record in package.history()] == ["compact", "attach", "detach", "attach"]
    package = desk.reopen()
    assert package.undo() is None
    package.apply([Edit("answer", "q", None, 1)], "answer")
    assert package.undo().undoes == 5 and package.undo() is None
    assert package.check() == ()


def test_what_was_dropped_cannot_be_read_from_the_file(desk):
    package = desk.create()
    package.add_file(io.BytesIO(b"secret letter " * 5000))
    assert b"secret letter" in desk.path.read_bytes()
    package.compact()
    assert b"secret letter" not in desk.path.read_bytes()


def test_exports_are_registered_with_the_state_they_were_made_from(desk, clock, refused):
    package = desk.create()
    assert package.exports() == ()
    package.apply([Edit("answer", "q", None, 1)], "answer")
    first = package.register_export({"digest": "ก", "files": 3})
    package.undo()
    second = package.register_export({})
    with refused("package.not_json"):
        package.register_export({"x": float("nan")})
    package = desk.reopen()
    assert package.exports() == (first, second)
    assert (first.number, first.state, first.who, first.record) == (1, 1, "สมชาย", {"digest": "ก", "files": 3})
    assert (second.number, second.state, second.at) == (2, 2, clock())
