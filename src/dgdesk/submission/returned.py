"""A bundle that came back: the office's signed reason, entered into the draft's register."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dgdesk.draft.file.model import ExportRecord
from dgdesk.draft.file.register import KIND, RECEIPT, RETURN
from dgdesk.draft.file.store import DraftFile
from dgdesk.errors import CheckFailed

if TYPE_CHECKING:  # with it comes all that signs and verifies, which the window's first page does without
    from dgdesk.bundle.returned import Returned


def enter_return(package: DraftFile, said: Returned, content: bytes, digest: str) -> ExportRecord:
    """Enter what an office said of the export with this bundle digest; the same only once.

    Raises:
        CheckFailed: ``receipt.unknown_digest``: this draft has no such export.
        UsageError, FileError: as `DraftFile.register_reply`.
    """
    lines = package.register()
    if not any(KIND not in line.record and line.record.get("digest") == digest for line in lines):
        raise CheckFailed("receipt.unknown_digest", office=said.office)
    text = content.decode()
    for line in lines:
        if line.record.get(KIND) == RETURN and line.record.get("file") == text:
            return line
    record = {
        "digest": digest,
        "file_sha256": said.file_sha256,
        "office": said.office,
        "returned": said.returned,
        "reason": said.reason,
        "file": text,
    }
    return package.register_reply(RETURN, record)


def returns_for(lines: Sequence[ExportRecord], digest: str) -> tuple[ExportRecord, ...]:
    """Return what came back of an export, oldest first."""
    return tuple(line for line in lines if line.record.get(KIND) == RETURN and line.record.get("digest") == digest)


def return_reason(lines: Sequence[ExportRecord], digest: str) -> str:
    """Return why the office returned an export; empty if it did not, or a receipt has come since."""
    said = ""
    for line in lines:
        if line.record.get("digest") == digest:
            kind, reason = line.record.get(KIND), line.record.get("reason")
            said = reason if kind == RETURN and isinstance(reason, str) else "" if kind == RECEIPT else said
    return said
