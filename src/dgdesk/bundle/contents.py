"""Does data/submission.json agree with the files that lie beside it?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from dgdesk.bundle.report import Problem, printable
from dgdesk.bundle.submission import FORMAT, Submission, place_of_fault, read_json
from dgdesk.system.bounds import UNFIT

SUBMISSION = "data/submission.json"
DEFINITION = "data/definition.json"
EVIDENCE = "data/evidence/"
PROVINCE = "general.province"
"""The field whose answer the ``province`` of a submission repeats."""
MARKED = "data/marked/"


def parse_submission(content: bytes) -> Submission | Problem:
    """Read an untrusted data/submission.json."""
    try:
        parsed: Any = read_json(content)
        version = parsed.get("format") if isinstance(parsed, dict) else None
        if isinstance(version, int) and version > FORMAT:
            return Problem("verify.submission_newer", {"format": min(version, 1_000_000)})
        return Submission.model_validate(parsed)
    except ValidationError as error:
        return Problem("verify.submission_invalid", {"where": printable(place_of_fault(error)) or "-"})
    except UNFIT:
        return Problem("verify.submission_invalid", {"where": "-"})


def compare_submission(submission: Submission, files: Mapping[str, tuple[str, int]]) -> Iterator[Problem]:
    """Yield where a submission differs from the payload; ``files`` gives hex SHA-256 and size by path in the bag."""
    definition = files.get(DEFINITION)
    if definition is not None and definition[0] != submission.definition_sha256:
        yield Problem("verify.definition_differs")
    listed = set()
    places = set()
    copies: dict[str, str] = {}
    for item in submission.evidence:
        path = "data/" + item.file
        if (item.slot, path) in places:
            yield Problem("verify.evidence_differs", {"name": path})
        places.add((item.slot, path))
        listed.add(path)
        if path not in files:
            yield Problem("verify.evidence_missing", {"name": path})
        elif files[path] != (item.sha256, item.size):
            yield Problem("verify.evidence_differs", {"name": path})
        if item.marked_file:
            copy = "data/" + item.marked_file
            # Named after its original, and only if there are marks: it is always clear what a copy shows.
            if not item.marks or _number(copy) != _number(path) or copies.setdefault(path, copy) != copy:
                yield Problem("verify.marked_differs", {"name": copy})
            listed.add(copy)
            if copy not in files:
                yield Problem("verify.marked_missing", {"name": copy})
    for path in sorted(files.keys() - listed):
        if path.startswith(EVIDENCE):
            yield Problem("verify.evidence_unlisted", {"name": printable(path)})
        elif path.startswith(MARKED):
            yield Problem("verify.marked_unlisted", {"name": printable(path)})


def _number(path: str) -> str:
    return path.rpartition("/")[2].partition(".")[0]
