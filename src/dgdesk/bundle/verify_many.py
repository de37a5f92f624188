"""Finds bundles in folders and checks all of them, however bad some are."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from dgdesk.bundle.report import BundleProblem, Limits, Verification
from dgdesk.bundle.signing.trust_list import Trusted, read_trusted
from dgdesk.bundle.verify import Checked, check_stream, open_bundle
from dgdesk.errors import DgdeskError, FileError, UsageError
from dgdesk.system.bounds import UNFIT
from dgdesk.system.progress import NO_PROGRESS, Cancelled, Progress, each_file

MOST_BUNDLES = 10_000


@dataclass(frozen=True)
class Fate:
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
) -> Iterator[Fate]:
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
            fate = Fate(path, checked.verdict)
        except Cancelled:
            raise
        except DgdeskError as error:
            fate = Fate(path, failure=BundleProblem(error.code, error.values))
        except UNFIT:  # one bundle must never prevent the check of the others
            fate = Fate(path, failure=BundleProblem("verify.not_checkable"))
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
