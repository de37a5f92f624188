"""A new ledger for each test: a SQLite file, and in the run of further programs a PostgreSQL database too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bundle.conftest import bundle, good, signer, stranger
from postgres import PostgreSQL

__all__ = ["bundle", "good", "signer", "stranger"]

BOTH = ("sqlite", pytest.param("postgresql", marks=pytest.mark.services))


@pytest.fixture(scope="session")
def server() -> Iterator[PostgreSQL]:
    made = PostgreSQL()
    yield made
    made.close()


@pytest.fixture(params=BOTH)
def named(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """What a person names as the ledger; nothing is there yet."""
    if request.param == "sqlite":
        return str(tmp_path / "ทะเบียน รับ.ledger")
    made: PostgreSQL = request.getfixturevalue("server")
    return made.database()
