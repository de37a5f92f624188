"""Addenda compared with the bundles that they name, whichever came first, as `dgdesk.agency.inbox.tie` does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection, Row, and_, select, update

from dgdesk.agency.ledger.conditions import after, has_key_of
from dgdesk.agency.ledger.database import Ledger
from dgdesk.agency.ledger.faults import reading_faults
from dgdesk.agency.ledger.model import BundleKey
from dgdesk.agency.ledger.rows import known_key, problems_text, read_problems, read_verification
from dgdesk.agency.ledger.schema import ADDENDA, BUNDLES, FILES
from dgdesk.bundle.addendum import judge_addendum_again, read_addendum
from dgdesk.bundle.again import Signed
from dgdesk.bundle.report import BundleProblem
from dgdesk.bundle.signing.trust_list import TrustList

_PAGE: Final = 200


def tie_all(ledger: Ledger, trust: TrustList | None, now: datetime | None) -> int:
    """Give the file of each addendum its verdict beside the bundle that it names; return how many have changed.

    An addendum whose bundle is not here, or not valid, is judged by itself. Of several copies of a bundle one whose
    signer made the addendum is enough.

    Raises:
        FileError: as `Ledger.write`.
    """
    changed = 0
    last: BundleKey | None = None
    while True:
        query = select(ADDENDA).order_by(ADDENDA.c.digest, ADDENDA.c.fingerprint).limit(_PAGE)
        if last is not None:
            query = query.where(after((ADDENDA.c.digest, ADDENDA.c.fingerprint), last))
        with reading_faults(ledger.shown):
            page = ledger.rows(query)
            if not page:
                return changed
            found = _verdicts(ledger, page, trust, now)
        changed += _write(ledger, found)
        last = known_key(page[-1])


def _verdicts(
    ledger: Ledger, page: Sequence[Row[Any]], trust: TrustList | None, now: datetime | None
) -> list[tuple[BundleKey, str, bool]]:
    """Return the problems of each addendum, as the ledger keeps them, and whether it holds."""
    named = {row.bundle for row in page}
    valid = select(BUNDLES).where(BUNDLES.c.digest.in_(named), BUNDLES.c.ok.is_(True))
    bundles: dict[str, list[Row[Any]]] = {}
    for row in ledger.rows(valid.order_by(BUNDLES.c.fingerprint)):
        bundles.setdefault(row.digest, []).append(row)
    found = []
    for row in page:
        problems = read_problems(row.problems)
        some = bundles.get(row.bundle, [])
        if some:
            problems = _beside(row, some, trust, now)
        found.append((known_key(row), problems_text(problems), bool(row.ok) and not problems))
    return found


def _beside(
    row: Row[Any], bundles: Sequence[Row[Any]], trust: TrustList | None, now: datetime | None
) -> tuple[BundleProblem, ...]:
    addendum = read_addendum(row.content)
    mine = [one for one in bundles if one.fingerprint == row.fingerprint]
    bundle = (mine or bundles)[0]
    if mine and bundle.answers_digest == addendum.answers_digest:
        return read_problems(row.problems)
    signed = Signed(row.tagmanifest, row.p7s)
    return judge_addendum_again(row.digest, addendum, signed, trust, read_verification(bundle), now).problems


def _write(ledger: Ledger, found: Sequence[tuple[BundleKey, str, bool]]) -> int:
    """Write what differs; mostly nothing does, and then nothing is written."""
    wanted = {key: (problems, holds) for key, problems, holds in found}
    columns = (FILES.c.inbox, FILES.c.path, FILES.c.moved_to, FILES.c.digest, FILES.c.fingerprint)
    query = select(*columns, FILES.c.problems, FILES.c.verdict).where(
        FILES.c.kind == "addendum",
        FILES.c.own == "[]",
        FILES.c.state.in_(("judged", "gone")),
        has_key_of(FILES, wanted),
    )
    changes = []
    for row in ledger.rows(query):
        problems, holds = wanted[known_key(row)]
        verdict = "addendum" if holds else "refused"
        if (row.problems, row.verdict) != (problems, verdict):
            changes.append((row, {"problems": problems, "verdict": verdict}))
    if changes:
        ledger.write(partial(_change, changes))
    return len(changes)


def _change(changes: Sequence[tuple[Row[Any], dict[str, str]]], connection: Connection) -> None:
    for row, values in changes:
        same = and_(FILES.c.inbox == row.inbox, FILES.c.path == row.path, FILES.c.moved_to == row.moved_to)
        mine = and_(FILES.c.digest == row.digest, FILES.c.fingerprint == row.fingerprint)
        connection.execute(update(FILES).where(same, mine).values(values))
