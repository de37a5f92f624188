"""What lies beside a draft is not trusted: no file is removed, nothing is played into the draft, and it is said."""

from __future__ import annotations

import ast
import io
import os
import shutil
import sqlite3
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from dgdesk.cli.main import main
from dgdesk.draft.backups.restore import restore
from dgdesk.draft.drafts import new_draft, repair_draft
from dgdesk.draft.file import beside as beside_module
from dgdesk.draft.file.head import MAGIC
from dgdesk.draft.file.model import Edit
from dgdesk.draft.file.opening import open_draft_file
from dgdesk.draft.recent import read_recent, stamp_of
from dgdesk.errors import DgdeskError
from dgdesk.system.settings import Recent
from dgdesk.text.messages import load_catalogue
from parsed import nodes_of
from rows import attached
from security.hostile_files import (
    beside,
    end_naming,
    head_of_journal,
    kill_midway,
    naming_journal,
    page_of,
    record,
    write_tables,
)

Clock = Callable[[], datetime]
SOURCES = Path(__file__).parents[2] / "src" / "dgdesk"
V1 = Path(__file__).parents[1] / "draft" / "file" / "fixtures" / "v1.dgdesk"
POSIX = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has no pipes and devices in folders, links need a right"
)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sound") / "น่าน.dgdesk"
    clock = lambda: datetime.fromisoformat("2026-11-20T09:30+07:00")  # noqa: E731 - a clock for the whole module
    with new_draft(path, clock=clock, who="สมศรี", respondent="TH-55") as draft:
        draft.session.answer("g1", "yes")
    return path


@pytest.fixture
def draft(tmp_path: Path, sound: Path) -> Path:
    folder = tmp_path / "จดหมาย (1)"
    folder.mkdir()
    return Path(shutil.copy(sound, folder))


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    path = tmp_path / "victim.docx"
    path.write_text("my own work", encoding="utf-8")
    return path


def told(work: Callable[[], object]) -> str:
    """The code of what a person is told, in words in both languages; "" where all went well."""
    try:
        work()
    except DgdeskError as error:
        for language in ("th", "en"):
            assert "{" not in load_catalogue(language).error(error)
        return error.code
    return ""


def read(path: Path, clock: Clock) -> Callable[[], object]:
    return lambda: open_draft_file(path, clock=clock, who="ก", read_only=True).close()


def write(path: Path, clock: Clock) -> Callable[[], object]:
    def work() -> None:
        with open_draft_file(path, clock=clock, who="ก") as one:
            one.apply([Edit("answer", "g1", one.answers().get("g1"), "no")], "answer")

    return work


def recent(path: Path, clock: Clock) -> Callable[[], object]:
    return lambda: read_recent(Recent(str(path)), clock)


def repair(path: Path, clock: Clock) -> Callable[[], object]:
    return lambda: repair_draft(path, path.with_name("repaired.dgdesk"), clock=clock, who="ก")


def restore_it(path: Path, clock: Clock) -> Callable[[], object]:
    return lambda: restore(path, path.with_name("other.dgdesk"), clock=clock, who="ก")


def restore_over_it(path: Path, clock: Clock) -> Callable[[], object]:
    copy = path.with_name("copy.dgdesk")
    shutil.copy(path, copy)
    return lambda: restore(copy, path, clock=clock, who="ก")


def back_up(path: Path, clock: Clock) -> Callable[[], object]:
    return lambda: main(["backup", str(path), str(path.with_name("backup.dgdesk"))], sys.stdout, sys.stderr)


WAYS = [read, write, recent, repair, restore_it, restore_over_it, back_up]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("old", [False, True], ids=["present", "version 1"])
def test_a_journal_that_names_a_file_removes_none(
    draft: Path, victim: Path, clock: Clock, way: Callable[[Path, Clock], Callable[[], object]], old: bool
) -> None:
    if old:
        shutil.copy(V1, draft)
    beside(draft, "-journal").write_bytes(naming_journal(draft, victim))
    for _ in range(2):
        told(way(draft, clock))
        assert victim.read_text(encoding="utf-8") == "my own work"


def forms(draft: Path, victim: Path) -> dict[str, bytes]:
    """Journals that SQLite takes the name from, and some that it nearly does."""
    head, page = head_of_journal(draft), record(draft, 1)
    end = end_naming(victim, draft)
    cold = bytes(8) + head[8:]
    return {
        "no change": head + end,
        "one change": head_of_journal(draft, records=1) + page + end,
        "all that there are": head_of_journal(draft, records=0xFFFFFFFF) + page + end,
        "cold, for the next rollback": cold + end,
        "only a name": end,
        "a name that is no path": head + end_naming("a\\0b", draft),
        "a share": head + end_naming("//host/share/file", draft),
        "a wrong sum": head + end[:-9] + b"\xff" + MAGIC,
        "an empty name": head + struct.pack(">2I", 0, 0) + MAGIC,
        "only the magic": MAGIC,
        "head and magic": head + MAGIC,
    }


@pytest.mark.parametrize("form", range(11))
def test_every_form_of_a_named_file_is_set_aside_once_and_then_the_draft_opens(
    draft: Path, victim: Path, clock: Clock, form: int
) -> None:
    content = list(forms(draft, victim).values())[form]
    before = draft.read_bytes()
    for opened in (write, read):
        beside(draft, "-journal").write_bytes(content)
        assert told(opened(draft, clock)) == "package.beside_set_aside"
        assert not beside(draft, "-journal").exists() and draft.read_bytes() == before
        assert told(read(draft, clock)) == ""
    assert beside(draft, "-journal.set-aside").read_bytes() == content
    assert beside(draft, "-journal.set-aside-2").read_bytes() == content
    assert told(write(draft, clock)) == "" and victim.exists()


def misfits(draft: Path) -> dict[str, bytes]:
    """Journals without a name that SQLite would play back into the draft, or read for long."""
    count = draft.stat().st_size // page_of(draft)
    first, foreign = record(draft, 1), bytearray(record(draft, 1))
    foreign[4 + 24 : 4 + 28] = b"\0\0\xff\xff"  # a much later state of the draft
    return {
        "of a longer draft": head_of_journal(draft, pages=count + 1),
        "of a very long draft": head_of_journal(draft, pages=0xFFFFFFFF),
        "of an empty draft": head_of_journal(draft, pages=0),
        "of a shorter draft": head_of_journal(draft, pages=count - 1),
        "pages of another size": head_of_journal(draft, page=1024, pages=count),
        "pages of no size": head_of_journal(draft, page=3),
        "sectors of no size": head_of_journal(draft, sector=7),
        "sectors of 32 bytes": head_of_journal(draft, sector=32),
        "sectors of 1 GiB": head_of_journal(draft, sector=1 << 30),
        "of another state": head_of_journal(draft, records=1) + bytes(foreign),
        "a page beyond the end": head_of_journal(draft, records=1) + struct.pack(">I", count + 9) + first[4:],
        "a page number 0": head_of_journal(draft, records=1) + struct.pack(">I", 0) + first[4:],
        "one page many times": head_of_journal(draft, records=300) + record(draft, 2) * 300,
        "another draft's first page": head_of_journal(draft, records=1) + record(draft, 1, bytes(page_of(draft))),
        "cut in its head": head_of_journal(draft)[:100],
        "no journal": b"my own work",
        "many heads": head_of_journal(draft) * 5000,
    }


@pytest.mark.parametrize("kind", range(17))
def test_a_journal_that_does_not_fit_is_not_played_into_the_draft(draft: Path, clock: Clock, kind: int) -> None:
    content = list(misfits(draft).values())[kind]
    before = draft.read_bytes()
    beside(draft, "-journal").write_bytes(content)
    assert told(read(draft, clock)) == "package.beside_set_aside"
    assert draft.read_bytes() == before and beside(draft, "-journal.set-aside").read_bytes() == content
    assert told(write(draft, clock)) == ""


def test_the_journal_of_a_change_that_was_broken_off_is_still_played_back(draft: Path, clock: Clock) -> None:
    before = draft.read_bytes()
    kill_midway(draft)
    assert len(draft.read_bytes()) > len(before)
    with open_draft_file(draft, clock=clock, who="ก", read_only=True) as one:  # a mended copy
        assert one.answers()["g1"] == "yes" and one.check() == ()
    assert beside(draft, "-journal").exists()
    with open_draft_file(draft, clock=clock, who="ก") as one:
        assert one.answers()["g1"] == "yes" and one.check() == ()
    assert draft.read_bytes() == before and not beside(draft, "-journal").exists()


def a_file(path: Path, other: Path) -> None:
    path.write_bytes(b"something")


def a_folder(path: Path, other: Path) -> None:
    path.mkdir()
    (path / "inside").write_bytes(b"x")


def a_link(path: Path, other: Path) -> None:
    path.symlink_to(other)


def a_link_to_nowhere(path: Path, other: Path) -> None:
    path.symlink_to(other.with_name("nowhere"))


def a_link_to_a_device(path: Path, other: Path) -> None:
    path.symlink_to("/dev/zero")


def a_pipe(path: Path, other: Path) -> None:
    os.mkfifo(path)


ODD = [pytest.param(one, marks=POSIX) for one in (a_link, a_link_to_nowhere, a_link_to_a_device, a_pipe)]


@pytest.mark.parametrize("end", ["-journal", "-wal", "-shm"])
@pytest.mark.parametrize("make", [a_file, a_folder, *ODD])
def test_whatever_has_such_a_name_is_renamed_and_told(
    draft: Path, victim: Path, clock: Clock, make: Callable[[Path, Path], None], end: str
) -> None:
    for work in (write, read):
        make(beside(draft, end), victim)
        assert told(work(draft, clock)) == "package.beside_set_aside"
        assert not os.path.lexists(beside(draft, end))
        assert told(work(draft, clock)) == ""
    kept = [one.name for one in draft.parent.iterdir() if "set-aside" in one.name]
    assert len(kept) == 2 and victim.read_text(encoding="utf-8") == "my own work"


def test_an_empty_journal_is_what_a_killed_program_leaves_and_an_empty_wal_is_not(draft: Path, clock: Clock) -> None:
    beside(draft, "-journal").write_bytes(b"")
    assert told(read(draft, clock)) == "" and told(write(draft, clock)) == ""
    beside(draft, "-wal").write_bytes(b"")
    assert told(read(draft, clock)) == "package.beside_set_aside"


def test_changes_that_another_program_left_in_a_wal_file_are_not_taken_in(draft: Path, clock: Clock) -> None:
    other = draft.with_name("other.db")
    shutil.copy(draft, other)
    with closing(sqlite3.connect(other, isolation_level=None)) as base:
        base.execute("PRAGMA journal_mode = WAL")
        base.execute("UPDATE state SET value = '\"no\"' WHERE target = 'g1'")
        shutil.copy(beside(other, "-wal"), beside(draft, "-wal"))
    assert told(read(draft, clock)) == "package.beside_set_aside"
    with open_draft_file(draft, clock=clock, who="ก", read_only=True) as one:
        assert one.answers()["g1"] == "yes"


def test_a_draft_that_asks_for_a_wal_file_is_refused(draft: Path, clock: Clock) -> None:
    write_tables(draft, ["PRAGMA journal_mode = WAL"])
    for work in (write, read):
        assert told(work(draft, clock)) == "package.damaged"
    assert not beside(draft, "-wal").exists() and not beside(draft, "-shm").exists()


def test_the_start_page_reads_nothing_and_renames_nothing(draft: Path, victim: Path, clock: Clock) -> None:
    beside(draft, "-journal").write_bytes(naming_journal(draft, victim))
    beside(draft, "-wal").write_bytes(b"x")
    names = sorted(draft.parent.iterdir())
    known = Recent(str(draft), respondent="น่าน", percent=40)
    assert read_recent(known, clock) == known
    assert sorted(draft.parent.iterdir()) == names and victim.exists()
    assert stamp_of(draft)


def test_where_nothing_can_be_renamed_it_is_said_and_nothing_is_opened(
    draft: Path, victim: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(beside_module, "replace_file", refuse)
    beside(draft, "-journal").write_bytes(naming_journal(draft, victim))
    before = sorted(draft.parent.iterdir())
    for work in (write, read):
        assert told(work(draft, clock)) == "package.beside_foreign"
    assert sorted(draft.parent.iterdir()) == before and victim.exists()


def test_the_journal_of_a_writer_at_work_is_left_to_it(draft: Path, clock: Clock) -> None:
    """A reader that sees file and journal of two moments must not take the writer's journal away."""
    page = page_of(draft)
    with open_draft_file(draft, clock=clock, who="ก") as writer:
        later = bytearray(record(draft, 1))
        later[4 + 24 : 4 + 28] = b"\0\0\xff\xff"
        beside(draft, "-journal").write_bytes(head_of_journal(draft, records=1) + later)
        # As another process sees it: in this one the file is known to be open.
        with pytest.raises(DgdeskError) as caught:
            beside_module.require_own_files(draft)
        assert caught.value.code == "package.beside_foreign"
        assert told(read(draft, clock)) in ("", "package.beside_foreign")
        assert beside(draft, "-journal").exists() and len(later) == page + 8
        beside(draft, "-journal").unlink()
        assert writer.check() == ()


def a_naming_journal(draft: Path, victim: Path) -> tuple[str, bytes]:
    return "-journal", naming_journal(draft, victim)


def another_journal(draft: Path, victim: Path) -> tuple[str, bytes]:
    """It fits, and would write zeros over a page."""
    return "-journal", head_of_journal(draft, records=1) + record(draft, 3, bytes(page_of(draft)))


def a_wal_file(draft: Path, victim: Path) -> tuple[str, bytes]:
    return "-wal", b"x"


@pytest.mark.parametrize("make", [a_naming_journal, another_journal, a_wal_file])
def test_what_comes_beside_a_draft_at_work_is_set_aside_and_told(
    draft: Path, victim: Path, clock: Clock, make: Callable[[Path, Path], tuple[str, bytes]]
) -> None:
    """As when an archive is unpacked into the draft's folder. SQLite looks there again at each step."""
    with open_draft_file(draft, clock=clock, who="ก") as package:
        end, content = make(draft, victim)
        works = [
            package.answers,
            lambda: package.apply([Edit("answer", "g1", "yes", "no")], "answer"),
            lambda: package.attach_file(io.BytesIO(b"x"), lambda one: attached("s", one.sha256), "attach"),
            package.undo,
            package.compact,
            package.check,
            lambda: package.backup(draft.with_name("copy.dgdesk")),
        ]
        for work in works:
            beside(draft, end).write_bytes(content)
            assert told(work) == "package.beside_at_work"
            assert not beside(draft, end).exists() and victim.exists()
        assert package.answers()["g1"] == "yes" and package.evidence() == {} and package.check() == ()
        beside(draft, end).write_bytes(content)
        if make is not another_journal:  # which by itself is any writer's
            assert told(read(draft, clock)) in ("package.beside_foreign", "package.beside_set_aside")
    assert victim.exists()


def test_several_at_once_set_it_aside_once(draft: Path, victim: Path, clock: Clock) -> None:
    beside(draft, "-journal").write_bytes(naming_journal(draft, victim))
    codes: list[str] = []
    threads = [threading.Thread(target=lambda: codes.append(told(read(draft, clock)))) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert set(codes) <= {"", "package.beside_set_aside", "package.beside_foreign"}
    assert codes.count("package.beside_set_aside") == 1
    assert [one.name for one in draft.parent.iterdir() if "set-aside" in one.name] == [
        beside(draft, "-journal.set-aside").name
    ]
    assert victim.exists() and told(write(draft, clock)) == ""


def test_what_lies_beside_a_copy_to_be_made_is_not_taken_for_its_own(draft: Path, victim: Path, clock: Clock) -> None:
    target = draft.with_name("copy.dgdesk")
    beside(target, ".part-journal").mkdir()
    beside(target, ".part-wal").write_bytes(b"x")
    with open_draft_file(draft, clock=clock, who="ก") as package:
        assert package.backup(target) == ()
    # A copy is made under a name that nobody can know before, so neither is taken for its own, and both stay.
    assert beside(target, ".part-journal").is_dir() and beside(target, ".part-wal").read_bytes() == b"x"
    assert told(read(target, clock)) == ""


@pytest.mark.parametrize("content", [b"", b"my own work", bytes(5000)])
def test_a_file_that_is_no_draft_is_never_opened_nor_its_neighbours_touched(
    tmp_path: Path, victim: Path, clock: Clock, content: bytes
) -> None:
    path = tmp_path / "a.dgdesk"
    path.write_bytes(content)
    beside(path, "-journal").write_bytes(b"")
    names = sorted(tmp_path.iterdir())
    for work in (read, write):
        assert told(work(path, clock)) == "package.not_a_package"
    assert sorted(tmp_path.iterdir()) == names  # SQLite removes the journal of an empty file


@POSIX
@pytest.mark.parametrize("make", [a_pipe, a_folder, a_link_to_a_device, a_link_to_nowhere])
def test_a_draft_that_is_no_file_is_refused_at_once(
    tmp_path: Path, clock: Clock, make: Callable[[Path, Path], None]
) -> None:
    path = tmp_path / "a.dgdesk"
    make(path, tmp_path / "x")
    for work in (read, write, repair):
        assert told(work(path, clock)).startswith("package.")


def test_repair_leaves_a_foreign_journal_alone_and_says_so(draft: Path, victim: Path, clock: Clock) -> None:
    beside(draft, "-journal").write_bytes(naming_journal(draft, victim))
    done = repair_draft(draft, draft.with_name("new.dgdesk"), clock=clock, who="ก")
    assert [loss.code for loss in done.losses] == ["repair.journal"]
    assert beside(draft, "-journal").exists() and victim.exists() and done.answers == 2


def opened_elsewhere(code: str) -> list[str]:
    """What a module does that opens a database."""
    found = []
    for node in nodes_of(code):
        match node:
            case ast.Attribute(value=ast.Name(id="sqlite3"), attr="connect" | "Connection" as name):
                found.append(f"sqlite3.{name}")
            case ast.ImportFrom(module="sqlite3" | "_sqlite3"):
                found.append("from sqlite3")
            case ast.Name(id=name) | ast.Attribute(attr=name) if name in ("create_engine", "engine_from_config"):
                found.append(name)
            case ast.Constant(value=str(text)) if text.startswith(("ATTACH ", "VACUUM INTO")):
                found.append(text.split(" ?")[0])
            case _:
                pass
    return sorted(set(found))


def test_one_module_opens_databases() -> None:
    found = {
        path.relative_to(SOURCES).as_posix(): opened_elsewhere(path.read_text("utf-8"))
        for path in SOURCES.rglob("*.py")
    }
    assert {path: how for path, how in found.items() if how} == {
        "draft/file/connecting.py": ["create_engine", "sqlite3.Connection", "sqlite3.connect"],
        "agency/ledger/database.py": [
            "create_engine",
            "sqlite3.Connection",
            "sqlite3.connect",
        ],  # the agency's own file
        "agency/tables/sqlite_file.py": ["sqlite3.Connection", "sqlite3.connect"],  # a new file, which it writes
        "draft/file/copying.py": ["VACUUM INTO"],  # of a name beside which nothing lies
        "draft/file/intake.py": ["sqlite3.Connection"],  # asks what kind a connection is
    }


def test_the_walk_sees_every_way_to_open_one() -> None:
    code = "import sqlite3\nfrom sqlite3 import connect\nsqlite3.connect('a')\nsa.create_engine('b')\nc.run('ATTACH x')"
    assert opened_elsewhere(code) == ["ATTACH x", "create_engine", "from sqlite3", "sqlite3.connect"]


def test_a_writer_of_this_process_keeps_its_locks_while_others_open_the_file(draft: Path, clock: Clock) -> None:
    """To look at a file through a handle of its own would end SQLite's locks on it (POSIX)."""
    seen: list[bytes] = []

    class Source(io.BytesIO):
        """A file that takes its time."""

        def readinto(self, room: Any) -> int:
            with suppress(DgdeskError):
                open_draft_file(draft, clock=clock, who="ก", read_only=True).close()
            other = f"import sqlite3; sqlite3.connect({str(draft)!r}, timeout=0).execute('BEGIN IMMEDIATE')"
            seen.append(subprocess.run([sys.executable, "-c", other], capture_output=True, check=False).stderr)
            return super().readinto(room)

    with open_draft_file(draft, clock=clock, who="ก") as package:
        package.attach_file(Source(b"content"), lambda one: attached("s", one.sha256), "a")
    assert seen and all(b"locked" in one for one in seen)
