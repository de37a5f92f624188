"""Writes a submission as a signed bag in a stored zip, in one pass, and verifies it before it gets its name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, NamedTuple

from dgdesk.bundle.archive import bag
from dgdesk.bundle.archive.names import find_clash, is_safe_part, is_safe_path
from dgdesk.bundle.archive.payload import SUBMISSION
from dgdesk.bundle.archive.zip_write import Digest, Flusher, Hashers, SizeChanged, ZipWriter
from dgdesk.bundle.report import BundleProblem
from dgdesk.bundle.signing.identity import Identity
from dgdesk.bundle.signing.signature import sign
from dgdesk.bundle.verify import verify_bundle
from dgdesk.errors import CheckFailed, FileError, UsageError
from dgdesk.survey.rules.unsent import Unsent
from dgdesk.system.atomic import atomic_file
from dgdesk.system.progress import NO_PROGRESS, Progress


class PayloadFile(NamedTuple):
    """A payload file that is read when needed: its size in bytes, and a function that reads its chunks from the start.

    ``check`` gets the SHA-256 (hex) of the bytes read, as in the manifest, and raises if it is wrong: a source with a
    known digest need not compute it again.
    """

    size: int
    read: Callable[[], Iterator[bytes]]
    check: Callable[[str], None] | None = None


PayloadSource = bytes | PayloadFile
"""A file's content, or its source."""


class ExportReport(NamedTuple):
    """A written and verified bundle; digests are hex SHA-256, ``size`` is in bytes.

    ``unmarked`` names the evidence (value ``name``) whose marks are in the data but not (all) in a copy, and why.
    ``unsigned`` names that whose marked copy has not its digital signature.
    ``unsent`` is what the draft has and the bundle does not, as it is not asked now.
    ``signoff`` is the sheet for wet signatures beside the bundle, if one was written.
    """

    path: Path
    digest: str
    answers_digest: str
    size: int
    unmarked: tuple[BundleProblem, ...] = ()
    unsigned: tuple[BundleProblem, ...] = ()
    unsent: tuple[Unsent, ...] = ()
    signoff: Path | None = None


def export_bundle(
    target: Path,
    *,
    name: str,
    payload: Mapping[str, PayloadSource],
    info: bag.BagInfo,
    identity: Identity,
    claimed_time: datetime,
    replace: bool = False,
    progress: Progress = NO_PROGRESS,
) -> ExportReport:
    """Write the bag ``name`` with ``payload`` (by path below data/, ``submission.json`` among them) to ``target``.

    The same input gives the same bytes except for the signature. The file is made in a hidden folder, synced to the
    disk and meanwhile read back and verified by ``verify_bundle``; only when both are done it gets its name, and if
    anything fails, nothing is left.
    ``progress`` counts the payload twice, written and read back. ``claimed_time`` is aware.

    Raises:
        UsageError: ``bundle.bad_name``, ``bundle.no_submission``, ``bundle.bad_info``, ``identity.expired``,
            ``identity.not_yet_valid``.
        FileError: ``bundle.exists``, ``bundle.no_folder``, ``target.disk_full``, ``target.read_only``,
            ``target.forbidden``, ``target.broken``, ``bundle.not_written``,
            ``bundle.source_unreadable``, ``bundle.source_changed``.
        CheckFailed: ``bundle.not_sound``: the written bundle does not verify, because the payload contradicts itself.
        Cancelled: the person stopped it.
    """
    _check_names(name, payload)
    octets = sum(map(_size, payload.values()))
    try:
        info_text = info.text(octets, len(payload))
    except ValueError as error:
        raise UsageError("bundle.bad_info") from error
    progress = progress.count(2 * octets)
    with atomic_file(target, replace=replace, kind="bundle", size=octets) as part:
        with part.open("x+b") as stream, ThreadPoolExecutor(1) as flushing:
            flusher = Flusher(stream, flushing)
            _write_bag(stream, _Bag(name, payload, info_text, identity, claimed_time), flusher, progress)
            flusher.begin_last()
            # The disk is waited for while the file is read back; it gets its name when both have ended well.
            reading = progress.mapped(lambda done, _: (octets + done, 2 * octets))
            digest, answers_digest = _prove(part, identity, reading)
            flusher.finish()
        size = part.stat().st_size
    return ExportReport(target, digest, answers_digest, size)


class _Bag(NamedTuple):
    """The bag to write."""

    name: str
    payload: Mapping[str, PayloadSource]
    info: bytes
    identity: Identity
    claimed_time: datetime


def _check_names(name: str, payload: Mapping[str, PayloadSource]) -> None:
    if not is_safe_part(name):
        raise UsageError("bundle.bad_name", name=name)
    if SUBMISSION.removeprefix(bag.PAYLOAD) not in payload:
        raise UsageError("bundle.no_submission")
    paths = [f"{name}/{bag.PAYLOAD}{path}" for path in sorted(payload)]
    for path in paths:
        if not is_safe_path(path):
            raise UsageError("bundle.bad_name", name=path)
    if clash := find_clash(paths):
        raise UsageError("bundle.bad_name", name=clash[1])


def _write_bag(stream: BinaryIO, made: _Bag, flusher: Flusher, progress: Progress) -> None:
    with Hashers() as hashers:
        writer = ZipWriter(stream, hashers)

        def wrote(count: int) -> None:
            flusher.wrote(count)
            progress.add(count)

        def add_tag(path: str, content: bytes) -> None:
            writer.add(f"{made.name}/{path}", len(content), [content], lambda count: None)

        add_tag(bag.BAGIT, bag.BAGIT_TXT)
        add_tag(bag.BAG_INFO, made.info)
        digests: dict[str, str] = {}
        before: tuple[str, PayloadSource, Digest] | None = None
        for path, source in sorted(made.payload.items()):
            full = bag.PAYLOAD + path
            written = full, source, _write_file(writer, f"{made.name}/{full}", full, source, wrote)
            if before is not None:
                _note_digest(digests, *before)
            before = written
        if before is not None:
            _note_digest(digests, *before)
        tags = bag.make_tags(made.info, digests)
        add_tag(bag.MANIFEST, tags[bag.MANIFEST])
        add_tag(bag.TAGMANIFEST, tags[bag.TAGMANIFEST])
        add_tag(bag.SIGNATURE, sign(tags[bag.TAGMANIFEST], made.identity, made.claimed_time))
        writer.finish()


def _write_file(
    writer: ZipWriter, entry: str, name: str, source: PayloadSource, wrote: Callable[[int], None]
) -> Digest:
    """Write a file of the payload; the SHA-256 is computed while the next one is written."""
    try:
        return writer.add(entry, _size(source), _chunks(name, source), wrote)
    except SizeChanged:
        raise FileError("bundle.source_changed", name=name) from None


def _note_digest(digests: dict[str, str], name: str, source: PayloadSource, digest: Digest) -> None:
    digests[name] = digest()
    if isinstance(source, PayloadFile) and source.check:
        source.check(digests[name])


def _size(source: PayloadSource) -> int:
    return len(source) if isinstance(source, bytes) else source.size


def _chunks(name: str, source: PayloadSource) -> Iterable[bytes]:
    """Read a source; its failures must not be mistaken for those of the target disk."""
    if isinstance(source, bytes):
        yield source
        return
    try:
        yield from source.read()
    except OSError as error:
        raise FileError("bundle.source_unreadable", name=name) from error


def _prove(part: Path, identity: Identity, progress: Progress) -> tuple[str, str]:
    """Verify the written file as a receiver would; return the bundle digest and the answers digest."""
    verdict = verify_bundle(part, trusted=[identity.certificate_pem], progress=progress)
    if not verdict.ok or verdict.digest is None or verdict.answers_digest is None:
        codes = ", ".join(problem.code for problem in verdict.problems[:3])
        raise CheckFailed("bundle.not_sound", problems=codes)
    return verdict.digest, verdict.answers_digest
