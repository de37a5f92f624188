"""Another program changes an open draft: it is noticed before the next change counts, and nobody's work is lost."""

from __future__ import annotations

import errno
import os
import random
import shutil
import sqlite3
from contextlib import closing

import pytest

from dgdesk.draft.file.model import Edit
from dgdesk.draft.file.opening import open_draft_file
from dgdesk.errors import FileError
from rows import attached

CHANGED, REMOVED = "package.changed_underneath", "package.removed_underneath"
FILE = os.urandom(3 << 20)

OVERWRITE = """
content = Path(sys.argv[1]).with_name("older.bin").read_bytes()
with path.open("r+b") as stream:
    stream.write(content)
    stream.truncate()
"""
OVERWRITE_SLOWLY = """
import time
content = Path(sys.argv[1]).with_name("older.bin").read_bytes()
with path.open("r+b", buffering=0) as stream:
    for start in range(0, len(content), 1 << 19):
        stream.write(content[start : start + (1 << 19)])
        if not start: say("begun")
        time.sleep(0.05)
    stream.truncate()
"""
RENAME = """
new = path.with_name("incoming.part")
new.write_bytes(path.with_name("older.bin").read_bytes())
os.replace(new, path)
"""
MAKE_ANEW = """
path.unlink()
path.write_bytes(path.with_name("older.bin").read_bytes())
"""
SET_BACK = """
before = path.stat()
with path.open("r+b") as stream:
    stream.write(path.with_name("older.bin").read_bytes())
    stream.truncate()
os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
"""
TRUNCATE = """
os.truncate(path, 20_000)
"""
NOTHING_LEFT = """
path.write_bytes(b"")
"""
GARBAGE = """
with path.open("r+b") as stream:
    stream.write(b"<html>503 Service Unavailable</html>" * 900)
"""
REMOVE = """
path.unlink()
"""
BY_SQL = """
import sqlite3
connection = sqlite3.connect(path)
connection.execute("UPDATE state SET value = '\\"theirs\\"' WHERE target = 'before'")
connection.commit()
connection.close()
"""

IN_PLACE = {
    "written over": OVERWRITE,
    "written over, its time set back": SET_BACK,
    "cut off": TRUNCATE,
    "emptied": NOTHING_LEFT,
    "filled with something else": GARBAGE,
    "edited by a database program": BY_SQL,
}
REPLACED = {"replaced by renaming": RENAME, "removed and made anew": MAKE_ANEW}


def set_answer(package, target, value):
    package.apply([Edit("answer", target, package.answers().get(target), value)], "answer")


def attach(package, source, slot="s"):
    rank = 1 + len(package.evidence().get(slot, []))
    package.attach_file(
        source,
        lambda stored: attached(slot, stored.sha256, rank, size=stored.size, name=source.name),
        "attach",
    )


def reopened(desk, path):
    return open_draft_file(path, clock=desk.clock, who="สมหญิง", read_only=True)


@pytest.fixture
def at_work(desk, tmp_path):
    """A draft of which a sync client has an older version: the person has since gone on, and has it open."""
    source = tmp_path / "ก่อน.pdf"
    source.write_bytes(FILE)
    with desk.create() as package:
        set_answer(package, "before", "old")
        attach(package, source)
    shutil.copyfile(desk.path, tmp_path / "older.bin")
    with desk.open() as package:
        set_answer(package, "before", "new")
    package = desk.open()
    set_answer(package, "mine", "saved here")
    return package


def require_kept(desk, package, code=CHANGED, *, answers=None, files=(FILE,)):
    """The next change is refused, and all that was saved lies in the copy that the error names."""
    with pytest.raises(FileError) as caught:
        set_answer_without_reading(package, "mine too", "not acknowledged")
    assert caught.value.code == code, caught.value
    kept = desk.path.with_name(str(caught.value.values["kept"]))
    with pytest.raises(FileError) as again:
        package.undo()
    assert (again.value.code, again.value.values) == (caught.value.code, caught.value.values)
    package.close()
    with reopened(desk, kept) as copy:
        assert copy.answers() == (answers or {"before": "new", "mine": "saved here"})
        assert sorted(b"".join(copy.read_file(one.sha256)) for one in copy.files()) == sorted(files)
        assert not copy.check()
    return kept


def set_answer_without_reading(package, target, value):
    package.apply([Edit("answer", target, None, value)], "answer")


@pytest.mark.parametrize("how", IN_PLACE)
def test_what_another_process_writes_into_the_draft_is_noticed(desk, at_work, child, how):
    assert child(IN_PLACE[how], desk.path).wait() == 0
    theirs = desk.path.read_bytes()
    gone = how in ("cut off", "emptied", "filled with something else")
    kept = None
    if gone:  # the content of the evidence is taken from the file that was attached last time: it is not known here
        with pytest.raises(FileError) as caught:
            set_answer_without_reading(at_work, "x", 1)
        assert caught.value.code == CHANGED
        kept = desk.path.with_name(caught.value.values["kept"])
        assert len(at_work.keep_ours().lost) == 1
        at_work.close()
        with reopened(desk, kept) as copy:
            assert copy.answers() == {"before": "new", "mine": "saved here"}
            assert {one.code for one in copy.check()} == {"package.check_file"}
    else:
        kept = require_kept(desk, at_work)
    assert desk.path.read_bytes() == theirs and kept.parent == desk.path.parent


@pytest.mark.skipif(os.name != "posix", reason="Windows does not replace an open file")
@pytest.mark.parametrize("how", REPLACED)
def test_another_file_in_the_draft_s_place_is_noticed(desk, at_work, child, how):
    assert child(REPLACED[how], desk.path).wait() == 0
    theirs = desk.path.read_bytes()
    kept = require_kept(desk, at_work)
    assert desk.path.read_bytes() == theirs
    with reopened(desk, kept) as copy:
        assert len(copy.history()) == 4  # the whole draft, with its history
    with desk.open() as package:
        assert package.answers() == {"before": "old"}


@pytest.mark.skipif(os.name != "posix", reason="Windows does not remove an open file")
def test_a_removed_draft_is_kept_under_another_name(desk, at_work, child):
    assert child(REMOVE, desk.path).wait() == 0
    assert at_work.look_underneath()
    require_kept(desk, at_work, REMOVED)
    assert not desk.path.exists()


@pytest.mark.skipif(os.name != "posix", reason="Windows does not rename an open file")
def test_a_renamed_draft_is_not_copied(desk, at_work, refused):
    elsewhere = desk.path.with_name("moved.dgdesk")
    desk.path.rename(elsewhere)
    with refused("package.moved"):
        set_answer_without_reading(at_work, "x", 1)
    elsewhere.rename(desk.path)
    set_answer(at_work, "x", 1)  # put back, as the sentence says
    at_work.close()
    assert not list(desk.path.parent.glob("*.kept-*"))


@pytest.mark.parametrize(
    "touch",
    [
        "os.utime(path)",
        "os.chmod(path, 0o600); os.chmod(path, 0o644)",
        "os.link(path, path.with_name('snapshot'))",
        "content = path.read_bytes(); stream = path.open('r+b'); stream.write(content); stream.close()",
        "path.read_bytes()",
    ],
)
@pytest.mark.skipif(os.name != "posix", reason="links and rights of POSIX")
def test_a_program_that_only_touches_the_draft_is_no_matter(desk, at_work, child, touch):
    assert child(touch, desk.path).wait() == 0
    assert not at_work.look_underneath()
    set_answer(at_work, "further", 1)
    assert child(touch.replace("snapshot", "snapshot 2"), desk.path).wait() == 0
    set_answer(at_work, "further", 2)
    at_work.close()
    with reopened(desk, desk.path) as package:
        assert package.answers()["further"] == 2 and not package.check()
    assert not list(desk.path.parent.glob("*.kept-*"))


def test_the_file_attached_now_is_taken_from_its_source(desk, at_work, tmp_path, child):
    """The older version that comes back does not have it yet."""
    source = tmp_path / "วันนี้.pdf"
    source.write_bytes(b"%PDF-1.7 today")
    attach(at_work, source, "t")
    assert child(OVERWRITE, desk.path).wait() == 0
    require_kept(desk, at_work, files=(FILE, b"%PDF-1.7 today"))


def test_without_its_source_a_file_is_kept_by_name(desk, at_work, tmp_path, child):
    source = tmp_path / "วันนี้.pdf"
    source.write_bytes(b"%PDF-1.7 today")
    attach(at_work, source, "t")
    source.write_bytes(b"%PDF-1.7 another by now")
    assert child(OVERWRITE, desk.path).wait() == 0
    assert at_work.look_underneath()
    copied = at_work.keep_ours()
    at_work.close()
    with reopened(desk, copied.path) as copy:
        assert copy.evidence()["t"][0]["name"] == "วันนี้.pdf"
        assert [one.subject for one in copy.check()] == list(copied.lost) == [copy.evidence()["t"][0]["sha256"]]


def test_exports_and_undo_are_kept(desk, at_work, child):
    at_work.register_export({"digest": "a" * 64, "path": "x.zip"})
    set_answer(at_work, "mine", "a slip")
    at_work.undo()
    assert child(OVERWRITE, desk.path).wait() == 0
    kept = require_kept(desk, at_work)
    with reopened(desk, kept) as copy:
        assert [line.record["digest"] for line in copy.exports()] == ["a" * 64]
        assert copy.history()[-1].edits[0].new == "old"  # the history of the older version is part of it


def test_a_slow_writer_is_waited_for(desk, at_work, child):
    writer = child(OVERWRITE_SLOWLY, desk.path)
    assert writer.stdout.readline() == "begun\n"
    require_kept(desk, at_work)
    assert writer.wait() == 0
    assert desk.path.read_bytes() == desk.path.with_name("older.bin").read_bytes()


def test_a_draft_overwritten_during_an_attach_is_noticed_before_it_counts(desk, at_work, tmp_path, child):
    from dgdesk.system.progress import Progress

    source = tmp_path / "ใหญ่.bin"
    source.write_bytes(os.urandom(12 << 20))
    done = []

    def step(now, total):
        if now > 4 << 20 and not done:
            done.append(child(OVERWRITE, desk.path).wait())

    with pytest.raises(FileError) as caught:
        at_work.attach_files(
            [source],
            lambda stored: [attached("t", stored[0].sha256)],
            "attach",
            progress=Progress(step),
        )
    assert caught.value.code == CHANGED and done == [0]
    kept = desk.path.with_name(caught.value.values["kept"])
    at_work.close()
    with reopened(desk, kept) as copy:
        assert copy.answers() == {"before": "new", "mine": "saved here"} and "t" not in copy.evidence()


def test_no_backup_is_made_of_another_program_s_content(desk, at_work, tmp_path, child):
    assert child(OVERWRITE, desk.path).wait() == 0
    with pytest.raises(FileError) as caught:
        at_work.backup(tmp_path / "backup.dgdesk")
    assert caught.value.code == CHANGED and not (tmp_path / "backup.dgdesk").exists()


def test_a_reader_is_told_when_the_file_is_another_one(desk, at_work, child):
    with desk.open(read_only=True) as reader:
        assert not reader.look_underneath()
        set_answer(at_work, "mine", "more")
        assert reader.look_underneath()
    with desk.open(read_only=True) as reader:
        assert child(OVERWRITE, desk.path).wait() == 0
        assert reader.look_underneath()


def test_where_no_copy_can_be_written_closing_says_so(desk, at_work, child, monkeypatch):
    assert child(OVERWRITE, desk.path).wait() == 0
    assert at_work.look_underneath()

    def full(*_, **__):
        raise FileError("package.disk_full", name="x", path="x")

    monkeypatch.setattr("dgdesk.draft.file.kept_copy.new_package", full)
    with pytest.raises(FileError, match="disk_full"):
        at_work.close()
    desk.open().close()  # the lock is released all the same


def test_the_locks_hold_though_other_connections_come_and_go(desk, at_work, child):
    """A handle of ours that closes too early would let another program write in the middle of a change."""
    for _ in range(3):
        at_work.damaged_files()
        with desk.open(read_only=True) as reader:
            reader.answers()
    writing = """
import sqlite3
connection = sqlite3.connect(path, timeout=0.1, isolation_level=None)
try:
    connection.execute("BEGIN IMMEDIATE")
    say("got in")
except sqlite3.OperationalError:
    say("locked")
"""
    seen = []

    def make_edits(stored):
        with desk.open(read_only=True) as reader:
            reader.path.exists()
        seen.append(child(writing, desk.path).stdout.readline())
        return [attached("t", stored[0].sha256)]

    source = desk.path.with_name("later.bin")
    source.write_bytes(b"later")
    at_work.attach_files([source], make_edits, "attach")
    assert seen == ["locked\n"]


ACTS = ("mine", "overwrite", "rename", "touch", "older copy", "cut", "nothing")


@pytest.mark.skipif(os.name != "posix", reason="Windows does not replace an open file")
@pytest.mark.parametrize("seed", range(25))
def test_after_any_interleaving_each_side_s_work_is_somewhere(desk, tmp_path, seed):
    """Every change that was acknowledged is in the draft that was open, or in the copy that the refusal names."""
    dice = random.Random(seed)
    with desk.create() as package:
        set_answer(package, "a", 0)
    versions = [desk.path.read_bytes()]
    package, acknowledged, foreign, replaced = desk.open(), {"a": 0}, None, False
    for number in range(40):
        act = dice.choice(ACTS)
        if act == "mine":
            edit = Edit("answer", dice.choice("abc"), None, number)
            edit = edit._replace(old=acknowledged.get(edit.target))
            try:
                package.apply([edit], "answer")
            except FileError as error:
                assert error.code == CHANGED and foreign is not None
                kept = desk.path.with_name(str(error.values["kept"]))
                package.close()
                with reopened(desk, kept) as copy:
                    assert copy.answers() == acknowledged and not copy.check()
                assert desk.path.read_bytes() == foreign
                kept.unlink()
                desk.path.write_bytes(versions[-1])
                package = desk.open()
                acknowledged, foreign, replaced = package.answers(), None, False
                continue
            assert foreign is None, f"a change was acknowledged over {act}"
            acknowledged[edit.target] = number
            versions.append(desk.path.read_bytes())
        elif act == "touch":
            os.utime(desk.path)
        elif act in ("overwrite", "older copy", "rename", "cut"):
            content = versions[0] if act == "overwrite" else dice.choice(versions)
            content = content[: dice.randrange(len(content))] if act == "cut" else content
            if act == "rename":
                desk.path.with_name("part").write_bytes(content)
                os.replace(desk.path.with_name("part"), desk.path)
                foreign, replaced = content, True
            else:
                with desk.path.open("r+b") as stream:
                    stream.write(content)
                    stream.truncate()
                foreign = content if replaced or content != versions[-1] else None  # the last state was put back
    package.close()


def test_a_killed_session_leaves_the_draft_as_the_other_program_wrote_it(desk, at_work, child, tmp_path):
    at_work.close()
    lines = """
package = open_draft_file(path, clock=clock, who="x")
package.apply([Edit("answer", "k", None, 1)], "answer")
say("saved")
sys.stdin.readline()
try:
    package.apply([Edit("answer", "k", 1, 2)], "answer")
    say("acknowledged")
except DgdeskError as error:
    say(error.code)
    os.kill(os.getpid(), signal.SIGKILL)
"""
    other = child(lines, desk.path)
    assert other.stdout.readline() == "saved\n"
    shutil.copyfile(tmp_path / "older.bin", desk.path)
    other.stdin.write("\n")
    other.stdin.flush()
    assert other.stdout.readline() == f"{CHANGED}\n"
    other.wait()
    assert desk.path.read_bytes() == (tmp_path / "older.bin").read_bytes()
    with closing(sqlite3.connect(desk.path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_nothing_is_handed_out_from_another_program_s_content(desk, at_work, child):
    at_work.require_sound()
    assert child(OVERWRITE, desk.path).wait() == 0
    with pytest.raises(FileError) as caught:
        at_work.require_sound()
    assert caught.value.code == CHANGED


@pytest.mark.parametrize("how", IN_PLACE)
def test_what_is_written_after_the_last_change_is_noticed_when_the_draft_is_closed(desk, at_work, child, how):
    assert child(IN_PLACE[how], desk.path).wait() == 0
    theirs = desk.path.read_bytes()
    at_work.close()
    (kept,) = desk.path.parent.glob("*.kept-*.dgdesk")
    with reopened(desk, kept) as mine:
        assert mine.answers() == {"before": "new", "mine": "saved here"}
    assert at_work.changed_underneath is not None and desk.path.read_bytes() == theirs


@pytest.mark.skipif(os.name != "posix", reason="Windows does not remove or replace an open file")
@pytest.mark.parametrize("how", [RENAME, MAKE_ANEW, REMOVE], ids=["renamed over", "made again", "removed"])
def test_a_file_put_in_the_draft_s_place_is_noticed_when_it_is_closed(desk, at_work, child, how):
    assert child(how, desk.path).wait() == 0
    at_work.close()
    (kept,) = desk.path.parent.glob("*.kept-*.dgdesk")
    with reopened(desk, kept) as mine:
        assert mine.answers() == {"before": "new", "mine": "saved here"} and not mine.check()


def test_a_draft_in_which_nothing_was_saved_is_closed_without_a_copy(desk, at_work, child):
    at_work.close()
    with desk.open():
        assert child(OVERWRITE, desk.path).wait() == 0
    assert not list(desk.path.parent.glob("*.kept-*"))


@pytest.fixture
def blind(monkeypatch):
    """Save something while the disk does not let the file's head be read, as after an error that passes."""

    def save(package):
        with monkeypatch.context() as patched:
            read, times = os.pread, []

            def failing(*given):
                times.append(1)
                if len(times) > 2:  # the checks before the change and before the commit still see it
                    raise OSError(errno.EIO, "Input/output error")
                return read(*given)

            patched.setattr(os, "pread", failing)
            set_answer_without_reading(package, "unseen", 1)
            assert len(times) > 2

    return save


def test_a_disk_that_hides_what_was_saved_is_no_other_program(desk, at_work, blind):
    blind(at_work)
    set_answer(at_work, "after", 2)
    at_work.close()
    assert not list(desk.path.parent.glob("*.kept-*"))
    with reopened(desk, desk.path) as found:
        assert (found.answers()["unseen"], found.answers()["after"]) == (1, 2)


def test_what_another_program_writes_then_is_noticed_all_the_same(desk, at_work, blind, child):
    blind(at_work)
    assert child(OVERWRITE, desk.path).wait() == 0
    with pytest.raises(FileError, match=CHANGED):
        set_answer_without_reading(at_work, "after", 2)
    at_work.close()
    (kept,) = desk.path.parent.glob("*.kept-*.dgdesk")
    with reopened(desk, kept) as mine:
        assert mine.answers() == {"before": "new", "mine": "saved here", "unseen": 1}
