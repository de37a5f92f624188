"""Checks the files in a receiver's inbox: bundles, and the addenda that belong to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from dgdesk.bundle.addendum import ADDENDUM, AddendumVerdict, verify_addendum
from dgdesk.bundle.archive.payload import SUBMISSION
from dgdesk.bundle.report import BundleProblem, Limits
from dgdesk.bundle.signing.trust_list import Trusted
from dgdesk.bundle.verify_many import Fate, verify_many
from dgdesk.errors import DgdeskError
from dgdesk.system.progress import NO_PROGRESS, Progress

_MISSING = "verify.entry_missing"


@dataclass(frozen=True)
class Arrival:
    """One file: a bundle (``fate``) or an ``addendum``.

    ``belongs_to`` is the known and verified bundle that the addendum names by its digest.
    """

    fate: Fate
    addendum: AddendumVerdict | None = None
    belongs_to: Path | None = None

    @property
    def path(self) -> Path:
        """The file."""
        return self.fate.path

    @property
    def accepted(self) -> bool:
        """Whether the bundle or addendum is valid."""
        return self.addendum.ok if self.addendum is not None else self.fate.accepted

    @property
    def problems(self) -> tuple[BundleProblem, ...]:
        """Why it was refused; empty if it was not."""
        return self.addendum.problems if self.addendum is not None else self.fate.problems

    @property
    def warnings(self) -> tuple[BundleProblem, ...]:
        """What a person must read although nothing is refused."""
        return self.addendum.warnings if self.addendum is not None else self.fate.warnings


def check_arrivals(
    paths: Sequence[Path],
    *,
    trusted: Trusted,
    limits: Limits | None = None,
    progress: Progress = NO_PROGRESS,
    now: datetime | None = None,
) -> Iterator[Arrival]:
    """Yield the result for every file, in order, as `verify_many`; `tie` compares addenda with their bundles later.

    Raises:
        FileError: as `read_certificates`.
    """
    for fate in verify_many(paths, trusted=trusted, limits=limits, progress=progress, now=now):
        yield _look_again(fate, trusted, now) if _may_be_addendum(fate) else Arrival(fate)


def tie(arrivals: Iterable[Arrival], *, trusted: Trusted, now: datetime | None = None) -> tuple[Arrival, ...]:
    """Return all, with each addendum compared with the bundle it names, if that is among them and valid."""
    known = tuple(arrivals)
    bundles = {one.fate.verdict.digest: one.fate for one in known if one.fate.accepted and one.fate.verdict}
    return tuple(_tied(one, bundles, trusted, now) for one in known)


def _may_be_addendum(fate: Fate) -> bool:
    """Return whether it was refused only because it has no answers, as an addendum."""
    return [(one.code, one.values.get("name")) for one in fate.problems] == [(_MISSING, SUBMISSION)]


def _look_again(fate: Fate, trusted: Trusted, now: datetime | None) -> Arrival:
    try:
        verdict = verify_addendum(fate.path, trusted=trusted, now=now)
    except DgdeskError:  # no longer there: the first result counts
        return Arrival(fate)
    codes = [(one.code, one.values.get("name")) for one in verdict.problems]
    return Arrival(fate) if codes == [(_MISSING, ADDENDUM)] else Arrival(fate, verdict)


def _tied(one: Arrival, bundles: dict[str | None, Fate], trusted: Trusted, now: datetime | None) -> Arrival:
    if one.addendum is None or one.addendum.addendum is None:
        return one
    first = bundles.get(one.addendum.addendum.digest)
    if first is None or first.path == one.belongs_to:
        return one if first is not None else replace(one, belongs_to=None)
    try:
        return replace(
            one,
            addendum=verify_addendum(one.path, trusted=trusted, bundle=first.verdict, now=now),
            belongs_to=first.path,
        )
    except DgdeskError as error:
        return Arrival(Fate(one.path, failure=BundleProblem(error.code, error.values)))
