"""Long maintenance of the draft file: background check, copies and compaction with progress and cancel, disk space."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from dgdesk.draft.file.connecting import PAGE_BYTES
from dgdesk.draft.file.model import Edit, SpaceUse, Spare
from dgdesk.system.progress import Progress
from rows import appended, attached, detached

MIB = 1 << 20
FIXTURES = Path(__file__).parent / "fixtures"


def attach(package, slot, content):
    record = package.attach_file(io.BytesIO(content), appended(package, slot), "attach")
    return record.edits[0].file


def detach(package, slot):
    package.apply(detached(package, slot), "detach")


def fill(package, slots, mib=1):
    """One file in each place."""
    return {slot: attach(package, slot, os.urandom(mib * MIB)) for slot in slots}


def behind_its_back(path, *statements):
    with closing(sqlite3.connect(path)) as database, database:
        for statement in statements:
            database.execute(statement)


# -- the check beside the work ------------------------------------------------------------------------------------


def test_the_check_names_the_damaged_files_and_tells_how_far_it_is(desk):
    with desk.create() as package:
        digests = fill(package, "abc", mib=2)
    behind_its_back(desk.path, "UPDATE chunk SET data = zeroblob(length(data)) WHERE file = 2 AND position = 1")
    package = desk.open()
    seen = []
    assert package.damaged_files(progress=Progress(lambda *now: seen.append(now))) == (digests["b"],)
    assert seen == [(done * MIB, 6 * MIB) for done in range(1, 7)]
    for slot in "ac":
        assert hashlib.sha256(b"".join(package.read_file(digests[slot]))).hexdigest() == digests[slot]
    reader = desk.open(read_only=True)
    assert reader.damaged_files() == (digests["b"],)


def test_the_check_can_be_stopped(desk, refused):
    package = desk.create()
    fill(package, "ab", mib=3)
    seen = []
    for check in (package.damaged_files, package.check):
        seen.clear()
        with refused("package.cancelled"):
            check(progress=Progress(lambda *now: seen.append(now), lambda: len(seen) == 2))
        assert len(seen) == 2


def test_answers_are_saved_in_the_middle_of_the_check(desk):
    package = desk.create()
    fill(package, "ab", mib=3)
    saved = []

    def progress(done, total):
        saved.append(package.apply([Edit("answer", f"q{done}", None, 1)], "answer").number)

    assert package.damaged_files(progress=Progress(progress)) == ()
    assert saved == [3, 4, 5, 6, 7, 8]


def test_the_check_waits_for_an_attach_and_can_be_stopped_meanwhile(desk, refused):
    package = desk.create()
    fill(package, "a")
    looked = threading.Event()
    stop = threading.Event()
    threads, said = [], []

    def heed():
        looked.set()
        return stop.is_set()

    def check(**given):
        try:
            said.append(package.damaged_files(**given))
        except Exception as error:
            said.append(error.code)

    def progress(done, total):
        if done == 4 * MIB:  # others are kept out by now
            threads.append(threading.Thread(target=check, kwargs={"progress": Progress(is_cancelled=heed)}))
            threads[0].start()
            assert looked.wait(60)
            stop.set()
            threads[0].join(60)
            assert said == ["package.cancelled"]
            threads.append(threading.Thread(target=check))
            threads[1].start()

    package.attach_file(
        io.BytesIO(os.urandom(6 * MIB)),
        lambda stored: attached("b", stored.sha256),
        "attach",
        progress=Progress(progress),
    )
    threads[1].join(60)
    assert said == ["package.cancelled", ()]


def test_no_check_of_a_closed_package(desk, refused):
    package = desk.create()
    package.close()
    with refused("package.closed"):
        package.damaged_files()


# -- where the space goes -----------------------------------------------------------------------------------------


def test_the_gauge_tells_what_is_attached_stored_and_free(desk):
    package = desk.create()
    assert package.space_use() == SpaceUse(0, 0, 0, desk.path.stat().st_size)
    assert package.spare() == Spare(0, 0, 0)
    content = os.urandom(2 * MIB)
    attach(package, "a", content)
    attach(package, "b", content)  # one file at two places counts once
    attach(package, "c", os.urandom(MIB))
    package.add_file(io.BytesIO(b"nobody's"))
    room = package.space_use()
    assert (room.attached, room.stored, room.size) == (3 * MIB, 3 * MIB + 8, desk.path.stat().st_size)
    assert package.spare() == Spare(8, 0, room.free)
    detach(package, "c")
    assert package.space_use().attached == 2 * MIB
    assert package.spare().undoable == MIB
    done = package.compact(keep_undo=False)
    assert done.files == 2 and done.freed == done.before - done.after >= MIB
    room = package.space_use()
    assert (room.attached, room.stored, room.size) == (2 * MIB, 2 * MIB, done.after)
    assert package.spare() == Spare(0, 0, room.free)


# -- compaction ---------------------------------------------------------------------------------------------------


def test_compaction_tells_how_far_it_is(desk):
    package = desk.create()
    fill(package, "abcdef")
    for slot in "abc":
        detach(package, slot)
    seen = []
    done = package.compact(keep_undo=False, progress=Progress(lambda *now: seen.append(now)))
    assert done.files == 3 and done.before > done.after and done.after == desk.path.stat().st_size
    assert seen == sorted(seen) and len(seen) > 5
    assert package.check() == () and not package.busy


def test_compaction_stopped_while_it_drops_files_changes_nothing(desk, refused):
    package = desk.create()
    fill(package, "ab")
    for slot in "ab":
        detach(package, slot)
    before = (package.files(), package.history(), desk.path.stat().st_size)
    seen = []
    with refused("package.cancelled"):
        package.compact(keep_undo=False, progress=Progress(lambda *now: seen.append(now), lambda: len(seen) == 1))
    assert (package.files(), package.history(), desk.path.stat().st_size) == before
    assert package.undo() is not None and package.check() == ()


def test_compaction_stopped_while_it_shrinks_keeps_the_size_and_uses_the_room_again(desk, refused):
    package = desk.create()
    digests = fill(package, "abcdefgh")
    detach(package, "a")
    size = desk.path.stat().st_size
    seen = []
    with refused("package.compact_cancelled"):
        package.compact(keep_undo=False, progress=Progress(lambda *now: seen.append(now), lambda: len(seen) >= 2))
    assert {file.sha256 for file in package.files()} == set(digests.values()) - {digests["a"]}
    assert desk.path.stat().st_size <= size + PAGE_BYTES and package.space_use().free >= MIB
    assert package.check() == ()
    attach(package, "a", os.urandom(MIB - PAGE_BYTES))
    assert desk.path.stat().st_size <= size + 2 * PAGE_BYTES
    package = desk.reopen()
    assert package.check() == ()


def test_compaction_gives_an_older_package_the_present_page_size(desk):
    shutil.copy(FIXTURES / "v1.dgdesk", desk.path)
    package = desk.open()
    pages = package._database.outside_transaction
    assert pages("PRAGMA page_size") == [(4096,)]
    fill(package, "a")
    package.compact()
    assert pages("PRAGMA page_size") == [(PAGE_BYTES,)]
    package = desk.reopen()
    assert package.check() == () and package.answers() == {"g1": "ใช่", "g2": 12.5}


def test_undo_and_redo_onto_a_file_that_is_gone_are_refused(desk, refused):
    """What compaction keeps, undo can bring back; a file lost in another way is not put into a place again."""
    with desk.create() as package:
        digest = attach(package, "s", b"letter")
        attach(package, "s", b"kept")
        package.apply([edit for edit in detached(package, "s") if edit.file == digest], "detach")
        package.compact()
        assert package.undo().undoes == 3
        package.redo()
    behind_its_back(desk.path, "DELETE FROM chunk WHERE file = 1", "DELETE FROM file WHERE id = 1")
    package = desk.open()
    before = (package.evidence(), package.state_counter)
    with refused("package.file_dropped"):
        package.undo()
    assert (package.evidence(), package.state_counter) == before
    package.add_file(io.BytesIO(b"letter"))  # from the original
    assert package.undo().undoes == 3
    assert package.evidence()["s"][0]["sha256"] == digest


def test_what_the_history_alone_refers_to_cannot_be_entered_again_after_it_was_dropped(desk, refused):
    package = desk.create()
    attach(package, "s", b"letter")
    (old,) = detached(package, "s")
    detach(package, "s")
    package.compact(keep_undo=False)
    assert package.undo() is None
    assert package.history()[-1].edits[0].new == old.old, "the history still tells of it"
    with refused("package.unknown_file"):
        package.apply([Edit("attachment", "s", None, old.old, old.file)], "restore")


# -- copies -------------------------------------------------------------------------------------------------------


def test_a_copy_tells_how_far_it_is(desk, tmp_path):
    package = desk.create()
    fill(package, "abcdef")
    seen = []
    assert package.backup(tmp_path / "copy.dgdesk", progress=Progress(lambda *now: seen.append(now))) == ()
    assert seen == sorted(seen) and len(seen) > 6
    assert seen[-1][0] == seen[-1][1] and len({total for _, total in seen}) == 1


@pytest.mark.parametrize("at", [0, 2, 8])
def test_a_copy_that_is_stopped_leaves_what_lay_there(desk, refused, tmp_path, at):
    package = desk.create()
    fill(package, "abcdefgh")
    target = tmp_path / "copy.dgdesk"
    target.write_bytes(b"older copy")
    seen = []
    with refused("package.cancelled"):
        package.backup(target, replace=True, progress=Progress(lambda *now: seen.append(now), lambda: len(seen) >= at))
    assert target.read_bytes() == b"older copy"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.dgdesk", "survey.dgdesk", "survey.dgdesk.lock"]
    package.backup(target, replace=True)
    assert desk.open(target).check() == ()


def test_a_progress_that_fails_stops_the_copy(desk, tmp_path):
    package = desk.create()
    fill(package, "ab")

    def fails(done, total):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        package.backup(tmp_path / "copy.dgdesk", progress=Progress(fails))
    assert not (tmp_path / "copy.dgdesk").exists() and not package.busy
    package.apply([Edit("answer", "q", None, 1)], "answer")
