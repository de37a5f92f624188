"""Which bundles were handed over, as the register says: those with a receipt, or with a scan of the signed sheet."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from dgdesk.bundle.archive.bag import TAGMANIFEST
from dgdesk.bundle.archive.zip_read import read_directory, read_whole
from dgdesk.bundle.report import Limits
from dgdesk.draft.file.model import ExportRecord
from dgdesk.draft.file.register import KIND, RECEIPT, SCAN, STEP
from dgdesk.errors import CheckFailed, FileError
from dgdesk.system.kinds import kind_of

_LIMITS = Limits()


def require_not_handed_over(lines: Sequence[ExportRecord], target: Path) -> None:
    """Refuse to replace a bundle that was handed over; ``lines`` is the register of the draft.

    A bundle is known by its digest, an encrypted one, which cannot be opened here, by its name.

    Raises:
        FileError: ``target.handed_over``.
    """
    handed = {line.record.get("digest") for line in lines if line.record.get(KIND) in (RECEIPT, SCAN)}
    if not handed:
        return
    try:
        kind = kind_of(target)
        if kind == "bundle":
            found = bundle_digest(target) in handed
        elif kind == "encrypted":
            named = [
                line.record for line in lines if KIND not in line.record and line.record.get("file") == target.name
            ]
            found = bool(named) and named[-1].get("digest") in handed
        else:
            return
    except (OSError, CheckFailed):  # nothing there, or damaged: what is no whole bundle is not what was handed over
        return
    if found:
        raise FileError("target.handed_over", path=str(target), name=target.name)


def is_handed_over(lines: Sequence[ExportRecord], digest: str) -> bool:
    """Return whether the register says that a bundle left the office: a receipt, a scan, or the step "sent" ticked."""
    about = [line.record for line in lines if line.record.get("digest") == digest]
    sent = [one.get("done") for one in about if one.get(KIND) == STEP and one.get("step") == "send"]
    return sent[-1:] == [True] or any(one.get(KIND) in (RECEIPT, SCAN) for one in about)


def bundle_digest(path: Path) -> str | None:
    """Return the digest of a bundle, unverified; None if it has none.

    Raises:
        CheckFailed: it is no bundle as dgdesk writes it.
        OSError: it cannot be read.
    """
    with path.open("rb") as stream:
        for entry in read_directory(stream, _LIMITS):
            if entry.name.partition("/")[2] == TAGMANIFEST:
                return hashlib.sha256(read_whole(stream, entry, _LIMITS.tag_file)).hexdigest()
    return None
