"""What came back of an export: receipts, entered and written out again; and whether the draft changed since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from dgdesk.bundle.receipt import Receipt, read_receipt
from dgdesk.bundle.signing.trust_list import Trusted, read_trusted
from dgdesk.draft.file.model import ExportRecord
from dgdesk.draft.file.register import KIND, RECEIPT, SCAN
from dgdesk.draft.file.store import DraftFile
from dgdesk.errors import CheckFailed, FileError, UsageError
from dgdesk.system.atomic import atomic_write
from dgdesk.system.bounds import NO_TIME, as_text, is_count
from dgdesk.text.dates import THAILAND
from dgdesk.text.shown import plain_name


@dataclass(frozen=True, slots=True)
class Entered:
    """A receipt in the register; ``new`` is false if it was there already."""

    receipt: Receipt
    line: ExportRecord
    new: bool


def enter_receipt(package: DraftFile, content: bytes, trusted: Trusted) -> Entered:
    """Check a receipt against the trusted office certificates and the register's exports, and enter it.

    The whole file is stored, so that the proof can be written out again. The same receipt is entered only once.

    Raises:
        UsageError: ``receipt.no_trust``: no certificate was given; ``receipt.list_given``: a certificate is bound to a
            respondent, so it is no office's.
        CheckFailed: ``receipt.unknown_digest`` (about no export of this draft), ``receipt.other_answers`` (the bundle's
            digest is known, but with other answers or another signer); as `read_receipt`.
        FileError: as `read_receipt`.
    """
    offices = read_trusted(trusted)
    if offices is None or not offices.entries:
        raise UsageError("receipt.no_trust")
    if offices.binds:
        raise UsageError("receipt.list_given")
    receipt = read_receipt(content, offices.certificates)
    lines = package.register()
    about = [line.record for line in lines if KIND not in line.record and line.record.get("digest") == receipt.digest]
    if not about:
        raise CheckFailed("receipt.unknown_digest", office=receipt.office)
    facts = (receipt.answers_digest, receipt.signer, receipt.draft)
    if not any((one.get("answers_digest"), one.get("signer"), one.get("draft")) == facts for one in about):
        raise CheckFailed("receipt.other_answers", office=receipt.office)
    text = content.decode()
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


def take_out(package: DraftFile, line: ExportRecord, target: Path) -> None:
    """Write a stored receipt or scan to ``target``, unchanged; a file of that name is replaced.

    Raises:
        UsageError: ``reply.not_kept``: the line is an export.
        FileError: ``reply.not_written``; as `DraftFile.read_file`.
    """
    kind, file, sha256 = line.record.get(KIND), line.record.get("file"), line.record.get("sha256")
    if kind == RECEIPT and isinstance(file, str):
        content = file.encode()
    elif kind == SCAN and isinstance(sha256, str):
        content = b"".join(package.read_file(sha256))
    else:
        raise UsageError("reply.not_kept")
    atomic_write(target, content, replace=True, explain=lambda _, path: FileError("reply.not_written", path=path))


COUNTER = "counter"
_PIECE = 20


@dataclass(frozen=True, slots=True)
class SinceExport:
    """Whether a draft has changed since its ``last`` export (None if ``never``), and by how many entries."""

    state: Literal["never", "unchanged", "changed"]
    last: ExportRecord | None
    changes: int

    @property
    def code(self) -> str:
        """The code of the sentence that says so; its values are ``file``, ``day`` and ``changes``."""
        return f"since.is_{self.state}"


def since_export(register: Sequence[ExportRecord], counter: int) -> SinceExport:
    """Compare the register with the state counter, or better with the number of the last entry with edits.

    Undo counts as a change: the exported file is not compared, only whether work went on.
    """
    exports = [line for line in register if KIND not in line.record]
    if not exports:
        return SinceExport("never", None, 0)
    last = exports[-1]
    changes = max(0, counter - exported_state(last))
    return SinceExport("changed" if changes else "unchanged", last, changes)


def since_values(since: SinceExport) -> dict[str, object]:
    """Return the values of the sentence `SinceExport.code`; ``since`` has a last export."""
    record = {} if since.last is None else since.last.record
    known = since.last is not None and since.last.at != NO_TIME
    day = since.last.at.astimezone(THAILAND).date().isoformat() if since.last is not None and known else "-"
    return {"file": plain_name(as_text(record.get("file", "-"))), "day": day, "changes": since.changes}


def exported_state(line: ExportRecord) -> int:
    """Return the state counter of an export's content; older lines have only that of their own time."""
    counter = line.record.get(COUNTER)
    return counter if isinstance(counter, int) and is_count(counter) else line.state


def last_edit(package: DraftFile) -> int:
    """Return the number of the last entry with edits; entries without edits (compaction) change nothing."""
    before = None
    while piece := package.history(_PIECE, before):
        for entry in piece:
            if entry.edits:
                return entry.number
        before = piece[-1].number
    return 0


def status_since(package: DraftFile) -> SinceExport:
    """Return whether a draft has changed since its last export, for both front ends."""
    return since_export(package.register(), last_edit(package))
