"""Large files go to the disk while they are written; no lock is lost by it, and nothing is read twice."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import threading

import pytest

from dgdesk.draft.file import early_sync
from dgdesk.draft.file.early_sync import EarlySync, syncing_early
from rows import attached

MIB = 1 << 20
OTHER = """
import sqlite3, sys
other = sqlite3.connect(sys.argv[1], timeout=0)
try:
    other.execute("BEGIN IMMEDIATE")
    print("got in")
except sqlite3.OperationalError as error:
    print(error)
"""

pytestmark = pytest.mark.skipif(not hasattr(os, "fdatasync"), reason="nothing is synced early on this system")


@pytest.fixture
def synced(monkeypatch):
    """The handles that were synced."""
    handles: list[int] = []

    def sync(handle: int) -> None:
        handles.append(handle)

    monkeypatch.setattr(early_sync.os, "fdatasync", sync)
    return handles


def threads() -> list[str]:
    return [one.name for one in threading.enumerate() if one.name == "early sync"]


def test_a_small_file_needs_no_thread(synced):
    with syncing_early(7) as sync:
        sync.written(16 * MIB - 1)
        assert threads() == []
    assert synced == []


def test_without_a_handle_nothing_is_done(synced):
    with syncing_early(None) as sync:
        sync.written(100 * MIB)
        assert threads() == []
    assert synced == []


def test_every_sixteen_megabytes_go_to_the_disk_and_the_thread_ends(monkeypatch):
    reached = threading.Semaphore(0)
    monkeypatch.setattr(early_sync.os, "fdatasync", lambda handle: reached.release())
    with syncing_early(7) as sync:
        for _ in range(3):
            sync.written(16 * MIB)
            assert reached.acquire(timeout=60)
    assert threads() == []


def test_an_error_of_a_disk_is_left_to_the_commit(monkeypatch):
    reached = threading.Semaphore(0)

    def fails(handle: int) -> None:
        reached.release()
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(early_sync.os, "fdatasync", fails)
    sync = EarlySync(7)
    for _ in range(2):
        sync.written(16 * MIB)
        assert reached.acquire(timeout=60)
    sync.end()
    assert threads() == []


def test_no_other_writer_gets_in_while_a_large_file_is_attached_or_afterwards(desk):
    """Closing a second handle of the file would release SQLite's locks."""
    package = desk.create()
    said = []

    def other() -> str:
        done = subprocess.run([sys.executable, "-c", OTHER, desk.path], capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def make_edits(stored):
        said.append(other())
        return [attached("s", stored[0].sha256)]

    package.attach_files([io.BytesIO(os.urandom(40 * MIB))], make_edits, "attach")

    def again(stored):
        said.append(other())
        return []

    package.attach_files([io.BytesIO(b"small")], again, "attach")
    assert said == ["database is locked"] * 2
    assert package.check() == ()


# -- reading no more than once ----------------------------------------------------------------------------------------


def read_of(package, tmp_path, monkeypatch, content: bytes) -> int:
    """Attach a file; return how many times it was read, in tenths."""
    from dgdesk.draft.file import pieces

    source = tmp_path / "source.bin"
    source.write_bytes(content)
    given = [0]
    real = pieces.fill

    def counted(stream, buffer):
        count = real(stream, buffer)
        given[0] += count
        return count

    monkeypatch.setattr(pieces, "fill", counted)
    package.add_file(source)
    monkeypatch.undo()
    return round(10 * given[0] / len(content))


def test_a_large_file_of_a_known_size_is_read_once_unless_it_begins_alike(desk, tmp_path, monkeypatch):
    package = desk.create()
    head, tails = os.urandom(5000), [os.urandom(2 * MIB) for _ in range(3)]
    assert read_of(package, tmp_path, monkeypatch, head + tails[0]) == 10
    assert read_of(package, tmp_path, monkeypatch, os.urandom(5000) + tails[1]) == 10, "another beginning"
    assert read_of(package, tmp_path, monkeypatch, head + tails[2]) == 20, "perhaps the same"
    assert read_of(package, tmp_path, monkeypatch, head + tails[0]) == 10, "the same: it is not written again"
    assert len(package.files()) == 3 and package.check() == ()


def test_two_of_one_size_in_one_step_are_told_apart(desk, tmp_path):
    package = desk.create()
    head, tails = os.urandom(5000), [os.urandom(2 * MIB) for _ in range(2)]
    contents = [head + tails[0], head + tails[1], os.urandom(5000) + tails[0], head + tails[0]]
    seen = []

    def make_edits(stored):
        seen.extend(one.sha256 for one in stored)
        return [attached("s", sha256, number) for number, sha256 in enumerate(dict.fromkeys(seen))]

    sources = [tmp_path / f"{number}.bin" for number in range(len(contents))]
    for source, content in zip(sources, contents, strict=True):
        source.write_bytes(content)
    package.attach_files(sources, make_edits, "attach")
    assert len(set(seen)) == 3 and seen[0] == seen[3]
    assert [b"".join(package.read_file(one)) for one in seen] == contents and len(package.files()) == 3
