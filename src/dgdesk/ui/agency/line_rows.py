"""The rows of the table of respondents: texts, columns and order. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from dgdesk.agency.ledger.model import LedgerBundle, ScoreTotal
from dgdesk.agency.overview import FileLine, Overview
from dgdesk.agency.submissions import STATES, LineState, SubmissionLine
from dgdesk.bundle.report import printable
from dgdesk.text.cells import number_text
from dgdesk.text.dates import iso_time_text
from dgdesk.text.editions import edition_words
from dgdesk.text.messages import Catalogue
from dgdesk.ui.agency.rows import ListedRow, ranked, searchable

LINE_KEYS: Final = ("name", "edition", "state", "revision", "score", "signer", "arrived", "remarks")
LINE_LEVELS: Final[tuple[tuple[tuple[str, ...], ...], ...]] = (
    tuple((key,) for key in LINE_KEYS),
    (("name", "edition"), ("state", "revision"), ("score",), ("signer", "arrived"), ("remarks",)),
    (("name", "edition"), ("state", "revision", "score"), ("signer", "arrived", "remarks")),
    (("name", "edition", "signer", "arrived"), ("state", "revision", "score", "remarks")),
    (("name", "edition", "state", "revision", "score", "signer", "arrived", "remarks"),),
)
LINE_SHARES: Final[Mapping[str, int]] = {
    "name": 3,
    "edition": 1,
    "state": 3,
    "revision": 0,
    "score": 1,
    "signer": 4,
    "arrived": 2,
    "remarks": 4,
}
LINE_FILTERS: Final = ("all", *STATES)
LINE_MARKS: Final[Mapping[LineState, str]] = {
    "current": "complete",
    "fork": "problems",
    "drafts": "warning",
    "not_yet": "not_begun",
}
_ORDER: Final[Mapping[LineState, int]] = {"fork": 0, "drafts": 1, "current": 2, "not_yet": 3}
"""What needs a person comes first."""
_HUNDREDTH: Final = Decimal("0.01")


class RespondentLine(NamedTuple):
    """One respondent, with the bundle that counts; ``arrived``: when the first of its bundles did, ISO 8601."""

    line: SubmissionLine
    current: LedgerBundle | None
    files: tuple[FileLine, ...]
    arrived: str


def line_rows(overview: Overview, catalogue: Catalogue) -> tuple[ListedRow[RespondentLine], ...]:
    """Return a row for each respondent, by name. The edition is said where there are several."""
    several = len({line.edition for line in overview.lines}) > 1
    rows = [_row(_respondent(line, overview), overview, catalogue, several=several) for line in overview.lines]
    places = {
        "state": lambda row: _ORDER[row.of.line.state],
        "revision": lambda row: row.of.line.current.fact.revision if row.of.line.current else 0,
        "score": lambda row: (row.of.current.total.earned or Decimal(0)) if row.of.current else Decimal(0),
        "arrived": lambda row: row.of.arrived,
    }
    return ranked(rows, LINE_KEYS, ("name", "edition"), places)


def _respondent(line: SubmissionLine, overview: Overview) -> RespondentLine:
    members = line.chain.members if line.chain is not None else ()
    files = tuple(one for member in members for one in overview.files_of.get(member.digest, ()))
    bundles = [one for member in members for one in overview.by_digest.get(member.digest, ())]
    current = overview.bundle_of(line.current) if line.current is not None else None
    first = current.arrived if current is not None else max((one.arrived for one in bundles), default=None)
    return RespondentLine(line, current, files, first.isoformat() if first is not None else "")


def _row(one: RespondentLine, overview: Overview, catalogue: Catalogue, *, several: bool) -> ListedRow[RespondentLine]:
    say, line = catalogue.text, one.line
    fact = line.current.fact if line.current is not None else None
    found = one.current.verification if one.current is not None else None
    cells = {
        "name": line.name,
        "edition": edition_words(say, line.edition) if several else "",
        "state": say(f"chain.state.{line.state}"),
        "revision": str(fact.revision) if fact is not None else "",
        "score": score_words(one.current.total, catalogue) if one.current is not None else "",
        "signer": found.signed_by.name if found is not None and found.signed_by is not None else "",
        "arrived": iso_time_text(one.arrived, catalogue.language) if one.arrived else "",
        "remarks": remark_words(line, overview, catalogue),
    }
    members = line.chain.members if line.chain is not None else ()
    signers = (bundle.verification.signer or "" for m in members for bundle in overview.by_digest.get(m.digest, ()))
    paths = (printable(each.place.as_posix(), 4000) for each in one.files)
    searched = (*cells.values(), line.respondent, *(m.digest for m in members), *signers, *paths)
    return ListedRow(
        f"{line.edition}\n{line.respondent}",
        cells,
        line.state,
        LINE_MARKS[line.state],
        one,
        searchable(searched),
        grey=line.state == "not_yet",
    )


def score_words(total: ScoreTotal, catalogue: Catalogue) -> str:
    """Return the possible range of a score, from what is earned; empty if the bundle does not give it."""
    parts = (total.earned, total.waiting, total.open, total.external)
    if total.earned is None or None in parts:
        return ""
    high = sum((part for part in parts if part is not None), Decimal(0))
    low, most = (number_text(one.quantize(_HUNDREDTH)) for one in (total.earned, high))
    return low if low == most else catalogue.text("ui.receiving.score", low=low, high=most)


def remark_words(line: SubmissionLine, overview: Overview, catalogue: Catalogue) -> str:
    """Return how much else a respondent sent, and what is missing."""
    say, chain = catalogue.text, line.chain
    if chain is None:
        return ""
    replaced = sum(one.outcome == "superseded" for one in chain.members)
    counts = {"replaced": replaced, "copies": chain.copies, "drafts": len(chain.drafts)}
    words = [say(f"chain.and.{what}", count=count) for what, count in counts.items() if count]
    if line.remarks:
        words.append(say("ui.receiving.flaws", count=len(line.remarks)))
    some = [bundle for one in chain.members for bundle in overview.by_digest.get(one.digest, ())]
    if any(one.verification.warnings for one in some):
        words.append(say("ui.receiving.warned"))
    if line.current is not None and line.current.digest in overview.answered:
        words.append(say("ui.receiving.answered"))
    return " · ".join(words)
