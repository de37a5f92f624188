"""Texts, columns and order of the inbox table. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from dgdesk.bundle.report import SignerFacts, printable
from dgdesk.bundle.respondents import name_of
from dgdesk.text.collation import collation_key
from dgdesk.text.dates import iso_time_text
from dgdesk.text.editions import edition_words
from dgdesk.ui.agency.entries import InboxEntry
from dgdesk.ui.widgets.label import Texts

KEYS: Final = ("respondent", "edition", "signer", "time", "status", "verdict", "problems", "file")
LEVELS: Final[tuple[tuple[tuple[str, ...], ...], ...]] = (
    tuple((key,) for key in KEYS),
    (("respondent", "edition"), ("signer", "time"), ("status",), ("verdict", "problems"), ("file",)),
    (("respondent", "edition", "status"), ("signer", "time"), ("verdict", "problems"), ("file",)),
    (("respondent", "edition", "status", "file"), ("verdict", "problems", "signer", "time")),
    (("verdict", "respondent", "status", "problems", "signer", "time", "file"),),
)
"""The columns for each width, from the widest window to the largest text in the smallest window."""
SHARES: Final[Mapping[str, int]] = {
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


@dataclass(frozen=True)
class Wording:
    """Returns the texts of an entry."""

    texts: Texts

    def fact(self, entry: InboxEntry, key: str) -> str:
        """Return the text of one column for a file; empty if unknown."""
        say, one = self.texts.say, entry.arrival
        match key:
            case "file":
                return entry.name
            case "verdict":
                words = say(f"ui.receiving.verdict.{entry.status}")
                return say("ui.receiving.verdict_warned", verdict=words) if entry.warnings else words
            case "problems":
                return str(len(entry.problems)) if one is not None else ""
            case "respondent":
                return self._respondent(entry)
            case "edition":
                return edition_words(self.texts.say, self._edition(entry))
            case "signer":
                facts = _facts(entry)
                return facts.name if facts is not None else ""
            case "time":
                moment = _moment(entry)
                return iso_time_text(moment, self.texts.catalogue.language) if moment else ""
        return self._status(entry)

    def _respondent(self, entry: InboxEntry) -> str:
        if entry.arrival is not None and entry.arrival.addendum is not None:
            carried = entry.arrival.addendum.addendum
            return name_of(carried.respondent_key) if carried is not None else ""
        found = entry.verdict
        return name_of(found.respondent, found.respondent_name) if found is not None and found.respondent else ""

    def _edition(self, entry: InboxEntry) -> str:
        if entry.arrival is not None and entry.arrival.addendum is not None:
            carried = entry.arrival.addendum.addendum
            return carried.edition if carried is not None else ""
        return (entry.verdict.edition if entry.verdict is not None else "") or ""

    def _status(self, entry: InboxEntry) -> str:
        say, one = self.texts.say, entry.arrival
        if one is not None and one.addendum is not None:
            if one.belongs_to is not None:
                return say("ui.receiving.status.addendum_of", name=printable(one.belongs_to.name))
            return say("ui.receiving.status.addendum")
        found = entry.verdict
        if found is None or found.draft is None:
            return ""
        kind = say("ui.receiving.status.draft" if found.draft else "ui.receiving.status.final")
        return kind if found.complete else f"{kind} · {say('ui.receiving.status.incomplete')}"


def in_order(entries: Iterable[InboxEntry], wording: Wording, key: str, *, descending: bool) -> tuple[InboxEntry, ...]:
    """Sort by a column, then by respondent and file; unknown values come last, in descending order first."""

    def place(entry: InboxEntry) -> tuple[Any, ...]:
        words = _moment(entry) if key == "time" else wording.fact(entry, key)
        if key == "problems":
            first: Any = len(entry.problems)
        else:
            first = not words, words if key == "time" else collation_key(words, numbers=key == "file")
        return first, collation_key(wording.fact(entry, "respondent")), collation_key(entry.name, numbers=True)

    return tuple(sorted(entries, key=place, reverse=descending))


def _facts(entry: InboxEntry) -> SignerFacts | None:
    if entry.arrival is not None and entry.arrival.addendum is not None:
        return entry.arrival.addendum.signature.facts
    return entry.verdict.signed_by if entry.verdict is not None else None


def _moment(entry: InboxEntry) -> str:
    """Return the claimed time, ISO 8601 in UTC; empty if there is none."""
    if entry.arrival is not None and entry.arrival.addendum is not None:
        moment = entry.arrival.addendum.signature.claimed_time
    else:
        moment = entry.verdict.claimed_time if entry.verdict is not None else None
    return moment.isoformat() if moment is not None else ""
