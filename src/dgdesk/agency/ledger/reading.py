"""Reads a ledger: files, bundles, contents, choices, receipts, and one line for each respondent.

Rows come page by page, each page in a short transaction, so that memory stays bounded and nobody waits. What another
program adds meanwhile may or may not be among them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlalchemy import Column, Row, Select, select

from dgdesk.agency.ledger.conditions import after, has_key_of
from dgdesk.agency.ledger.database import Ledger
from dgdesk.agency.ledger.faults import reading_faults
from dgdesk.agency.ledger.model import (
    RECEIPT_KINDS,
    BundleContent,
    BundleKey,
    LedgerBundle,
    LedgerFile,
    LedgerReceipt,
)
from dgdesk.agency.ledger.paths import system_path
from dgdesk.agency.ledger.rows import (
    choice_row,
    moment_text,
    read_bundle,
    read_choice,
    read_file,
    unpacked,
)
from dgdesk.agency.ledger.schema import BUNDLES, CHOICES, CONTENTS, FILES, RECEIPTS
from dgdesk.agency.ledger.writing import insert_new
from dgdesk.agency.submissions import SubmissionLine
from dgdesk.agency.submissions import submission_lines as lines_of
from dgdesk.bundle.chains import Choice
from dgdesk.bundle.report import Verification
from dgdesk.system.bounds import read_moment

Value = TypeVar("Value")
_PAGE: Final = 500
_CONTENTS: Final = 50
"""Bundles whose contents are in memory at once."""


def files(ledger: Ledger) -> Iterator[LedgerFile]:
    """Yield every file, by inbox, then by path. Raises FileError."""
    keys = (FILES.c.inbox, FILES.c.path, FILES.c.moved_to)
    yield from pages(ledger, select(FILES), keys, read_file)


def bundles(ledger: Ledger, since: datetime | None = None) -> Iterator[LedgerBundle]:
    """Yield the facts of every bundle whose signature fits, valid or not, by its key.

    ``since``: only those that arrived then or later.

    Raises:
        FileError: the ledger cannot be read.
    """
    query = select(BUNDLES)
    if since is not None:
        query = query.where(BUNDLES.c.arrived >= moment_text(since))
    yield from pages(ledger, query, (BUNDLES.c.digest, BUNDLES.c.fingerprint), read_bundle)


def content(ledger: Ledger, keys: Iterable[BundleKey]) -> Iterator[tuple[BundleKey, BundleContent]]:
    """Yield the contents of bundles in the order of ``keys``; one that the ledger does not keep is left out.

    Kept is the content of every bundle that some trust list makes valid.

    Raises:
        FileError: as `bundles`.
    """
    some = select(CONTENTS.c.digest, CONTENTS.c.fingerprint, CONTENTS.c.submission, CONTENTS.c.score)
    for part in _parts(keys, _CONTENTS):
        query = some.where(has_key_of(CONTENTS, part))
        rows = ledger.rows(query)
        found = {BundleKey(row.digest, row.fingerprint): row for row in rows}
        for key in part:
            row = found.get(key)
            if row is not None and row.submission is not None:
                with reading_faults(ledger.shown):
                    scores = None if row.score is None else unpacked(row.score)
                    kept = BundleContent(unpacked(row.submission), scores)
                yield key, kept


def choices(ledger: Ledger) -> tuple[Choice, ...]:
    """Return the choices, the newest for each respondent and edition. Raises FileError."""
    query = select(CHOICES).order_by(*CHOICES.primary_key.columns)
    with reading_faults(ledger.shown):
        rows = ledger.rows(query)
        found = {(row.edition, row.respondent): read_choice(row) for row in rows}
    return tuple(found.values())


def choose(ledger: Ledger, choice: Choice, at: datetime) -> None:
    """Keep a person's choice, made ``at`` (aware); earlier ones stay and count no more. Raises FileError."""
    ledger.write(lambda connection: insert_new(connection, CHOICES, [choice_row(choice, at)]))


def receipts(ledger: Ledger) -> Iterator[LedgerReceipt]:
    """Yield what the office answered, by digest. Raises FileError."""
    yield from pages(ledger, select(RECEIPTS), tuple(RECEIPTS.primary_key.columns), reply_of)


def submission_lines(ledger: Ledger) -> tuple[SubmissionLine, ...]:
    """Return a line for each respondent, those that have sent nothing yet included, as `agency.submissions` does.

    A file is named by where it lies now.

    Raises:
        FileError: as `bundles`.
    """
    held: dict[BundleKey, Verification] = {one.key: one.verification for one in bundles(ledger) if one.verification.ok}
    found: list[tuple[Path | None, Verification]] = []
    seen: set[BundleKey] = set()
    for one in files(ledger):
        if one.key in held and one.verdict == "accepted":
            seen.add(one.key)
            found.append((place_of(one), held[one.key]))
    found += [(None, held[key]) for key in sorted(held.keys() - seen)]
    return lines_of(found, choices(ledger))


def place_of(one: LedgerFile) -> Path:
    """Return where a file lies now; in an inbox that somebody gave a name it begins with that name."""
    return system_path(one.moved_to) if one.moved_to else system_path(one.inbox) / system_path(one.path)


def reply_of(row: Row[Any]) -> LedgerReceipt:
    """Return a row of ``receipts``. Raises ValueError."""
    if row.kind not in RECEIPT_KINDS:
        raise ValueError("no kind of reply")
    return LedgerReceipt(row.digest, row.kind, row.content, read_moment(row.issued), row.written_to)


def pages(
    ledger: Ledger, query: Select[Any], keys: Sequence[Column[Any]], value: Callable[[Row[Any]], Value]
) -> Iterator[Value]:
    """Yield the values of a query in the order of ``keys``, which are unique."""
    last: tuple[object, ...] | None = None
    while True:
        page = query if last is None else query.where(after(keys, last))
        page = page.order_by(*keys).limit(_PAGE)
        with reading_faults(ledger.shown):
            rows = ledger.rows(page)
            values = [value(row) for row in rows]
        yield from values
        if len(rows) < _PAGE:
            return
        last = tuple(getattr(rows[-1], key.name) for key in keys)


def _parts(keys: Iterable[BundleKey], size: int) -> Iterator[tuple[BundleKey, ...]]:
    waiting: list[BundleKey] = []
    for key in keys:
        waiting.append(key)
        if len(waiting) == size:
            yield tuple(waiting)
            waiting = []
    if waiting:
        yield tuple(waiting)
