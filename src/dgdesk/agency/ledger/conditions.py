"""Conditions on the keys of rows, in the form for which both databases use the key's index.

Without an index each page and each part of the keys would read the whole table, and time would grow with its square.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, and_, tuple_

from dgdesk.agency.ledger.model import BundleKey


def after(keys: Sequence[Column[Any]], last: Sequence[object]) -> ColumnElement[bool]:
    """Return the condition that a row comes after the one whose ``keys`` are ``last``, in the order of the keys."""
    return tuple_(*keys) > tuple_(*last)


def has_key_of(table: Table, keys: Iterable[BundleKey]) -> ColumnElement[bool]:
    """Return the condition that a row of ``table`` belongs to one of some bundles, at most 250: three values each.

    SQLite reads the whole table for a list of pairs alone; the list of digests leads it to the index.
    """
    wanted = sorted(set(keys))
    digest, fingerprint = table.c.digest, table.c.fingerprint
    return and_(digest.in_(sorted({key.digest for key in wanted})), tuple_(digest, fingerprint).in_(wanted))
