"""Window, register, entries: the register's lines put together: each export with what belongs to it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dgdesk.bundle.encryption.encrypt import SUFFIX
from dgdesk.draft.file.model import ExportRecord
from dgdesk.draft.file.register import exports
from dgdesk.submission.receipts import receipts_for
from dgdesk.submission.scans import scans_for

RECEIPT_SUFFIX = ".json"


@dataclass(frozen=True, slots=True)
class Entry:
    """An export, the receipts and the scans kept for it, oldest first."""

    line: ExportRecord
    receipts: tuple[ExportRecord, ...]
    scans: tuple[ExportRecord, ...]

    @property
    def digest(self) -> str:
        """The bundle's digest, hex."""
        return text_of(self.line, "digest")

    @property
    def signer(self) -> str:
        """The fingerprint of the certificate that signed it, hex; empty where the line has none."""
        return text_of(self.line, "signer")

    @property
    def file(self) -> str:
        """The name under which it was written."""
        return text_of(self.line, "file") or "-"

    @property
    def is_draft(self) -> bool:
        """Whether the form was not ready, and the bundle says so."""
        return self.line.record.get("draft") is True

    @property
    def sealed(self) -> bool:
        """Whether it was encrypted for the agency."""
        return self.file.endswith(SUFFIX)


def entries(lines: Sequence[ExportRecord]) -> tuple[Entry, ...]:
    """Return the exports of a register, newest first."""
    found = []
    for line in reversed(exports(tuple(lines))):
        digest = text_of(line, "digest")
        found.append(Entry(line, receipts_for(lines, digest), scans_for(lines, digest)))
    return tuple(found)


def text_of(line: ExportRecord, name: str) -> str:
    """Return a text of a line; empty where it has none, or something else."""
    value = line.record.get(name)
    return value if isinstance(value, str) else ""


def grouped(digest: str) -> str:
    """Write a digest in groups of eight: to read out, and to break."""
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))


def sort_files(paths: Iterable[Path]) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """Tell receipts from scans, by the ends of their names; whatever is no receipt is looked at as a scan."""
    given = tuple(dict.fromkeys(paths))
    receipts = tuple(path for path in given if path.suffix.lower() == RECEIPT_SUFFIX)
    return receipts, tuple(path for path in given if path not in receipts)
