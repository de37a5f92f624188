"""Window, receiving, inbox: what the receiver's table holds, and against whom it is checked. No Qt in here."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path

from dgdesk.agency.inbox import Arrival
from dgdesk.ui.receiving.entries import FILTERS, Entry, Wanted, compare
from dgdesk.ui.receiving.trust import Trust


class Inbox:
    """The files, in the order in which they came. A verdict holds only for the trust under which it was found."""

    def __init__(self, trust: Trust | None = None) -> None:
        self.entries: tuple[Entry, ...] = ()
        self.trust = trust or Trust()

    @property
    def waiting(self) -> tuple[Path, ...]:
        """What is not checked."""
        return tuple(one.path for one in self.entries if one.arrival is None)

    @property
    def arrivals(self) -> tuple[Arrival, ...]:
        """What was checked."""
        return tuple(one.arrival for one in self.entries if one.arrival is not None)

    @property
    def counts(self) -> dict[Wanted, int]:
        """How many files each filter lists."""
        found = dict.fromkeys(FILTERS, 0)
        found["all"] = len(self.entries)
        for one in self.entries:
            found[one.group] += 1
        return found

    def add(self, paths: Iterable[Path]) -> None:
        """Take files in; what is there already is to be checked anew, for it may be another file by now."""
        fresh = dict.fromkeys(paths)
        kept = [Entry(one.path) if one.path in fresh else one for one in self.entries]
        known = {one.path for one in kept}
        self.entries = (*kept, *(Entry(path) for path in fresh if path not in known))

    def remove(self, paths: Collection[Path]) -> None:
        """Take files off; an addendum whose bundle goes is tied to nothing."""
        kept = []
        for one in self.entries:
            if one.path in paths:
                continue
            if one.arrival is not None and one.arrival.belongs_to in paths:
                one = replace(one, arrival=replace(one.arrival, belongs_to=None))
            kept.append(one)
        self.entries = compare(kept)

    def trust_now(self, trust: Trust) -> None:
        """Trust others: no verdict stands."""
        self.trust = trust
        self.entries = tuple(Entry(one.path) for one in self.entries)

    def check_anew(self) -> None:
        """Let no verdict stand, as when files may have changed."""
        self.trust_now(self.trust)

    def take(self, arrivals: Iterable[Arrival]) -> None:
        """Take what a check found."""
        found = {one.path: one for one in arrivals}
        self.entries = compare(Entry(one.path, found.get(one.path, one.arrival)) for one in self.entries)

    def listed(self, wanted: Wanted) -> tuple[Entry, ...]:
        """Return what a filter lists."""
        return tuple(one for one in self.entries if wanted in ("all", one.group))
