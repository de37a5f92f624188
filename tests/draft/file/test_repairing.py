"""Repair: a damaged draft gives all that is left of it to a new file, and says what is not."""

from __future__ import annotations

import io
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from dgdesk.draft.file.model import Edit
from dgdesk.draft.file.repair import repair_draft_file
from dgdesk.system.progress import Cancelled, Progress
from rows import appended, attached

PAGE = 16384
DEFINITION = b",".join(b"%d" % number for number in range(15_000))
FIXTURES = Path(__file__).parent / "fixtures"


def attach(package, slot, content):
    def edit(stored):
        return attached(slot, stored.sha256, name=f"{slot}.pdf", size=stored.size)

    return package.attach_file(io.BytesIO(content), edit, "attach")


@pytest.fixture
def kept(desk):
    """A draft with answers, a history, three files and a line of the register; closed."""
    with desk.create(definition=DEFINITION) as package:
        for number in range(40):
            target = f"a{number % 12}"
            old = package.answers().get(target)
            package.apply([Edit("answer", target, old, "คำตอบ" * (number + 1))], "answer")
        for number, content in enumerate([b"small", os.urandom(40_000), os.urandom(1_200_000)]):
            attach(package, f"s{number}", content)
        package.undo()
        package.redo()
        package.register_export({"digest": "x"})
    return desk.path


@pytest.fixture
def mend(desk, clock, tmp_path):
    """Repair into a new file, and open that."""

    def repair(path, editions=None):
        target = tmp_path / "new.dgdesk"
        done = repair_draft_file(path, target, editions=editions or {}, clock=clock, who="ช่าง")
        return done, desk.open(target)

    return repair


def content(package):
    files = {one.sha256: b"".join(package.read_file(one.sha256)) for one in package.files()}
    return package.answers(), package.evidence(), package.exports(), package.meta, package.definition, files


def hit(path, needle, pages=1):
    """Fill the page with zeros that holds some bytes."""
    data = bytearray(path.read_bytes())
    start = data.index(needle) // PAGE * PAGE
    data[start : start + pages * PAGE] = bytes(pages * PAGE)
    path.write_bytes(data)


def codes(done):
    return {loss.code for loss in done.losses}


def test_a_sound_draft_is_copied_whole_with_its_undo(desk, kept, mend):
    before = desk.open()
    done, new = None, None
    truth, history = content(before), before.history(1000)
    before.close()
    done, new = mend(kept)
    assert done.losses == () and (done.answers, done.files) == (15, 3)
    assert content(new) == truth and new.history(1000) == history
    assert new.check() == () and new.undo() is not None


def test_without_the_first_page_everything_is_found_all_the_same(desk, kept, mend, refused):
    with desk.open() as before:
        truth = content(before)
    data = kept.read_bytes()
    kept.write_bytes(os.urandom(PAGE) + data[PAGE:])
    with refused("package.not_a_package"):
        desk.open()
    done, new = mend(kept)
    assert content(new) == truth and codes(done) == {"repair.pages"} and new.check() == ()


def test_answers_come_from_the_history_where_their_page_is_lost(desk, kept, mend):
    with desk.open() as before:
        truth = content(before)
    with closing(sqlite3.connect(kept)) as raw:
        root = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = 'state'").fetchone()[0]
    data = bytearray(kept.read_bytes())
    data[(root - 1) * PAGE : root * PAGE] = bytes(PAGE)
    kept.write_bytes(data)
    done, new = mend(kept)
    assert content(new) == truth and new.check() == ()
    assert {loss.subject for loss in done.losses if loss.code == "repair.value_from_history"} >= {"a0", "s2"}


def test_without_its_history_the_answers_stand_and_go_on(desk, kept, mend):
    with desk.open() as before:
        truth = content(before)
    with closing(sqlite3.connect(kept)) as raw:
        root = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = 'change'").fetchone()[0]
    data = bytearray(kept.read_bytes())
    data[(root - 1) * PAGE : root * PAGE] = os.urandom(PAGE)
    kept.write_bytes(data)
    done, new = mend(kept)
    assert content(new) == truth and "repair.history" in codes(done) and new.check() == ()
    assert not new.can_undo and new.history(1)[0].action == "repair"
    new.apply([Edit("answer", "a0", truth[0]["a0"], "ใหม่")], "answer")
    assert new.undo() is not None and not new.can_undo and new.check() == ()


def test_a_lost_file_keeps_its_place_and_heals(desk, kept, mend):
    with desk.open() as before:
        lost = before.evidence()["s2"][0]
        whole = b"".join(before.read_file(lost["sha256"]))
        truth = before.evidence()
    hit(kept, whole[600_000:600_064])
    done, new = mend(kept)
    assert [(loss.code, loss.subject, loss.detail) for loss in done.losses] == [("repair.file", lost["sha256"], "s2")]
    assert new.evidence() == truth and done.files == 2
    assert [(one.code, one.subject) for one in new.check()] == [("package.check_file", lost["sha256"])]
    assert new.heal(io.BytesIO(whole)).healed and new.check() == ()


def test_the_definition_comes_from_the_program_by_its_digest_or_name(desk, kept, mend, refused, tmp_path, clock):
    hit(kept, DEFINITION[60_000:60_100])
    with refused("repair.no_definition"):
        mend(kept)
    done, new = mend(kept, {"x": b"other", "e": DEFINITION})
    assert new.definition == DEFINITION and codes(done) <= {"repair.pages"}


def test_a_definition_of_which_only_the_name_is_left_is_told(desk, mend):
    with desk.create(definition=DEFINITION, meta={"edition": "e"}) as package:
        package.apply([Edit("answer", "a", None, 1)], "answer")
    with closing(sqlite3.connect(desk.path)) as raw:
        root = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = 'definition'").fetchone()[0]
    data = bytearray(desk.path.read_bytes())
    data[(root - 1) * PAGE : root * PAGE] = bytes(PAGE)
    desk.path.write_bytes(data)
    done, new = mend(desk.path, {"e": b"another"})
    assert new.definition == b"another" and codes(done) == {"repair.definition", "repair.pages"}


def test_a_row_that_its_page_no_longer_tells_is_noticed(desk, kept, mend):
    with closing(sqlite3.connect(kept)) as raw:
        root = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = 'export'").fetchone()[0]
    data = bytearray(kept.read_bytes())
    at = (root - 1) * PAGE + 3  # how many rows the page has
    assert data[at : at + 2] == b"\0\1"
    data[at : at + 2] = b"\0\0"
    kept.write_bytes(data)
    done, new = mend(kept)
    assert codes(done) == {"repair.pages"} and new.exports() == ()


def test_an_old_draft_is_repaired_into_a_new_one(mend, tmp_path):
    old = Path(shutil.copy(FIXTURES / "v1.dgdesk", tmp_path / "old.dgdesk"))
    done, new = mend(old)
    assert done.losses == () and new.answers() == {"g1": "ใช่", "g2": 12.5} and new.check() == ()
    assert new.redo() is not None and new.check() == ()


def test_a_change_that_was_under_way_is_taken_back_first(desk, kept, mend, child):
    with desk.open() as before:
        truth = content(before)
    process = child(
        """
import sqlite3
raw = sqlite3.connect(path, isolation_level=None)
raw.execute("PRAGMA cache_spill = 1")
raw.execute("PRAGMA cache_size = 1")
raw.execute("BEGIN")
raw.execute("UPDATE state SET value = '\\"changed\\"'")
raw.execute("CREATE TABLE filler AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c LIMIT 9) "
            "SELECT randomblob(90000) AS b FROM c")
say("under way")
os.kill(os.getpid(), signal.SIGKILL)
""",
        kept,
    )
    process.communicate()
    assert kept.with_name(kept.name + "-journal").exists()
    done, new = mend(kept)
    assert content(new) == truth and done.losses == ()


def test_what_is_no_draft_is_refused_and_nothing_is_overwritten(desk, kept, mend, refused, tmp_path, clock):
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("PRAGMA application_id = 7")
        other.execute("CREATE TABLE t (a, b, c)")
        other.execute("INSERT INTO t VALUES ('answer', 'x', 'y')")
        other.commit()
    (tmp_path / "noise.dgdesk").write_bytes(os.urandom(90_000))
    (tmp_path / "empty.dgdesk").write_bytes(b"")
    for name in ("other.db", "noise.dgdesk", "empty.dgdesk"):
        with refused("package.not_a_package"):
            mend(tmp_path / name)
    with refused("package.exists"):
        repair_draft_file(kept, tmp_path / "noise.dgdesk", editions={}, clock=clock, who="-")
    with refused("package.copy_onto_itself"):
        repair_draft_file(kept, kept, editions={}, clock=clock, who="-")
    with pytest.raises(Cancelled):
        repair_draft_file(
            kept, tmp_path / "c.dgdesk", editions={}, clock=clock, who="-", progress=Progress(is_cancelled=lambda: True)
        )
    with closing(sqlite3.connect(kept)) as raw:
        raw.execute("PRAGMA user_version = 4")
    with refused("package.newer"):
        mend(kept)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        ["empty.dgdesk", "noise.dgdesk", "other.db", kept.name]
    )


def test_a_check_sees_an_undo_that_cannot_be(desk, kept):
    with closing(sqlite3.connect(kept)) as raw:
        raw.execute("DROP TRIGGER change_fixed")
        raw.execute("UPDATE change SET undo_top = 3 WHERE number = 20")
        raw.execute(
            "CREATE TRIGGER change_fixed BEFORE UPDATE ON change\n"
            "BEGIN SELECT RAISE(ABORT, 'the journal only grows'); END"
        )
        raw.commit()
    assert [(one.code, one.subject) for one in desk.open().check()] == [("package.check_journal", "20")]


@pytest.mark.parametrize("column", ["file", "value"])
def test_a_changed_byte_in_the_digest_of_an_attachment_is_mended_from_the_other_place(desk, kept, mend, column):
    """The digest is in the key and in the value of its row, and the history has it too."""
    with desk.open() as package:
        truth = package.evidence()
    with closing(sqlite3.connect(kept)) as raw, raw:
        (digest,) = raw.execute("SELECT file FROM state WHERE target = 's1'").fetchone()
        wrong = ("0" if digest[0] != "0" else "1") + digest[1:]
        raw.execute(f"UPDATE state SET {column} = replace({column}, ?, ?) WHERE target = 's1'", (digest, wrong))
    done, new = mend(kept)
    assert new.evidence() == truth and done.files == 3 and new.check() == ()
    assert {loss.code for loss in done.losses} == {"repair.value_differs"} and new.can_undo


def test_attachments_of_a_place_that_only_the_history_has_come_back_in_order(desk, mend):
    with desk.create(definition=DEFINITION) as package:
        for number in range(5):
            package.attach_file(io.BytesIO(b"%d" % number), appended(package, "s"), "attach")
        truth = package.evidence()
    with closing(sqlite3.connect(desk.path)) as raw, raw:
        raw.execute("DELETE FROM state")
    done, new = mend(desk.path)
    assert new.evidence() == truth
    assert {loss.code for loss in done.losses} == {"repair.value_from_history"} and new.can_undo
