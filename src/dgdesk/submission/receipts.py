"""Receipts of the receiver: entered into the draft if they are about one of its exports, and written out again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dgdesk.bundle.receipt import AnyReceipt, read_receipt, receipt_as_written
from dgdesk.bundle.report import printable
from dgdesk.bundle.returned import LONGEST_REASON, is_return, read_return
from dgdesk.bundle.signing.trust_list import Trusted, read_trusted
from dgdesk.draft.file.model import ExportRecord
from dgdesk.draft.file.register import KIND, RECEIPT, SCAN
from dgdesk.draft.file.store import DraftFile
from dgdesk.errors import CheckFailed, UsageError
from dgdesk.system.atomic import atomic_write
from dgdesk.system.causes import why_not_written
from dgdesk.system.kinds import Kind
from dgdesk.system.targets import Target

_PICTURES: Final = {"image/jpeg": (".jpg", ".jpeg"), "image/png": (".png",), "image/tiff": (".tif", ".tiff")}
"""The endings of scans that are no PDF."""


@dataclass(frozen=True, slots=True)
class Entered:
    """A receipt in the register; ``new`` is false if it was there already."""

    receipt: AnyReceipt
    line: ExportRecord
    new: bool


def enter_receipt(package: DraftFile, content: bytes, trusted: Trusted) -> Entered:
    """Check a receipt against the trusted office certificates and the register's exports, and enter it.

    The whole file is stored, as it was issued, so that the proof can be written out again. The same receipt is entered
    only once.

    Raises:
        UsageError: ``receipt.no_trust``: no certificate was given; ``receipt.list_given``: a certificate is bound to a
            respondent, so it is no office's.
        CheckFailed: ``receipt.unknown_digest`` (about no export of this draft), ``receipt.other_answers`` (the bundle's
            digest is known, but with other answers or another signer), ``receipt.is_return`` (the office returns a
            bundle); as `read_receipt`.
        FileError: as `read_receipt`.
    """
    offices = read_trusted(trusted)
    if offices is None or not offices.entries:
        raise UsageError("receipt.no_trust")
    if offices.binds:
        raise UsageError("receipt.list_given")
    if is_return(content):
        said = read_return(content, offices.certificates)
        told = {name: printable(getattr(said, name), LONGEST_REASON) for name in ("office", "file", "reason")}
        raise CheckFailed("receipt.is_return", **told)
    receipt = read_receipt(content, offices.certificates)
    lines = package.register()
    about = [line.record for line in lines if KIND not in line.record and line.record.get("digest") == receipt.digest]
    if not about:
        raise CheckFailed("receipt.unknown_digest", office=receipt.office)
    facts = (receipt.answers_digest, receipt.signer, receipt.draft)
    if not any((one.get("answers_digest"), one.get("signer"), one.get("draft")) == facts for one in about):
        raise CheckFailed("receipt.other_answers", office=receipt.office)
    text = receipt_as_written(content).decode()
    for line in lines:
        if line.record.get(KIND) == RECEIPT and line.record.get("file") == text:
            return Entered(receipt, line, False)
    record = {
        "digest": receipt.digest,
        "answers_digest": receipt.answers_digest,
        "office": receipt.office,
        "received": receipt.received,
        "file": text,
    }
    return Entered(receipt, package.register_reply(RECEIPT, record), True)


def receipts_for(lines: Sequence[ExportRecord], digest: str) -> tuple[ExportRecord, ...]:
    """Return the receipts for an export, oldest first."""
    return tuple(line for line in lines if line.record.get(KIND) == RECEIPT and line.record.get("digest") == digest)


def kind_of_reply(line: ExportRecord) -> Kind:
    """Return the kind of file that `take_out` writes."""
    if line.record.get(KIND) == RECEIPT:
        return "receipt"
    return "other_pdf" if line.record.get("media_type") == "application/pdf" else "picture"


def reply_target(line: ExportRecord, path: Path) -> Target:
    """Return what `take_out` makes at ``path``, with the endings that fit what is stored."""
    endings = _PICTURES.get(str(line.record.get("media_type")))
    return Target(path, kind_of_reply(line), None, endings)


def take_out(package: DraftFile, line: ExportRecord, target: Path, *, replace: bool = False) -> None:
    """Write a stored receipt or scan to ``target``, unchanged; with ``replace`` in place of one of its kind.

    Raises:
        UsageError: ``reply.not_kept``: the line is an export.
        FileError: ``reply.not_written``; as `DraftFile.read_file` and `atomic_file`.
    """
    kind, file, sha256 = line.record.get(KIND), line.record.get("file"), line.record.get("sha256")
    if kind == RECEIPT and isinstance(file, str):
        content = file.encode()
    elif kind == SCAN and isinstance(sha256, str):
        content = b"".join(package.read_file(sha256))
    else:
        raise UsageError("reply.not_kept")
    atomic_write(
        target,
        content,
        replace=replace,
        kind=kind_of_reply(line),
        explain=lambda error, path: why_not_written(error, path, "reply.not_written"),
    )
