"""An export that only the agency can open: signed, then encrypted. The open bundle never lies beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from dgdesk.bundle.encryption.age_keys import read_recipients
from dgdesk.bundle.encryption.encrypt import SUFFIX, encrypt_file
from dgdesk.bundle.export import ExportReport
from dgdesk.bundle.signing.identity import Identity
from dgdesk.draft.drafts import Draft
from dgdesk.errors import FileError, UsageError
from dgdesk.submission.export import check_exportable, export_draft
from dgdesk.system.atomic import explain_write
from dgdesk.system.progress import NO_PROGRESS, Progress
from dgdesk.system.scratch import Scratch, sweep


def export_encrypted(
    draft: Draft,
    target: Path,
    recipients: Sequence[str],
    *,
    identity: Identity,
    claimed_time: datetime,
    as_draft: bool = False,
    replace: bool = False,
    progress: Progress = NO_PROGRESS,
    reason: str = "",
    never_sent: bool = False,
) -> ExportReport:
    """Export a bundle encrypted for ``recipients`` to ``target`` (``….zip.age``); enter it into the register.

    The unencrypted bundle is made in a temporary folder beside the draft, which has the same content; it is never
    written to the stick that is handed on. ``progress`` runs twice, for the bundle and for its encryption. The report's
    ``size`` is that of the encrypted file, its digests are those of the bundle inside.

    Raises:
        UsageError: ``sealed.no_suffix``; as `read_recipients`.
        FileError, CheckFailed, Cancelled: as `export_draft` and `encrypt_file`.
    """
    if target.suffix.casefold() != SUFFIX:
        raise UsageError("sealed.no_suffix", name=target.name)
    known = read_recipients("\n".join(recipients))
    check_exportable(draft, target, as_draft=as_draft)
    if target.exists() and not replace:
        raise FileError("bundle.exists", path=target)

    def settle(report: ExportReport) -> ExportReport:
        progress.step("sealing")
        made = encrypt_file(report.path, target, known, replace=replace, progress=progress)
        return report._replace(path=made.path, size=made.size)

    try:
        with encryption_folder(draft.path) as scratch:
            return export_draft(
                draft,
                scratch.path / target.stem,
                identity=identity,
                claimed_time=claimed_time,
                as_draft=as_draft,
                replace=replace,  # the sheet beside the encrypted bundle
                progress=progress,
                settle=settle,
                reason=reason,
                never_sent=never_sent,
            )
    except OSError as error:
        raise explain_write(error, draft.path) from error


def encryption_folder(draft: Path) -> Scratch:
    """Make the folder; the caller closes it.

    Raises:
        OSError: it cannot be made.
    """
    return Scratch(draft.parent, _prefix(draft))


def sweep_encryption(draft: Path) -> None:
    """Remove a draft's unencrypted bundles that were left when their process was killed."""
    sweep(draft.parent, _prefix(draft))


def _prefix(draft: Path) -> str:
    return f"{draft.stem}.sealing-"
