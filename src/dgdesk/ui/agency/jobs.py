"""The inbox's long jobs, to run in a thread. No Qt."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from dgdesk.agency.collate_ledger import CollatedLedger, collate_ledger
from dgdesk.agency.ledger.database import Ledger
from dgdesk.agency.ledger.model import LedgerFile
from dgdesk.agency.receipts import Office, Places, issue_receipts, return_file
from dgdesk.agency.tables.model import ONLY_TEXTS, Kinds, Tables
from dgdesk.agency.tables.writing import table_names, write_tables
from dgdesk.bundle.encryption.encrypt import SUFFIX, decrypt_file
from dgdesk.bundle.extract import extract_bundle
from dgdesk.bundle.report import BundleProblem, Verification, printable
from dgdesk.bundle.signing.trust_list import Trusted
from dgdesk.errors import DgdeskError, FileError
from dgdesk.folders.index import disk_name
from dgdesk.outbox.exports import file_digest
from dgdesk.survey.definition.form import Form
from dgdesk.system.atomic import atomic_write
from dgdesk.system.progress import Cancelled, Progress, each_file
from dgdesk.text.cells import SheetCell

Refused = tuple[str, BundleProblem]
"""A file's name, and why it was refused."""


@dataclass(frozen=True)
class AgencyOutcome:
    """The result of a job on several files; ``stopped``: cancelled before the rest."""

    done: tuple[Path, ...]
    refused: tuple[Refused, ...] = ()
    stopped: bool = False


def decrypt_all(sources: Sequence[Path], folder: Path, secrets: Sequence[str], progress: Progress) -> AgencyOutcome:
    """Decrypt files into a folder, each under its name without ``.age``; never overwrite a file."""

    def one(source: Path, reading: Progress) -> Path:
        return decrypt_file(source, folder / decrypted_name(source), secrets, progress=reading).path

    return _each(sources, one, progress)


def decrypted_name(source: Path) -> str:
    """Return what an encrypted file is called once it is decrypted: its name without ``.age``, as a bundle."""
    name = source.name[: -len(SUFFIX)] if source.name.lower().endswith(SUFFIX) else source.name
    return name if name.lower().endswith(".zip") else f"{name}.zip"


def collate_into(
    folder: Path,
    stem: str,
    ledger: Ledger,
    *,
    forms: Sequence[Form],
    word: Callable[[BundleProblem], str],
    edition: Callable[[str], str],
    every: bool,
    progress: Progress,
) -> tuple[Path, CollatedLedger] | None:
    """Collate a ledger into ``<stem>.xlsx`` and CSV files; return the workbook and what was put in.

    ``every``: all valid bundles, not only those that count. Where one of the names is used, the stem gets a number:
    nothing is replaced.

    None after a cancel: no file is left then.

    Raises:
        FileError: ``cli.unwritable``; as `collate_ledger`.
    """
    book = free_book(folder, stem)

    def gather(both: Tables) -> CollatedLedger:
        return collate_ledger(ledger, both, forms=forms, word=word, edition=edition, every=every, progress=progress)

    def fill(one: Tables) -> Any:
        return write_tables(book.with_suffix(".csv"), lambda other: gather(_Both(one, other)))

    try:
        return book, write_tables(book, fill)
    except Cancelled:
        return None


def free_book(folder: Path, stem: str) -> Path:
    """Return the path of a workbook whose name, and those of the CSV files beside it, are not used yet."""
    book, number = folder / f"{stem}.xlsx", 1
    while any(os.path.lexists(one) for one in (book, *table_names(book.with_suffix(".csv")))):
        number += 1
        book = folder / f"{stem} ({number}).xlsx"
    return book


class Answering(NamedTuple):
    """Who answers, and where: into ``folder``, to be sent by mail, else beside the files, where an outbox asks.

    ``names``: the respondents' names by bundle digest.
    """

    office: Office
    folder: Path | None
    names: Mapping[str, str]
    clock: Callable[[], datetime]

    def places(self) -> Places:
        """Where the answers are written."""
        return Places(self.folder, write_answer, self.name_of if self.folder is not None else None)

    def name_of(self, one: LedgerFile) -> str:
        """Return what the answer to a file is called, so that no two are the same."""
        digest = (
            one.key.digest if one.key is not None else hashlib.sha256(f"{one.inbox}/{one.path}".encode()).hexdigest()
        )
        return receipt_name(self.names.get(digest, ""), printable(PurePosixPath(one.path).name), digest)


def issue(ledger: Ledger, chosen: Collection[str] | None, given: Answering, progress: Progress) -> AgencyOutcome:
    """Write receipts for the bundles of some digests, or for all that have no answer. Raises as `issue_receipts`."""
    try:
        found = issue_receipts(ledger, given.office, given.places(), given.clock, progress, chosen)
    except Cancelled:
        return AgencyOutcome((), stopped=True)
    return AgencyOutcome(found.written, found.failed)


def give_back(
    ledger: Ledger, paths: Sequence[Path], reason: str, given: Answering, progress: Progress
) -> AgencyOutcome:
    """Write why each of some files is returned. Raises UsageError as `issue_return`."""
    done: list[Path] = []
    refused: list[Refused] = []
    try:
        for number, path in enumerate(paths):
            progress.at(number, len(paths))
            try:
                one = return_file(ledger, str(path), reason, given.office, given.places(), given.clock, file_digest)
            except FileError as error:
                refused.append((printable(path.name), BundleProblem(error.code, error.values)))
                continue
            done += one.written
            refused += one.failed
    except Cancelled:
        return AgencyOutcome(tuple(done), tuple(refused), stopped=True)
    return AgencyOutcome(tuple(done), tuple(refused))


def write_answer(path: Path, content: bytes) -> None:
    """Write a new file. Raises FileError as `atomic_write`."""
    atomic_write(path, content, kind="receipt")


def receipt_name(respondent: str, file: str, digest: str) -> str:
    """Return a receipt's file name, from respondent, file and digest, so that no two are the same."""
    stem = file[:-4] if file.lower().endswith(".zip") else file
    return disk_name(f"{respondent} {stem} {digest[:8]}.receipt.json".strip())


def extract(
    path: Path,
    folder: Path,
    trusted: Trusted,
    progress: Progress,
    now: datetime | None = None,
) -> tuple[Verification, Path | None] | None:
    """Unpack a valid bundle, all or nothing; None after a cancel. Raises as `extract_bundle`."""
    try:
        return extract_bundle(path, folder, trusted=trusted, progress=progress, now=now)
    except Cancelled:
        return None


class _Both:
    """Writes the same rows to two tables."""

    def __init__(self, one: Tables, other: Tables) -> None:
        self._both = one, other

    @property
    def further(self) -> tuple[str, ...]:
        """The further sheets of both."""
        return tuple(name for each in self._both for name in each.further)

    @property
    def long_texts(self) -> int:
        """How many texts are too long for a cell: of the same rows the same in both."""
        return self._both[0].long_texts

    def open(self, name: str, header: Sequence[str], kinds: Kinds = ONLY_TEXTS) -> None:
        """Begin a table."""
        for each in self._both:
            each.open(name, header, kinds)

    def add(self, name: str, row: Sequence[SheetCell]) -> None:
        """Add a row."""
        for each in self._both:
            each.add(name, row)


def _each(paths: Sequence[Path], work: Callable[[Path, Progress], Path], progress: Progress) -> AgencyOutcome:
    done: list[Path] = []
    refused: list[Refused] = []
    try:
        for path, reading in each_file(paths, progress):
            try:
                done.append(work(path, reading))
            except Cancelled:
                raise
            except DgdeskError as error:
                refused.append((printable(path.name), BundleProblem(error.code, error.values)))
    except Cancelled:
        return AgencyOutcome(tuple(done), tuple(refused), stopped=True)
    return AgencyOutcome(tuple(done), tuple(refused))
