"""Window, receiving, entries: the files of the receiver's table, and how each stands. No Qt in here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, get_args

from dgdesk.agency.inbox import Arrival
from dgdesk.bundle.report import BundleProblem, Verification, printable

Standing = Literal["verified", "draft", "tied", "untied", "unchecked", "stranger", "refused", "unread", "waiting"]
"""``untied``: an addendum that holds, whose bundle is not here. ``waiting``: not checked with the trust of now."""
Wanted = Literal["all", "good", "draft", "doubt", "bad", "waiting"]
FILTERS: Final[tuple[Wanted, ...]] = get_args(Wanted)
_GROUPS: Final[Mapping[Standing, Wanted]] = {
    "verified": "good",
    "tied": "good",
    "draft": "draft",
    "untied": "doubt",
    "unchecked": "doubt",
    "stranger": "bad",
    "refused": "bad",
    "unread": "bad",
    "waiting": "waiting",
}
MARKS: Final[Mapping[Standing, str]] = {
    standing: {"good": "complete", "bad": "problems", "waiting": "not_begun"}.get(group, "warning")
    for standing, group in _GROUPS.items()
}
"""The drawing beside each."""


@dataclass(frozen=True)
class Entry:
    """A file of the table; ``arrival`` is None until it was checked.

    ``same`` are other files of the table with the same bundle in them, ``rivals`` others that hold from the province.
    """

    path: Path
    arrival: Arrival | None = None
    same: tuple[str, ...] = ()
    rivals: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The file's name, safe to show: names on a stranger's stick may hold anything."""
        return printable(self.path.name)

    @property
    def verdict(self) -> Verification | None:
        """The verdict on the bundle; None for what is none, or not checked."""
        if self.arrival is None or self.arrival.addendum is not None:
            return None
        return self.arrival.fate.verdict

    @property
    def problems(self) -> tuple[BundleProblem, ...]:
        """What does not hold."""
        return self.arrival.problems if self.arrival is not None else ()

    @property
    def warnings(self) -> tuple[BundleProblem, ...]:
        """What refuses nothing, but a person must read."""
        return self.arrival.warnings if self.arrival is not None and self.arrival.accepted else ()

    @property
    def standing(self) -> Standing:
        """How it stands."""
        one = self.arrival
        if one is None:
            return "waiting"
        if one.addendum is not None and one.accepted:
            return "tied" if one.belongs_to is not None else "untied"
        return standing_of(self.verdict) if self.verdict is not None else _refused(one.problems, bool(one.addendum))

    @property
    def group(self) -> Wanted:
        """Under which filter it is listed."""
        return _GROUPS[self.standing]

    @property
    def is_bundle(self) -> bool:
        """Whether it is a bundle that holds, a draft too."""
        return self.verdict is not None and self.verdict.ok


def standing_of(found: Verification) -> Standing:
    """Tell how a bundle stands; verified only by somebody who is trusted."""
    if found.ok:
        return "draft" if found.draft else "verified"
    return _refused(found.problems, True)


def _refused(problems: Iterable[BundleProblem], was_read: bool) -> Standing:
    codes = {problem.code for problem in problems}
    if codes == {"verify.origin_unchecked"}:
        return "unchecked"
    if codes in ({"signature.untrusted"}, {"signature.issuer_missing"}):
        return "stranger"
    return "refused" if was_read else "unread"


def compare(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return all, each told which others are the same bundle, or another that holds from the same province."""
    known = tuple(entries)
    by_digest: dict[str, list[Entry]] = {}
    by_province: dict[tuple[str, str], list[Entry]] = {}
    for one in known:
        if one.is_bundle and one.verdict is not None:
            by_digest.setdefault(one.verdict.digest or "", []).append(one)
            if not one.verdict.draft:
                by_province.setdefault(_whose(one), []).append(one)
    found = []
    for one in known:
        same: tuple[str, ...] = ()
        rivals: tuple[str, ...] = ()
        if one.is_bundle and one.verdict is not None:
            twins = by_digest[one.verdict.digest or ""]
            same = tuple(other.name for other in twins if other.path != one.path)
            others = by_province.get(_whose(one), [])
            rivals = tuple(other.name for other in others if other not in twins)
        found.append(Entry(one.path, one.arrival, same, rivals))
    return tuple(found)


def _whose(one: Entry) -> tuple[str, str]:
    assert one.verdict is not None
    return one.verdict.edition or "", one.verdict.province or ""
