"""What was exported on this PC, by the SHA-256 of its file: only that is sent, and its receipt finds its draft.

An encrypted bundle says neither what is in it nor for whom it is encrypted; the export knows both.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from dgdesk.bundle.exact_json import Sha256, Strict, canonical_json, read_json
from dgdesk.bundle.export import ExportReport
from dgdesk.draft.drafts import Draft
from dgdesk.draft.file.register import KIND
from dgdesk.errors import CheckFailed, FileError
from dgdesk.outbox.folder import OutboxFolder
from dgdesk.system.atomic import atomic_write
from dgdesk.system.bounds import UNFIT
from dgdesk.system.causes import plain_cause
from dgdesk.system.progress import NO_PROGRESS, Progress

MOST: Final = 500
_MOST_BYTES: Final = 4 << 20
_PIECE: Final = 1 << 20
_Text = Annotated[str, StringConstraints(max_length=4096)]


class Exported(Strict):
    """One exported file: digest, size, place, the bundle in it, for whom it is encrypted, and its draft.

    ``supersedes`` is the digest of the bundle that it corrects; empty for a first export.
    """

    sha256: Sha256
    size: int = Field(ge=1)
    digest: Sha256
    edition: _Text
    path: _Text
    draft: _Text
    marked_draft: bool = False
    recipients: Annotated[tuple[_Text, ...], Field(strict=False, max_length=100)] = ()
    supersedes: Sha256 | Literal[""] = ""


class _ExportedList(Strict):
    exported: Annotated[tuple[Exported, ...], Field(strict=False, max_length=MOST)] = ()


def note_export(
    folder: OutboxFolder, draft: Draft, report: ExportReport, recipients: Sequence[str], *, as_draft: bool
) -> None:
    """Remember an exported file. If that fails, the export is none the worse: the file can be sent by hand."""
    with suppress(FileError, OSError, ValueError):  # ValueError: a path that is no text
        noted = Exported(
            sha256=file_digest(report.path),
            size=report.size,
            digest=report.digest,
            path=str(report.path.absolute()),
            edition=draft.session.form.definition.edition,
            draft=str(draft.path.absolute()),
            marked_draft=as_draft,
            recipients=tuple(recipients),
            supersedes=_superseded(draft, report.digest),
        )
        folder.make()
        others = [one for one in exported(folder) if one.sha256 != noted.sha256]
        kept = [noted, *others][:MOST]
        atomic_write(
            folder.exports, canonical_json({"exported": [one.model_dump() for one in kept]}), replace=True, private=True
        )


def _superseded(draft: Draft, digest: str) -> str:
    """The digest that an export replaces, as the draft's register says; empty if it replaces nothing."""
    for line in reversed(draft.package.register()):
        if KIND not in line.record and line.record.get("digest") == digest:
            return str(line.record.get("supersedes") or "")
    return ""


def exported(folder: OutboxFolder) -> tuple[Exported, ...]:
    """Return what is remembered, newest first; nothing if the list is damaged."""
    try:
        with folder.exports.open("rb") as stream:
            return _ExportedList.model_validate(read_json(stream.read(_MOST_BYTES))).exported
    except (OSError, *UNFIT):
        return ()


def find_exported(folder: OutboxFolder, sha256: str) -> Exported:
    """Return what is known of a file.

    Raises:
        CheckFailed: ``outbox.not_exported_here``.
    """
    for one in exported(folder):
        if one.sha256 == sha256:
            return one
    raise CheckFailed("outbox.not_exported_here")


def file_digest(path: Path, progress: Progress = NO_PROGRESS) -> str:
    """Return a file's SHA-256, hex.

    Raises:
        FileError: ``outbox.file_missing``, ``outbox.file_unreadable``; as `plain_cause`.
        Cancelled: the person stopped it.
    """
    digest = hashlib.sha256()
    buffer = memoryview(bytearray(_PIECE))
    try:
        with path.open("rb", buffering=0) as stream:
            while count := stream.readinto(buffer):
                progress.check()
                digest.update(buffer[:count])
    except FileNotFoundError as error:
        raise FileError("outbox.file_missing", name=path.name) from error
    except OSError as error:
        raise plain_cause(error, path) or FileError("outbox.file_unreadable", name=path.name) from error
    return digest.hexdigest()
