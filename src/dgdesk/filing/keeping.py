"""What is kept with an export is taken out again: a receipt or a scan, as a file."""

from __future__ import annotations

from pathlib import Path

from dgdesk.draft.file.model import ExportRecord
from dgdesk.draft.file.register import KIND, RECEIPT, SCAN
from dgdesk.draft.file.store import DraftFile
from dgdesk.errors import FileError, UsageError
from dgdesk.system.atomic import atomic_write


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
