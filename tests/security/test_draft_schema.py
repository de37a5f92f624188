"""A draft's tables are the program's own, word for word: nothing that a file brings is computed, and all ends soon."""

from __future__ import annotations

import lzma
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from dgdesk.draft.drafts import repair_draft
from dgdesk.draft.file.model import Edit
from dgdesk.draft.file.opening import create_draft_file, open_draft_file
from dgdesk.draft.file.shape import words_of
from dgdesk.errors import DgdeskError, FileError
from dgdesk.text.messages import load_catalogue
from security.hostile_files import change_text, page_of, write_tables

Clock = Callable[[], datetime]
TESTS = Path(__file__).parents[1]
V1 = TESTS / "draft" / "file" / "fixtures" / "v1.dgdesk"
GOLDENS = sorted((TESTS / "faults" / "goldens").glob("*.dgdesk.xz"))
BURN = "instr(zeroblob(30000000) || x'01', zeroblob(15000000) || x'02')"
"""Takes hours: n times m comparisons in one step of SQLite's, which nothing can interrupt."""
SECONDS = 5.0
"""Far above what a refusal takes, on however busy a machine."""


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sound") / "a.dgdesk"
    at = datetime.fromisoformat("2026-11-20T09:30+07:00")
    with create_draft_file(path, definition=b"{}", meta={"edition": "e"}, clock=lambda: at, who="ก") as package:
        package.apply([Edit("answer", f"q{number}", None, "yes") for number in range(20)], "answer")
        package.apply([Edit("answer", "q1", "yes", "no")], "answer")
        package.undo()
    return path


@pytest.fixture
def draft(tmp_path: Path, sound: Path) -> Path:
    return Path(shutil.copy(sound, tmp_path))


def refusals(path: Path, clock: Clock) -> Iterator[str]:
    """What is told when a draft is opened to write and to read, soon and without a trace."""
    before = path.read_bytes()
    for read_only in (False, True):
        since = time.monotonic()
        with pytest.raises(DgdeskError) as caught:
            open_draft_file(path, clock=clock, who="ก", read_only=read_only).close()
        assert time.monotonic() - since < SECONDS
        assert load_catalogue("th").error(caught.value)
        yield caught.value.code
    assert path.read_bytes() == before and [one.name for one in path.parent.iterdir()] == [path.name]


CHANGED = {
    "a computed last column": ("change", "redo_top INTEGER", f"redo_top INTEGER AS (CASE WHEN {BURN} THEN 1 END)"),
    "a computed column that is kept": ("state", "value TEXT NOT NULL", f"value TEXT AS (hex({BURN})) STORED"),
    "a check": ("change", "who TEXT NOT NULL", f"who TEXT NOT NULL CHECK ({BURN} = 0)"),
    "a default": ("change", "DEFAULT ''", f"DEFAULT (hex({BURN}))"),
    "a default text": ("change", "DEFAULT ''", "DEFAULT 'x'"),
    "a collation": ("change_edit", "target TEXT NOT NULL", "target TEXT NOT NULL COLLATE NOCASE"),
    "a missing check": ("file", "CHECK (length(sha256) = 64)", ""),
    "a missing check of a kind": ("state", "CHECK (kind IN ('answer', 'attachment'))", ""),
    "another text in a check": ("state", "'attachment'", "'attachments'"),
    "a missing reference": ("chunk", "REFERENCES file (id) DEFERRABLE INITIALLY DEFERRED", "REFERENCES file (id)"),
    "a reference that acts": (
        "change_edit",
        "REFERENCES change (number)",
        "REFERENCES change (number) ON DELETE CASCADE",
    ),
    "any types": ("meta", "STRICT", ""),
    "a missing key": ("export", "PRIMARY KEY (number)", "CHECK (1)"),
    "a unique column": ("state", "value TEXT NOT NULL", "value TEXT NOT NULL UNIQUE"),
    "a conflict clause": ("file", "sha256 TEXT NOT NULL", "sha256 TEXT NOT NULL ON CONFLICT REPLACE"),
    "a comment": ("meta", "value TEXT", "value /* x */ TEXT"),
    "a long comment": ("meta", "value TEXT", f"value /*{'x' * 900_000}*/ TEXT"),
    "a longer one": ("meta", "value TEXT", f"value /*{'x' * 2_000_000}*/ TEXT"),
    "a blank that is none": ("meta", "value TEXT NOT NULL", "value\u00a0TEXT NOT NULL"),
    "a column more": ("state", "value TEXT NOT NULL", "value TEXT NOT NULL, more TEXT"),
    "other letters": ("meta", "value TEXT", "VALUE TEXT"),
    "an index by what is computed": ("change_by_undoes", "(undoes)", f"(undoes + {BURN})"),
    "an index of some rows": ("change_by_undoes", "undoes IS NOT NULL", f"{BURN} = 0"),
    "an index of another column": ("change_edit_by_target", "(target, change)", "(kind, change)"),
    "an index with a collation": ("change_edit_by_target", "(target,", "(target COLLATE NOCASE,"),
    "a trigger": ("change_kept", "the journal only grows", "x"),
}


@pytest.mark.parametrize("kind", CHANGED)
def test_a_changed_part_is_refused_before_it_is_computed(draft: Path, clock: Clock, kind: str) -> None:
    change_text(draft, *CHANGED[kind])
    assert set(refusals(draft, clock)) == {"package.damaged"}


MORE = {
    "a view": ["CREATE VIEW v AS SELECT * FROM state"],
    "a view in a table's place": [
        "ALTER TABLE meta RENAME TO m",
        f"CREATE VIEW meta AS SELECT key, value || {BURN} AS value FROM m",
    ],
    "a trigger": ["CREATE TRIGGER t AFTER INSERT ON state BEGIN SELECT 1; END"],
    "a full-text table": ["CREATE VIRTUAL TABLE f USING fts5(x)"],
    "a virtual table of unknown kind": [
        "INSERT INTO sqlite_master VALUES ('table', 'f', 'f', 0, 'CREATE VIRTUAL TABLE f USING nowhere(x)')"
    ],
    "statistics": ["ANALYZE"],
    "an index": ["CREATE INDEX i ON state (value)"],
    "an index by what is computed": ["CREATE INDEX i ON chunk (length(data))"],
    "a table": ["CREATE TABLE t (x)"],
    "two tables on one page": [
        "UPDATE sqlite_master SET rootpage = (SELECT m.rootpage FROM sqlite_master m WHERE m.name = 'state') "
        "WHERE name = 'meta'"
    ],
    "one table twice": ["INSERT INTO sqlite_master SELECT * FROM sqlite_master WHERE name = 'meta'"],
    "a missing index": ["DROP INDEX change_edit_by_target"],
    "a missing trigger": ["DROP TRIGGER export_fixed"],
    "a part without text": ["UPDATE sqlite_master SET sql = NULL WHERE name = 'state'"],
    "a part that is no text": ["UPDATE sqlite_master SET sql = x'00ff' WHERE name = 'state'"],
    "a table called as SQLite's own": [
        "INSERT INTO sqlite_master VALUES ('table', 'sqlite_x', 'sqlite_x', 2, 'CREATE TABLE sqlite_x (a)')"
    ],
    "words in another order": [
        "UPDATE sqlite_master SET sql = replace(sql, 'STRICT', 'STRICT, STRICT') WHERE name = 'meta'"
    ],
    "a hundred views": [f"CREATE VIEW v{number} AS SELECT {number}" for number in range(100)],
    "40,000 tables": [
        "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 40000) INSERT INTO sqlite_master "
        "SELECT 'table', 't' || x, 't' || x, 2, 'CREATE TABLE t' || x || ' (a)' FROM c"
    ],
    "a text of 80 MB": ["UPDATE sqlite_master SET sql = sql || printf('%80000000s', '') WHERE name = 'state'"],
}


@pytest.mark.parametrize("kind", MORE)
def test_what_a_draft_has_not_is_refused(draft: Path, clock: Clock, kind: str) -> None:
    write_tables(draft, MORE[kind])
    assert set(refusals(draft, clock)) == {"package.damaged"}


def test_a_draft_in_another_alphabet_is_refused(draft: Path, clock: Clock) -> None:
    data = bytearray(draft.read_bytes())
    data[56:60] = b"\0\0\0\2"  # UTF-16
    draft.write_bytes(data)
    assert set(refusals(draft, clock)) == {"package.damaged"}


OLD = {
    "a computed column": ("change", "redo_top INTEGER", f"redo_top INTEGER AS (CASE WHEN {BURN} THEN 1 END)"),
    "a check": ("chunk", "data BLOB NOT NULL", f"data BLOB NOT NULL CHECK ({BURN} = 0)"),
    "a default": ("change", "who TEXT NOT NULL", f"who TEXT NOT NULL DEFAULT ({BURN})"),
    "an index by what is computed": ("change_by_undoes", "(undoes)", f"(undoes + {BURN})"),
    "a trigger": ("change_kept", "SELECT RAISE(ABORT, 'the journal only grows')", "SELECT 1"),
}


@pytest.mark.parametrize("kind", OLD)
def test_an_older_draft_is_looked_at_before_it_is_copied(tmp_path: Path, clock: Clock, kind: str) -> None:
    path = Path(shutil.copy(V1, tmp_path / "a.dgdesk"))
    change_text(path, *OLD[kind])
    assert set(refusals(path, clock)) == {"package.damaged"}


def test_a_table_of_the_old_kind_is_none_of_the_present_one(draft: Path, tmp_path: Path, clock: Clock) -> None:
    with closing(sqlite3.connect(V1)) as base:
        (sql,) = base.execute("SELECT sql FROM sqlite_master WHERE name = 'change'").fetchone()
    write_tables(draft, [f"UPDATE sqlite_master SET sql = '{sql}' WHERE name = 'change'", "PRAGMA schema_version = 99"])
    assert set(refusals(draft, clock)) == {"package.damaged"}


@pytest.mark.parametrize("golden", [*GOLDENS, V1], ids=lambda path: path.name.split(".")[0])
def test_drafts_of_all_earlier_programs_are_taken_migrated_and_made_smaller(
    tmp_path: Path, clock: Clock, golden: Path
) -> None:
    path = tmp_path / "a.dgdesk"
    path.write_bytes(lzma.decompress(golden.read_bytes()) if golden.suffix == ".xz" else golden.read_bytes())
    open_draft_file(path, clock=clock, who="ก", read_only=True).close()
    for _ in range(2):
        with open_draft_file(path, clock=clock, who="ก") as package:
            package.compact()
            assert package.check() == ()


def test_words_are_parted_as_sqlite_parts_them() -> None:
    assert words_of("a  TEXT\n\t('x  y''z')") == words_of("a TEXT('x  y''z')")
    assert words_of("'x  y'") != words_of("'x y'") and words_of("ab") != words_of("a b")
    assert words_of("a\u00a0b") != words_of("a b") and words_of('"a"') != words_of("a")
    assert words_of("a -- b") != words_of("a b") and words_of("a\0b") != words_of("a b")


# -- pages that refer to each other --------------------------------------------------------------------------------


def tower(draft: Path, table: str, levels: int = 12, width: int = 100) -> None:
    """Put a tower of pages on a table, each of which refers to the next one a hundred times: 10^24 rows of nothing."""
    with closing(sqlite3.connect(draft)) as base:
        (root,) = base.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    size = page_of(draft)
    data = bytearray(draft.read_bytes())
    leaf = bytes(data[(root - 1) * size : root * size])
    first = len(data) // size + 1
    for level in range(levels):
        at = root if level == 0 else first + level - 1
        below = first + level
        cell = below.to_bytes(4, "big") + b"\x01"
        start = size - len(cell) * width
        head = b"\5\0\0" + width.to_bytes(2, "big") + start.to_bytes(2, "big") + b"\0" + below.to_bytes(4, "big")
        page = head + b"".join((start + len(cell) * one).to_bytes(2, "big") for one in range(width))
        page = page.ljust(start, b"\0") + cell * width
        data[(at - 1) * size : at * size] = page
    data += leaf
    data[28:32] = (len(data) // size).to_bytes(4, "big")
    draft.write_bytes(data)


def test_a_query_that_would_not_end_is_ended(draft: Path, clock: Clock) -> None:
    tower(draft, "change")
    since = time.monotonic()
    with open_draft_file(draft, clock=clock, who="ก", read_only=True) as package:
        with pytest.raises(FileError) as caught:
            package.history(10**9)
        assert caught.value.code == "package.damaged"
        assert package.check() != ()
        with pytest.raises(FileError) as caught:
            package.require_sound()
        assert caught.value.code == "package.unfinished"
    assert time.monotonic() - since < 3 * SECONDS


def test_a_copy_that_would_not_end_is_ended(draft: Path, tmp_path: Path, clock: Clock) -> None:
    tower(draft, "change")
    size = draft.stat().st_size
    since = time.monotonic()
    with open_draft_file(draft, clock=clock, who="ก", read_only=True) as package, pytest.raises(FileError):
        package.backup(tmp_path / "copy.dgdesk")
    assert time.monotonic() - since < 3 * SECONDS
    assert sum(one.stat().st_size for one in tmp_path.iterdir()) < 3 * size


def test_a_value_that_would_not_fit_into_memory_is_refused(draft: Path, clock: Clock) -> None:
    with closing(sqlite3.connect(draft)) as base, base:
        base.execute("UPDATE state SET value = printf('\"%70000000s\"', '') WHERE target = 'q1'")
    with open_draft_file(draft, clock=clock, who="ก", read_only=True) as package, pytest.raises(DgdeskError) as caught:
        package.answers()
    assert caught.value.code == "package.damaged"


def test_what_a_foreign_schema_hides_is_saved_by_repair(draft: Path, tmp_path: Path, clock: Clock) -> None:
    change_text(draft, *CHANGED["a check"])
    write_tables(draft, ["UPDATE meta SET value = 'th-province-2568'"])
    done = repair_draft(draft, tmp_path / "new.dgdesk", clock=clock, who="ก")
    assert done.changes >= 2
    open_draft_file(done.path, clock=clock, who="ก").close()
