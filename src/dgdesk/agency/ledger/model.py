"""The values that come out of a ledger; all of them are immutable."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Final, Literal, NamedTuple, get_args

from dgdesk.agency.verdicts import FileVerdict
from dgdesk.bundle.report import BundleProblem, Verification

FileState = Literal["waiting", "claimed", "judged", "gone"]
"""``claimed``: a worker is at it. ``gone``: no longer in the inbox; what was found of it stays."""
STATES: Final[tuple[FileState, ...]] = get_args(FileState)
ReceiptKind = Literal["accepted", "returned"]
RECEIPT_KINDS: Final[tuple[ReceiptKind, ...]] = get_args(ReceiptKind)


class BundleKey(NamedTuple):
    """What tells a signed bundle from all others: the bundle digest, and the signer's fingerprint; both are hex.

    The digest covers all but the signature, so a copy that somebody else signed is a bundle of its own.
    """

    digest: str
    fingerprint: str


class LedgerFile(NamedTuple):
    """One file of an inbox; ``path`` is inside the inbox, with ``/``.

    ``verdict`` is None until it was judged. It says ``accepted`` for every valid bundle, copies and several of one
    respondent too. ``key`` is that of the bundle, None for anything else. ``moved_to``: where it lies now, empty if it
    was not moved.
    """

    inbox: str
    path: str
    size: int
    mtime_ns: int
    state: FileState
    verdict: FileVerdict | None
    problems: tuple[BundleProblem, ...]
    key: BundleKey | None
    seen: datetime
    judged: datetime | None
    moved_to: str


class ScoreTotal(NamedTuple):
    """The total of a bundle's own score, exact; a figure is None if the bundle does not give it as a number."""

    weight: Decimal | None = None
    earned: Decimal | None = None
    claimed: Decimal | None = None
    waiting: Decimal | None = None
    open: Decimal | None = None
    external: Decimal | None = None
    exempt: bool | None = None


class LedgerBundle(NamedTuple):
    """The facts of one bundle, without its content. ``verifier`` is the version of dgdesk that judged it."""

    key: BundleKey
    verification: Verification
    arrived: datetime
    judged: datetime
    total: ScoreTotal
    verifier: str = ""


class BundleContent(NamedTuple):
    """What a bundle that can be valid holds: data/submission.json and data/score.json, byte for byte."""

    submission: bytes
    scores: bytes | None


class LedgerReceipt(NamedTuple):
    """What the office answered to a bundle; ``content`` is the reply's file."""

    digest: str
    kind: ReceiptKind
    content: bytes
    issued: datetime
    written_to: str = ""


class LedgerHead(NamedTuple):
    """Which ledger it is."""

    id: str
    version: int
    made: datetime
