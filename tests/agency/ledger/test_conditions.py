"""Keys lead a database to the rows: nothing reads a whole table, and the conditions mean what they say."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, MetaData, Select, Table, Text, create_engine, insert, select
from sqlalchemy.dialects import sqlite

from dgdesk.agency.ledger.conditions import after, has_key_of
from dgdesk.agency.ledger.making import open_ledger
from dgdesk.agency.ledger.model import BundleKey
from dgdesk.agency.ledger.schema import ADDENDA, BUNDLES, CONTENTS, FILES, RECEIPTS, metadata

KEYS = [BundleKey(f"{number:02}", f"{number % 3}") for number in range(20)]
PAGED = {table.name: tuple(table.primary_key.columns) for table in (ADDENDA, BUNDLES, FILES, RECEIPTS)}
_TEXTS = [Column(name, Text, primary_key=True) for name in ("digest", "fingerprint")]
SMALL = Table("small", MetaData(), *_TEXTS)
PAIRS = st.builds(BundleKey, st.text("ab", max_size=3), st.text("ab", max_size=3))


def plan(path: Path, query: Select[tuple[object, ...]]) -> list[str]:
    written = query.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
    with closing(sqlite3.connect(path)) as base:
        return [row[3] for row in base.execute(f"EXPLAIN QUERY PLAN {written}")]


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    with open_ledger(tmp_path / "a.ledger", make=True):
        return tmp_path / "a.ledger"


@pytest.mark.parametrize("name", sorted(PAGED))
def test_a_page_begins_where_the_one_before_ended(ledger: Path, name: str) -> None:
    keys = PAGED[name]
    first, *rest = plan(ledger, select(metadata.tables[name]).where(after(keys, "xyz"[: len(keys)])).order_by(*keys))
    assert first.startswith(f"SEARCH {name} USING") and not rest, "neither a scan nor a sort"


@pytest.mark.parametrize("table", [BUNDLES, CONTENTS, FILES], ids=str)
def test_the_rows_of_some_bundles_are_found_by_an_index(ledger: Path, table: Table) -> None:
    found = plan(ledger, select(table).where(has_key_of(table, KEYS)))
    assert found[0].startswith(f"SEARCH {table.name} USING")


@given(st.sets(PAIRS, max_size=8), st.sets(PAIRS, max_size=8), PAIRS)
def test_they_mean_what_they_say(there: set[BundleKey], asked: set[BundleKey], last: BundleKey) -> None:
    engine = create_engine("sqlite://")
    SMALL.create(engine)
    with engine.begin() as connection:
        if there:
            connection.execute(insert(SMALL), [one._asdict() for one in there])
        found = connection.execute(select(SMALL).where(has_key_of(SMALL, asked))).all()
        later = connection.execute(select(SMALL).where(after(tuple(SMALL.columns), last))).all()
    engine.dispose()
    assert {BundleKey(*row) for row in found} == there & asked
    assert {BundleKey(*row) for row in later} == {one for one in there if one > last}
