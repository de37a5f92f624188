"""The office's answers to what the ledger knows: a receipt for each accepted bundle, a reason for one that is returned.

An answer is kept in the ledger first and written then, so that after a kill the next run writes what is missing and
issues nothing twice. It lies where a province's program asks for it: at the upload's name with ``.receipt`` added.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

from dgdesk.agency.ledger.database import Ledger
from dgdesk.agency.ledger.model import BundleKey, LedgerFile, LedgerReceipt
from dgdesk.agency.ledger.paths import system_path
from dgdesk.agency.ledger.reading import files, place_of, receipts
from dgdesk.agency.ledger.replying import note_written, record_replies
from dgdesk.agency.ledger.selecting import bundles_of
from dgdesk.bundle.exact_json import read_json
from dgdesk.bundle.receipt import issue_receipt
from dgdesk.bundle.report import BundleProblem, Verification, printable
from dgdesk.bundle.returned import issue_return
from dgdesk.bundle.signing.identity import Identity
from dgdesk.errors import DgdeskError, FileError, UsageError
from dgdesk.system.bounds import SHA256, UNFIT
from dgdesk.system.progress import NO_PROGRESS, Progress

ENDING: Final = ".receipt"
_BATCH: Final = 100
Write = Callable[[Path, bytes], None]
"""Writes a new file, whole or not at all. Raises FileError; for a name that is used, ``target.exists``."""


class Office(NamedTuple):
    """Who answers: a signer, and the office's name in words."""

    identity: Identity
    name: str


class Places(NamedTuple):
    """Where answers are written: below ``into``, else beside each file in its inbox.

    ``name``: what the answer to a file is called in ``into``, if not as the file.
    """

    into: Path | None
    write: Write
    name: Callable[[LedgerFile], str] | None = None

    def of(self, one: LedgerFile) -> Path:
        """Return where the answer to a file lies.

        Raises:
            FileError: ``receipts.no_inbox``: its folder is not here; ``receipts.bad_name``: it leads elsewhere.
        """
        inside = PurePosixPath(one.path)
        if inside.is_absolute() or ".." in inside.parts or not inside.name:
            raise FileError("receipts.bad_name", name=printable(one.path))
        if self.into is not None:
            if self.name is not None:
                return self.into / self.name(one)
            folder = self.into
        else:
            folder = system_path(one.inbox)
            if not folder.is_absolute() or not folder.is_dir():
                raise FileError("receipts.no_inbox", name=printable(one.inbox))
        place = folder / system_path(one.path)
        return place.with_name(place.name + ENDING)


class Answered(NamedTuple):
    """How many answers were issued now, how many files were written, and what could not be, by the file's name."""

    issued: int
    written: tuple[Path, ...]
    failed: tuple[tuple[str, BundleProblem], ...] = ()


def issue_receipts(
    ledger: Ledger,
    office: Office,
    places: Places,
    clock: Callable[[], datetime],
    progress: Progress = NO_PROGRESS,
    chosen: Collection[str] | None = None,
) -> Answered:
    """Issue a receipt for each valid bundle that has no answer, and write those that are not written.

    Every file of a bundle gets it, since each was an upload of its own. ``progress`` counts files. ``chosen``: only for
    the bundles of these digests.

    Raises:
        Cancelled: the person stopped it; what is done stays.
        FileError: the ledger cannot be read or written.
        UsageError: as `issue_receipt`.
    """
    answers = _answers(ledger)
    wanted = [
        one
        for one in files(ledger)
        if one.key is not None and one.verdict == "accepted" and (chosen is None or one.key.digest in chosen)
    ]
    total = _Tally()
    for done, batch in _batches(wanted):
        progress.check()
        _answer_batch(ledger, batch, answers, office, clock, total)
        _write_batch(ledger, batch, answers, places, total)
        progress.report(done, len(wanted))
    return total.answered()


def return_file(
    ledger: Ledger,
    named: str,
    reason: str,
    office: Office,
    places: Places,
    clock: Callable[[], datetime],
    digest_of: Callable[[Path], str],
) -> Answered:
    """Sign why a bundle, by its digest, or a file, by its path, is not accepted, and write it; each file once.

    ``digest_of`` returns a file's SHA-256: the file has to be where it came, or where the intake has moved it.

    Raises:
        UsageError: ``receipts.no_such``: the ledger knows none of that name; as `issue_return`.
        FileError: the ledger cannot be read or written; as ``digest_of``.
    """
    total = _Tally()
    for one in _named(ledger, named):
        sha256 = digest_of(place_of(one))
        moment = clock()
        name = PurePosixPath(one.path).name
        content = issue_return(sha256, office.identity, reason=reason, office=office.name, file=name, now=moment)
        digest = one.key.digest if one.key is not None else sha256
        offered = LedgerReceipt(digest, "returned", content, moment)
        (recorded,) = record_replies(ledger, [offered], _same_return)
        total.issued += recorded.new
        _write_batch(ledger, [one], {digest: recorded.reply}, places, total, digest)
    return total.answered()


class _Tally:
    """What a run has done so far."""

    def __init__(self) -> None:
        self.issued = 0
        self.written: list[Path] = []
        self.failed: list[tuple[str, BundleProblem]] = []

    def answered(self) -> Answered:
        return Answered(self.issued, tuple(self.written), tuple(self.failed))


def _answers(ledger: Ledger) -> dict[str, LedgerReceipt]:
    """Return what was answered to each bundle; where it was both, that it is returned."""
    found: dict[str, LedgerReceipt] = {}
    for one in receipts(ledger):
        if one.digest not in found or one.kind == "returned":
            found[one.digest] = one
    return found


def _batches(wanted: Sequence[LedgerFile]) -> Iterator[tuple[int, list[LedgerFile]]]:
    waiting, done = iter(wanted), 0
    while batch := list(islice(waiting, _BATCH)):
        done += len(batch)
        yield done, batch


def _answer_batch(
    ledger: Ledger,
    batch: Iterable[LedgerFile],
    answers: dict[str, LedgerReceipt],
    office: Office,
    clock: Callable[[], datetime],
    total: _Tally,
) -> None:
    """Issue what is missing, and add it to ``answers``."""
    firsts: dict[BundleKey, LedgerFile] = {}
    for one in batch:
        if one.key is not None and one.key.digest not in answers:
            firsts.setdefault(one.key, one)
    offered: dict[str, LedgerReceipt] = {}
    for key, bundle in bundles_of(ledger, firsts).items():
        if bundle.verification.ok and key.digest not in offered:
            offered[key.digest] = _issued(bundle.verification, firsts[key], office, clock())
    for recorded in record_replies(ledger, tuple(offered.values()), _same_receipt) if offered else ():
        answers[recorded.reply.digest] = recorded.reply
        total.issued += recorded.new


def _issued(found: Verification, one: LedgerFile, office: Office, now: datetime) -> LedgerReceipt:
    name = PurePosixPath(one.path).name
    content = issue_receipt(found, office.identity, office=office.name, file=name, now=now)
    return LedgerReceipt(found.digest or "", "accepted", content, now)


def _same_receipt(_: LedgerReceipt, other: LedgerReceipt) -> bool:
    """Whatever was answered to a bundle, it gets no receipt beside it."""
    return other.kind in ("accepted", "returned")


def _same_return(one: LedgerReceipt, other: LedgerReceipt) -> bool:
    return other.kind == "returned" and _file_of(one.content) == _file_of(other.content)


def _file_of(content: bytes) -> object:
    """Return the SHA-256 of the file that a return names."""
    with suppress(*UNFIT):
        return read_json(read_json(content)["return"].encode())["file_sha256"]
    return None


def _write_batch(
    ledger: Ledger,
    batch: Sequence[LedgerFile],
    answers: Mapping[str, LedgerReceipt],
    places: Places,
    total: _Tally,
    digest: str = "",
) -> None:
    """Write the answers to files that have none beside them, and note it."""
    noted: dict[tuple[str, bytes], str] = {}
    for one in batch:
        key = digest or (one.key.digest if one.key is not None else "")
        reply = answers.get(key)
        if reply is None or (reply.kind == "returned" and not digest):  # that is written with its own file
            continue
        try:
            target = places.of(one)
            if _is_there(target, reply.content):
                if not reply.written_to:
                    noted[key, reply.content] = str(target)
                continue
            places.write(target, reply.content)
        except DgdeskError as error:
            total.failed.append((printable(one.path), BundleProblem(error.code, error.values)))
            continue
        total.written.append(target)
        noted[key, reply.content] = str(target)
    note_written(ledger, noted)


def _is_there(target: Path, content: bytes) -> bool:
    """Whether the answer lies there. Raises FileError ``receipts.other_there``: something else does."""
    try:
        with target.open("rb") as stream:
            there = stream.read(len(content) + 1)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise FileError("receipts.other_there", name=printable(target.name)) from error
    if there != content:
        raise FileError("receipts.other_there", name=printable(target.name))
    return True


def _named(ledger: Ledger, named: str) -> tuple[LedgerFile, ...]:
    """Return the files that a person means by a bundle digest, or by a path: whole, or inside the inbox."""
    wanted = named.strip()
    found = []
    for one in files(ledger):
        if one.state == "gone":
            continue
        if SHA256.fullmatch(wanted):
            if one.key is not None and one.key.digest == wanted:
                found.append(one)
        elif wanted == one.path or Path(wanted).absolute() in (place_of(one), system_path(one.inbox) / one.path):
            found.append(one)
    if not found:
        raise UsageError("receipts.no_such", name=named)
    return tuple(found)
