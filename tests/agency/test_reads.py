"""However many bundles a ledger knows, no more of its statements read a whole table."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import event

from agency.known import Known, digest, tell
from bundle.support import submission
from dgdesk.agency.collate_ledger import collate_ledger
from dgdesk.agency.ledger.database import Ledger
from dgdesk.agency.ledger.making import open_ledger
from dgdesk.agency.ledger.reading import bundles, submission_lines
from dgdesk.agency.ledger.selecting import bundles_of
from dgdesk.agency.tables.writing import write_tables
from dgdesk.draft.drafts import load_form

FEW, MANY = 700, 2_100  # two pages of rows, and five; the contents are read in smaller parts


def filled(path: Path, count: int) -> Ledger:
    ledger = open_ledger(path, make=True)
    content = submission().to_bytes()
    tell(ledger, (Known(digest(number), content, paths=(f"{number:05}.zip",)) for number in range(count)))
    return ledger


def whole_reads(path: Path, count: int, tmp_path: Path) -> Counter[str]:
    """How often each table is read as a whole while everything is asked that commands and window ask."""
    with filled(path, count) as ledger:
        asked: list[tuple[str, Any]] = []

        @event.listens_for(ledger.engine, "before_cursor_execute")
        def note(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
            asked.append((statement, parameters[0] if many else parameters))

        submission_lines(ledger)
        keys = [one.key for one in bundles(ledger)]
        assert len(bundles_of(ledger, keys)) == count
        target = tmp_path / f"{count}.csv"
        write_tables(
            target,
            lambda tables: collate_ledger(ledger, tables, forms=[load_form()], word=lambda one: one.code, every=True),
        )
    found: Counter[str] = Counter()
    with closing(sqlite3.connect(path)) as base:
        for statement, parameters in asked:
            if statement.lstrip().startswith(("SELECT", "UPDATE", "DELETE")):
                plan = [row[3] for row in base.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)]
                found.update(step.split()[1] for step in plan if step.startswith("SCAN") and "CONSTANT" not in step)
    return found


def test_no_more_statements_read_a_whole_table(tmp_path: Path) -> None:
    few, many = (whole_reads(tmp_path / f"{count}.ledger", count, tmp_path) for count in (FEW, MANY))
    assert few == many and few["bundles"], "the beginning of a walk through a table, and sums, as often as before"
