"""Many bundles checked at once: what lies in the inbox, which addenda belong to which bundle, and every verdict."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from dgdesk.bundle.addendum import ADDENDUM, AddendumVerdict, verify_addendum
from dgdesk.bundle.archive.payload import SUBMISSION
from dgdesk.bundle.report import BundleProblem, Limits, Verification
from dgdesk.bundle.signing.trust_list import Trusted, read_trusted
from dgdesk.bundle.verify import Checked, check_stream, open_bundle
from dgdesk.errors import DgdeskError, FileError, UsageError
from dgdesk.system.bounds import UNFIT
from dgdesk.system.progress import NO_PROGRESS, Cancelled, Progress, each_file

MOST_BUNDLES = 10_000


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


def find_bundles(places: Iterable[Path], suffix: str = ".zip") -> tuple[Path, ...]:
    """Return the given files, and every ``*.zip`` (or other ``suffix``) below the given folders, by name.

    Links are not followed, and hidden files are ignored (macOS leaves ``._x.zip`` beside ``x.zip``).

    Raises:
        UsageError: ``receiver.no_bundles`` for a folder without any, ``receiver.too_many``.
        FileError: ``bundle.unreadable`` for a folder that cannot be listed.
    """
    found: list[Path] = []
    for place in places:
        if not place.is_dir():
            found.append(place)
            continue
        inside = list(_below(place, suffix, MOST_BUNDLES + 1 - len(found)))
        if not inside:
            raise UsageError("receiver.no_bundles", path=place)
        found.extend(sorted(inside))
    if len(found) > MOST_BUNDLES:
        raise UsageError("receiver.too_many", most=MOST_BUNDLES)
    return tuple(found)


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
        try:
            with open_bundle(path) as stream:
                checked = check_stream(stream, trust, limits or Limits(), reading, now)
                if checked.verdict.ok and use:
                    use(path, stream, checked)
            fate = Verdict(path, checked.verdict)
        except Cancelled:
            raise
        except DgdeskError as error:
            fate = Verdict(path, failure=BundleProblem(error.code, error.values))
        except UNFIT:  # one bundle must never prevent the check of the others
            fate = Verdict(path, failure=BundleProblem("verify.not_checkable"))
        yield fate


def _below(folder: Path, suffix: str, most: int) -> Iterator[Path]:
    def refuse(error: OSError) -> None:
        raise FileError("bundle.unreadable", path=error.filename or folder) from error

    count = 0
    for where, folders, files in os.walk(folder, onerror=refuse):
        folders.sort()
        for name in files:
            path = Path(where, name)
            if name.lower().endswith(suffix) and not name.startswith(".") and not path.is_symlink():
                yield path
                count += 1
                if count >= most:
                    return


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
    for fate in verify_many(paths, trusted=trusted, limits=limits, progress=progress, now=now):
        yield _look_again(fate, trusted, now) if _may_be_addendum(fate) else Arrival(fate)


def tie(arrivals: Iterable[Arrival], *, trusted: Trusted, now: datetime | None = None) -> tuple[Arrival, ...]:
    """Return all, with each addendum compared with the bundle it names, if that is among them and valid."""
    known = tuple(arrivals)
    bundles = {one.fate.verdict.digest: one.fate for one in known if one.fate.accepted and one.fate.verdict}
    return tuple(_tied(one, bundles, trusted, now) for one in known)


def _may_be_addendum(fate: Verdict) -> bool:
    """Return whether it was refused only because it has no answers, as an addendum."""
    return [(one.code, one.values.get("name")) for one in fate.problems] == [(_MISSING, SUBMISSION)]


def _look_again(fate: Verdict, trusted: Trusted, now: datetime | None) -> Arrival:
    try:
        verdict = verify_addendum(fate.path, trusted=trusted, now=now)
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
