"""The rows of the tables ``files`` and ``rejected``: what became of each file, and why one was refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from dgdesk.agency.tables.model import Kinds
from dgdesk.agency.verdicts import UNCHECKED, FileResult
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


def file_row(
    one: FileResult,
    shown: Mapping[Path, str],
    word: Callable[[BundleProblem], str],
    edition: Callable[[str], str] = str,
    outcome: str = "",
) -> tuple[str, ...]:
    """Return a file's row of the table ``files``; ``shown``: what each file is called."""
    problems, warnings = ("; ".join(map(word, found)) for found in (one.problems, one.warnings))
    found = one.verification or Verification(False)
    known = one.verification is not None
    return (
        shown[one.path],
        "yes" if one.accepted else "no",
        province_of(found.respondent),
        edition(found.edition or ""),
        ("yes" if found.draft else "no") if known else "",
        found.signer or "",
        found.claimed_time.isoformat() if found.claimed_time else "",
        found.digest or "",
        problems,
        warnings,
        one.verdict,
        "; ".join(shown[path] for path in one.same_as),
        "; ".join(
            f"{shown[other.path]} ({other.claimed_time.isoformat() if other.claimed_time else '-'})"
            for other in one.same_respondent
        ),
        found.respondent or "",
        outcome,
        str(found.revision) if found.revision > 1 else "",
        found.supersedes or "",
        found.reason,
    )


def rejected_rows(
    one: FileResult, shown: Mapping[Path, str], word: Callable[[BundleProblem], str]
) -> Iterator[tuple[SheetCell, ...]]:
    """Yield a row for each reason why a file was refused or could not be checked."""
    refused = one.verdict == "refused" or one.verdict in UNCHECKED
    for number, problem in enumerate(one.problems if refused else (), 1):
        yield shown[one.path], number, problem.code, word(problem)
