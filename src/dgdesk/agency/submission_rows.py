"""A respondent's row of the collated tables: what counts, what it replaces, and what a person has to decide."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

from dgdesk.agency.submissions import SubmissionLine
from dgdesk.agency.tables.model import Kinds
from dgdesk.bundle.chains import Outcome
from dgdesk.bundle.report import BundleProblem
from dgdesk.text.cells import SheetCell
from dgdesk.text.dates import iso_time_text
from dgdesk.text.messages import Language

SUBMISSIONS = (
    *("respondent", "name", "edition", "state", "revision", "file", "digest", "claimed_time", "signer", "reason"),
    *("bundles", "copies", "drafts", "heads", "missing", "remarks"),
)
"""One row for each respondent, also for those who have sent nothing. ``heads``: the files that a person must choose
from. ``missing``: digests of bundles that are said to be replaced and have not come."""
SUBMISSIONS_KINDS: Final[Kinds] = {
    "claimed_time": "time",
    **dict.fromkeys(("revision", "bundles", "copies", "drafts"), "whole"),
}


def outcome_of(lines: Iterable[SubmissionLine]) -> Mapping[Path, Outcome]:
    """Return what became of the bundle in each file."""
    return {
        path: one.outcome
        for line in lines
        for one in (line.chain.members if line.chain is not None else ())
        for path in (line.files or {}).get(one.digest, ())
    }


def submission_row(
    line: SubmissionLine,
    shown: Mapping[Path, str],
    word: Callable[[BundleProblem], str],
    edition: Callable[[str], str] = str,
) -> tuple[SheetCell, ...]:
    """Return a respondent's row of the table ``submissions``."""
    chain, current = line.chain, line.current
    heads = chain.heads if chain is not None and len(chain.heads) > 1 else ()
    first = (line.respondent, line.name, edition(line.edition), line.state)
    if chain is None:
        return (*first, *(None for _ in SUBMISSIONS[len(first) :]))
    fact = current.fact if current is not None else None
    return (
        *first,
        fact.revision if fact else None,
        shown[line.file] if line.file else None,
        fact.digest if fact else None,
        fact.claimed_time.isoformat() if fact and fact.claimed_time else None,
        fact.signer if fact else None,
        (fact.reason or None) if fact else None,
        chain.revisions,
        chain.copies,
        len(chain.drafts),
        "; ".join(shown[path] for one in heads if (path := line.first_of(one))) or None,
        "; ".join(chain.gaps) or None,
        "; ".join(word(problem) for problem in remarks(line, shown)) or None,
    )


def remarks(line: SubmissionLine, shown: Mapping[Path, str]) -> tuple[BundleProblem, ...]:
    """Return what a person must know of a respondent's corrections: why one replaces nothing."""
    return tuple(
        BundleProblem(
            f"chain.flaw.{flaw}",
            {
                "name": shown[path] if (path := line.first_of(one)) else one.digest,
                "digest": one.fact.supersedes,
                "revision": one.fact.revision,
            },
        )
        for flaw, one in line.remarks
    )


def line_words(
    line: SubmissionLine, shown: Mapping[Path, str], say: Callable[..., str], language: Language
) -> tuple[str, ...]:
    """Return what a person reads of a respondent: the state, what counts, and how much of the rest there is."""
    words = [say(f"chain.state.{line.state}")]
    if line.current is not None and line.file is not None:
        fact = line.current.fact
        moment = fact.claimed_time.isoformat() if fact.claimed_time else ""
        words.append(shown[line.file])
        words.append(iso_time_text(moment, language) if moment else "-")
        if fact.revision > 1:
            words.append(say("chain.number", number=fact.revision, reason=fact.reason))
    if line.chain is not None:
        replaced = sum(one.outcome == "superseded" for one in line.chain.members)
        counts = {"replaced": replaced, "copies": line.chain.copies, "drafts": len(line.chain.drafts)}
        words += [say(f"chain.and.{what}", count=count) for what, count in counts.items() if count]
    return tuple(words)
