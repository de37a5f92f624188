"""A file that another program writes while it is copied in: copied again, or refused; never a mixture of two states."""

from __future__ import annotations

import hashlib
import os
import random
import threading
import time

import pytest

import rows
from dgdesk.draft.file.model import StoredFile
from dgdesk.system.progress import Progress
from dgdesk.system.sources import Source, SourceChanged, StillWritten, opened_source, read_again, read_whole

MIB = 1 << 20
OLD, NEW = b"old " * MIB, b"new " * MIB
"""Four pieces each, so that there is a middle."""


def digest_of(content):
    return hashlib.sha256(content).hexdigest()


def attached(package, source, progress):
    """What became of a file: what the draft holds now, or the code of the refusal."""
    outcome = []

    def make_edits(outcomes):
        outcome.extend(outcomes)
        stored = [one for one in outcomes if isinstance(one, StoredFile)]
        return [rows.attached("s", one.sha256, number) for number, one in enumerate(stored, 1)]

    package.attach_files([source], make_edits, "attach", progress=progress)
    if not isinstance(outcome[0], StoredFile):
        assert package.files() == () and package.evidence() == {}
        return outcome[0].code
    return b"".join(package.read_file(outcome[0].sha256))


def once(act):
    """A progress whose first step in the middle of the file is a change of it."""
    left = [act]

    def step(done, total):
        if done >= MIB and left:
            left.pop()()

    return Progress(step)


def written_in_place(path):
    with path.open("r+b") as stream:
        stream.write(NEW)


def appended(path):
    with path.open("ab") as stream:
        stream.write(b"more")


def cut(path):
    os.truncate(path, MIB + 7)


def replaced(path):
    new = path.with_suffix(".new")
    new.write_bytes(NEW)
    os.replace(new, path)


def set_back(path):
    """Written, and the time of change set to what it was, as some scanners and copying programs do."""
    before = path.stat()
    written_in_place(path)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


CHANGES = {
    "written in place": (written_in_place, NEW),
    "made longer": (appended, OLD + b"more"),
    "made shorter": (cut, OLD[: MIB + 7]),
    "replaced by renaming": (replaced, NEW),
    "removed and made anew": (lambda path: (path.unlink(), path.write_bytes(NEW)), NEW),
    "only touched": (lambda path: os.utime(path), OLD),
}
if os.name == "posix":  # Windows does not say when the times themselves were set
    CHANGES["written, and its time set back"] = (set_back, NEW)


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "สแกน.pdf"
    path.write_bytes(OLD)
    os.utime(path, (1_700_000_000, 1_700_000_000.5))
    return path


@pytest.mark.parametrize("how", CHANGES)
def test_a_file_that_changes_once_is_copied_again(desk, source, how):
    change, after = CHANGES[how]
    with desk.create() as package:
        assert attached(package, source, once(lambda: change(source))) == after
        assert len(package.files()) == 1 and not package.check()


@pytest.mark.parametrize("how", [one for one in CHANGES if one != "only touched"])
def test_a_file_that_keeps_changing_is_refused_in_a_sentence(desk, source, how, refused):
    change, _ = CHANGES[how]

    def keeps_changing(done, total):
        source.exists() or source.write_bytes(OLD)
        change(source)

    with desk.create() as package:
        assert attached(package, source, Progress(keeps_changing)) == "package.source_changing"
        with refused("package.source_changing") as caught:
            package.add_file(source, progress=Progress(keeps_changing))
        assert caught.value.values["name"] == "สแกน.pdf"
        assert package.files() == () and not package.check()


def test_the_others_are_attached_beside_a_file_that_keeps_changing(desk, source, tmp_path):
    other = tmp_path / "other.pdf"
    other.write_bytes(b"%PDF-1.7 other")
    seen = []
    with desk.create() as package:
        package.attach_files(
            [source, other],
            lambda outcomes: (
                seen.extend(outcomes),
                [rows.attached("s", one.sha256, number) for number, one in enumerate(outcomes[1:], 1)],
            )[1],
            "attach",
            progress=Progress(lambda done, total: appended(source)),
        )
        assert seen[0].code == "package.source_changing" and seen[1].sha256 == digest_of(other.read_bytes())
        assert [one.sha256 for one in package.files()] == [seen[1].sha256]


@pytest.mark.skipif(os.name != "posix", reason="Windows does not remove an open file")
def test_a_file_that_vanishes_in_the_middle_is_whole(desk, source):
    with desk.create() as package:
        assert attached(package, source, once(source.unlink)) == OLD


def test_a_lost_file_is_not_replaced_by_half_of_another(desk, source):
    with desk.create() as package:
        package.add_file(source)
        assert package.heal(source, progress=once(lambda: written_in_place(source))) is None
        assert [one.sha256 for one in package.files()] == [digest_of(OLD)]


@pytest.mark.parametrize("seed", range(8))
def test_a_scanner_at_work_leaves_whole_pages_or_nothing(desk, tmp_path, seed):
    """Another thread appends whole blocks at odd moments; each block says its number."""
    dice, path = random.Random(seed), tmp_path / "scan.bin"
    states, stop = {b""}, threading.Event()

    def scan():
        content = b""
        for number in range(dice.randrange(1, 400)):
            if stop.is_set():
                break
            content += number.to_bytes(4, "big") * 256
            states.add(digest_of(content))
            with path.open("r+b") as stream:  # anew from the beginning, as some scanners write
                stream.write(content)
            time.sleep(dice.choice((0, 0, 0.001, 0.005)))

    path.write_bytes(bytes(dice.randrange(1, 3 * MIB)))
    path.write_bytes(b"")
    states.add(digest_of(b""))
    scanner = threading.Thread(target=scan)
    with desk.create() as package:
        scanner.start()
        try:
            outcome = attached(package, path, Progress())
        finally:
            stop.set()
            scanner.join()
        assert outcome == "package.source_changing" or digest_of(outcome) in states


def in_whole_seconds(monkeypatch, path):
    """The disk has times in whole seconds, and it is still the same one."""
    second, real_stat, real_fstat = int(time.time()), os.stat, os.fstat

    def seen(status):
        times = {"st_mtime_ns": second * 10**9, "st_ctime_ns": second * 10**9}
        return os.stat_result((*status[:7], second, second, second), times)

    monkeypatch.setattr(os, "fstat", lambda number: seen(real_fstat(number)))
    monkeypatch.setattr(type(path), "stat", lambda this, **_: seen(real_stat(this)))


def test_a_change_within_one_tick_of_a_coarse_clock_is_seen(source, monkeypatch):
    """The same size and, to the second, the same times: only reading twice tells."""
    in_whole_seconds(monkeypatch, source)
    with opened_source(source) as opened:
        first = opened.read(MIB)
        written_in_place(source)
        torn = first + opened.read(8 * MIB)
        assert torn not in (OLD, NEW)
        with pytest.raises(SourceChanged):
            opened.require_settled(digest_of(torn), len(torn), lambda: None)


def test_an_old_file_is_not_read_twice(source):
    with opened_source(source) as opened:
        content = opened.read(8 * MIB)
        opened.require_settled("not looked at", len(content), lambda: None)
    fresh = source.with_name("fresh.bin")
    fresh.write_bytes(b"fresh")
    at = fresh.stat().st_mtime_ns
    with fresh.open("rb", buffering=0) as stream, pytest.raises(SourceChanged):
        Source(fresh, stream, now=lambda: at + 1).require_settled("of something else", 5, lambda: None)


def test_reading_again_ends(source):
    pauses = []

    def read():
        raise SourceChanged

    with pytest.raises(StillWritten):
        read_again(read, lambda: None, pauses.append)
    assert len(pauses) == 2
    assert read_whole(source, 100 * MIB) == OLD and len(read_whole(source, 10)) == 11


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such pipes")
def test_a_pipe_is_refused_without_waiting(desk, tmp_path, refused):
    os.mkfifo(tmp_path / "pipe.pdf")
    with desk.create() as package:
        for act in (package.add_file, package.heal):
            with refused("package.source_unreadable"):
                act(tmp_path / "pipe.pdf")
