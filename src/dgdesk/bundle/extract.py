"""Unpacks a bundle that was verified: all of it or nothing, never outside the folder, never over a file.

The files are written from the same open file that was checked, into a hidden folder beside the target, and each digest
is checked again; only when all are on the disk does the folder get its name.
"""

from __future__ import annotations

import os
from concurrent.futures import Executor, ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from dgdesk.bundle.archive.zip_read import read_chunks
from dgdesk.bundle.archive.zip_write import Sums
from dgdesk.bundle.report import Limits, Verification
from dgdesk.bundle.signing.trust_list import Trusted, read_trusted
from dgdesk.bundle.verify import Checked, check_stream, open_bundle
from dgdesk.errors import CheckFailed, FileError
from dgdesk.system.atomic import NameTaken, atomic_folder, sync
from dgdesk.system.progress import NO_PROGRESS, Progress
from dgdesk.system.zone import Stamp, stamp_like


def extract_bundle(
    path: Path,
    folder: Path,
    *,
    trusted: Trusted,
    limits: Limits | None = None,
    progress: Progress = NO_PROGRESS,
    now: datetime | None = None,
    stamp: Stamp | None = None,
) -> tuple[Verification, Path | None]:
    """Verify a bundle and, only if all of it is valid, unpack its bag into ``folder``; return the verdict and the bag.

    The bag is None if the verdict is not ok. ``progress`` counts the payload twice, checked and unpacked; after a
    cancel nothing is left. ``stamp`` marks each file; by default with the bundle's own mark of the web. It needs as
    much disk space as the size of the bundle, since nothing in it is compressed.

    Raises:
        FileError: ``extract.no_folder``, ``extract.exists``, ``extract.not_written``, ``extract.changed``, and as
            ``verify_bundle``.
    """
    trust = read_trusted(trusted)
    if not folder.is_dir():
        raise FileError("extract.no_folder", path=folder)

    with open_bundle(path) as stream:
        checked = check_stream(
            stream, trust, limits or Limits(), progress.mapped(lambda done, total: (done, 2 * total)), now
        )
        if not checked.verdict.ok:
            return checked.verdict, None
        target = folder / checked.name
        if os.path.lexists(target):
            raise FileError("extract.exists", path=target)
        try:
            _unpack(stream, checked, target, progress, stamp or stamp_like(path))
        except CheckFailed as error:  # the file has changed since the check
            raise FileError("extract.changed", path=path) from error
    return checked.verdict, target


def _unpack(stream: BinaryIO, checked: Checked, target: Path, progress: Progress, stamp: Stamp) -> None:
    done = total = checked.verdict.size or 0
    try:
        with atomic_folder(target) as part, ThreadPoolExecutor(1) as workers:
            for name in checked.entries:
                done += _write(stream, checked, name, part, workers, stamp)
                progress.at(min(done, 2 * total), 2 * total)
    except NameTaken as error:  # the name was taken during the work
        raise FileError("extract.exists", path=target) from error
    except OSError as error:
        raise FileError("extract.not_written", path=target.parent) from error


def _write(stream: BinaryIO, checked: Checked, name: str, part: Path, workers: Executor, stamp: Stamp) -> int:
    """Write one file below ``part``; its name passed the check, so it stays there. Return its size."""
    place = part.joinpath(*name.split("/"))
    place.parent.mkdir(parents=True, exist_ok=True)
    sums = Sums(workers)
    with place.open("xb") as out:
        for chunk in read_chunks(stream, checked.entries[name], sums):
            out.write(chunk)
        sync(out)
    if sums.hexdigest() != checked.digests[name]:
        raise CheckFailed("verify.file_changed", name=name)
    stamp(place)
    return checked.entries[name].size
