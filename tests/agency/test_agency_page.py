"""docs/agency.md: its SQL runs, and answers what its comment says."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from agency.known import SIGNER, Known, digest, file_row, tell, tell_files
from agency.test_collate_ledger import make
from bundle.support import PDF, evidence, submission
from dgdesk.agency.ledger.database import Ledger
from dgdesk.agency.ledger.making import open_ledger
from dgdesk.bundle.exact_json import canonical_json
from dgdesk.draft.drafts import load_form
from dgdesk.survey.definition.form import Form

PAGE = (Path(__file__).parents[2] / "docs" / "agency.md").read_text(encoding="utf-8")
SQL = re.findall(r"^```sql( tables)?\n-- (.*?)\n(.*?);\n```$", PAGE, re.DOTALL | re.MULTILINE)
ASKED = {
    False: {
        "How many files have each verdict.": [("accepted", "judged", 2), ("refused", "judged", 1)],
        "What was refused or not checked, and why (JSON: code and values).": [
            ("/srv/inbox", "bad.zip", "refused", '[["zip.cut_short", {}]]')
        ],
        "What arrived on each day.": [("2026-11-20", 2, 18)],
        "All that one respondent sent.": [digest(0)],
        "Valid bundles without an answer of the office.": [(digest(0), "TH-50"), (digest(1), "TH-51")],
        "What one certificate has signed, by its fingerprint: the list to look through when its key is revoked.": [
            "TH-50",
            "TH-51",
        ],
    },
    True: {
        "How far each respondent is.": [("current", 2), ("not_yet", 74)],
        "The score that each current submission claims, highest first.": [
            ("TH-51", "ลำพูน", Decimal("0.5"), 81),
            ("TH-50", "เชียงใหม่", Decimal("0.5"), 80),
        ],
        'Who answered "yes" to P1.4.': [("TH-50", "เชียงใหม่", "yes")],
        "Which evidence is largest.": [("TH-50", "G1.yes", "ก.pdf", len(PDF)), ("TH-51", "G1.yes", "ก.pdf", len(PDF))],
    },
}


@pytest.fixture(scope="module")
def form() -> Form:
    return load_form("th-province-2568")


def fill(ledger: Ledger) -> None:
    def one(number: int, answer: str) -> Known:
        said = submission(
            province=f"TH-{50 + number}", answers={"p1.4": answer}, evidence=[evidence(1, PDF, "ก.pdf")]
        ).to_bytes()
        score = canonical_json({"total": {"earned": Decimal("0.5"), "claimed": 80 + number}})
        return Known(digest(number), said, score, (f"{number}.zip",), f"TH-{50 + number}")

    tell(ledger, [one(0, "yes"), one(1, "no")])
    tell_files(ledger, [file_row("bad.zip", "refused", "zip.cut_short")])


def asked(rows: list[tuple[Any, ...]], wanted: list[Any]) -> list[Any]:
    return [row if isinstance(like, tuple) else row[0] for row, like in zip(rows, wanted, strict=True)]


def test_the_page_has_questions_of_both_kinds_and_each_is_tried() -> None:
    for kind in (False, True):
        assert {title for tables, title, _ in SQL if bool(tables) is kind} == ASKED[kind].keys()
    assert len(SQL) == PAGE.count("```sql") == len(ASKED[False]) + len(ASKED[True])
    assert SIGNER in PAGE


def test_every_question_to_the_ledger_is_answered(named: str) -> None:
    with open_ledger(named, make=True) as ledger:
        fill(ledger)
        for tables, title, query in SQL:
            if not tables:
                rows = ledger.read(lambda connection, query=query: connection.execute(text(query)).all())
                assert asked([tuple(row) for row in rows], ASKED[False][title]) == ASKED[False][title], title


def test_every_question_to_the_tables_is_answered_in_sqlite_and_by_duckdb(
    named: str, form: Form, tmp_path: Path
) -> None:
    import duckdb

    with open_ledger(named, make=True) as ledger:
        fill(ledger)
        make(ledger, tmp_path / "t.sqlite", form)
        make(ledger, tmp_path / "t.parquet", form)
    base = create_engine(f"sqlite:///{tmp_path / 't.sqlite'}")
    with base.connect() as connection, duckdb.connect() as other:
        for path in tmp_path.glob("t-*.parquet"):
            name = path.stem.removeprefix("t-")
            other.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{path}')")
        for tables, title, query in SQL:
            if tables:
                wanted = ASKED[True][title]
                rows = [tuple(row) for row in connection.execute(text(query))]
                assert asked(rows, wanted) == [
                    tuple(float(cell) if isinstance(cell, Decimal) else cell for cell in row) for row in wanted
                ], title
                assert asked(other.execute(query).fetchall(), wanted) == wanted, title
    base.dispose()
