"""The payload of a bundle: names, kinds that fit their endings, and a submission.json that agrees.

What passes is unpacked on the receiver's disk and may be opened there by a double click.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any, Final

from pydantic import ValidationError

from dgdesk.bundle.exact_json import read_json, stated_format
from dgdesk.bundle.report import BundleProblem, printable
from dgdesk.bundle.submission import FORMAT_TWO, AnySubmission, parsed_submission, place_of_fault
from dgdesk.evidence import media
from dgdesk.evidence.inspection.endings import content_fits, ending_fits, ending_of
from dgdesk.system.bounds import UNFIT

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


def unknown_payload(names: Iterable[str]) -> Iterator[BundleProblem]:
    """Yield the files of the payload that never occur in a bundle of dgdesk."""
    for name in sorted(names):
        if not _KNOWN.fullmatch(name):
            yield BundleProblem("verify.unknown_payload", {"name": printable(name)})


def unfit_payload(
    submission: AnySubmission, kinds: Mapping[str, str], known: Container[object] = ()
) -> Iterator[BundleProblem]:
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
            yield BundleProblem("verify.evidence_ending", {"name": path})
        elif item.size and not content_fits(kinds[path], item.media_type):
            reported.add(path)
            yield BundleProblem("verify.evidence_kind", {"name": path})
        copy = f"data/{item.marked_file}" if item.marked_file else ""
        if copy in kinds and copy not in reported and copy not in known and not copy_fits(copy, kinds[copy]):
            reported.add(copy)
            yield BundleProblem("verify.evidence_kind", {"name": copy})
    if kinds.get(SURVEY, media.PDF) not in (media.PDF, media.OCTETS):
        yield BundleProblem("verify.evidence_kind", {"name": SURVEY})


SUBMISSION = "data/submission.json"
DEFINITION = "data/definition.json"
EVIDENCE = "data/evidence/"
MARKED = "data/marked/"


def parse_submission(content: bytes) -> AnySubmission | BundleProblem:
    """Read an untrusted data/submission.json."""
    try:
        parsed: Any = read_json(content)
        version = stated_format(parsed)
        if version is not None and version > FORMAT_TWO:
            return BundleProblem("verify.submission_newer", {"format": min(version, 1_000_000)})
        return parsed_submission(parsed)
    except ValidationError as error:
        return BundleProblem("verify.submission_invalid", {"where": printable(place_of_fault(error)) or "-"})
    except UNFIT:
        return BundleProblem("verify.submission_invalid", {"where": "-"})


def compare_submission(submission: AnySubmission, files: Mapping[str, tuple[str, int]]) -> Iterator[BundleProblem]:
    """Yield where a submission differs from the payload; ``files`` gives hex SHA-256 and size by path in the bag."""
    definition = files.get(DEFINITION)
    if definition is not None and definition[0] != submission.definition_sha256:
        yield BundleProblem("verify.definition_differs")
    listed = set()
    places = set()
    copies: dict[str, str] = {}
    for item in submission.evidence:
        path = "data/" + item.file
        if (item.slot, path) in places:
            yield BundleProblem("verify.evidence_differs", {"name": path})
        places.add((item.slot, path))
        listed.add(path)
        if path not in files:
            yield BundleProblem("verify.evidence_missing", {"name": path})
        elif files[path] != (item.sha256, item.size):
            yield BundleProblem("verify.evidence_differs", {"name": path})
        if item.marked_file:
            copy = "data/" + item.marked_file
            # Named after its original, and only if there are marks: it is always clear what a copy shows.
            if not item.marks or _number(copy) != _number(path) or copies.setdefault(path, copy) != copy:
                yield BundleProblem("verify.marked_differs", {"name": copy})
            listed.add(copy)
            if copy not in files:
                yield BundleProblem("verify.marked_missing", {"name": copy})
    for path in sorted(files.keys() - listed):
        if path.startswith(EVIDENCE):
            yield BundleProblem("verify.evidence_unlisted", {"name": printable(path)})
        elif path.startswith(MARKED):
            yield BundleProblem("verify.marked_unlisted", {"name": printable(path)})


def _number(path: str) -> str:
    return path.rpartition("/")[2].partition(".")[0]
