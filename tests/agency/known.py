"""A ledger that knows bundles, as an intake leaves it, without the bundles themselves."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple
from zipfile import ZipFile

from dgdesk.agency.ledger.database import Ledger
from dgdesk.agency.ledger.model import BundleKey
from dgdesk.agency.ledger.rows import bundle_row, moment_text, packed, problems_text
from dgdesk.agency.ledger.schema import BUNDLES, CONTENTS, FILES
from dgdesk.agency.ledger.writing import insert_new
from dgdesk.bundle.report import BundleProblem, Verification

ARRIVED = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
SIGNER = "5" * 64
EDITION = "th-province-2568"


class Known(NamedTuple):
    """A bundle that the ledger knows; ``content`` is its submission.json, ``paths`` its files in the inbox."""

    digest: str
    content: bytes
    score: bytes | None = None
    paths: tuple[str, ...] = ()
    respondent: str = "TH-55"
    fingerprint: str = SIGNER
    arrived: datetime = ARRIVED
    facts: Mapping[str, Any] = MappingProxyType({})
    found: Verification | None = None

    @property
    def key(self) -> BundleKey:
        return BundleKey(self.digest, self.fingerprint)


def digest(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


def known(path: Path, found: Verification, inbox: Path) -> Known:
    """What an intake finds in a valid bundle."""
    with ZipFile(path) as bundle:
        inside = {name.partition("/")[2]: name for name in bundle.namelist()}
        content, score = (bundle.read(inside[f"data/{name}.json"]) for name in ("submission", "score"))
    where = (path.relative_to(inbox).as_posix(),)
    return Known(found.digest or "", content, score, where, fingerprint=found.fingerprint or "", found=found)


def tell(ledger: Ledger, some: Iterable[Known], inbox: str = "/srv/inbox") -> None:
    """Put valid bundles and their files into the ledger."""
    bundles, contents, files = [], [], []
    for one in some:
        facts = {"draft": False, "signer": "สมชาย ใจดี", "claimed_time": ARRIVED, "edition": EDITION, **one.facts}
        whose = {"digest": one.digest, "fingerprint": one.fingerprint, "respondent": one.respondent}
        found = one.found or Verification(True, files=3, size=9, answers_digest=one.digest, **whose, **facts)
        key = one.key._asdict()
        arrived = moment_text(one.arrived)
        known = {"weight": None, "earned": None, "claimed": None, "waiting": None, "open": None, "external": None}
        bundles.append(
            {
                **(key | bundle_row(found) | known),
                **{"exempt": None, "signature": "", "trust": "", "verifier": "0", "arrived": arrived},
                **{"judged": arrived, "content_problems": "[]"},
            }
        )
        contents.append(
            {**key, "tagmanifest": b"", "p7s": b"", "submission": packed(one.content), "score": packed(one.score)}
        )
        files += [
            file_row(path, "accepted", inbox=inbox, kind="bundle", seen=arrived, judged=arrived, **key)
            for path in one.paths
        ]
    ledger.write(lambda connection: insert_new(connection, BUNDLES, bundles))
    ledger.write(lambda connection: insert_new(connection, CONTENTS, contents))
    tell_files(ledger, files)


def tell_files(ledger: Ledger, files: list[dict[str, object]]) -> None:
    if files:
        ledger.write(lambda connection: insert_new(connection, FILES, files))


def file_row(path: str, verdict: str | None, *problems: str, **others: object) -> dict[str, object]:
    """A row of ``files``; ``problems`` by their codes."""
    moment = moment_text(ARRIVED)
    why = problems_text(BundleProblem(code) for code in problems)
    return {
        **{"inbox": "/srv/inbox", "path": path, "moved_to": "", "size": 9, "mtime_ns": 1, "state": "judged"},
        **{"verdict": verdict, "problems": why, "own": "[]", "kind": "", "digest": None, "fingerprint": None},
        **{"signature": "", "tried": "", "seen": moment, "judged": moment, "verifier": "0", "verdicts": 1},
        **{"token": "", "lease": 0, "moving_to": ""},
        **others,
    }
