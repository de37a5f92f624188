"""The outcome of an inspection, as it stays with an attachment, and in sentences where the file is shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from dgdesk.evidence.inspection.endings import ACCEPTED, label_of
from dgdesk.evidence.inspection.issue import PARSED_ASKS, FileIssue, Incoming
from dgdesk.evidence.media import MARKABLE
from dgdesk.survey.answers.attachments import Attachment, Evidence, Inspected
from dgdesk.survey.answers.marks import page_list
from dgdesk.survey.answers.typed_pages import pages_beyond

KNOWN: Final = PARSED_ASKS | {"incoming.no_worker", "incoming.wrong_ending", "incoming.unknown_kind"}
"""The codes that are said of a stored file; a newer program may have stored others."""


def outcome(found: Incoming) -> Inspected:
    """Return what stays with the file."""
    return Inspected(tuple(one.code for one in found.asks), found.pages, found.signed)


def issues_of(one: Attachment) -> tuple[FileIssue, ...]:
    """Return what stands against an attached file: what was found in it, and marks on pages that it does not have."""
    return tuple(_issues(one))


def _issues(one: Attachment) -> Iterator[FileIssue]:
    if one.inspected is None:
        return
    for code in one.inspected.found:
        if code in KNOWN:
            yield FileIssue(
                code, "ask", {"name": one.name, "kind": label_of(one.media_type) if one.media_type in ACCEPTED else ""}
            )
    if missing := one.missing_pages:
        pages = page_list(mark for mark in one.marks if mark.page in missing)
        yield FileIssue("marks.pages_missing", "ask", {"name": one.name, "pages": pages, "count": one.inspected.pages})
    if issue := pages_issue(one.name, one.pages, one.inspected.pages):
        yield issue
    if one.marks and one.media_type not in MARKABLE:
        yield FileIssue("marks.no_copy", "ask", {"name": one.name})
    if one.inspected.signed and one.marks:
        yield FileIssue("marking.unsigned", "ask", {"name": one.name})


def pages_issue(name: str, pages: str, count: int) -> FileIssue | None:
    """Return what stands against typed pages of a file with ``count`` pages (0: not known).

    It is no refusal: the page that a document prints may differ from the count of its pages.
    """
    beyond = pages_beyond(pages, count)
    return FileIssue("marks.typed_missing", "ask", {"name": name, "pages": beyond, "count": count}) if beyond else None


class FileNotice(NamedTuple):
    """One sentence about a file at a slot: something to look after that does not block the submission."""

    slot: str
    sha256: str
    issue: FileIssue


def file_notices(evidence: Evidence, slots: Iterable[str]) -> tuple[FileNotice, ...]:
    """Return what stands against the files at these slots, in their order."""
    return tuple(
        FileNotice(slot, one.sha256, issue)
        for slot in slots
        for one in evidence.get(slot, ())
        for issue in issues_of(one)
    )
