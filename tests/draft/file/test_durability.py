"""What was saved stays saved: killed processes, full disks, files that disappear, half-done changes."""

from __future__ import annotations

import io
import os
import shutil
import sqlite3
import sys

import pytest

from dgdesk.draft.file.model import Edit
from rows import attached


def test_a_change_survives_the_death_of_its_process(desk, child):
    process = child(
        """
package = create_draft_file(path, definition=b"{}", meta={"k": "v"}, clock=clock, who="a")
package.apply([Edit("answer", "q", None, {"ก": [1, None]})], "answer")
os.kill(os.getpid(), signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
""",
        desk.path,
    )
    process.communicate()
    assert process.returncode != 0
    package = desk.open()
    assert package.answers() == {"q": {"ก": [1, None]}}
    assert package.meta == {"k": "v"}
    assert package.can_undo and package.check() == ()


KILLED_WHILE_STORING = """
import io
from dgdesk.system.progress import Progress
package = create_draft_file(path, definition=b"{}", meta={}, clock=clock, who="a")
package.apply([Edit("answer", "q", None, "ก" * 3000)], "answer")
def progress(done, total):
    if done >= 16 << 20:
        say("far")
        sys.stdin.readline()
package.attach_file(io.BytesIO(os.urandom(20 << 20)), None, "attach", progress=Progress(progress))
"""


def kill_while_storing(desk, child):
    """A writer dies with part of a file in the package and SQLite's rollback journal beside it."""
    process = child(KILLED_WHILE_STORING, desk.path)
    assert process.stdout.readline() == "far\n"
    process.kill()
    process.wait()
    assert desk.path.with_name("survey.dgdesk-journal").exists()
    assert desk.path.stat().st_size > 10 << 20


def test_a_writer_killed_in_the_middle_of_storing_leaves_the_state_before(desk, child):
    kill_while_storing(desk, child)
    package = desk.open()
    assert package.files() == ()
    assert package.answers() == {"q": "ก" * 3000}
    assert package.check() == ()
    assert desk.path.stat().st_size < 1 << 20
    assert not desk.path.with_name("survey.dgdesk-journal").exists()


def test_a_reader_after_such_a_death_sees_the_state_before_and_changes_nothing(desk, child, tmp_path):
    kill_while_storing(desk, child)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with desk.open(read_only=True) as reader:
        assert reader.answers() == {"q": "ก" * 3000}
        assert reader.check() == ()
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_who_reads_while_the_writer_dies_can_write_afterwards(desk, child, refused):
    """The reader is still open in the program that opens the draft for writing, as in a window."""
    with desk.create() as package:
        package.apply([Edit("answer", "q", None, "ก" * 3000)], "answer")
    with desk.open(read_only=True) as reader:
        process = child(
            KILLED_WHILE_STORING.replace(
                'create_draft_file(path, definition=b"{}", meta={}, clock=clock, who="a")',
                'open_draft_file(path, clock=clock, who="a")',
            ).replace('None, "ก" * 3000', '"ก" * 3000, 1'),
            desk.path,
        )
        assert process.stdout.readline() == "far\n"
        process.kill()
        process.wait()
        journal = desk.path.with_name("survey.dgdesk-journal")
        assert journal.exists() and desk.path.stat().st_size > 10 << 20
        with refused("package.broken_off"):
            reader.answers()
        with desk.open() as package:
            assert package.answers() == {"q": 1}
            assert package.files() == () and package.check() == ()
            package.apply([Edit("answer", "q", 1, 2)], "answer")
            assert reader.answers() == {"q": 2}
    assert not list(desk.path.parent.glob("*journal*"))


def test_a_full_file_system_undoes_the_change_as_a_whole(desk, refused):
    package = desk.create()
    package.apply([Edit("answer", "q", None, 1)], "answer")
    pages = package._database.outside_transaction("PRAGMA page_count")[0][0]
    package._database.outside_transaction(f"PRAGMA max_page_count = {pages + 20}")
    with refused("package.disk_full"):
        package.attach_file(
            io.BytesIO(os.urandom(3 << 20)),
            lambda stored: attached("s", stored.sha256),
            "a",
        )
    with refused("package.disk_full"):
        package.apply([Edit("answer", "q", 1, 2), Edit("answer", "long", None, "x" * 300_000)], "answer")
    assert (package.answers(), package.evidence(), package.files()) == ({"q": 1}, {}, ())
    package.apply([Edit("answer", "q", 1, 2)], "answer")
    assert package.check() == ()


@pytest.mark.skipif(sys.platform == "win32", reason="needs the limits of POSIX")
def test_a_write_that_the_system_refuses_is_told_and_leaves_the_state_before(desk, child):
    process = child(
        """
import io, resource
package = create_draft_file(path, definition=b"{}", meta={}, clock=clock, who="a")
package.apply([Edit("answer", "q", None, 1)], "answer")
resource.setrlimit(resource.RLIMIT_FSIZE, (4 << 20, resource.RLIM_INFINITY))
try:
    package.add_file(io.BytesIO(os.urandom(8 << 20)))
except DgdeskError as error:
    say(error.code)
package.apply([Edit("answer", "q", 1, 2)], "answer")
say(str(package.answers()))
say(str(package.check()))
""",
        desk.path,
    )
    assert process.communicate()[0].splitlines() == ["package.disk_error", "{'q': 2}", "()"]
    assert desk.open().answers() == {"q": 2}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not let an open file be moved")
def test_a_change_to_a_file_that_was_moved_or_deleted_is_refused_not_lost(desk, refused, tmp_path):
    package = desk.create()
    package.apply([Edit("answer", "q", None, 1)], "answer")
    away = tmp_path / "away.dgdesk"
    desk.path.rename(away)
    with refused("package.moved"):
        package.apply([Edit("answer", "q", 1, 2)], "answer")
    away.rename(desk.path)
    package.apply([Edit("answer", "q", 1, 3)], "answer")
    desk.path.unlink()
    with refused("package.removed_underneath"):
        package.apply([Edit("answer", "q", 3, 4)], "answer")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not let an open file be replaced")
def test_a_change_after_another_file_took_the_place_is_refused(desk, refused, tmp_path):
    package = desk.create()
    package.backup(tmp_path / "copy.dgdesk")
    os.replace(tmp_path / "copy.dgdesk", desk.path)
    with refused("package.changed_underneath"):
        package.apply([Edit("answer", "q", None, 1)], "answer")


def test_a_reader_who_keeps_the_file_for_long_makes_the_change_fail_whole(desk, refused, monkeypatch):
    from dgdesk.draft.file import database

    monkeypatch.setattr(database, "_WAIT_SECONDS", 0.05)
    package = desk.create()
    other = sqlite3.connect(desk.path, isolation_level=None)
    other.execute("BEGIN")
    other.execute("SELECT count(*) FROM state").fetchall()
    with refused("package.busy"):
        package.apply([Edit("answer", "q", None, 1)], "answer")
    other.execute("COMMIT")
    other.close()
    assert package.answers() == {}
    assert package.apply([Edit("answer", "q", None, 1)], "answer").number == 1


def test_a_copy_of_an_open_file_still_opens(desk, tmp_path):
    """Not the way to copy, but people do it."""
    package = desk.create()
    package.apply([Edit("answer", "q", None, 1)], "answer")
    package.close()
    shutil.copy(desk.path, tmp_path / "plain.dgdesk")
    assert desk.open(tmp_path / "plain.dgdesk").answers() == {"q": 1}
