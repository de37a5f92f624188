"""Many bundles checked at once: the verdict on each, and which addenda belong to which bundle."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from dgdesk.bundle.addendum import ADDENDUM, AddendumVerdict, verify_addendum
from dgdesk.bundle.archive.payload import SUBMISSION
from dgdesk.bundle.report import BundleProblem, Limits, Verification
from dgdesk.bundle.signing.trust_list import Trusted, TrustList, read_trusted
from dgdesk.bundle.verify import Checked, check_stream, open_bundle
from dgdesk.errors import DgdeskError
from dgdesk.system.bounds import UNFIT
from dgdesk.system.progress import NO_PROGRESS, Cancelled, Progress, each_file


@dataclass(frozen=True)
class Verdict:
    """The result for one file: its verdict, or the problem for which it could not be checked."""

    path: Path
    verdict: Verification | None = None
    failure: BundleProblem | None = None

    @property
    def accepted(self) -> bool:
        """Whether the bundle is valid."""
        return self.verdict is not None and self.verdict.ok

    @property
    def problems(self) -> tuple[BundleProblem, ...]:
        """Why it was refused; empty if it was not."""
        return (self.failure,) if self.failure else self.verdict.problems if self.verdict else ()

    @property
    def warnings(self) -> tuple[BundleProblem, ...]:
        """What a person must read although nothing is refused."""
        return self.verdict.warnings if self.verdict else ()


def verify_many(
    paths: Sequence[Path],
    *,
    trusted: Trusted,
    limits: Limits | None = None,
    use: Callable[[Path, BinaryIO, Checked], None] | None = None,
    progress: Progress = NO_PROGRESS,
    now: datetime | None = None,
) -> Iterator[Verdict]:
    """Yield the result for every file, in order; one that cannot be read does not stop the others.

    ``use`` is called with every valid bundle while it is still open, and may raise a ``DgdeskError`` to refuse it.
    ``progress`` counts the bytes of all files.

    Raises:
        Cancelled: the person stopped it.
        FileError: as `read_certificates`.
    """
    trust = read_trusted(trusted)
    for path, reading in each_file(paths, progress):
        yield _fate(path, path, trust, limits, use, reading, now)


def check_arrival(
    path: Path,
    shown: Path,
    trust: TrustList | None,
    limits: Limits | None,
    use: Callable[[Path, BinaryIO, Checked], None] | None,
    progress: Progress,
    now: datetime | None,
) -> Arrival:
    """Return the result for one file, a bundle or an addendum; it is called ``shown`` in the result and by ``use``.

    Raises:
        Cancelled: the person stopped it.
    """
    fate = _fate(path, shown, trust, limits, use, progress, now)
    return as_addendum(path, fate, trust, now) if may_be_addendum(fate) else Arrival(fate)


def _fate(
    path: Path,
    shown: Path,
    trust: TrustList | None,
    limits: Limits | None,
    use: Callable[[Path, BinaryIO, Checked], None] | None,
    progress: Progress,
    now: datetime | None,
) -> Verdict:
    try:
        with open_bundle(path) as stream:
            checked = check_stream(stream, trust, limits or Limits(), progress, now)
            if checked.verdict.ok and use:
                use(shown, stream, checked)
        return Verdict(shown, checked.verdict)
    except Cancelled:
        raise
    except DgdeskError as error:
        return Verdict(shown, failure=BundleProblem(error.code, error.values))
    except UNFIT:  # one bundle must never prevent the check of the others
        return Verdict(shown, failure=BundleProblem("verify.not_checkable"))


_MISSING = "verify.entry_missing"


@dataclass(frozen=True)
class Arrival:
    """One file: a bundle (``fate``) or an ``addendum``.

    ``belongs_to`` is the known and verified bundle that the addendum names by its digest.
    """

    fate: Verdict
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
    trust = read_trusted(trusted)
    for path, reading in each_file(paths, progress):
        yield check_arrival(path, path, trust, limits, None, reading, now)


def tie(arrivals: Iterable[Arrival], *, trusted: Trusted, now: datetime | None = None) -> tuple[Arrival, ...]:
    """Return all, with each addendum compared with the bundle it names, if that is among them and valid."""
    known = tuple(arrivals)
    bundles = {one.fate.verdict.digest: one.fate for one in known if one.fate.accepted and one.fate.verdict}
    return tuple(_tied(one, bundles, trusted, now) for one in known)


def may_be_addendum(fate: Verdict) -> bool:
    """Return whether it was refused only because it has no answers, as an addendum."""
    return [(one.code, one.values.get("name")) for one in fate.problems] == [(_MISSING, SUBMISSION)]


def as_addendum(path: Path, fate: Verdict, trusted: Trusted, now: datetime | None) -> Arrival:
    """Return the result for a file that `may_be_addendum`: as an addendum if it is built as one."""
    try:
        verdict = verify_addendum(path, trusted=trusted, now=now)
    except DgdeskError:  # no longer there: the first result counts
        return Arrival(fate)
    codes = [(one.code, one.values.get("name")) for one in verdict.problems]
    return Arrival(fate) if codes == [(_MISSING, ADDENDUM)] else Arrival(fate, verdict)


def _tied(one: Arrival, bundles: dict[str | None, Verdict], trusted: Trusted, now: datetime | None) -> Arrival:
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
        return Arrival(Verdict(one.path, failure=BundleProblem(error.code, error.values)))
