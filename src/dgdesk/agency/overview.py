"""All that a ledger knows, as the agency's window shows it: a line for each respondent, and each file with its verdict.

Read in one pass, in the thread of a job; the values are immutable. Which bundles count is decided by
`dgdesk.agency.submissions` alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from dgdesk.agency.ledger.addenda import LedgerAddendum, addenda, addendum_keys, judged_by
from dgdesk.agency.ledger.database import Ledger
from dgdesk.agency.ledger.model import BundleKey, LedgerBundle, LedgerFile
from dgdesk.agency.ledger.reading import bundles, choices, files, place_of, receipts
from dgdesk.agency.submissions import SubmissionLine, submission_lines
from dgdesk.bundle.chains import Choice, Member
from dgdesk.bundle.report import BundleProblem, Verification, printable
from dgdesk.system.progress import NO_PROGRESS, Progress

_PASSED = frozenset({"accepted", "addendum", "refused"})
"""Verdicts that stay of interest when the file has gone."""


@dataclass(frozen=True, slots=True, eq=False)
class FileLine:
    """One file, with what is known of its bundle or addendum. ``place``: where it lies now.

    ``known``: the bundle that an addendum names is here, and valid.
    """

    file: LedgerFile
    place: Path
    bundle: LedgerBundle | None = None
    addendum: LedgerAddendum | None = None
    known: bool = False

    @property
    def name(self) -> str:
        """The file's name, safe to show: a foreign file name may contain control characters."""
        return printable(self.place.name)

    @property
    def missing(self) -> bool:
        """Whether it is no longer where it was."""
        return self.file.state == "gone"

    @property
    def problems(self) -> tuple[BundleProblem, ...]:
        """Why it is refused or was not checked."""
        return self.file.problems

    @property
    def warnings(self) -> tuple[BundleProblem, ...]:
        """What a person must read although nothing is refused."""
        if self.file.verdict == "accepted" and self.bundle is not None:
            return self.bundle.verification.warnings
        if self.file.verdict == "addendum" and self.addendum is not None:
            return self.addendum.warnings
        return ()

    @property
    def verification(self) -> Verification | None:
        """The verdict on this file of a bundle: a damaged copy has problems of its own."""
        if self.bundle is None:
            return None
        found = self.bundle.verification
        if (found.ok, found.problems) == (self.is_bundle, self.problems):
            return found
        return replace(found, ok=self.is_bundle, problems=self.problems)

    @property
    def is_bundle(self) -> bool:
        """Whether it is a valid bundle, final or draft."""
        return self.file.verdict == "accepted"


class Overview(NamedTuple):
    """What a ledger knows. ``trusts``: digests of the trust lists by which its bundles were judged last.

    ``litter``: how many files of systems there are, which have no line. ``answered``: digests of bundles with a
    receipt; ``by_digest``: every valid bundle, one for each digest.
    """

    lines: tuple[SubmissionLine, ...] = ()
    files: tuple[FileLine, ...] = ()
    litter: int = 0
    by_digest: Mapping[str, tuple[LedgerBundle, ...]] = {}
    files_of: Mapping[str, tuple[FileLine, ...]] = {}
    choices: tuple[Choice, ...] = ()
    answered: frozenset[str] = frozenset()
    trusts: frozenset[str] = frozenset()

    def bundle_of(self, member: Member) -> LedgerBundle | None:
        """Return the facts of a chain's bundle."""
        some = self.by_digest.get(member.digest, ())
        return next((one for one in some if one.key.fingerprint == member.fact.signer), some[0] if some else None)

    def line_of(self, one: FileLine) -> SubmissionLine | None:
        """Return the line of the respondent whose bundle a file is."""
        found = one.bundle.verification if one.bundle is not None and one.is_bundle else None
        if found is None:
            return None
        whose = (found.edition or "", found.respondent or "")
        return next((line for line in self.lines if (line.edition, line.respondent) == whose), None)


@dataclass
class _Gathered:
    """Files by place, and what the chains need."""

    files: dict[Path, FileLine] = field(default_factory=dict)
    litter: int = 0


def read_overview(ledger: Ledger, progress: Progress = NO_PROGRESS) -> Overview:
    """Return what a ledger knows.

    Raises:
        FileError: the ledger cannot be read.
        Cancelled: the person stopped it.
    """
    known: dict[BundleKey, LedgerBundle] = {}
    for one in bundles(ledger):
        progress.check()
        known[one.key] = one
    scans = {one.key: one for one in addenda(ledger)}
    keys = addendum_keys(ledger)
    valid = {one.key.digest for one in known.values() if one.verification.ok}
    gathered = _Gathered()
    for each in files(ledger):
        progress.check()
        if each.verdict == "litter":
            gathered.litter += each.state != "gone"
            continue
        if each.state == "gone" and each.verdict not in _PASSED:
            continue
        scan = scans.get(keys.get((each.inbox, each.path, each.moved_to), BundleKey("", "")))
        bundle = known.get(each.key) if each.key is not None else None
        made = FileLine(each, place_of(each), bundle, scan, scan is not None and scan.addendum.digest in valid)
        before = gathered.files.get(made.place)
        if before is None or before.missing:
            gathered.files[made.place] = made
    return _overview(ledger, known, gathered)


def _overview(ledger: Ledger, known: Mapping[BundleKey, LedgerBundle], gathered: _Gathered) -> Overview:
    made = tuple(gathered.files.values())
    held: list[tuple[Path | None, Verification]] = [
        (one.place, one.bundle.verification) for one in made if one.is_bundle and one.bundle is not None
    ]
    seen = {one.bundle.key for one in made if one.is_bundle and one.bundle is not None}
    held += [(None, one.verification) for key, one in sorted(known.items()) if one.verification.ok and key not in seen]
    chosen = choices(ledger)
    by_digest: dict[str, list[LedgerBundle]] = {}
    for key, one in sorted(known.items()):
        if one.verification.ok:
            by_digest.setdefault(key.digest, []).append(one)
    return Overview(
        submission_lines(held, chosen),
        made,
        gathered.litter,
        {digest: tuple(some) for digest, some in by_digest.items()},
        _files_of(made),
        chosen,
        frozenset(one.digest for one in receipts(ledger) if one.kind == "accepted"),
        judged_by(ledger),
    )


def _files_of(made: Iterable[FileLine]) -> dict[str, tuple[FileLine, ...]]:
    found: dict[str, list[FileLine]] = {}
    for one in made:
        if one.is_bundle and one.bundle is not None:
            found.setdefault(one.bundle.key.digest, []).append(one)
    return {digest: tuple(some) for digest, some in found.items()}
