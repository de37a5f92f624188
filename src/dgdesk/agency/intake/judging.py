"""Reads and judges one file of an inbox as strictly as `verify` does, and keeps what a second look needs."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from dgdesk.agency.inbox import Arrival, Verdict, as_addendum, may_be_addendum
from dgdesk.agency.ledger.model import ScoreTotal
from dgdesk.agency.ledger.recording import Judged, JudgedBundle
from dgdesk.agency.verdicts import UNREAD, FileVerdict
from dgdesk.bundle.archive.named_file import why_not_read
from dgdesk.bundle.archive.payload import SUBMISSION
from dgdesk.bundle.exact_json import read_json
from dgdesk.bundle.report import BundleProblem, Limits
from dgdesk.bundle.signing.trust_list import TrustList
from dgdesk.bundle.verify import Checked, check_stream, open_bundle, read_checked
from dgdesk.errors import DgdeskError
from dgdesk.system.bounds import UNFIT, fits_number
from dgdesk.system.progress import NO_PROGRESS, Cancelled, Progress
from dgdesk.system.scratch import temporary

SCORE: Final = "data/score.json"
_MOST_SCORE: Final = 4 << 20
_MOST_POINTS: Final = 1_000_000
_SHUT: Final = frozenset({"sealed.not_for_you"})
Stamp = tuple[int, int]
"""Size and time of a file."""


class Judging(NamedTuple):
    """How files are judged: the trust list, the agency's secret age keys, and the receiver's clock (aware)."""

    trust: TrustList | None
    keys: tuple[str, ...] = ()
    now: datetime | None = None
    limits: Limits = Limits()


def keys_digest(keys: Sequence[str]) -> str:
    """Return what tells some keys from others without giving any away; empty for none."""
    if not keys:
        return ""
    from dgdesk.bundle.encryption.age_keys import recipients_of  # nobody needs it for bundles that are open

    return hashlib.sha256("\n".join(sorted(recipients_of(keys))).encode()).hexdigest()


def judge_file(path: Path, expected: Stamp, kind: str, judging: Judging, progress: Progress = NO_PROGRESS) -> Judged:
    """Return what one file is. ``expected``: its size and time when it was seen; ``kind``: ``bundle``, ``encrypted``.

    A file that is another one now, or becomes one while it is read, still arrives.

    Raises:
        Cancelled: the person stopped it.
    """
    try:
        with ExitStack() as stack:
            before = stamp_of(path)
            if before != expected:
                return _changing(before)
            found = (
                _encrypted(path, judging, progress, stack) if kind == "encrypted" else _read(path, judging, progress)
            )
            after = stamp_of(path)
            return found if after == expected else _changing(after)
    except FileNotFoundError:
        return Judged("unreadable", (BundleProblem("inbox.gone"),))
    except OSError as error:
        told = why_not_read(error, path)
        return Judged("unreadable", (BundleProblem(told.code, told.values),))


def stamp_of(path: Path) -> Stamp:
    """Return a file's size and time. Raises OSError."""
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def _changing(state: Stamp) -> Judged:
    return Judged("arriving", (BundleProblem("inbox.changing"),), state=state)


def _encrypted(path: Path, judging: Judging, progress: Progress, stack: ExitStack) -> Judged:
    tried = keys_digest(judging.keys)
    if not judging.keys:
        return Judged("encrypted", (BundleProblem("inbox.no_key"),))
    from dgdesk.bundle.encryption.encrypt import decrypt_file

    try:
        inner = stack.enter_context(temporary()).path / "plain.zip"
    except OSError:
        return Judged("encrypted", (BundleProblem("inbox.no_temporary"),))
    try:
        decrypt_file(path, inner, judging.keys, progress=progress)
    except Cancelled:
        raise
    except DgdeskError as error:
        problem = BundleProblem(error.code, error.values)
        verdict: FileVerdict = (
            "encrypted" if error.code in _SHUT else "unreadable" if error.code in UNREAD else "refused"
        )
        return Judged(verdict, (problem,), tried=tried)
    return _read(inner, judging, progress.silent())._replace(tried=tried)


def _read(path: Path, judging: Judging, progress: Progress) -> Judged:
    try:
        with open_bundle(path) as stream:
            checked = check_stream(stream, judging.trust, judging.limits, progress, judging.now)
            bundle = _kept(stream, checked)
    except Cancelled:
        raise
    except DgdeskError as error:
        problem = BundleProblem(error.code, error.values)
        return Judged("unreadable" if error.code in UNREAD else "refused", (problem,))
    except UNFIT:  # one bundle must never prevent the check of the others
        return Judged("refused", (BundleProblem("verify.not_checkable"),))
    found = checked.verdict
    fate = Verdict(path, found)
    arrival = as_addendum(path, fate, judging.trust, judging.now) if may_be_addendum(fate) else Arrival(fate)
    if arrival.addendum is not None:
        scans = arrival.addendum
        return Judged("addendum" if scans.ok else "refused", scans.problems, addendum=scans)
    return Judged("accepted" if found.ok else "refused", found.problems, bundle)


def _kept(stream: BinaryIO, checked: Checked) -> JudgedBundle | None:
    """Return what the ledger keeps of a bundle; None if its signature does not fit. Raises DgdeskError, OSError."""
    if checked.signed is None or checked.verdict.digest is None:
        return None
    if checked.signed.content or checked.submission is None:
        return JudgedBundle(checked.verdict, checked.signed)
    answers = read_checked(stream, checked, SUBMISSION, Limits().submission)
    scores = read_checked(stream, checked, SCORE, _MOST_SCORE) if SCORE in checked.entries else None
    return JudgedBundle(checked.verdict, checked.signed, answers, scores, score_total(scores))


def score_total(content: bytes | None) -> ScoreTotal:
    """Return the total of an untrusted data/score.json; what is no number that a score can be is left out."""
    try:
        parsed = read_json(content) if content is not None else None
    except ValueError:
        parsed = None
    total = parsed.get("total") if isinstance(parsed, dict) else None
    if not isinstance(total, dict):
        return ScoreTotal()
    names = ("weight", "earned", "claimed", "waiting", "open", "external")
    weight, earned, claimed, waiting, possible, external = (_figure(total.get(name)) for name in names)
    exempt = total.get("exempt")
    return ScoreTotal(
        weight, earned, claimed, waiting, possible, external, exempt if isinstance(exempt, bool) else None
    )


def _figure(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    number = Decimal(value)
    return number if fits_number(number) and -_MOST_POINTS <= number <= _MOST_POINTS else None
