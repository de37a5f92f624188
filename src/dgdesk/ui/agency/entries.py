"""The files in the agency's inbox, with the verdict on each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal, get_args

from dgdesk.agency.inbox import Arrival
from dgdesk.agency.kinds import FileKind
from dgdesk.agency.scan import FoundFile
from dgdesk.agency.submission_rows import outcome_of
from dgdesk.agency.submissions import SubmissionLine, submission_lines
from dgdesk.agency.verdicts import relations
from dgdesk.bundle.chains import Choice, Outcome
from dgdesk.bundle.report import BundleProblem, Verification, printable
from dgdesk.ui.agency.trust import Trust


class Inbox:
    """The files in order of arrival. A verdict holds only for the trust list it was found with.

    ``litter``: files that systems leave in folders; they are counted and have no line.
    """

    def __init__(self, trust: Trust | None = None) -> None:
        self.entries: tuple[InboxEntry, ...] = ()
        self.litter: frozenset[Path] = frozenset()
        self.choices: tuple[Choice, ...] = ()
        self.trust = trust or Trust()

    @property
    def waiting(self) -> tuple[Path, ...]:
        """The files without a verdict."""
        return tuple(one.path for one in self.entries if one.status == "waiting")

    @property
    def arrivals(self) -> tuple[Arrival, ...]:
        """The results of verification so far."""
        return tuple(one.arrival for one in self.entries if one.arrival is not None)

    @property
    def submissions(self) -> tuple[SubmissionLine, ...]:
        """One line for each respondent, also for those who have sent nothing."""
        held = [(one.path, one.verdict) for one in self.entries if one.is_bundle and one.verdict is not None]
        return submission_lines(held, self.choices)

    def choose(self, choices: Sequence[Choice]) -> None:
        """Take a person's choices between several submissions of one respondent."""
        self.choices = tuple(choices)
        self.entries = compare(self.entries, self.choices)

    @property
    def counts(self) -> dict[VerdictFilter, int]:
        """The number of files for each filter."""
        found = dict.fromkeys(FILTERS, 0)
        found["all"] = len(self.entries)
        for one in self.entries:
            found[one.group] += 1
        return found

    def add(self, files: Iterable[FoundFile | Path], litter: Iterable[Path] = ()) -> None:
        """Add files. A file that is already listed loses its verdict, because it may have changed."""
        found = (FoundFile(one, "bundle") if isinstance(one, Path) else one for one in files)
        fresh = {one.path: InboxEntry(one.path, found=one) for one in found}
        kept = [fresh.pop(one.path, one) for one in self.entries]
        self.entries = (*kept, *fresh.values())
        self.litter |= frozenset(litter)

    def remove(self, paths: Collection[Path]) -> None:
        """Remove files. An addendum whose bundle is removed is tied to nothing."""
        kept = []
        for one in self.entries:
            if one.path in paths:
                continue
            if one.arrival is not None and one.arrival.belongs_to in paths:
                one = replace(one, arrival=replace(one.arrival, belongs_to=None))
            kept.append(one)
        self.entries = compare(kept, self.choices)

    def trust_now(self, trust: Trust) -> None:
        """Replace the trust list and forget all verdicts."""
        self.trust = trust
        self.entries = tuple(InboxEntry(one.path, found=one.found) for one in self.entries)

    def forget_verdicts(self) -> None:
        """Forget all verdicts, as when files may have changed."""
        self.trust_now(self.trust)

    def take(self, arrivals: Iterable[Arrival]) -> None:
        """Add the results of a verification."""
        found = {one.path: one for one in arrivals}
        taken = (replace(one, arrival=found.get(one.path, one.arrival)) for one in self.entries)
        self.entries = compare(taken, self.choices)

    def listed(self, wanted: VerdictFilter) -> tuple[InboxEntry, ...]:
        """Return the files of a filter."""
        return tuple(one for one in self.entries if wanted in ("all", one.group))


NotVerified = Literal["encrypted", "receipt", "packed", "arriving", "link", "foreign"]
VerdictStatus = Literal[
    "verified",
    "draft",
    "tied",
    "untied",
    "unchecked",
    "unchecked_draft",
    "stranger",
    "refused",
    "unread",
    "waiting",
    NotVerified,
]
"""``untied``: a valid addendum whose bundle is not here. ``unchecked_draft``: counted as a draft, whoever signed it.
``waiting``: not verified with the current trust list. The last six are no bundles that could be verified, as
`dgdesk.agency.kinds.FileKind`."""
VerdictFilter = Literal["all", "good", "draft", "doubt", "bad", "waiting", "other"]
FILTERS: Final[tuple[VerdictFilter, ...]] = get_args(VerdictFilter)
_GROUPS: Final[Mapping[VerdictStatus, VerdictFilter]] = {
    "verified": "good",
    "tied": "good",
    "draft": "draft",
    "unchecked_draft": "draft",
    "untied": "doubt",
    "unchecked": "doubt",
    "stranger": "bad",
    "refused": "bad",
    "unread": "bad",
    "waiting": "waiting",
    "encrypted": "waiting",
    "packed": "waiting",
    "arriving": "waiting",
    "link": "waiting",
    "receipt": "other",
    "foreign": "other",
}
_WITHOUT: Final[Mapping[FileKind, VerdictStatus]] = {
    "encrypted": "encrypted",
    "receipt": "receipt",
    "packed": "packed",
    "arriving": "arriving",
    "link": "link",
    "unreadable": "unread",
    "foreign": "foreign",
    "litter": "foreign",
}
"""The status of a file that is not verified, by its kind."""
MARKS: Final[Mapping[VerdictStatus, str]] = {
    status: {"good": "complete", "bad": "problems", "waiting": "not_begun", "other": "not_begun"}.get(group, "warning")
    for status, group in _GROUPS.items()
}
"""The status icon of each."""


@dataclass(frozen=True)
class InboxEntry:
    """A file in the inbox; ``arrival`` is None until it is verified.

    ``same`` are other files with the same bundle, ``rivals`` other valid bundles of the same respondent.
    ``outcome``: what became of a valid bundle among them.
    """

    path: Path
    arrival: Arrival | None = None
    same: tuple[str, ...] = ()
    rivals: tuple[str, ...] = ()
    outcome: Outcome | None = None
    found: FoundFile | None = None

    @property
    def name(self) -> str:
        """The file's name, safe to show: a foreign file name may contain control characters."""
        return printable(self.path.name)

    @property
    def verdict(self) -> Verification | None:
        """The verdict on a bundle; None if the file is no bundle or not verified."""
        if self.arrival is None or self.arrival.addendum is not None:
            return None
        return self.arrival.fate.verdict

    @property
    def problems(self) -> tuple[BundleProblem, ...]:
        """The problems found."""
        if self.found is not None and self.found.reason is not None:
            return (self.found.reason,)
        return self.arrival.problems if self.arrival is not None else ()

    @property
    def warnings(self) -> tuple[BundleProblem, ...]:
        """Problems that do not reject the bundle, but that a person must read."""
        return self.arrival.warnings if self.arrival is not None and self.arrival.accepted else ()

    @property
    def status(self) -> VerdictStatus:
        """The verdict in one word."""
        one = self.arrival
        if one is None:
            return _WITHOUT.get(self.found.kind, "waiting") if self.found is not None else "waiting"
        if one.addendum is not None and one.accepted:
            return "tied" if one.belongs_to is not None else "untied"
        return status_of(self.verdict) if self.verdict is not None else _refused(one.problems, bool(one.addendum))

    @property
    def group(self) -> VerdictFilter:
        """The filter that lists it."""
        return _GROUPS[self.status]

    @property
    def is_bundle(self) -> bool:
        """Whether it is a valid bundle, final or draft."""
        return self.verdict is not None and self.verdict.ok

    @property
    def counts_not(self) -> bool:
        """Whether it is a valid bundle that does not count, or has the same content as another file."""
        return self.is_bundle and (self.outcome != "current" or bool(self.same))


def status_of(found: Verification) -> VerdictStatus:
    """Return the status of a bundle; ``verified`` needs a trusted signer."""
    if found.ok:
        return "draft" if found.draft else "verified"
    status = _refused(found.problems, True)
    return "unchecked_draft" if status == "unchecked" and found.draft else status


def _refused(problems: Iterable[BundleProblem], was_read: bool) -> VerdictStatus:
    codes = {problem.code for problem in problems}
    if codes == {"verify.origin_unchecked"}:
        return "unchecked"
    if codes in ({"signature.untrusted"}, {"signature.issuer_missing"}, {"signature.root_unknown"}):
        return "stranger"
    return "refused" if was_read else "unread"


def compare(entries: Iterable[InboxEntry], choices: Sequence[Choice] = ()) -> tuple[InboxEntry, ...]:
    """Return all entries with `InboxEntry.same`, `InboxEntry.rivals` and `InboxEntry.outcome` filled in."""
    listed = tuple(entries)
    known = {one.path: one for one in listed}
    held = [(one.path, one.verdict) for one in listed if one.is_bundle and one.verdict is not None]
    outcomes = outcome_of(submission_lines(held, choices))
    kin = relations({one.path: one.verdict for one in listed if one.is_bundle and one.verdict is not None})

    def names(paths: Iterable[Path]) -> tuple[str, ...]:
        return tuple(known[path].name for path in paths)

    empty: tuple[tuple[Path, ...], tuple[Path, ...]] = ((), ())
    found = []
    for one in listed:
        same, rivals = kin.get(one.path, empty)
        found.append(replace(one, same=names(same), rivals=names(rivals), outcome=outcomes.get(one.path)))
    return tuple(found)
