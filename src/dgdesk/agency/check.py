"""Checks every file that a scan found: bundles and addenda verified, encrypted ones decrypted first, the rest named."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

from dgdesk.agency.inbox import Arrival, Verdict, check_arrival, tie
from dgdesk.agency.scan import FoundFile
from dgdesk.agency.verdicts import InboxResult, judge
from dgdesk.bundle.report import BundleProblem, Limits
from dgdesk.bundle.signing.trust_list import Trusted, TrustList, read_trusted
from dgdesk.bundle.verify import Checked
from dgdesk.errors import DgdeskError
from dgdesk.system.progress import NO_PROGRESS, Cancelled, Progress, each_file
from dgdesk.system.scratch import temporary

Use = Callable[[Path, BinaryIO, Checked], None]
"""Called with every valid bundle while it is still open; may raise a ``DgdeskError`` to refuse it."""
_SHUT: Final = frozenset({"sealed.not_for_you"})
_RECENT: Final = 3.0
_WAIT: Final = 0.3
"""Seconds: a file written so short ago, and not valid, is looked at once more after the wait: it may still arrive."""


def check_files(
    files: Sequence[FoundFile],
    *,
    trusted: Trusted,
    keys: Sequence[str] = (),
    limits: Limits | None = None,
    use: Use | None = None,
    each: Callable[[Arrival], None] | None = None,
    progress: Progress = NO_PROGRESS,
    now: datetime | None = None,
    pause: Callable[[float], None] = time.sleep,
) -> InboxResult:
    """Return the verdict on every file, in order; one that cannot be read does not stop the others.

    ``keys`` are the agency's secret age keys; an encrypted bundle is decrypted into a private temporary folder and
    removed from there at once. ``each`` is called with the result of each bundle. ``progress`` counts bytes.

    Raises:
        Cancelled: the person stopped it.
        FileError: as `read_certificates`.
    """
    trust = read_trusted(trusted)
    files = list(files)
    wanted = [at for at, one in enumerate(files) if one.kind == "bundle" or (one.kind == "encrypted" and keys)]
    found: dict[int, Arrival] = {}
    for at, (_, reading) in zip(wanted, each_file([files[at].path for at in wanted], progress), strict=True):
        one = files[at]
        if one.kind == "encrypted":
            arrival = _decrypted(one, keys, trust, limits, use, reading, now)
        else:
            arrival = check_arrival(one.path, one.path, trust, limits, use, reading, now)
        if isinstance(arrival, BundleProblem):
            files[at] = replace(one, reason=arrival)
            continue
        if one.state is not None and [problem.code for problem in arrival.problems] == ["bundle.missing"]:
            arrival = Arrival(Verdict(one.path, failure=BundleProblem("inbox.gone")))
        found[at] = arrival
        if each is not None:
            each(arrival)
    for at, one in enumerate(files):
        if one.kind == "encrypted" and at not in found and one.reason is None:
            files[at] = replace(one, reason=BundleProblem("inbox.no_key"))
    _settle(files, found, pause)
    # A decrypted addendum is gone by now, so it is tied to nothing.
    plain = [at for at in found if files[at].kind == "bundle"]
    found |= zip(plain, tie([found[at] for at in plain], trusted=trust, now=now), strict=True)
    return judge(files, found)


def _decrypted(
    one: FoundFile,
    keys: Sequence[str],
    trust: TrustList | None,
    limits: Limits | None,
    use: Use | None,
    progress: Progress,
    now: datetime | None,
) -> Arrival | BundleProblem:
    """Return the result for an encrypted file, or why none of the keys opens it."""
    with ExitStack() as stack:
        try:
            inner = stack.enter_context(temporary()).path / "plain.zip"
            from dgdesk.bundle.encryption.encrypt import decrypt_file  # nobody needs it for bundles that are open

            decrypt_file(one.path, inner, keys, progress=progress)
        except Cancelled:
            raise
        except DgdeskError as error:
            problem = BundleProblem(error.code, error.values)
            return problem if error.code in _SHUT else Arrival(Verdict(one.path, failure=problem))
        except OSError:  # the temporary folder cannot be made
            return BundleProblem("inbox.no_temporary")
        return check_arrival(inner, one.path, trust, limits, use, progress.silent(), now)


def _settle(files: list[FoundFile], found: dict[int, Arrival], pause: Callable[[float], None]) -> None:
    """Mark the files that are not valid and change: they are still being copied."""
    doubtful = [at for at in range(len(files)) if at not in found or not found[at].accepted]
    moment = time.time()
    if any(_is_recent(files[at], moment) for at in doubtful):
        pause(_WAIT)
    for at in doubtful:
        if (settled := files[at].settled()) is not files[at]:
            files[at] = settled
            found.pop(at, None)


def _is_recent(one: FoundFile, moment: float) -> bool:
    if one.kind not in ("bundle", "encrypted", "packed") or one.state is None:
        return False
    return abs(moment - one.state[1] / 1e9) < _RECENT
