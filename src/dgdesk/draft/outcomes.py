"""The outcomes of inspections of a draft's files, with those that an older program did not store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from dgdesk.draft.drafts import Draft
from dgdesk.errors import DgdeskError
from dgdesk.evidence import media
from dgdesk.evidence.inspection.outcome import FileNotice, file_notices, outcome
from dgdesk.survey.answers.attachments import Attachment, Inspected
from dgdesk.survey.answers.typed_pages import typed_pages
from dgdesk.system.scratch import temporary

_PAGED: Final = frozenset({media.PDF, media.TIFF})
_LARGEST: Final = 64 << 20
_MOST: Final = 50
"""Files that are inspected for one list of notices."""


def notices(draft: Draft) -> tuple[FileNotice, ...]:
    """Return what stands against the draft's files, in the form's order.

    Files with marks or typed pages that were attached before outcomes were stored are inspected now; nothing is stored.
    """
    form, evidence = draft.session.form, draft.session.state.facts.evidence
    old = {
        one.sha256: one
        for attached in evidence.values()
        for one in attached
        if one.inspected is None
        and (one.marks or typed_pages(one.pages))
        and one.media_type in _PAGED
        and one.size <= _LARGEST
    }
    known = _inspected(draft, old)

    def with_outcome(one: Attachment) -> Attachment:
        return replace(one, inspected=known[one.sha256]) if one.inspected is None and one.sha256 in known else one

    return file_notices({slot: tuple(map(with_outcome, attached)) for slot, attached in evidence.items()}, form.slots)


def _inspected(draft: Draft, files: Mapping[str, Attachment]) -> dict[str, Inspected]:
    found: dict[str, Inspected] = {}
    if not files:
        return found
    try:
        with temporary() as scratch:
            for number, one in enumerate(list(files.values())[:_MOST]):
                path = scratch.path / str(number)
                try:
                    with path.open("wb") as stream:
                        stream.writelines(draft.package.read_file(one.sha256))
                    # The name says nothing here, and what it might is another matter.
                    found[one.sha256] = outcome(draft.session.documents.inspect(path, None))._replace(found=())
                except DgdeskError:  # damaged in the draft, which `check` of the whole file reports
                    continue
                finally:
                    path.unlink(missing_ok=True)
    except OSError:  # no space for a copy: what is known already is returned
        return found
    return found
