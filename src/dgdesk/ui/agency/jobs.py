"""The inbox's long jobs, to run in a thread. No Qt."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from dgdesk.agency.collate import Collated, collate_bundles
from dgdesk.agency.inbox import Arrival, check_arrivals, tie
from dgdesk.agency.scan import FoundFile, look_at, scan
from dgdesk.agency.tables.model import ONLY_TEXTS, Kinds, Tables
from dgdesk.agency.tables.writing import table_names, write_tables
from dgdesk.bundle.chains import Choice
from dgdesk.bundle.encryption.encrypt import SUFFIX, decrypt_file
from dgdesk.bundle.extract import extract_bundle
from dgdesk.bundle.receipt import issue_receipt
from dgdesk.bundle.report import BundleProblem, Verification, printable
from dgdesk.bundle.signing.identity import Identity
from dgdesk.bundle.signing.trust_list import Trusted, TrustList
from dgdesk.bundle.verify import verify_bundle
from dgdesk.errors import CheckFailed, DgdeskError
from dgdesk.folders.index import disk_name
from dgdesk.survey.definition.form import Form
from dgdesk.system.atomic import atomic_write
from dgdesk.system.progress import NO_PROGRESS, Cancelled, Progress, each_file
from dgdesk.text.cells import SheetCell

Refused = tuple[str, BundleProblem]
"""A file's name, and why it was refused."""


@dataclass(frozen=True)
class AgencyOutcome:
    """The result of a job on several files; ``stopped``: cancelled before the rest."""

    done: tuple[Path, ...]
    refused: tuple[Refused, ...] = ()
    stopped: bool = False


@dataclass(frozen=True)
class FilesFound:
    """The files found: those that get a line, those of systems, and the names of chosen files that are no bundles.

    A folder's other files get a line; a file that a person chose by itself is named and left out.
    """

    files: tuple[FoundFile, ...]
    litter: tuple[Path, ...] = ()
    others: tuple[str, ...] = ()

    @property
    def sealed(self) -> tuple[Path, ...]:
        """The encrypted ones."""
        return tuple(one.path for one in self.files if one.kind == "encrypted")


def look_in(places: Iterable[Path], progress: Progress = NO_PROGRESS) -> FilesFound | None:
    """Find all files in files and folders; None after a cancel.

    Raises:
        UsageError: ``receiver.no_bundles`` for a folder without files, ``receiver.too_many``.
    """
    found: list[FoundFile] = []
    others: list[str] = []
    try:
        for place in places:
            if place.is_dir():
                found += scan([place], progress)
            elif place.name.lower().endswith(".zip"):
                found.append(FoundFile(place, "bundle"))
            elif (one := look_at(place)).kind in ("bundle", "encrypted", "receipt"):
                found.append(one)
            else:
                others.append(printable(place.name))
    except Cancelled:
        return None
    litter = tuple(one.path for one in found if one.kind == "litter")
    return FilesFound(tuple(one for one in found if one.kind != "litter"), litter, tuple(others))


def check(
    paths: Sequence[Path],
    known: Sequence[Arrival],
    trusted: Trusted,
    progress: Progress,
    now: datetime | None = None,
) -> tuple[Arrival, ...]:
    """Verify files in order; return them with those known before, addenda tied to their bundles.

    After a cancel, files that were not verified are missing.
    """
    found = list(known)
    with suppress(Cancelled):
        for arrival in check_arrivals(paths, trusted=trusted, progress=progress, now=now):
            found.append(arrival)
    return tie(found, trusted=trusted, now=now)


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
    paths: Sequence[Path],
    forms: Sequence[Form],
    trusted: Trusted,
    word: Callable[[BundleProblem], str],
    edition: Callable[[str], str],
    progress: Progress,
    now: datetime | None = None,
    choices: Sequence[Choice] = (),
    every: bool = False,
) -> tuple[Path, Collated] | None:
    """Collate files into ``<stem>.xlsx`` and CSV files; return the workbook and the result for each file.

    Where one of these names is used, the stem gets a number: nothing is replaced. ``every`` as for `collate`.

    None after a cancel: no file is left then.

    Raises:
        FileError: ``cli.unwritable``, and as `read_certificates`.
    """
    book = free_book(folder, stem)

    def gather(both: Tables) -> Collated:
        files = [look_at(path) for path in paths]
        return collate_bundles(
            files,
            both,
            forms=forms,
            trusted=trusted,
            word=word,
            edition=edition,
            progress=progress,
            now=now,
            choices=choices,
            every=every,
        )

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


def issue_all(
    wanted: Sequence[tuple[Path, str, str]],
    folder: Path,
    identity: Identity,
    office: str,
    trusted: Trusted,
    now: datetime,
    progress: Progress,
) -> AgencyOutcome:
    """Verify each bundle again and write its receipt; ``wanted``: path, respondent and known digest of each."""
    known = {path: (whose, digest) for path, whose, digest in wanted}

    def one(path: Path, reading: Progress) -> Path:
        whose, digest = known[path]
        found = verify_bundle(path, trusted=trusted or TrustList(), progress=reading, now=now)
        if found.ok and found.digest != digest:  # the file was replaced since it was verified
            raise CheckFailed("receipt.not_verified", name=path.name)
        content = issue_receipt(found, identity, office=office, file=printable(path.name), now=now)
        target = folder / receipt_name(whose, printable(path.name), digest)
        atomic_write(target, content)
        return target

    return _each([path for path, _, _ in wanted], one, progress)


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
