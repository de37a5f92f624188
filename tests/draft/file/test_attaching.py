"""Attaching: several files at once, what others see meanwhile, and damaged copies healed by attaching again."""

from __future__ import annotations

import hashlib
import io
import os
import sqlite3
import threading
from contextlib import closing

import pytest

from dgdesk.draft.file.connecting import PAGE_BYTES
from dgdesk.draft.file.model import Edit, StoredFile
from dgdesk.errors import DgdeskError, UsageError
from dgdesk.system.progress import Progress
from rows import attached

MIB = 1 << 20


def digest_of(content):
    return hashlib.sha256(content).hexdigest()


def content_of(package, sha256):
    return b"".join(package.read_file(sha256))


def into(slot, seen=None):
    """One edit with all files that could be stored; ``seen`` gets what became of each file."""

    def make_edits(outcomes):
        if seen is not None:
            seen.extend(outcomes)
        stored = dict.fromkeys(one.sha256 for one in outcomes if isinstance(one, StoredFile))
        return [attached(slot, sha256, number) for number, sha256 in enumerate(stored, 1)]

    return make_edits


def into_one(slot):
    return lambda stored: attached(slot, stored.sha256)


def refuse(outcomes):
    raise UsageError("package.stale", target="s")


@pytest.fixture
def three(tmp_path):
    """Three files of different sizes, the last one of two pieces."""
    paths = []
    for number, size in enumerate((10, 70_000, MIB + 5)):
        path = tmp_path / f"หลักฐาน {number}.pdf"
        path.write_bytes(os.urandom(size))
        paths.append(path)
    return paths


def test_several_files_are_one_step_to_undo(desk, three):
    package = desk.create()
    seen, outcomes = [], []
    record = package.attach_files(
        three, into("s", outcomes), "attach", progress=Progress(lambda *now: seen.append(now))
    )
    total = 10 + 70_000 + MIB + 5
    assert [one.sha256 for one in outcomes] == [digest_of(path.read_bytes()) for path in three]
    assert record.number == 1
    assert seen[-1] == (total, total) and {of for _, of in seen} == {total} and seen == sorted(seen)
    package = desk.reopen()
    assert len(package.evidence()["s"]) == 3
    for path in three:
        assert content_of(package, digest_of(path.read_bytes())) == path.read_bytes()
    assert package.undo().undoes == 1
    assert package.evidence() == {} and len(package.files()) == 3
    assert package.check() == ()


def test_a_bad_file_does_not_lose_the_others(desk, three, tmp_path):
    class Pulled(io.RawIOBase):
        given = 0

        def readable(self):
            return True

        def readinto(self, buffer):
            if self.given > MIB:
                raise OSError(5, "Input/output error")
            self.given += len(buffer)
            return len(buffer)

    package = desk.create()
    sources = [three[0], tmp_path / "missing.pdf", desk.path, Pulled(), three[2]]
    outcomes = []
    package.attach_files(sources, into("s", outcomes), "attach")
    said = [one.code if isinstance(one, DgdeskError) else "" for one in outcomes]
    assert said == ["", "package.source_unreadable", "package.attach_itself", "package.source_unreadable", ""]
    assert [one["sha256"] for one in package.evidence()["s"]] == [digest_of(three[at].read_bytes()) for at in (0, 2)]
    assert len(package.files()) == 2 and package.check() == ()
    assert desk.path.stat().st_size < 2 * MIB, "what the broken file had written is given back"


def test_one_content_twice_among_the_files_is_stored_once(desk, three):
    package = desk.create()
    copies = [three[2], three[2], io.BytesIO(three[2].read_bytes())]
    outcomes = []
    package.attach_files(copies, into("s", outcomes), "attach")
    assert len(outcomes) == 3 and len(set(outcomes)) == 1 and len(package.files()) == 1
    assert desk.path.stat().st_size < 2 * MIB
    assert package.check() == ()


def test_where_nothing_could_be_attached_nothing_is_entered(desk, tmp_path):
    package = desk.create()
    outcomes = []
    assert package.attach_files([tmp_path / "missing.pdf"], into("s", outcomes), "attach") is None
    assert outcomes[0].code == "package.source_unreadable"
    assert package.state_counter == 0 and package.check() == ()


@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_cancel_at_any_file_leaves_no_trace(desk, refused, three, at):
    package = desk.create()
    package.add_file(three[0])
    before = (desk.path.stat().st_size, package.files(), package.space_use())
    seen = []
    with refused("package.cancelled"):
        package.attach_files(
            three, into("s"), "attach", progress=Progress(lambda *now: seen.append(now), lambda: len(seen) >= at)
        )
    assert (desk.path.stat().st_size, package.files(), package.space_use()) == before
    assert package.state_counter == 0 and package.check() == ()


def test_edits_that_are_refused_store_nothing(desk, refused, three):
    package = desk.create()
    size = desk.path.stat().st_size
    with refused("package.stale"):
        package.attach_files(three, refuse, "attach")
    assert package.files() == () and desk.path.stat().st_size == size


def test_attaching_again_what_is_there_leaves_the_size_as_it_is(desk, three):
    package = desk.create()
    first = package.attach_file(three[2], into_one("a"), "attach")
    size = desk.path.stat().st_size
    seen = []
    again = package.attach_file(three[2], into_one("b"), "attach", progress=Progress(lambda *now: seen.append(now)))
    assert again.edits[0].new == first.edits[0].new
    assert seen[-1] == (MIB + 5, MIB + 5) and seen == sorted(seen)
    package.attach_file(io.BytesIO(three[2].read_bytes()), into_one("c"), "attach")  # its size is not known before
    assert desk.path.stat().st_size <= size + PAGE_BYTES and len(package.files()) == 1


def test_another_content_of_the_same_size_is_another_file(desk):
    package = desk.create()
    contents = [os.urandom(MIB + 3) for _ in range(2)]
    for number, content in enumerate(contents):
        source = desk.path.with_name(f"{number}.bin")
        source.write_bytes(content)
        seen = []
        package.attach_file(
            source, into_one(f"s{number}"), "attach", progress=Progress(lambda *now, to=seen: to.append(now))
        )
        assert seen[-1] == (MIB + 3, MIB + 3) and seen == sorted(seen)
    assert [content_of(package, digest_of(content)) for content in contents] == contents


def test_others_read_what_was_there_before_while_files_come_in(desk, three):
    """The window asks from its own thread; it is answered between the pieces, and sees nothing half-done."""
    package = desk.create()
    kept = package.attach_file(three[1], into_one("kept"), "attach").edits[0].file
    asked, answered = threading.Event(), threading.Event()
    found = []

    def window():
        asked.wait(60)
        found.append((package.busy, package.can_undo, package.state_counter, len(package.files())))
        found.append((set(package.evidence()), content_of(package, kept) == three[1].read_bytes()))
        answered.set()

    def progress(done, total):
        if done > 2 * MIB:
            asked.set()
            assert answered.wait(60)

    thread = threading.Thread(target=window)
    thread.start()
    package.attach_file(io.BytesIO(os.urandom(5 * MIB)), into_one("s"), "attach", progress=Progress(progress))
    thread.join()
    assert found == [(True, True, 1, 1), ({"kept"}, True)]
    assert not package.busy and package.state_counter == 2 and len(package.files()) == 2


def test_an_answer_saved_by_another_thread_comes_after_the_files(desk):
    package = desk.create()
    begun = threading.Event()

    def save():
        begun.set()
        package.apply([Edit("answer", "q", None, 1)], "answer")

    thread = threading.Thread(target=save)

    def progress(done, total):
        if not begun.is_set():
            thread.start()
            begun.wait(60)

    package.attach_file(io.BytesIO(os.urandom(3 * MIB)), into_one("s"), "attach", progress=Progress(progress))
    thread.join()
    assert [record.action for record in package.history()] == ["answer", "attach"]


def test_a_reader_elsewhere_waits_and_then_reads(desk, refused, monkeypatch):
    """From about the second MiB SQLite keeps other connections out, until the file is stored or given up."""
    from dgdesk.draft.file import database

    monkeypatch.setattr(database, "_WAIT_SECONDS", 0.05)
    package = desk.create()
    reader = desk.open(read_only=True)
    said = []

    def progress(done, total):
        if done == MIB:
            said.append(reader.answers())
        if done == 6 * MIB:
            with refused("package.busy"):
                reader.answers()
            said.append("busy")

    package.attach_file(io.BytesIO(os.urandom(8 * MIB)), into_one("s"), "attach", progress=Progress(progress))
    assert said == [{}, "busy"]
    assert set(reader.evidence()) == {"s"}


# -- healing ------------------------------------------------------------------------------------------------------


def spoil(path, statement):
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(statement)


def flip(path, content):
    raw = bytearray(path.read_bytes())
    raw[raw.index(content)] ^= 1
    path.write_bytes(raw)


NEEDLE = b"needle in the second piece"
DAMAGES = {
    "a flipped byte": lambda path: flip(path, NEEDLE),
    "a missing piece": lambda path: spoil(path, "DELETE FROM chunk WHERE file = 1 AND position = 1"),
    "a short piece": lambda path: spoil(path, "UPDATE chunk SET data = x'00' WHERE file = 1 AND position = 0"),
    "another size": lambda path: spoil(path, "UPDATE file SET size = size + 1 WHERE id = 1"),
    "all pieces gone": lambda path: spoil(path, "DELETE FROM chunk WHERE file = 1"),
}


@pytest.fixture
def harmed(desk, request, tmp_path):
    """A package with two files, the first of them damaged, and the original of that one."""
    original = tmp_path / "original.pdf"
    original.write_bytes(os.urandom(MIB) + NEEDLE + os.urandom(MIB))
    with desk.create() as package:
        package.attach_file(original, into_one("s"), "attach")
        package.attach_file(io.BytesIO(b"sound"), into_one("t"), "attach")
    DAMAGES[request.param](desk.path)
    package = desk.open()
    assert package.damaged_files() == (digest_of(original.read_bytes()),)
    assert content_of(package, digest_of(b"sound")) == b"sound"
    return package, original


@pytest.mark.parametrize("harmed", DAMAGES, indirect=True)
@pytest.mark.parametrize("as_stream", [False, True])
def test_attaching_the_original_at_another_place_heals_the_copy(desk, harmed, as_stream):
    package, original = harmed
    seen = []
    source = io.BytesIO(original.read_bytes()) if as_stream else original
    stored = []

    def make_edit(one):
        stored.append(one)
        return into_one("u")(one)

    package.attach_file(source, make_edit, "attach", progress=Progress(lambda *now: seen.append(now)))
    assert stored[0].healed and seen == sorted(seen)
    package = desk.reopen()
    sha256 = package.evidence()["s"][0]["sha256"]
    assert package.evidence()["u"][0]["sha256"] == sha256
    assert content_of(package, sha256) == original.read_bytes()
    assert package.check() == () and len(package.files()) == 2


@pytest.mark.parametrize("harmed", ["a flipped byte"], indirect=True)
def test_a_copy_is_healed_even_where_the_edit_is_refused(desk, refused, harmed):
    """As when the file is attached once more at the same place, where it is said to be there already."""
    package, original = harmed
    with refused("package.stale"):
        package.attach_files([original], refuse, "attach")
    assert package.check() == () and package.state_counter == 2
    assert package.attach_files([original], lambda outcomes: [], "attach") is None
    assert package.state_counter == 2


@pytest.mark.parametrize("harmed", ["a missing piece"], indirect=True)
def test_healing_alone_changes_no_answer_and_takes_in_nothing_new(desk, harmed, tmp_path):
    package, original = harmed
    other = tmp_path / "other.pdf"
    other.write_bytes(os.urandom(MIB))
    assert package.heal(other) is None
    assert package.heal(original).healed
    assert not package.heal(original).healed, "sound already"
    assert package.check() == () and len(package.files()) == 2 and package.state_counter == 2


@pytest.mark.parametrize("harmed", ["a flipped byte"], indirect=True)
def test_a_cancelled_heal_leaves_the_damaged_copy_and_no_trace(desk, refused, harmed):
    package, original = harmed
    size = desk.path.stat().st_size
    seen = []
    with refused("package.cancelled"):
        package.heal(original, progress=Progress(lambda *now: seen.append(now), lambda: len(seen) == 2))
    assert desk.path.stat().st_size == size and len(package.damaged_files()) == 1


def test_a_torn_page_chain_is_told_and_everything_else_stays_usable(desk, refused, tmp_path):
    """A lost sector may tear SQLite's own chain of pages; it then refuses to replace the piece (a backup is needed)."""
    original = tmp_path / "original.pdf"
    original.write_bytes(os.urandom(MIB + 100_000) + NEEDLE + os.urandom(MIB))
    with desk.create() as package:
        package.attach_file(original, into_one("s"), "attach")
        package.attach_file(io.BytesIO(b"sound"), into_one("t"), "attach")
    raw = bytearray(desk.path.read_bytes())
    page = raw.index(NEEDLE) // PAGE_BYTES * PAGE_BYTES
    raw[page : page + 4096] = bytes(4096)
    desk.path.write_bytes(raw)
    package = desk.open()
    assert package.damaged_files() == (digest_of(original.read_bytes()),)
    with refused("package.damaged"):
        package.attach_file(original, into_one("u"), "attach")
    package.apply([Edit("answer", "q", None, 1)], "answer")
    package.attach_file(io.BytesIO(b"another"), into_one("u"), "attach")
    assert content_of(package, digest_of(b"sound")) == b"sound"
    assert content_of(package, digest_of(b"another")) == b"another"
