"""Files in the package: stored once, given back byte for byte, and never given back damaged."""

from __future__ import annotations

import hashlib
import io
import os
import sqlite3
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dgdesk.draft.file.evidence import CHUNK_BYTES
from dgdesk.draft.file.intake import fill
from dgdesk.draft.file.model import Edit, StoredFile
from dgdesk.system.progress import Progress
from rows import attached, detached

MIB = 1 << 20


def content_of(package, stored):
    return b"".join(package.read_file(stored.sha256))


def attach_to(slot):
    def make_edit(stored: StoredFile) -> Edit:
        return attached(slot, stored.sha256, name="คำสั่ง.pdf")

    return make_edit


@pytest.mark.parametrize("size", [0, 1, MIB - 1, MIB, MIB + 1, 3 * MIB, 3 * MIB + 5])
def test_a_file_comes_back_as_it_went_in(desk, tmp_path, size):
    content = os.urandom(size)
    source = tmp_path / "หลักฐาน #1.pdf"
    source.write_bytes(content)
    package = desk.create()
    for given_source in (source, io.BytesIO(content)):
        stored = package.add_file(given_source)
        assert stored == StoredFile(hashlib.sha256(content).hexdigest(), size)
    package = desk.reopen()
    assert package.files() == (stored,), "the same content is kept once"
    assert content_of(package, stored) == content
    assert all(len(piece) <= MIB for piece in package.read_file(stored.sha256))
    assert package.check() == ()


def test_unchecked_pieces_are_for_who_digests_them_himself(desk, refused):
    content = os.urandom(2 * MIB + 5)
    package = desk.create()
    stored = package.add_file(io.BytesIO(content))
    assert b"".join(package.read_file(stored.sha256, checked=False)) == content
    with refused("package.no_such_file"):
        package.read_file("0" * 64, checked=False)
    package.close()
    with closing(sqlite3.connect(desk.path)) as connection, connection:
        connection.execute("UPDATE chunk SET data = zeroblob(length(data)) WHERE position = 1")
    package = desk.reopen()
    read = b"".join(package.read_file(stored.sha256, checked=False))
    assert len(read) == len(content) and hashlib.sha256(read).hexdigest() != stored.sha256
    with refused("package.evidence_damaged"):
        content_of(package, stored)
    package.close()
    with closing(sqlite3.connect(desk.path)) as connection, connection:
        connection.execute("UPDATE chunk SET data = zeroblob(7) WHERE position = 1")
    with refused("package.evidence_damaged"):
        list(desk.reopen().read_file(stored.sha256, checked=False))


def test_attaching_stores_file_and_edit_together(desk, tmp_path):
    source = tmp_path / "a.pdf"
    source.write_bytes(b"%PDF")
    package = desk.create()
    first = package.attach_file(source, attach_to("g1/yes"), "attach")
    digest = hashlib.sha256(b"%PDF").hexdigest()
    assert first.edits == (attached("g1/yes", digest, name="คำสั่ง.pdf"),)
    assert package.attachments() == {("attachment", "g1/yes", digest): first.edits[0].new}
    assert package.evidence() == {"g1/yes": [{"name": "คำสั่ง.pdf", "sha256": digest}]}
    package.attach_file(source, attach_to("g2/yes"), "attach")
    package = desk.reopen()
    assert package.evidence().keys() == {"g1/yes", "g2/yes"}
    assert len(package.files()) == 1
    package.undo()
    assert package.evidence().keys() == {"g1/yes"}


def test_removing_the_last_attachment_is_the_same_as_having_none(desk):
    package = desk.create()
    package.attach_file(io.BytesIO(b"a"), attach_to("s"), "attach")
    before = package.evidence()
    package.apply(detached(package, "s"), "detach")
    assert package.evidence() == {}
    package.undo()
    assert package.evidence() == before


@pytest.mark.parametrize("new", [{"sha256": "0" * 64}, {"name": "x"}, ["x"], "x", {"sha256": 1}, 5, [{"sha256": 1}]])
def test_an_attachment_needs_a_stored_file(desk, refused, new):
    package = desk.create()
    with refused("package.unknown_file"):
        package.apply([Edit("attachment", "s", None, new, "0" * 64)], "attach")
    assert package.evidence() == {}


def test_an_attachment_names_the_file_of_its_key(desk, refused):
    package = desk.create()
    one, other = (package.add_file(io.BytesIO(content)) for content in (b"one", b"other"))
    with refused("package.unknown_file"):
        package.apply([Edit("attachment", "s", None, {"sha256": one.sha256}, other.sha256)], "attach")
    assert package.evidence() == {}


def test_cancelling_leaves_no_trace(desk, refused):
    package = desk.create()
    size = desk.path.stat().st_size
    seen: list[tuple[int, int]] = []
    with refused("package.cancelled") as caught:
        package.attach_file(
            io.BytesIO(os.urandom(5 * MIB)),
            attach_to("s"),
            "attach",
            progress=Progress(lambda done, total: seen.append((done, total)), lambda: len(seen) == 3),
        )
    assert caught.value.exit_code == 1
    assert [done for done, _ in seen] == [MIB, 2 * MIB, 3 * MIB]
    assert (package.files(), package.evidence(), package.state_counter) == ((), {}, 0)
    assert desk.path.stat().st_size == size
    assert package.check() == ()


def test_progress_tells_bytes_done_and_in_all(desk, tmp_path):
    source = tmp_path / "a.bin"
    source.write_bytes(b"x" * (2 * MIB + 10))
    seen: list[tuple[int, int]] = []
    desk.create().add_file(source, progress=Progress(lambda done, total: seen.append((done, total))))
    assert seen == [(MIB, 2 * MIB + 10), (2 * MIB, 2 * MIB + 10), (2 * MIB + 10, 2 * MIB + 10)]


def test_a_source_that_fails_half_way_leaves_no_trace(desk, refused):
    class Pulled(io.RawIOBase):
        def __init__(self) -> None:
            self.given = 0

        def readable(self) -> bool:
            return True

        def readinto(self, buffer) -> int:
            if self.given > 2 * MIB:
                raise OSError(5, "Input/output error")
            self.given += len(buffer)
            return len(buffer)

    package = desk.create()
    with refused("package.source_unreadable"):
        package.attach_file(io.BufferedReader(Pulled()), attach_to("s"), "attach")
    assert package.files() == () and package.check() == ()


def test_an_edit_that_fails_takes_its_file_along(desk, refused):
    package = desk.create()
    with refused("package.stale"):
        package.attach_file(
            io.BytesIO(b"a"), lambda stored: attach_to("s")(stored)._replace(old={"sha256": stored.sha256}), "attach"
        )

    def fails(stored: StoredFile) -> Edit:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        package.attach_file(io.BytesIO(b"a"), fails, "attach")
    assert package.files() == ()
    package.attach_file(io.BytesIO(b"a"), attach_to("s"), "attach")
    assert len(package.files()) == 1


def test_what_cannot_be_attached_is_told(desk, refused, tmp_path):
    package = desk.create()
    with refused("package.source_unreadable"):
        package.add_file(tmp_path / "missing.pdf")
    with refused("package.source_unreadable"):
        package.add_file(tmp_path)
    with refused("package.attach_itself"):
        package.add_file(desk.path)
    with refused("package.no_such_file"):
        package.read_file("0" * 64)


def flip_a_byte(path, content):
    """As a failing disk does it: in the file, behind SQLite's back."""
    raw = bytearray(path.read_bytes())
    at = raw.index(content)
    raw[at] ^= 1
    path.write_bytes(raw)


def test_a_flipped_byte_is_found_and_the_other_files_stay_readable(desk, refused):
    with desk.create() as package:
        first = package.add_file(io.BytesIO(b"A" * MIB + b"needle in the second piece" + b"A" * MIB))
        second = package.add_file(io.BytesIO(b"B" * MIB))
    flip_a_byte(desk.path, b"needle in the second piece")
    package = desk.open()
    pieces = []
    with refused("package.evidence_damaged") as caught:
        for piece in package.read_file(first.sha256):
            pieces.append(piece)
    assert caught.value.values["sha256"] == first.sha256
    assert sum(map(len, pieces)) < first.size, "the last piece is never given out"
    assert content_of(package, second) == b"B" * MIB
    assert [(damage.code, damage.subject) for damage in package.check()] == [("package.check_file", first.sha256)]
    package.apply([Edit("answer", "q", None, 1)], "answer")


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM chunk WHERE position = 1",
        "UPDATE chunk SET data = substr(data, 2) WHERE position = 0",
        "UPDATE chunk SET data = CAST(data || x'00' AS BLOB) WHERE position = 2",
        "UPDATE chunk SET position = 7 WHERE position = 0",
        "UPDATE file SET size = size + 1",
        "UPDATE file SET size = size - 1",
        "UPDATE file SET size = 4000000000000",
        "UPDATE file SET size = 0",
    ],
)
def test_missing_short_long_and_moved_pieces_are_found(desk, refused, statement):
    with desk.create() as package:
        stored = package.add_file(io.BytesIO(os.urandom(2 * MIB + 7)))
    with closing(sqlite3.connect(desk.path)) as database, database:
        database.execute(statement)
    package = desk.open()
    with refused("package.evidence_damaged"):
        list(package.read_file(stored.sha256))
    assert [damage.code for damage in package.check()] == ["package.check_file"]


def test_a_reading_that_is_left_half_way_holds_nobody_up(desk):
    package = desk.create()
    stored = package.add_file(io.BytesIO(os.urandom(3 * MIB)))
    reader = desk.open(read_only=True)
    pieces = reader.read_file(stored.sha256)
    next(pieces)
    own = package.read_file(stored.sha256)
    next(own)
    package.apply([Edit("answer", "q", None, 1)], "answer")
    assert sum(map(len, pieces)) == 2 * MIB
    own.close()


@settings(max_examples=40)
@given(st.lists(st.binary(max_size=40), max_size=8))
def test_a_source_that_gives_little_at_a_time_is_cut_into_whole_pieces(parts):
    class Drip:
        def __init__(self) -> None:
            self.parts = [part * 20_000 for part in parts if part]

        def read(self, size: int) -> bytes:
            if not self.parts:
                return b""
            part = self.parts.pop(0)
            if len(part) > size:
                self.parts.insert(0, part[size:])
            return part[:size]

    source, pieces = Drip(), []
    room = bytearray(CHUNK_BYTES)
    while count := fill(source, memoryview(room)):
        pieces.append(bytes(room[:count]))
    assert b"".join(pieces) == b"".join(part * 20_000 for part in parts)
    assert all(len(piece) == CHUNK_BYTES for piece in pieces[:-1])
    assert all(0 < len(piece) <= CHUNK_BYTES for piece in pieces)
