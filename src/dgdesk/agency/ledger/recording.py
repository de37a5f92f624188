"""Verdicts into the ledger: a file's row, its bundle or addendum, and what a second look needs, in one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Table, and_, select, update

from dgdesk.agency.ledger.claims import Claimed, held
from dgdesk.agency.ledger.database import Ledger
from dgdesk.agency.ledger.model import BundleKey, ScoreTotal
from dgdesk.agency.ledger.rows import bundle_row, moment_text, packed, problems_text, total_row
from dgdesk.agency.ledger.schema import ADDENDA, BUNDLES, CONTENTS, FILES
from dgdesk.agency.ledger.writing import insert_new
from dgdesk.agency.verdicts import FileVerdict
from dgdesk.bundle.addendum import AddendumVerdict
from dgdesk.bundle.again import Signed
from dgdesk.bundle.exact_json import canonical_json
from dgdesk.bundle.report import BundleProblem, Verification

NO_TRUST: Final = "-"


class JudgedBundle(NamedTuple):
    """A bundle whose signature fits. ``submission`` and ``scores`` are None unless some list can make it valid."""

    verification: Verification
    signed: Signed
    submission: bytes | None = None
    scores: bytes | None = None
    total: ScoreTotal = ScoreTotal()


class Judged(NamedTuple):
    """What was found of a file. ``state``: its size and time if they are others than those claimed: it still arrives.

    ``tried``: which of the agency's keys were tried on it.
    """

    verdict: FileVerdict
    problems: tuple[BundleProblem, ...] = ()
    bundle: JudgedBundle | None = None
    addendum: AddendumVerdict | None = None
    tried: str = ""
    state: tuple[int, int] | None = None


class By(NamedTuple):
    """By whom and when something is judged: the trust list's digest, the program's version, the time (aware)."""

    trust: str
    verifier: str
    now: datetime


def record(ledger: Ledger, token: str, found: Sequence[tuple[Claimed, Judged]], by: By) -> int:
    """Record the verdicts of those files that the token still holds; return how many they were.

    Raises:
        FileError: as `Ledger.write`.
    """

    def work(connection: Connection) -> int:
        count = 0
        # In one order everywhere, so that two workers never wait for each other in a circle.
        for claimed, judged in sorted(found, key=lambda one: (key_of(one[1]) or ("", ""), one[0])):
            changing = update(FILES).where(held(claimed, token)).values(_file_row(claimed, judged, by))
            if connection.execute(changing).rowcount:
                count += 1
                put_judged(connection, judged, by)
        return count

    return ledger.write(work)


def put_judged(connection: Connection, judged: Judged, by: By) -> None:
    """Keep the bundle or the addendum of a judged file. One that is there stays, unless this one ranks first."""
    if judged.bundle is not None:
        key = key_of(judged)
        assert key is not None
        put_bundle(connection, bundle_values(key, judged.bundle, by), content_values(key, judged.bundle))
    elif judged.addendum is not None and (key := key_of(judged)) is not None:
        row = addendum_values(key, judged.addendum, by)
        insert_new(connection, ADDENDA, [] if row is None else [row])


def key_of(judged: Judged) -> BundleKey | None:
    """Return the key of what a file holds; None unless its signature fits."""
    if judged.bundle is not None:
        found = judged.bundle.verification
        return BundleKey(found.digest or "", found.fingerprint or "")
    if judged.addendum is not None and judged.addendum.signed is not None:
        return BundleKey(judged.addendum.digest or "", judged.addendum.signature.fingerprint or "")
    return None


def _file_row(claimed: Claimed, judged: Judged, by: By) -> dict[str, object]:
    key, signed = key_of(judged), signed_of(judged)
    size, mtime_ns = judged.state or (claimed.size, claimed.mtime_ns)
    return {
        "size": size,
        "mtime_ns": mtime_ns,
        "state": "judged",
        "verdict": judged.verdict,
        "problems": problems_text(judged.problems),
        "own": problems_text(signed.content if signed is not None else judged.problems),
        "kind": "bundle" if judged.bundle else "addendum" if judged.addendum else claimed.kind,
        "digest": key.digest if key else None,
        "fingerprint": key.fingerprint if key else None,
        "signature": sha256(signed.p7s) if signed is not None else "",
        "tried": judged.tried,
        "judged": moment_text(by.now),
        "verifier": by.verifier,
        "verdicts": FILES.c.verdicts + 1,
        "token": "",
        "lease": 0,
    }


def signed_of(judged: Judged) -> Signed | None:
    """Return what is signed of a judged file; None unless its signature fits."""
    if judged.bundle is not None:
        return judged.bundle.signed
    return judged.addendum.signed if judged.addendum is not None else None


def bundle_values(key: BundleKey, found: JudgedBundle, by: By) -> dict[str, object]:
    """Return a row of ``bundles``."""
    return {
        **key._asdict(),
        **bundle_row(found.verification),
        **total_row(found.total),
        "content_problems": problems_text(found.signed.content),
        "signature": sha256(found.signed.p7s),
        "trust": by.trust,
        "verifier": by.verifier,
        "arrived": moment_text(by.now),
        "judged": moment_text(by.now),
    }


def content_values(key: BundleKey, found: JudgedBundle) -> dict[str, object]:
    """Return a row of ``contents``."""
    return {
        **key._asdict(),
        "tagmanifest": found.signed.tagmanifest,
        "p7s": found.signed.p7s,
        "submission": packed(found.submission),
        "score": packed(found.scores),
    }


def addendum_values(key: BundleKey, found: AddendumVerdict, by: By) -> dict[str, object] | None:
    """Return a row of ``addenda``; None for one that no trust list can make valid."""
    if found.addendum is None or found.signed is None or found.signed.content:
        return None
    time = found.signature.claimed_time
    return {
        **key._asdict(),
        "bundle": found.addendum.digest,
        "signer": found.signature.signer or "",
        "claimed_time": None if time is None else time.isoformat(),
        "ok": found.ok,
        "problems": problems_text(found.problems),
        "warnings": problems_text(found.warnings),
        "content": canonical_json(found.addendum.model_dump()),
        "tagmanifest": found.signed.tagmanifest,
        "p7s": found.signed.p7s,
        "signature": sha256(found.signed.p7s),
        "trust": by.trust,
        "verifier": by.verifier,
        "arrived": moment_text(by.now),
        "judged": moment_text(by.now),
    }


def put_bundle(connection: Connection, facts: Mapping[str, object], content: Mapping[str, object] | None) -> None:
    """Keep a bundle's facts and content.

    Of several files with one key a bundle's row stands for the first by `rank`, whichever came first; it arrived when
    the first of them did.
    """
    if insert_new(connection, BUNDLES, [facts]):
        if content is not None:
            insert_new(connection, CONTENTS, [content])
        return
    row = connection.execute(select(BUNDLES).where(_is(BUNDLES, facts)).with_for_update()).one()
    first = dict(row._mapping)
    arrived = min(str(facts["arrived"]), str(first["arrived"]))
    if rank(facts) < rank(first):
        changed = {name: value for name, value in facts.items() if name not in ("digest", "fingerprint")}
        connection.execute(update(BUNDLES).where(_is(BUNDLES, facts)).values({**changed, "arrived": arrived}))
        if content is not None:
            _replace(connection, content)
    elif arrived != first["arrived"]:
        connection.execute(update(BUNDLES).where(_is(BUNDLES, facts)).values(arrived=arrived))


def _replace(connection: Connection, content: Mapping[str, object]) -> None:
    if not insert_new(connection, CONTENTS, [content]):
        changed = {name: value for name, value in content.items() if name not in ("digest", "fingerprint")}
        connection.execute(update(CONTENTS).where(_is(CONTENTS, content)).values(changed))


def rank(row: Mapping[str, object]) -> tuple[str, ...]:
    """Return the place of one of several rows of a bundle's key: a sound one first, then by its signature.

    The digest covers all but the signature: a damaged file has the key of the sound one.
    """
    sound = "0" if row["content_problems"] == "[]" else "1"
    return (sound, *(str(row[name]) for name in ("signature", "content_problems")))


def _is(table: Table, row: Mapping[str, object]) -> Any:
    return and_(table.c.digest == row["digest"], table.c.fingerprint == row["fingerprint"])


def sha256(content: bytes) -> str:
    """Return the SHA-256 of bytes, in hex."""
    return hashlib.sha256(content).hexdigest()
