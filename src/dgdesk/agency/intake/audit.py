"""All files read once more, where they lie now, and compared with what the ledger says of them. Nothing is changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, select

from dgdesk.agency.intake.judging import Judging, judge_file
from dgdesk.agency.ledger.conditions import after
from dgdesk.agency.ledger.database import Ledger
from dgdesk.agency.ledger.paths import system_path
from dgdesk.agency.ledger.recording import Judged, key_of, signed_of
from dgdesk.agency.ledger.rows import problems_text
from dgdesk.agency.ledger.schema import FILES
from dgdesk.bundle.report import BundleProblem
from dgdesk.system.progress import NO_PROGRESS, Progress

_PAGE: Final = 500
_READ: Final = ("accepted", "addendum", "refused")


class Difference(NamedTuple):
    """A file that is not what the ledger says, and what it is now."""

    path: Path
    problem: BundleProblem


class Audit(NamedTuple):
    """How many files were read, and those that differ."""

    read: int
    differences: tuple[Difference, ...]


def audit(ledger: Ledger, inboxes: Mapping[str, Path], judging: Judging, progress: Progress = NO_PROGRESS) -> Audit:
    """Read every judged bundle and addendum again, those that were moved too. Trust decides nothing here.

    An encrypted file that these keys do not open differs too: nobody knows what it holds. ``progress`` counts files.

    Raises:
        FileError: the ledger cannot be read.
        Cancelled: the person stopped it.
    """
    found: list[Difference] = []
    rows = list(_rows(ledger, inboxes))
    for number, row in enumerate(rows):
        progress.at(number, len(rows))
        path = system_path(row.moved_to) if row.moved_to else inboxes[row.inbox] / system_path(row.path)
        kind = "encrypted" if row.tried else "bundle"
        judged = judge_file(path, (row.size, row.mtime_ns), kind, judging, progress.silent())
        if not _agrees(row, judged):
            reason = judged.problems[:1]
            found.append(Difference(path, reason[0] if reason else BundleProblem("intake.audit_other")))
    return Audit(len(rows), tuple(found))


def _agrees(row: Any, judged: Judged) -> bool:
    key, signed = key_of(judged), signed_of(judged)
    own = signed.content if signed is not None else judged.problems
    known = (row.digest, row.fingerprint) if row.digest is not None else None
    return known == (None if key is None else tuple(key)) and row.own == problems_text(own)


def _rows(ledger: Ledger, inboxes: Mapping[str, Path]) -> Iterator[Any]:
    for inbox in inboxes:
        last: tuple[str, str] | None = None
        while True:
            query: Select[Any] = select(FILES).where(
                FILES.c.inbox == inbox, FILES.c.state == "judged", FILES.c.verdict.in_(_READ)
            )
            if last is not None:
                query = query.where(after((FILES.c.path, FILES.c.moved_to), last))
            page = ledger.rows(query.order_by(FILES.c.path, FILES.c.moved_to).limit(_PAGE))
            yield from page
            if len(page) < _PAGE:
                break
            last = (page[-1].path, page[-1].moved_to)
