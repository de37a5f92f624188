"""What the office answers, kept in the ledger before a file of it is written: each answer once, whoever asks."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from sqlalchemy import Connection, func, insert, select, update

from dgdesk.agency.ledger.database import Ledger
from dgdesk.agency.ledger.model import LedgerReceipt
from dgdesk.agency.ledger.reading import reply_of
from dgdesk.agency.ledger.rows import moment_text
from dgdesk.agency.ledger.schema import RECEIPTS

_LOCK: Final = 0x44474C52
"""PostgreSQL's advisory lock while answers are recorded: of two offices' PCs only one answers."""
SameReply = Callable[[LedgerReceipt, LedgerReceipt], bool]


class Recorded(NamedTuple):
    """The answer that counts, and whether it is the one that was offered now."""

    reply: LedgerReceipt
    new: bool


def record_replies(ledger: Ledger, offered: Sequence[LedgerReceipt], same: SameReply) -> tuple[Recorded, ...]:
    """Keep each answer unless the ledger has one that is the ``same``; return what counts, in order.

    All of it in one transaction: after a kill it is either kept or was never issued.

    Raises:
        FileError: the ledger cannot be written.
    """
    wanted = {one.digest for one in offered}

    def work(connection: Connection) -> tuple[Recorded, ...]:
        if ledger.is_server:
            connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        kept = _replies(connection, wanted)
        found = []
        for one in offered:
            there = next((other for other in kept.get(one.digest, ()) if same(one, other)), None)
            if there is None:
                connection.execute(insert(RECEIPTS).values(_row(one)))
                kept.setdefault(one.digest, []).append(one)
            # Offered once more after the answer to its commit was lost, it is still the one that was offered.
            found.append(Recorded(there or one, there is None or there.content == one.content))
        return tuple(found)

    return ledger.write(work)


def note_written(ledger: Ledger, written: Mapping[tuple[str, bytes], str]) -> None:
    """Note where answers were written, by their digests and contents. Raises FileError."""

    def work(connection: Connection) -> None:
        for (digest, content), place in written.items():
            own = (RECEIPTS.c.digest == digest) & (RECEIPTS.c.sha256 == _sha256(content))
            connection.execute(update(RECEIPTS).where(own).values(written_to=place))

    if written:
        ledger.write(work)


def _replies(connection: Connection, digests: set[str]) -> dict[str, list[LedgerReceipt]]:
    found: dict[str, list[LedgerReceipt]] = {}
    for row in connection.execute(select(RECEIPTS).where(RECEIPTS.c.digest.in_(sorted(digests)))):
        found.setdefault(row.digest, []).append(reply_of(row))
    return found


def _row(one: LedgerReceipt) -> dict[str, object]:
    values = {"digest": one.digest, "kind": one.kind, "content": one.content, "written_to": one.written_to}
    return {**values, "sha256": _sha256(one.content), "issued": moment_text(one.issued)}


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
