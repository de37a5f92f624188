"""Which worker is at which file: claimed in batches, with a lease by the clock of the database.

A claim is a random token in the file's row. Whatever a worker finds is recorded only while the row still has its
token, so that a file is judged once, whoever was killed, slow, or has a wrong clock. On PostgreSQL ``SKIP LOCKED`` lets
workers pass each other; on SQLite the same statement runs inside ``BEGIN IMMEDIATE``, one worker at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, bindparam, func, or_, select, update

from dgdesk.agency.ledger.database import Ledger
from dgdesk.agency.ledger.schema import FILES
from dgdesk.agency.ledger.writing import database_now

LEASE: Final = 30_000
"""Milliseconds; a worker renews its claims three times in that time."""
MOST: Final = 32
MOST_BYTES: Final = 64 << 20
"""Files of one batch, and their bytes, unless the first one alone is larger."""
_HERE: Final = FILES.c.moved_to == ""
_ONE: Final = and_(
    FILES.c.inbox == bindparam("the_inbox"), FILES.c.path == bindparam("the_path"), FILES.c.moved_to == ""
)


class Claimed(NamedTuple):
    """A file that the holder of a token works on; ``size`` and ``mtime_ns`` as it was last seen."""

    inbox: str
    path: str
    size: int
    mtime_ns: int
    kind: str


class Left(NamedTuple):
    """What is still to be judged. ``lease``: milliseconds until the next claim of others ends, 0 without any."""

    waiting: int
    claimed: int
    size: int
    lease: int


def claim(
    ledger: Ledger,
    token: str,
    inboxes: Sequence[str],
    *,
    lease: int = LEASE,
    most: int = MOST,
    most_bytes: int = MOST_BYTES,
) -> tuple[Claimed, ...]:
    """Claim the next files of some inboxes that wait, or whose worker's lease has ended; none if there are none.

    Whoever holds the token has recorded, or given up, all that it claimed before.

    Raises:
        FileError: as `Ledger.write`.
    """

    def work(connection: Connection) -> tuple[Claimed, ...]:
        # Its own: the answer to an earlier claim was lost, for whoever claims works on nothing.
        own = and_(FILES.c.state == "claimed", FILES.c.token == token)
        ended = and_(FILES.c.state == "claimed", FILES.c.lease < database_now(connection))
        for inbox in inboxes:
            for which in (own, FILES.c.state == "waiting", ended):
                found = _next(connection, and_(FILES.c.inbox == inbox, which), most, most_bytes)
                if found:
                    _take(connection, found, token, lease)
                    return found
        return ()

    return ledger.write(work)


def _next(connection: Connection, which: ColumnElement[bool], most: int, most_bytes: int) -> tuple[Claimed, ...]:
    query = select(FILES.c.inbox, FILES.c.path, FILES.c.size, FILES.c.mtime_ns, FILES.c.kind)
    query = query.where(which, _HERE).order_by(FILES.c.path).limit(most).with_for_update(skip_locked=True)
    found: list[Claimed] = []
    size = 0
    for row in connection.execute(query):
        size += row.size
        if found and size > most_bytes:
            break
        found.append(Claimed(*row))
    return tuple(found)


def _take(connection: Connection, found: Sequence[Claimed], token: str, lease: int) -> None:
    taking = update(FILES).where(_ONE).values(state="claimed", token=token, lease=database_now(connection) + lease)
    connection.execute(taking, [{"the_inbox": one.inbox, "the_path": one.path} for one in found])


def renew(ledger: Ledger, token: str, lease: int = LEASE) -> None:
    """Move the end of a token's claims; those that another worker has taken meanwhile stay its own."""
    mine = and_(FILES.c.token == token, FILES.c.lease > 0)

    def work(connection: Connection) -> None:
        connection.execute(update(FILES).where(mine).values(lease=database_now(connection) + lease))

    ledger.write(work, patience=lease / 3000)


def release(ledger: Ledger, token: str, *, patience: float | None = None) -> None:
    """Give back what a token still claims, so that nobody waits for its lease. Raises FileError as `Ledger.write`."""
    mine = and_(FILES.c.token == token, FILES.c.state == "claimed")
    giving = update(FILES).where(mine).values(state="waiting", token="", lease=0)
    ledger.write(lambda connection: connection.execute(giving), patience=patience)


def left(ledger: Ledger, inboxes: Sequence[str]) -> Left:
    """Return what is still to be judged in some inboxes. Raises FileError."""
    inside = (FILES.c.inbox.in_(inboxes), or_(FILES.c.state == "waiting", FILES.c.state == "claimed"), _HERE)

    def work(connection: Connection) -> Sequence[Row[Any]]:
        columns = (
            FILES.c.state,
            func.count(),
            func.sum(FILES.c.size),
            func.min(FILES.c.lease - database_now(connection)),
        )
        query: Select[Any] = select(*columns).where(*inside).group_by(FILES.c.state)
        return connection.execute(query).all()

    rows = ledger.read(work)
    found = {state: (int(count), int(size), int(lease)) for state, count, size, lease in map(tuple, rows)}
    waiting, claimed = found.get("waiting", (0, 0, 0)), found.get("claimed", (0, 0, 0))
    return Left(waiting[0], claimed[0], waiting[1] + claimed[1], max(0, claimed[2]))


def held(one: Claimed, token: str) -> ColumnElement[bool]:
    """Return the condition that a file is still claimed by a token."""
    return and_(
        FILES.c.inbox == one.inbox,
        FILES.c.path == one.path,
        FILES.c.moved_to == "",
        FILES.c.token == token,
        FILES.c.state == "claimed",
    )
