"""Tables in files with types: others read back what was written, and nothing is lost or taken for another thing."""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from contextlib import closing
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pyarrow.parquet as parquet
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bundle.support import code_of
from dgdesk.agency.tables import parquet_files, sqlite_file, workbook
from dgdesk.agency.tables.model import Kinds
from dgdesk.agency.tables.sheet_rows import column_letters
from dgdesk.agency.tables.writing import TABLE_ENDINGS, table_kind, table_names, write_tables
from dgdesk.system.kinds import kind_of

HEAD = ("file", "text", "whole", "number", "time")
KINDS: Kinds = {"whole": "whole", "number": "number", "time": "time"}
Row = tuple[Any, ...]


def write(
    target: Path, rows: list[Row], head: tuple[str, ...] = HEAD, kinds: Kinds = KINDS, *, replace: bool = False
) -> None:
    def fill(tables: Any) -> None:
        tables.open("files", ("file", "accepted"))
        tables.open("t", head, kinds)
        for row in rows:
            tables.add("t", row)

    write_tables(target, fill, replace=replace)


def in_sqlite(path: Path, query: str = "SELECT * FROM t") -> list[Row]:
    with closing(sqlite3.connect(path)) as base:
        return base.execute(query).fetchall()


def in_duckdb(path: Path, query: str = "SELECT * FROM read_parquet(?)") -> list[Row]:
    with duckdb.connect() as base:
        return base.execute(query, [str(path)]).fetchall()


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
NUMBERS = st.decimals(min_value=-(10**12), max_value=10**12, places=6) | st.integers(-(10**12), 10**12)
MOMENTS = st.datetimes(datetime(1971, 1, 1), datetime(2260, 1, 1), timezones=st.just(UTC))
ROWS = st.tuples(TEXT, st.integers(-(2**63) + 1, 2**63 - 1), NUMBERS, MOMENTS)


@settings(max_examples=25, deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=20))
@example([("=1+1", 7, Decimal("999999999999.999999"), datetime(2026, 1, 2, tzinfo=UTC))])
@example([("_x0041_ '007\x00\r\n", 0, Decimal("12.50"), datetime(1971, 1, 1, tzinfo=UTC))])
def test_every_value_is_read_back_by_duckdb_and_by_sqlite(rows: list[Row]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        written = [("f", text, whole, number, moment.isoformat()) for text, whole, number, moment in rows]
        write(folder / "a.parquet", written)
        write(folder / "a.sqlite", written)
        moments = "SELECT file, text, whole, number, epoch_us(time) FROM read_parquet(?)"
        read = in_duckdb(folder / "a-t.parquet", moments)
        epoch = datetime(1970, 1, 1, tzinfo=UTC)
        micros = [round((moment - epoch).total_seconds()) for *_, moment in rows]
        assert [row[:4] for row in read] == [("f", *row[:3]) for row in rows]
        assert [round(row[4] / 1_000_000) for row in read] == micros
        stored = in_sqlite(folder / "a.sqlite")
        assert [row[:3] for row in stored] == [("f", *row[:2]) for row in rows]
        assert [Decimal(str(row[3])) for row in stored] == [Decimal(row[2]) for row in rows], "no digit is lost"
        assert [row[4] for row in stored] == [row[4] for row in written]


def test_the_columns_say_what_they_hold(tmp_path: Path) -> None:
    write(tmp_path / "a.parquet", [])
    write(tmp_path / "a.sqlite", [])
    types = [str(kind) for kind in parquet.read_schema(tmp_path / "a-t.parquet").types]
    assert types == ["string", "string", "int64", "decimal128(19, 6)", "timestamp[us, tz=UTC]"]
    info = in_sqlite(tmp_path / "a.sqlite", "SELECT name, type FROM pragma_table_info('t')")
    assert info == [("file", "TEXT"), ("text", "TEXT"), ("whole", "INTEGER"), ("number", ""), ("time", "TEXT")]


ODD = ("x.zip", "ปกติ", "ราว 3", "=1e5", "เมื่อวาน")


def test_what_does_not_fit_its_column_stands_in_the_table_of_what_is_unread(tmp_path: Path) -> None:
    rows = [ODD, ("y.zip", 7, "", 2**70, None), ("z.zip", "\ud800", "12", Decimal("0.1234567"), "")]
    write(tmp_path / "a.parquet", rows)
    write(tmp_path / "a.sqlite", rows)
    kept = [
        ("x.zip", "ปกติ", None, None, None),
        ("y.zip", "7", None, None, None),
        ("z.zip", "\ufffd", 12, None, None),
    ]
    unread = [
        ("x.zip", "t", "whole", "ราว 3"),
        ("x.zip", "t", "number", "=1e5"),
        ("x.zip", "t", "time", "เมื่อวาน"),
        ("y.zip", "t", "number", str(2**70)),
        ("z.zip", "t", "number", "0.1234567"),
    ]
    assert in_duckdb(tmp_path / "a-t.parquet") == in_sqlite(tmp_path / "a.sqlite") == kept
    assert in_duckdb(tmp_path / "a-unread.parquet") == unread
    assert in_sqlite(tmp_path / "a.sqlite", "SELECT * FROM unread") == unread


def test_names_that_differ_only_in_case_are_columns_of_their_own(tmp_path: Path) -> None:
    head = ("file", "a", "A", 'b"c', "file")
    write(tmp_path / "a.sqlite", [("x", "1", "2", "3", "4")], head, {})
    write(tmp_path / "a.parquet", [("x", "1", "2", "3", "4")], head, {})
    assert in_sqlite(tmp_path / "a.sqlite", 'SELECT "a", "A (2)", "b""c", "file (2)" FROM t') == [("1", "2", "3", "4")]
    assert parquet.read_schema(tmp_path / "a-t.parquet").names == ["file", "a", "A (2)", 'b"c', "file (2)"]


def test_columns_beyond_those_of_sqlite_go_on_in_a_table_beside_the_first_column(tmp_path: Path) -> None:
    head = ("file", *(f"c{number}" for number in range(2 * sqlite_file.MOST_COLUMNS)))
    write(tmp_path / "a.sqlite", [("x", *map(str, range(len(head) - 1)))], head, {})
    for name, column in (("t", "c0"), ("t_2", f"c{sqlite_file.MOST_COLUMNS}"), ("t_3", head[-1])):
        rows = in_sqlite(tmp_path / "a.sqlite", f'SELECT file, {column} FROM "{name}"')
        assert rows == [("x", column.removeprefix("c"))]


def test_rows_are_written_in_groups_and_none_is_lost_between_two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet_files, "_MOST_CELLS", 20)
    monkeypatch.setattr(parquet_files, "_MOST_LETTERS", 50)
    rows = [(f"{number}", "ก" * (number % 30), number, number, None) for number in range(101)]
    write(tmp_path / "a.parquet", rows)
    read = in_duckdb(tmp_path / "a-t.parquet", "SELECT file, text, whole FROM read_parquet(?)")
    assert read == [row[:3] for row in rows]
    assert parquet.ParquetFile(tmp_path / "a-t.parquet").num_row_groups > 25


def as_collated(tables: Any) -> None:
    for name in ("files", "submissions"):
        tables.open(name, ("file", "verdict"))
        tables.add(name, ("a.zip", "accepted"))


def test_each_file_is_known_by_its_content_and_replaces_only_its_own_kind(tmp_path: Path) -> None:
    for ending in TABLE_ENDINGS:
        target = tmp_path / f"a{ending}"
        write_tables(target, as_collated)
        there = [path for path in table_names(target) if path.exists()]
        assert {kind_of(path) for path in there} == {table_kind(target)}
        assert code_of(write, target, [ODD]) == "target.exists"
        for path in there:
            path.write_bytes(b"%PDF-1.7")
        assert code_of(write, target, [ODD], replace=True) == "target.is_other_pdf"


def test_without_pyarrow_a_sentence_says_so_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert code_of(write, tmp_path / "a.parquet", [ODD]) == "tables.no_parquet"
    write(tmp_path / "a.sqlite", [ODD])
    assert [path.name for path in tmp_path.iterdir()] == ["a.sqlite"]


@pytest.mark.parametrize("ending", [".sqlite", ".parquet", ".xlsx"])
def test_work_that_ends_early_leaves_nothing(tmp_path: Path, ending: str) -> None:
    def stop(tables: Any) -> None:
        tables.open("files", HEAD, KINDS)
        tables.add("files", ODD)
        raise InterruptedError

    assert code_of(write_tables, tmp_path / f"a{ending}", stop).startswith("cli.")
    assert not list(tmp_path.iterdir())


@given(st.integers(1, workbook.MOST_COLUMNS))
def test_columns_have_the_letters_of_the_library(number: int) -> None:
    assert column_letters(number) == openpyxl.utils.get_column_letter(number)


def test_only_the_text_of_a_cell_is_between_its_signs(tmp_path: Path) -> None:
    """The rows are written by hand: what XML has a meaning for stays a text."""
    texts = ["<c r=", "]]>", "&amp;", "</t>", "a\tb\nc", " x ", "'", '"', "ก&ข", "\u2028", "😀"]
    write(tmp_path / "a.xlsx", [("f", text, None, None, None) for text in texts])
    book = openpyxl.load_workbook(tmp_path / "a.xlsx", read_only=True)
    assert [row[1] for row in book["t"].iter_rows(min_row=2, values_only=True)] == texts
    book.close()
