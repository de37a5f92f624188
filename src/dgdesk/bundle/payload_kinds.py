"""Checks that files may be in a bundle: known names only, and an ending, a kind and first bytes that fit.

What passes is unpacked on the receiver's disk and may be opened there by a double click.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Final

from dgdesk.bundle.report import Problem, printable
from dgdesk.bundle.submission import Submission
from dgdesk.evidence import media
from dgdesk.evidence.inspection.endings import content_fits, ending_fits, ending_of

_KNOWN: Final = re.compile(
    r"data/(?:(?:submission|definition|score)\.json|survey\.pdf"
    r"|evidence/E[0-9]{4,6}(?:\.[a-z0-9]{1,10})?|marked/E[0-9]{4,6}\.[a-z0-9]{1,10})"
)
_COPIES: Final = {"pdf": media.PDF, "jpg": media.JPEG, "png": media.PNG, "tif": media.TIFF}
"""The kinds of marked copies, and of the survey, by their endings."""
SURVEY: Final = "data/survey.pdf"


def kind_of_head(head: bytes) -> str:
    """Return the media type of a file that begins with ``head``; octets for an empty one."""
    return media.media_type(head[: media.HEAD]) if head else media.OCTETS


def copy_fits(name: str, kind: str) -> bool:
    """Return whether a scan, a marked copy or the printed survey is of the kind that its ending says."""
    return kind == _COPIES.get(ending_of(name))


def unknown_payload(names: Iterable[str]) -> Iterator[Problem]:
    """Yield the files of the payload that never occur in a bundle of dgdesk."""
    for name in sorted(names):
        if not _KNOWN.fullmatch(name):
            yield Problem("verify.unknown_payload", {"name": printable(name)})


def unfit_payload(submission: Submission, kinds: Mapping[str, str], known: Container[object] = ()) -> Iterator[Problem]:
    """Yield the files whose ending, stated kind and first bytes do not fit; ``kinds`` gives `kind_of_head` by path.

    The paths in ``known`` already have a worse problem and are left out. A survey of no known kind does no harm.
    """
    reported: set[str] = set()
    for item in submission.evidence:
        path = f"data/{item.file}"
        if path not in kinds or path in reported or path in known:
            continue
        if not ending_fits(item.media_type, ending_of(path)):
            reported.add(path)
            yield Problem("verify.evidence_ending", {"name": path})
        elif item.size and not content_fits(kinds[path], item.media_type):
            reported.add(path)
            yield Problem("verify.evidence_kind", {"name": path})
        copy = f"data/{item.marked_file}" if item.marked_file else ""
        if copy in kinds and copy not in reported and copy not in known and not copy_fits(copy, kinds[copy]):
            reported.add(copy)
            yield Problem("verify.evidence_kind", {"name": copy})
    if kinds.get(SURVEY, media.PDF) not in (media.PDF, media.OCTETS):
        yield Problem("verify.evidence_kind", {"name": SURVEY})
