"""A ledger is made, found again, and refused with a sentence if it is newer, damaged, or something else."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from bundle.support import code_of
from dgdesk.agency.ledger.faults import PASSING
from dgdesk.agency.ledger.faults import code_of as cause
from dgdesk.agency.ledger.making import MIGRATIONS, head_of, open_ledger
from dgdesk.agency.ledger.places import ledger_place
from dgdesk.agency.ledger.reading import bundles, choices, choose, files, submission_lines
from dgdesk.bundle.chains import Choice
from dgdesk.draft.file.head import MAGIC as JOURNAL_MAGIC
from dgdesk.errors import FileError

NOW = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
A, B, C = ("a" * 64, "b" * 64, "c" * 64)


def test_a_ledger_is_made_once_and_is_the_same_the_next_time(named: str) -> None:
    assert code_of(open_ledger, named) == "ledger.missing"
    with open_ledger(named, make=True, now=lambda: NOW) as made:
        first = head_of(made)
        assert first.version == len(MIGRATIONS) and first.made == NOW
        assert not [*files(made), *bundles(made), *choices(made), *submission_lines(made)]
    with open_ledger(named, make=True) as again:
        assert head_of(again) == first


def test_of_several_choices_the_newest_counts_in_whatever_order_they_were_written(named: str) -> None:
    later = datetime(2026, 11, 21, tzinfo=UTC)
    with open_ledger(named, make=True) as ledger:
        choose(ledger, Choice("e", "TH-50", B, frozenset({A})), later)
        choose(ledger, Choice("e", "TH-50", A, frozenset({B})), NOW)
        choose(ledger, Choice("e", "TH-51", C, frozenset({A, B})), NOW)
        choose(ledger, Choice("e", "TH-51", C, frozenset({A, B})), NOW)
        assert choices(ledger) == (
            Choice("e", "TH-50", B, frozenset({A})),
            Choice("e", "TH-51", C, frozenset({A, B})),
        )


def test_an_older_ledger_is_brought_up_step_by_step_and_a_step_that_fails_leaves_it_as_it_was(named: str) -> None:
    open_ledger(named, make=True).close()

    def second(connection: Connection) -> None:
        connection.execute(text("CREATE TABLE further (a INTEGER)"))

    def broken(connection: Connection) -> None:
        connection.execute(text("CREATE TABLE half (a INTEGER)"))
        raise OSError("the power went out")

    with pytest.raises(OSError, match="power"):
        open_ledger(named, migrations=(*MIGRATIONS, second, broken))
    with open_ledger(named, migrations=(*MIGRATIONS, second)) as ledger:
        assert head_of(ledger).version == 2
        ledger.read(lambda connection: connection.execute(text("SELECT a FROM further")))
        assert code_of(ledger.read, lambda connection: connection.execute(text("SELECT a FROM half"))) == (
            "ledger.damaged"
        )
    assert code_of(open_ledger, named, make=True) == "ledger.newer"


@pytest.mark.parametrize("ending", ["-wal", "-shm", "-journal"])
def test_files_of_a_stranger_beside_a_ledger_are_never_used(ending: str, tmp_path: Path) -> None:
    """A journal that ends with another journal's name makes SQLite remove that file."""
    ledger, victim = tmp_path / "a.ledger", tmp_path / "victim"
    open_ledger(ledger, make=True).close()
    victim.write_bytes(b"dear")
    name = str(victim).encode()
    trap = len(name).to_bytes(4, "big") + sum(name).to_bytes(4, "big") + JOURNAL_MAGIC
    beside = ledger.with_name(ledger.name + ending)
    beside.write_bytes(JOURNAL_MAGIC + bytes(20) + bytes(484) + name + trap)
    before = ledger.read_bytes()
    with pytest.raises(FileError, match=r"ledger\.beside"):
        open_ledger(ledger)
    assert victim.read_bytes() == b"dear" and beside.exists() and ledger.read_bytes() == before
    beside.unlink()
    open_ledger(ledger).close()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"x", "ledger.foreign"),
        (b"PK\x03\x04" + bytes(200), "ledger.foreign"),
        (b"SQLite format 3\0" + bytes(84), "ledger.foreign"),
        (b"", "ledger.missing"),
    ],
)
def test_another_file_is_left_as_it_is(content: bytes, code: str, tmp_path: Path) -> None:
    path = tmp_path / "x.ledger"
    path.write_bytes(content)
    assert code_of(open_ledger, path) == code
    assert path.read_bytes() == content


def test_somebody_elses_database_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE files (a)")
        other.commit()
    before = path.read_bytes()
    assert code_of(open_ledger, path, make=True) == "ledger.foreign"
    assert path.read_bytes() == before


def test_a_folder_a_missing_folder_and_a_bad_address_are_named(tmp_path: Path) -> None:
    assert code_of(open_ledger, tmp_path, make=True) == "ledger.foreign"
    assert code_of(open_ledger, tmp_path / "no" / "x.ledger", make=True) in ("ledger.missing", "ledger.not_opened")
    assert code_of(ledger_place, "mysql://a/b") == "ledger.bad_address"
    assert code_of(ledger_place, "postgresql://a:notaport/b") == "ledger.bad_address"


def test_a_trigger_that_somebody_put_into_a_ledger_never_runs(tmp_path: Path) -> None:
    path = tmp_path / "x.ledger"
    open_ledger(path, make=True).close()
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TRIGGER t AFTER INSERT ON choices BEGIN DELETE FROM files; END")
        other.commit()
    assert code_of(open_ledger, path) == "ledger.damaged"


@pytest.mark.parametrize("at", range(1, 12))
def test_a_damaged_ledger_is_a_sentence_whichever_page_is_damaged(at: int, tmp_path: Path) -> None:
    path = tmp_path / "x.ledger"
    with open_ledger(path, make=True) as ledger:
        choose(ledger, Choice("e", "TH-50", B, frozenset({A})), NOW)
    content = bytearray(path.read_bytes())
    if at * 4096 < len(content):
        content[at * 4096 : at * 4096 + 200] = b"\xff" * 200
    else:
        del content[4096:]
    path.write_bytes(content)
    try:
        with open_ledger(path) as ledger:
            [*files(ledger), *bundles(ledger), *choices(ledger)]
    except FileError as error:
        assert error.code == "ledger.damaged"


def test_a_ledger_in_use_is_waited_for_and_then_named(tmp_path: Path) -> None:
    path = tmp_path / "x.ledger"
    open_ledger(path, make=True).close()
    made = Choice("e", "TH-50", B, frozenset({A}))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert code_of(open_ledger, path, patience=0.2, busy=0.1) == "ledger.busy"
        other.execute("ROLLBACK")
        pauses: list[float] = []

        def end_soon(seconds: float) -> None:
            pauses.append(seconds)
            if len(pauses) == 3:
                other.execute("ROLLBACK")

        with open_ledger(path, patience=30, busy=0.05, pause=end_soon) as ledger:
            other.execute("BEGIN EXCLUSIVE")
            choose(ledger, made, NOW)
            assert len(pauses) == 3 and choices(ledger) == (made,)


def test_a_password_is_in_no_name_of_a_ledger() -> None:
    place = ledger_place("postgresql://clerk:s3cret@db/x")
    assert "s3cret" not in place.shown and "clerk" in place.shown and place.path is None


def test_a_file_needs_no_driver_of_a_server(tmp_path: Path) -> None:
    code = (
        "import sys; from dgdesk.agency.ledger.making import open_ledger;"
        "from dgdesk.agency.ledger.reading import files;"
        "ledger = open_ledger(sys.argv[1], make=True); list(files(ledger)); ledger.close();"
        "assert 'psycopg' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "x.ledger")], check=True)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ('FATAL:  password authentication failed for user "a"', "ledger.server_refused"),
        ('FATAL:  database "t" does not exist', "ledger.server_refused"),
        ("FATAL:  the database system is starting up", "ledger.server_gone"),
        ("FATAL:  the database system is not yet accepting connections", "ledger.server_gone"),
        ("connection refused", "ledger.server_gone"),
        ("server closed the connection unexpectedly", "ledger.server_gone"),
    ],
)
def test_a_server_that_starts_is_waited_for_and_one_that_refuses_is_not(said: str, code: str) -> None:
    found = cause(OperationalError("SELECT 1", {}, Exception(f"connection failed: {said}")))
    assert (found, found in PASSING) == (code, code == "ledger.server_gone")
