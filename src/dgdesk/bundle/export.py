"""Bundle: writes a submission as a signed bag in a stored zip, in one pass, and proves it before it gets its name."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from dgdesk.bundle import bag
from dgdesk.bundle.contents import SUBMISSION
from dgdesk.bundle.identity import Identity
from dgdesk.bundle.names import find_clash, is_safe_part, is_safe_path
from dgdesk.bundle.report import Problem, Progress
from dgdesk.bundle.signing import sign
from dgdesk.bundle.verify import verify_bundle
from dgdesk.bundle.zipsums import Flusher
from dgdesk.bundle.zipwrite import SizeChanged, ZipWriter
from dgdesk.errors import CheckFailed, DgdeskError, FileError, UsageError

PayloadSource = bytes | tuple[int, Callable[[], Iterator[bytes]]]
"""A file's content, or its size in bytes and a function that reads it from the start, chunk by chunk."""

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_READ_ONLY = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})


class ExportCancelled(DgdeskError):
    """The person stopped the export; nothing is left of it."""


@dataclass(frozen=True)
class ExportReport:
    """A bundle that was written and verified; digests are hex SHA-256, ``size`` is in bytes.

    ``unmarked`` names the evidence (value ``name``) whose marks stand in the data, but not (all) in a copy, and why.
    ``signoff`` is the sheet for wet signatures that was written beside the bundle, if one was.
    """

    path: Path
    digest: str
    answers_digest: str
    size: int
    unmarked: tuple[Problem, ...] = ()
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
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> ExportReport:
    """Write the bag ``name`` with ``payload`` (by path below data/, ``submission.json`` among them) to ``target``.

    The same input gives the same bytes but for the signature. The file is written as ``.part``, brought to the disk,
    read back and verified by ``verify_bundle``, and only then takes its name; whatever fails, nothing is left.
    ``progress`` counts the payload twice, written and read back. ``claimed_time`` is aware.

    Raises:
        UsageError: ``bundle.bad_name``, ``bundle.no_submission``, ``bundle.bad_info``, ``identity.expired``,
            ``identity.not_yet_valid``.
        FileError: ``bundle.exists``, ``bundle.no_folder``, ``bundle.disk_full``, ``bundle.read_only``,
            ``bundle.not_written``, ``bundle.source_unreadable``, ``bundle.source_changed``.
        CheckFailed: ``bundle.not_sound``: what was written does not verify, for the payload contradicts itself.
        ExportCancelled: ``bundle.cancelled``.
    """
    _check_names(name, payload)
    sizes = {path: len(source) if isinstance(source, bytes) else source[0] for path, source in payload.items()}
    try:
        info_text = info.text(sum(sizes.values()), len(sizes))
    except ValueError as error:
        raise UsageError("bundle.bad_info") from error
    steps = _Steps(2 * sum(sizes.values()), progress, cancelled)
    part = target.with_name(target.name + ".part")
    try:
        if target.exists() and not replace:
            raise FileError("bundle.exists", path=target)
        part.unlink(missing_ok=True)
        with part.open("x+b") as stream:
            _write_bag(stream, name, payload, sizes, info_text, identity, claimed_time, steps)
        digest, answers_digest = _prove(part, identity, steps)
        size = part.stat().st_size
        os.replace(part, target)
        _sync_folder(target.parent)
    except OSError as error:
        raise explain_write(error, target) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
    return ExportReport(target, digest, answers_digest, size)


@dataclass
class _Steps:
    """Counts bytes, tells the person, and listens for a stop."""

    total: int
    progress: Progress | None
    cancelled: Callable[[], bool] | None
    done: int = 0

    def add(self, count: int) -> None:
        self.at(self.done + count)

    def at(self, done: int) -> None:
        if self.cancelled and self.cancelled():
            raise ExportCancelled("bundle.cancelled")
        self.done = done
        if self.progress:
            self.progress(min(done, self.total), self.total)


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


def _write_bag(
    stream: BinaryIO,
    name: str,
    payload: Mapping[str, PayloadSource],
    sizes: Mapping[str, int],
    info_text: bytes,
    identity: Identity,
    claimed_time: datetime,
    steps: _Steps,
) -> None:
    with ThreadPoolExecutor(1) as hashing, ThreadPoolExecutor(1) as flushing:
        flusher = Flusher(stream, flushing)
        writer = ZipWriter(stream, hashing)
        _write_entries(writer, flusher, name, payload, sizes, info_text, identity, claimed_time, steps)
        flusher.finish()


def _write_entries(
    writer: ZipWriter,
    flusher: Flusher,
    name: str,
    payload: Mapping[str, PayloadSource],
    sizes: Mapping[str, int],
    info_text: bytes,
    identity: Identity,
    claimed_time: datetime,
    steps: _Steps,
) -> None:
    tags = {}

    def wrote(count: int) -> None:
        flusher.wrote(count)
        steps.add(count)

    def add_tag(path: str, content: bytes) -> bytes:
        tags[path] = writer.add(f"{name}/{path}", len(content), [content], lambda count: None)
        return content

    add_tag(bag.BAGIT, bag.BAGIT_TXT)
    add_tag(bag.BAG_INFO, info_text)
    digests = {}
    for path in sorted(payload):
        full = bag.PAYLOAD + path
        try:
            digests[full] = writer.add(f"{name}/{full}", sizes[path], _chunks(full, payload[path]), wrote)
        except SizeChanged:
            raise FileError("bundle.source_changed", name=full) from None
    add_tag(bag.MANIFEST, bag.make_manifest(digests))
    tagmanifest = add_tag(bag.TAGMANIFEST, bag.make_manifest({path: tags[path] for path in bag.SIGNED_TAGS}))
    add_tag(bag.SIGNATURE, sign(tagmanifest, identity, claimed_time))
    writer.finish()


def _chunks(name: str, source: PayloadSource) -> Iterable[bytes]:
    """Read a source; its own failures must not be taken for those of the disk written to."""
    if isinstance(source, bytes):
        yield source
        return
    try:
        yield from source[1]()
    except OSError as error:
        raise FileError("bundle.source_unreadable", name=name) from error


def _prove(part: Path, identity: Identity, steps: _Steps) -> tuple[str, str]:
    """Read the file back as a receiver would; return the bundle digest and the answers digest."""
    written = steps.done
    verdict = verify_bundle(
        part, trusted=[identity.certificate_pem], progress=lambda done, total: steps.at(written + done)
    )
    if not verdict.ok or verdict.digest is None or verdict.answers_digest is None:
        codes = ", ".join(problem.code for problem in verdict.problems[:3])
        raise CheckFailed("bundle.not_sound", problems=codes)
    return verdict.digest, verdict.answers_digest


def _sync_folder(folder: Path) -> None:
    """Bring the new name to the disk; Windows has no such call and does it by itself.

    The file is whole under its name by now: a network drive that cannot do this does not undo the export.
    """
    if os.name == "posix":
        with contextlib.suppress(OSError):
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def explain_write(error: OSError, target: Path) -> FileError:
    """Return what to tell a person when writing to ``target``, or beside it, failed."""
    if error.errno in _FULL:
        return FileError("bundle.disk_full", path=target)
    if error.errno in _READ_ONLY:
        return FileError("bundle.read_only", path=target)
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return FileError("bundle.no_folder", path=target)
    return FileError("bundle.not_written", path=target)
