"""May what is in a draft be signed on paper, or which step is missing? Cheap to import: nothing is printed here."""

from __future__ import annotations

from pathlib import Path

from dgdesk.draft.drafts import Draft
from dgdesk.draft.file.model import ExportRecord
from dgdesk.errors import CheckFailed
from dgdesk.submission.export import count_errors
from dgdesk.submission.handed_over import bundle_digest
from dgdesk.submission.journey import checklist
from dgdesk.submission.since_export import exported_state, last_edit
from dgdesk.system.kinds import kind_of
from dgdesk.text.shown import plain_name


def require_exported(draft: Draft, bundle: Path | None = None) -> ExportRecord:
    """Return the last complete export of a draft, which nothing was changed after. ``bundle`` must be its file.

    Raises:
        CheckFailed: the missing step: ``signing.not_ready`` (with ``count``), ``signing.not_exported``,
            ``signing.changed``; ``signing.other_export``: the bundle is not this export.
        FileError: of the draft file.
    """
    found = checklist(draft.package.register())
    if found is None:
        if errors := count_errors(draft.session.state_today()):
            raise CheckFailed("signing.not_ready", count=errors)
        raise CheckFailed("signing.not_exported")
    line = found.line
    if bundle is not None and not _is_of(line, bundle):
        raise CheckFailed("signing.other_export", name=bundle.name, file=plain_name(found.file))
    changes = last_edit(draft.package) - exported_state(line)
    if changes > 0:
        raise CheckFailed("signing.changed", changes=changes, file=plain_name(found.file))
    return line


def _is_of(line: ExportRecord, bundle: Path) -> bool:
    """Whether a file is the bundle of a line; an encrypted one cannot be opened here and is known by its name."""
    try:
        kind = kind_of(bundle)
        if kind == "bundle":
            return bundle_digest(bundle) == line.record.get("digest")
    except (OSError, CheckFailed):
        return False
    return kind == "encrypted" and bundle.name == line.record.get("file")
