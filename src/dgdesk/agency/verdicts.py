"""One verdict on every file of an inbox, and totals that add up to the files there. Pure functions.

Nothing is chosen for the person: copies and several bundles of one respondent are named, and all of them stay valid.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Literal, TypeVar, get_args

from dgdesk.agency.inbox import Arrival
from dgdesk.agency.scan import FoundFile
from dgdesk.bundle.archive.named_file import NOT_READ
from dgdesk.bundle.report import BundleProblem, Verification, printable

FileVerdict = Literal[
    "accepted",
    "several",
    "copy",
    "addendum",
    "refused",
    "encrypted",
    "receipt",
    "foreign",
    "packed",
    "arriving",
    "link",
    "unreadable",
    "litter",
]
"""``several``: valid, and so is another bundle of its respondent. ``copy``: valid, and the same as an earlier file.
``encrypted``: not opened. The others as `dgdesk.agency.kinds.FileKind`."""
VERDICTS: Final[tuple[FileVerdict, ...]] = get_args(FileVerdict)
UNCHECKED: Final[frozenset[FileVerdict]] = frozenset({"encrypted", "packed", "arriving", "link", "unreadable"})
"""A bundle may be in such a file, and nobody knows."""
VALID: Final[frozenset[FileVerdict]] = frozenset({"accepted", "several", "copy"})
"""It is a valid bundle."""
UNREAD: Final = NOT_READ | {"inbox.gone", "target.disk_full", "bundle.disk_full"}
"""Problems for which a file was not read; it may hold. The last is in ledgers of earlier versions."""


@dataclass(frozen=True)
class SameRespondent:
    """Another valid bundle of the same respondent."""

    path: Path
    claimed_time: datetime | None


@dataclass(frozen=True)
class FileResult:
    """One file with its verdict; ``arrival`` is None for what is neither bundle nor addendum.

    ``same_as``: other files with the same bundle. ``same_respondent``: other bundles of the same respondent.
    """

    found: FoundFile
    verdict: FileVerdict
    arrival: Arrival | None = None
    same_as: tuple[Path, ...] = ()
    same_respondent: tuple[SameRespondent, ...] = ()

    @property
    def path(self) -> Path:
        """The file."""
        return self.found.path

    @property
    def accepted(self) -> bool:
        """Whether it is a valid bundle."""
        return self.verdict in VALID

    @property
    def verification(self) -> Verification | None:
        """What was found out about a bundle."""
        if self.arrival is None or self.arrival.addendum is not None:
            return None
        return self.arrival.fate.verdict

    @property
    def problems(self) -> tuple[BundleProblem, ...]:
        """Why it is refused or was not checked."""
        if self.found.reason is not None:
            return (self.found.reason,)
        return self.arrival.problems if self.arrival is not None else ()

    @property
    def warnings(self) -> tuple[BundleProblem, ...]:
        """What a person must read although nothing is refused."""
        return self.arrival.warnings if self.arrival is not None else ()


Totals = Mapping[FileVerdict, int]
"""How many files have each verdict."""


def sums_of(totals: Totals) -> Mapping[str, int]:
    """Return how many files are valid bundles, refused, not checked, or of another kind: together all files.

    ``copies`` of the valid bundles are the same as an earlier one.
    """
    accepted = sum(totals.get(one, 0) for one in VALID)
    refused = totals.get("refused", 0)
    unchecked = sum(totals.get(one, 0) for one in UNCHECKED)
    return {
        "accepted": accepted,
        "copies": totals.get("copy", 0),
        "refused": refused,
        "unchecked": unchecked,
        "others": sum(totals.values()) - accepted - refused - unchecked,
    }


def totals_hold(totals: Totals) -> bool:
    """Return whether a bundle or an addendum is there, and nothing was refused or could not be checked."""
    found = {verdict for verdict, count in totals.items() if count}
    return bool(found & {"accepted", "several", "addendum"}) and not found & {"refused", *UNCHECKED}


@dataclass(frozen=True)
class InboxResult:
    """The verdicts on all files, in their order.

    Of tables that were made of them: how many ``long_texts`` exceed a cell, and the names of the ``further`` sheets.
    """

    files: tuple[FileResult, ...]
    long_texts: int = 0
    further: tuple[str, ...] = ()

    @property
    def totals(self) -> Totals:
        """How many files have each verdict; together all files."""
        counted = Counter(one.verdict for one in self.files)
        return {verdict: counted[verdict] for verdict in VERDICTS if counted[verdict]}

    @property
    def accepted(self) -> int:
        """How many are valid bundles."""
        return sum(one.accepted for one in self.files)

    @property
    def sums(self) -> Mapping[str, int]:
        """As `sums_of`."""
        return sums_of(self.totals)

    @property
    def holds(self) -> bool:
        """Whether a bundle or an addendum is there, and nothing was refused or could not be checked."""
        return totals_hold(self.totals)

    @property
    def doubled(self) -> tuple[FileResult, ...]:
        """The valid bundles that are there twice, or beside others of their respondent."""
        return tuple(one for one in self.files if one.same_as or one.same_respondent)


def judge(files: Sequence[FoundFile], arrivals: Mapping[int, Arrival]) -> InboxResult:
    """Return the verdict on each file; ``arrivals``: the results of verification by the place in ``files``."""
    bundles = {
        at: one.fate.verdict for at, one in arrivals.items() if one.fate.accepted and one.fate.verdict is not None
    }
    kin = relations(bundles)
    found = []
    for at, one in enumerate(files):
        arrival = arrivals.get(at)
        same, others = kin.get(at, ((), ()))
        found.append(
            FileResult(
                one,
                _verdict(one, arrival, first=not same or at < same[0], alone=not others),
                arrival,
                tuple(files[twin].path for twin in same),
                tuple(SameRespondent(files[other].path, bundles[other].claimed_time) for other in others),
            )
        )
    return InboxResult(tuple(found))


Key = TypeVar("Key", bound=Hashable)


def relations(bundles: Mapping[Key, Verification]) -> Mapping[Key, tuple[tuple[Key, ...], tuple[Key, ...]]]:
    """Return, for each valid bundle, those with the same digest, and the others of its edition and respondent."""
    twins = _groups(bundles, lambda one: one.digest)
    kin = _groups(bundles, lambda one: (one.edition, one.respondent))
    found = {}
    for key, one in bundles.items():
        same = twins[one.digest]
        others = [other for other in kin[one.edition, one.respondent] if bundles[other].digest != one.digest]
        found[key] = tuple(other for other in same if other != key), tuple(others)
    return found


def _groups(bundles: Mapping[Key, Verification], by: Callable[[Verification], Hashable]) -> dict[Hashable, list[Key]]:
    groups: dict[Hashable, list[Key]] = {}
    for key, one in bundles.items():
        groups.setdefault(by(one), []).append(key)
    return groups


def _verdict(found: FoundFile, arrival: Arrival | None, *, first: bool, alone: bool) -> FileVerdict:
    if found.kind != "bundle" and found.kind != "encrypted":
        return found.kind
    if arrival is None:
        return "encrypted" if found.kind == "encrypted" else "unreadable"
    if arrival.addendum is not None:
        return "addendum" if arrival.accepted else "refused"
    if arrival.accepted:
        return ("accepted" if alone else "several") if first else "copy"
    if {one.code for one in arrival.problems} <= UNREAD:
        return "unreadable"
    return "refused"


def shown_names(paths: Sequence[Path]) -> Mapping[Path, str]:
    """Return what each file is called in the tables: its name, or its path below the common folder if two share it."""
    several = {name for name, count in Counter(path.name for path in paths).items() if count > 1}
    try:
        root = os.path.commonpath([path.absolute().parent for path in paths]) if several else ""
    except ValueError:  # several drives
        root = ""
    found = {}
    for path in paths:
        whole = path.absolute()
        inner = os.path.relpath(whole, root) if root else str(whole)
        found[path] = printable(inner.replace(os.sep, "/") if path.name in several else path.name)
    return found
