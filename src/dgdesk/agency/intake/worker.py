"""A worker: claims files, judges each, records the verdicts, until nothing is left. Many may work at once."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

from dgdesk.agency.intake.judging import Judging, judge_file
from dgdesk.agency.ledger.claims import LEASE, MOST, Claimed, claim, left, release, renew
from dgdesk.agency.ledger.database import Ledger
from dgdesk.agency.ledger.paths import system_path
from dgdesk.agency.ledger.recording import By, Judged, record
from dgdesk.errors import DgdeskError, FileError
from dgdesk.system.progress import NO_PROGRESS, Cancelled, Progress

_RECORD_EVERY: Final = 2.0
"""Seconds of work that a kill may cost at most, beside the file that is read."""
_WAIT: Final = 0.5


class Work(NamedTuple):
    """What a worker needs: the roots of the inboxes by name, how to judge, and who judges.

    ``lease`` in milliseconds; ``most`` files in a batch.
    """

    inboxes: Mapping[str, Path]
    judging: Judging
    trust: str
    verifier: str
    lease: int = LEASE
    most: int = MOST


def work_off(
    ledger: Ledger,
    work: Work,
    clock: Callable[[], datetime],
    *,
    progress: Progress = NO_PROGRESS,
    pause: Callable[[float], object] = time.sleep,
    wait_for_others: bool = True,
) -> int:
    """Judge what waits in the inboxes until nothing is left; return how many verdicts were recorded.

    A file that another worker has claimed is waited for, and taken over if its lease ends. ``progress`` counts bytes.

    Raises:
        Cancelled: the person stopped it; what was judged is recorded, and the claims are given back.
        FileError: the ledger cannot be reached for a long time; claims end by themselves.
    """
    token = secrets.token_hex(16)
    inboxes = tuple(work.inboxes)
    counted = _Counted(progress, left(ledger, inboxes).size)
    recorded = 0
    with _Renewal(ledger, token, work.lease):
        try:
            while True:
                progress.check()
                batch = claim(ledger, token, inboxes, lease=work.lease, most=work.most)
                if batch:
                    recorded += _batch(ledger, token, batch, work, clock, counted)
                    continue
                there = left(ledger, inboxes)
                if not there.claimed and not there.waiting:
                    return recorded
                if not wait_for_others:
                    return recorded
                pause(min(_WAIT, max(0.05, there.lease / 1000)))
        except Cancelled:
            release(ledger, token)
            raise
        except DgdeskError:
            with suppress(FileError):  # what cannot be given back now is free when its lease ends
                release(ledger, token, patience=0.0)
            raise


def _batch(
    ledger: Ledger,
    token: str,
    batch: tuple[Claimed, ...],
    work: Work,
    clock: Callable[[], datetime],
    counted: _Counted,
) -> int:
    found: list[tuple[Claimed, Judged]] = []
    count, since = 0, time.monotonic()

    def keep() -> None:
        nonlocal count, since
        if found:
            count += record(ledger, token, found, By(work.trust, work.verifier, clock()))
        found.clear()
        since = time.monotonic()

    try:
        for one in batch:
            path = work.inboxes[one.inbox] / system_path(one.path)
            judging = work.judging._replace(now=clock())
            found.append((one, judge_file(path, (one.size, one.mtime_ns), one.kind, judging, counted.of(one.size))))
            counted.end(one.size)
            if time.monotonic() - since > _RECORD_EVERY:
                keep()
    finally:
        keep()
    return count


class _Counted:
    """The bytes that one worker has judged, of all that waited when it began."""

    def __init__(self, progress: Progress, total: int) -> None:
        self._progress, self._total, self._done = progress, total, 0

    def of(self, size: int) -> Progress:
        """Return the progress of one file."""
        return self._progress.mapped(lambda done, total: self._at(size * done // total if total else 0))

    def end(self, size: int) -> None:
        """Count a file."""
        self._done += size
        self._progress.report(*self._at(0))

    def _at(self, more: int) -> tuple[int, int]:
        return self._done + more, max(self._total, self._done + more)


class _Renewal:
    """A thread that renews a token's leases while its worker reads large files."""

    def __init__(self, ledger: Ledger, token: str, lease: int) -> None:
        self._ledger, self._token, self._lease = ledger, token, lease
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="leases", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(self._lease / 3000):
            # Without the database nothing is recorded either; whoever takes over then loses no verdict.
            with suppress(FileError):
                renew(self._ledger, self._token, self._lease)
