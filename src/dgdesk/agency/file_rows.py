"""The rows of the tables ``files`` and ``rejected``: what became of each file, and why one was refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final, Literal, NamedTuple

from dgdesk.agency.tables.model import Kinds
from dgdesk.agency.verdicts import UNCHECKED, VALID, FileResult, FileVerdict
from dgdesk.bundle.chains import Outcome
from dgdesk.bundle.report import BundleProblem, Verification
from dgdesk.bundle.respondents import province_of
from dgdesk.text.cells import SheetCell

FILES: Final = (
    *("file", "accepted", "province", "edition", "draft", "signer", "claimed_time", "digest", "problems", "warnings"),
    *("verdict", "same_as", "same_respondent", "respondent"),
    *("outcome", "revision", "supersedes", "reason"),
)
FILES_KINDS: Final[Kinds] = {"claimed_time": "time", "revision": "whole"}
REJECTED: Final = ("file", "number", "code", "reason")
REJECTED_KINDS: Final[Kinds] = {"number": "whole"}


class FileFacts(NamedTuple):
    """What the tables say of one file; it and the others are named as they are shown.

    ``verdict`` is empty for a file that was not judged yet. ``same_respondent``: the other valid bundles of its
    respondent, with their claimed times.
    """

    file: str
    verdict: FileVerdict | Literal[""]
    found: Verification | None = None
    problems: tuple[BundleProblem, ...] = ()
    warnings: tuple[BundleProblem, ...] = ()
    same_as: tuple[str, ...] = ()
    same_respondent: tuple[tuple[str, datetime | None], ...] = ()
    outcome: Outcome | Literal[""] = ""


def facts_of(one: FileResult, shown: Mapping[Path, str], outcomes: Mapping[Path, Outcome]) -> FileFacts:
    """Return the facts of a file that was checked; ``shown``: what each file is called."""
    return FileFacts(
        shown[one.path],
        one.verdict,
        one.verification,
        one.problems,
        one.warnings,
        tuple(shown[path] for path in one.same_as),
        tuple((shown[other.path], other.claimed_time) for other in one.same_respondent),
        outcomes.get(one.path, ""),
    )


def file_row(
    one: FileFacts, word: Callable[[BundleProblem], str], edition: Callable[[str], str] = str
) -> tuple[str, ...]:
    """Return a file's row of the table ``files``."""
    problems, warnings = ("; ".join(map(word, found)) for found in (one.problems, one.warnings))
    found = one.found or Verification(False)
    known = one.found is not None
    return (
        one.file,
        "yes" if one.verdict in VALID else "no",
        province_of(found.respondent),
        edition(found.edition or ""),
        ("yes" if found.draft else "no") if known else "",
        found.signer or "",
        found.claimed_time.isoformat() if found.claimed_time else "",
        found.digest or "",
        problems,
        warnings,
        one.verdict,
        "; ".join(one.same_as),
        "; ".join(f"{name} ({moment.isoformat() if moment else '-'})" for name, moment in one.same_respondent),
        found.respondent or "",
        one.outcome,
        str(found.revision) if found.revision > 1 else "",
        found.supersedes or "",
        found.reason,
    )


def rejected_rows(one: FileFacts, word: Callable[[BundleProblem], str]) -> Iterator[tuple[SheetCell, ...]]:
    """Yield a row for each reason why a file was refused or could not be checked."""
    refused = one.verdict == "refused" or one.verdict in UNCHECKED
    for number, problem in enumerate(one.problems if refused else (), 1):
        yield one.file, number, problem.code, word(problem)
