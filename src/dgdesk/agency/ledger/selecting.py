"""Reads parts of a ledger: the bundles of some keys, and which inboxes there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from sqlalchemy import Row, Select, select

from dgdesk.agency.ledger.conditions import has_key_of
from dgdesk.agency.ledger.database import Ledger
from dgdesk.agency.ledger.faults import reading_faults
from dgdesk.agency.ledger.model import BundleKey, LedgerBundle
from dgdesk.agency.ledger.rows import read_bundle
from dgdesk.agency.ledger.schema import BUNDLES, FILES

_PART: Final = 250
"""Keys in one statement: each is three values, and older SQLite takes 999."""


def bundles_of(ledger: Ledger, keys: Iterable[BundleKey]) -> Mapping[BundleKey, LedgerBundle]:
    """Return the facts of bundles by their keys; one that the ledger does not know is left out. Raises FileError."""
    found: dict[BundleKey, LedgerBundle] = {}
    waiting = iter(sorted(set(keys)))
    while part := list(islice(waiting, _PART)):
        query = select(BUNDLES).where(has_key_of(BUNDLES, part))
        with reading_faults(ledger.shown):
            found |= {one.key: one for one in map(read_bundle, _rows(ledger, query))}
    return found


def inboxes(ledger: Ledger) -> tuple[str, ...]:
    """Return the names of all inboxes that files came from, in order. Raises FileError."""
    query = select(FILES.c.inbox).distinct().order_by(FILES.c.inbox)
    with reading_faults(ledger.shown):
        return tuple(ledger.read(lambda connection: connection.execute(query).scalars().all()))


def _rows(ledger: Ledger, query: Select[Any]) -> Sequence[Row[Any]]:
    return ledger.read(lambda connection: connection.execute(query).all())
