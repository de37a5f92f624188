"""Reads the addenda of a ledger, and takes files out of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Row, Select, and_, delete, select

from dgdesk.agency.ledger.database import Ledger
from dgdesk.agency.ledger.faults import reading_faults
from dgdesk.agency.ledger.model import BundleKey, LedgerFile
from dgdesk.agency.ledger.reading import pages
from dgdesk.agency.ledger.rows import known_key, read_problems
from dgdesk.agency.ledger.schema import ADDENDA, BUNDLES, CONTENTS, FILES
from dgdesk.bundle.addendum import AnyAddendum, read_addendum
from dgdesk.bundle.report import BundleProblem

_OF: Final = {"bundle": (BUNDLES, CONTENTS), "addendum": (ADDENDA,)}


class LedgerAddendum(NamedTuple):
    """The facts of one addendum. ``addendum`` says which bundle it names."""

    key: BundleKey
    addendum: AnyAddendum
    signer: str
    claimed_time: datetime | None
    ok: bool
    problems: tuple[BundleProblem, ...]
    warnings: tuple[BundleProblem, ...]


def addenda(ledger: Ledger) -> Iterator[LedgerAddendum]:
    """Yield every addendum that some trust list makes valid, by its key. Raises FileError."""
    yield from pages(ledger, select(ADDENDA), (ADDENDA.c.digest, ADDENDA.c.fingerprint), _read)


def addendum_keys(ledger: Ledger) -> dict[tuple[str, str, str], BundleKey]:
    """Return the key of the addendum in each file that holds one: by inbox, path and where it was moved to."""
    query: Select[Any] = select(
        FILES.c.inbox, FILES.c.path, FILES.c.moved_to, FILES.c.digest, FILES.c.fingerprint
    ).where(FILES.c.kind == "addendum", FILES.c.digest.is_not(None))
    with reading_faults(ledger.shown):
        return {(row.inbox, row.path, row.moved_to): known_key(row) for row in ledger.rows(query)}


def judged_by(ledger: Ledger) -> frozenset[str]:
    """Return the digests of the trust lists by which the bundles were judged last. Raises FileError."""
    return frozenset(row[0] for row in ledger.rows(select(BUNDLES.c.trust).distinct()))


def forget(ledger: Ledger, files: Iterable[LedgerFile]) -> None:
    """Take files out of a ledger, and what was found of a bundle or addendum that no other file holds.

    The files themselves stay where they are; choices and receipts stay in the ledger.

    Raises:
        FileError: as `Ledger.write`.
    """
    ledger.write(partial(_forget, tuple(files)))


def _forget(files: tuple[LedgerFile, ...], connection: Connection) -> None:
    for one in files:
        same = and_(FILES.c.inbox == one.inbox, FILES.c.path == one.path, FILES.c.moved_to == one.moved_to)
        row = connection.execute(select(FILES.c.kind, FILES.c.digest, FILES.c.fingerprint).where(same)).first()
        connection.execute(delete(FILES).where(same))
        if row is None or row.digest is None:
            continue
        others = and_(FILES.c.kind == row.kind, FILES.c.digest == row.digest, FILES.c.fingerprint == row.fingerprint)
        if connection.execute(select(FILES.c.path).where(others).limit(1)).first() is None:
            for table in _OF.get(row.kind, ()):
                mine = and_(table.c.digest == row.digest, table.c.fingerprint == row.fingerprint)
                connection.execute(delete(table).where(mine))


def _read(row: Row[Any]) -> LedgerAddendum:
    claimed = None if row.claimed_time is None else datetime.fromisoformat(row.claimed_time)
    return LedgerAddendum(
        known_key(row),
        read_addendum(row.content),
        row.signer,
        claimed,
        bool(row.ok),
        read_problems(row.problems),
        read_problems(row.warnings),
    )
