"""What is known is judged again when whom the agency trusts has changed: from signatures, without reading evidence."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, Final, NamedTuple

from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import Connection, Row, Select, Table, and_, case, func, select, update

from dgdesk.agency.ledger.conditions import after
from dgdesk.agency.ledger.database import Ledger
from dgdesk.agency.ledger.faults import reading_faults
from dgdesk.agency.ledger.model import BundleKey
from dgdesk.agency.ledger.recording import NO_TRUST, By
from dgdesk.agency.ledger.rows import (
    judgement_row,
    known_key,
    moment_text,
    problems_text,
    read_problems,
    read_verification,
    unpacked,
)
from dgdesk.agency.ledger.schema import ADDENDA, BUNDLES, CONTENTS, FILES
from dgdesk.bundle.addendum import judge_addendum_again, read_addendum
from dgdesk.bundle.again import Signed, judge_again
from dgdesk.bundle.report import Verification
from dgdesk.bundle.signing.trust_list import TrustList
from dgdesk.bundle.submission import read_submission
from dgdesk.system.progress import NO_PROGRESS, Progress

_PAGE: Final = 100
"""Rows that are judged and written together."""
_OF_BUNDLE: Final = and_(
    FILES.c.kind == "bundle", FILES.c.digest == BUNDLES.c.digest, FILES.c.fingerprint == BUNDLES.c.fingerprint
)


class Rejudged(NamedTuple):
    """How many bundles and addenda were judged again, and how many of them got another verdict."""

    looked_at: int = 0
    changed: int = 0


def trust_digest(trust: TrustList | None) -> str:
    """Return what tells a trust list from others, in whatever order its files name the certificates."""
    if trust is None:
        return NO_TRUST
    listed = {(one.certificate.public_bytes(Encoding.DER), one.respondent or "") for one in trust.entries}
    digest = hashlib.sha256()
    for certificate, respondent in sorted(listed):
        digest.update(hashlib.sha256(certificate).digest() + respondent.encode() + b"\n")
    return digest.hexdigest()


def judge_all_again(ledger: Ledger, trust: TrustList | None, by: By, progress: Progress = NO_PROGRESS) -> Rejudged:
    """Judge every bundle and addendum again that was judged under another trust list than ``trust``.

    Killed at any moment, the next call goes on with the rest.

    Raises:
        FileError: as `Ledger.write`.
        Cancelled: the person stopped it.
    """
    others = select(func.count()).select_from(BUNDLES).where(BUNDLES.c.trust != by.trust)
    total = int(ledger.read(lambda connection: connection.execute(others).scalar_one()))
    done = changed = 0
    for page in _rest(ledger, _bundles(by.trust), BUNDLES):
        progress.at(done, total)
        with reading_faults(ledger.shown):
            verdicts = [(row, _again(row, row.content_problems, trust, by)) for row in page]
            damaged = [(one, _again(row, one.own, trust, by)) for row in page for one in _damaged(ledger, row)]
        ledger.write(partial(_write, verdicts, damaged, by))
        done += len(page)
        changed += sum(bool(row.ok) != verdict.ok for row, verdict in verdicts)
    align(ledger)
    for found in _addenda(ledger, trust, by):
        progress.check()
        done += 1
        changed += found
    return Rejudged(done, changed)


def _bundles(trust: str) -> Select[Any]:
    return (
        select(BUNDLES, CONTENTS.c.tagmanifest, CONTENTS.c.p7s, CONTENTS.c.submission)
        .outerjoin(
            CONTENTS, and_(BUNDLES.c.digest == CONTENTS.c.digest, BUNDLES.c.fingerprint == CONTENTS.c.fingerprint)
        )
        .where(BUNDLES.c.trust != trust)
    )


def _rest(ledger: Ledger, query: Select[Any], table: Table) -> Iterator[Sequence[Row[Any]]]:
    """Yield pages of a query until it finds nothing more. Whoever takes a page changes its rows so that it does not.

    What another program changed back meanwhile is found in a further round.
    """
    keys = (table.c.digest, table.c.fingerprint)
    last: BundleKey | None = None
    while True:
        part = query if last is None else query.where(after(keys, last))
        if page := ledger.rows(part.order_by(*keys).limit(_PAGE)):
            yield page
            last = known_key(page[-1])
        elif last is None:
            return
        else:
            last = None


def _again(row: Row[Any], content: str, trust: TrustList | None, by: By) -> Verification:
    signed = Signed(row.tagmanifest, row.p7s, read_problems(content))
    return judge_again(read_verification(row), signed, _respondent(row), trust, by.now)


def _damaged(ledger: Ledger, row: Row[Any]) -> Sequence[Row[Any]]:
    """The files of a bundle's key that have other faults than its row: copies that were damaged."""
    query = select(FILES.c.inbox, FILES.c.path, FILES.c.moved_to, FILES.c.own).where(
        FILES.c.kind == "bundle",
        FILES.c.digest == row.digest,
        FILES.c.fingerprint == row.fingerprint,
        FILES.c.signature == row.signature,
        FILES.c.own != row.content_problems,
    )
    return ledger.rows(query)


def _respondent(row: Row[Any]) -> str | None:
    """Whom a submission names, as it is signed; the facts hold what is safe to print."""
    if row.submission is None:
        name: str | None = row.respondent
        return name
    return read_submission(unpacked(row.submission)).respondent_key


def _write(
    verdicts: Sequence[tuple[Row[Any], Verification]],
    damaged: Sequence[tuple[Row[Any], Verification]],
    by: By,
    connection: Connection,
) -> None:
    for row, verdict in verdicts:
        key = known_key(row)
        still = and_(BUNDLES.c.digest == key.digest, BUNDLES.c.fingerprint == key.fingerprint)
        values = {**judgement_row(verdict), "trust": by.trust, "judged": moment_text(by.now)}
        connection.execute(update(BUNDLES).where(still, BUNDLES.c.trust == row.trust).values(values))
        # The same signer signed twice: what his other signature is worth is found by reading that file.
        other = and_(FILES.c.digest == key.digest, FILES.c.fingerprint == key.fingerprint, FILES.c.kind == "bundle")
        waiting = update(FILES).where(other, FILES.c.signature != row.signature, FILES.c.state == "judged")
        here = waiting.where(FILES.c.moved_to == "", FILES.c.moving_to == "")
        connection.execute(here.values(state="waiting", verdict=None, judged=None))
    for row, verdict in damaged:
        same = and_(FILES.c.inbox == row.inbox, FILES.c.path == row.path, FILES.c.moved_to == row.moved_to)
        changing = update(FILES).where(same, FILES.c.own == row.own)
        connection.execute(changing.values(problems=problems_text(verdict.problems)))


def align(ledger: Ledger) -> None:
    """Give each file of a known bundle the verdict of its bundle, under whichever list that was judged last.

    A damaged file of a bundle, and one with another signature of the same signer, keep their own.
    """
    same = and_(_OF_BUNDLE, FILES.c.signature == BUNDLES.c.signature, FILES.c.own == BUNDLES.c.content_problems)
    aligning = (
        update(FILES)
        .where(same, FILES.c.problems != BUNDLES.c.problems, FILES.c.state.in_(("judged", "gone")))
        .values(problems=BUNDLES.c.problems, verdict=case((BUNDLES.c.ok, "accepted"), else_="refused"))
    )
    ledger.write(lambda connection: connection.execute(aligning))


def _addenda(ledger: Ledger, trust: TrustList | None, by: By) -> list[bool]:
    """Judge the addenda again; return for each whether its verdict is another one."""
    changed: list[bool] = []
    for page in _rest(ledger, select(ADDENDA).where(ADDENDA.c.trust != by.trust), ADDENDA):
        rows = []
        with reading_faults(ledger.shown):
            for row in page:
                signed = Signed(row.tagmanifest, row.p7s)
                found = judge_addendum_again(row.digest, read_addendum(row.content), signed, trust, None, by.now)
                changed.append(bool(row.ok) != found.ok)
                values = {
                    "ok": found.ok,
                    "problems": problems_text(found.problems),
                    "warnings": problems_text(found.warnings),
                    "trust": by.trust,
                    "judged": moment_text(by.now),
                }
                rows.append((known_key(row), row.trust, values))
        ledger.write(partial(_write_addenda, rows))
    return changed


def _write_addenda(rows: list[tuple[BundleKey, str, dict[str, object]]], connection: Connection) -> None:
    for key, before, values in rows:
        still = and_(ADDENDA.c.digest == key.digest, ADDENDA.c.fingerprint == key.fingerprint)
        connection.execute(update(ADDENDA).where(still, ADDENDA.c.trust == before).values(values))
