"""The rows of the table of files: texts, columns and order. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from dgdesk.agency.overview import FileLine
from dgdesk.bundle.report import printable
from dgdesk.bundle.respondents import name_of
from dgdesk.text.dates import iso_time_text
from dgdesk.text.editions import edition_words
from dgdesk.text.messages import Catalogue
from dgdesk.ui.agency.rows import ListedRow, ranked, searchable
from dgdesk.ui.agency.statuses import MARKS, file_status, group_of

FILE_KEYS: Final = ("respondent", "edition", "signer", "time", "status", "verdict", "problems", "file")
FILE_LEVELS: Final[tuple[tuple[tuple[str, ...], ...], ...]] = (
    tuple((key,) for key in FILE_KEYS),
    (("respondent", "edition"), ("signer", "time"), ("status",), ("verdict", "problems"), ("file",)),
    (("respondent", "edition", "status"), ("signer", "time"), ("verdict", "problems"), ("file",)),
    (("respondent", "edition", "status", "file"), ("verdict", "problems", "signer", "time")),
    (("verdict", "respondent", "status", "problems", "signer", "time", "file"),),
)
"""The columns for each width, from the widest window to the largest text in the smallest window."""
FILE_SHARES: Final[Mapping[str, int]] = {
    "respondent": 2,
    "edition": 1,
    "signer": 4,
    "time": 1,
    "status": 2,
    "verdict": 3,
    "problems": 0,
    "file": 5,
}
"""Each column's share of the width that is left over."""


def file_rows(files: Iterable[FileLine], catalogue: Catalogue) -> tuple[ListedRow[FileLine], ...]:
    """Return a row for each file, by name."""
    rows = [_row(one, catalogue) for one in files]
    places = {
        "time": lambda row: _moment(row.of),
        "problems": lambda row: len(row.of.problems),
    }
    return ranked(rows, FILE_KEYS, ("file", "respondent"), places)


def _row(one: FileLine, catalogue: Catalogue) -> ListedRow[FileLine]:
    say, status = catalogue.text, file_status(one)
    verdict = say(f"ui.receiving.verdict.{status}")
    moment = _moment(one)
    respondent, edition = _whose(one)
    cells = {
        "file": one.name,
        "verdict": say("ui.receiving.verdict_warned", verdict=verdict) if one.warnings else verdict,
        "problems": str(len(one.problems)) if one.file.verdict is not None else "",
        "respondent": respondent,
        "edition": edition_words(say, edition),
        "signer": _signer(one),
        "time": iso_time_text(moment, catalogue.language) if moment else "",
        "status": _status(one, catalogue),
    }
    digest = one.bundle.key.digest if one.bundle is not None else one.addendum.key.digest if one.addendum else ""
    code = one.bundle.verification.respondent if one.bundle is not None else ""
    searched = (*cells.values(), digest, code or "", printable(one.place.as_posix(), 4000))
    return ListedRow(
        one.place.as_posix(),
        cells,
        group_of(status),
        MARKS[status],
        one,
        searchable(searched),
        grey=status == "waiting" or one.missing,
    )


def _whose(one: FileLine) -> tuple[str, str]:
    if one.addendum is not None:
        return name_of(one.addendum.addendum.respondent_key), one.addendum.addendum.edition
    found = one.verification
    if found is None or not found.respondent:
        return "", (found.edition or "") if found is not None else ""
    return name_of(found.respondent, found.respondent_name), found.edition or ""


def _signer(one: FileLine) -> str:
    if one.addendum is not None:
        return one.addendum.signer
    found = one.verification
    return found.signed_by.name if found is not None and found.signed_by is not None else ""


def _moment(one: FileLine) -> str:
    """Return the claimed time, ISO 8601 in UTC; empty if there is none."""
    found = one.verification
    moment = one.addendum.claimed_time if one.addendum is not None else found.claimed_time if found else None
    return moment.isoformat() if moment is not None else ""


def _status(one: FileLine, catalogue: Catalogue) -> str:
    say = catalogue.text
    parts = []
    if one.addendum is not None:
        parts.append(say("ui.receiving.status.addendum"))
    found = one.verification
    if found is not None and found.draft is not None:
        parts.append(say("ui.receiving.status.draft" if found.draft else "ui.receiving.status.final"))
        if not found.complete:
            parts.append(say("ui.receiving.status.incomplete"))
    if one.missing:
        parts.append(say("ui.receiving.status.gone"))
    return " · ".join(parts)
