"""How much evidence may be attached: by file, by slot and in all. Sizes in bytes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from dgdesk.errors import DgdeskError, UsageError
from dgdesk.evidence.inspection.issue import FileIssue, Incoming
from dgdesk.survey.answers.attachments import Attachment
from dgdesk.survey.answers.marks import Mark
from dgdesk.survey.definition.models import EvidenceLimits
from dgdesk.system.bounds import LONGEST_PAGES, LONGEST_PASSAGES
from dgdesk.text.shown import file_name

AttachmentStatus = Literal["ready", "doubtful", "refused", "attached"]
"""``ready`` and ``doubtful``: it can be attached, the latter once the person has read what is doubtful."""


class AttachmentRequest(NamedTuple):
    """A file that is to be attached, and what was found when it was inspected, or why it could not be.

    ``name`` is what people know the file by (empty: its own). A request without an inspection is inspected when it is
    attached; so is a file that has changed since.
    """

    source: Path
    inspection: Incoming | None = None
    error: DgdeskError | None = None
    name: str = ""
    pages: str = ""
    passages: str = ""
    marks: tuple[Mark, ...] = ()
    whole: bool = False

    @property
    def known_as(self) -> str:
        """The name under which the file is attached."""
        return clean_name(self.name or self.source.name)

    @property
    def doubts(self) -> tuple[FileIssue, ...]:
        """What the person must read first."""
        return self.inspection.asks if self.inspection is not None else ()


class AttachmentResult(NamedTuple):
    """What becomes of a request: whether it can be attached or was, and every sentence that stands against it.

    ``attachment`` is there where it was attached. ``healed`` has the name and the SHA-256 of the draft's copy where
    that was damaged and is whole now; where the file lies at the place already, that is all that was done.
    """

    request: AttachmentRequest
    status: AttachmentStatus
    errors: tuple[DgdeskError, ...] = ()
    attachment: Attachment | None = None
    healed: tuple[str, str] | None = None


def check_mark(slot: str, pages: str, passages: str) -> None:
    """Refuse a mark that a bundle would not take. Raises UsageError ``value.too_long``."""
    if len(pages) > LONGEST_PAGES or len(passages) > LONGEST_PASSAGES:
        raise UsageError("value.too_long", field=slot)


def check_pages(marks: Iterable[Mark], count: int, name: str) -> None:
    """Refuse marks on pages that a file does not have; a ``count`` of 0 is not known. Raises UsageError."""
    last = max((mark.page for mark in marks), default=0)
    if count and last > count:
        raise UsageError("marks.no_page", name=name, page=last, count=count)


class Tally:
    """The different files that are attached: which, and how many bytes. A file that serves several places counts once.

    It follows each file that is attached or removed, so that a further file is not compared with all others.
    """

    def __init__(self, evidence: Mapping[str, Iterable[Attachment]] | None = None, base: Tally | None = None) -> None:
        """Count ``evidence``, beside what ``base`` has, which must not change meanwhile."""
        self._base = base
        self._sizes: dict[str, int] = {}
        self._uses: Counter[str] = Counter()
        self._of_size: Counter[int] = Counter()
        self._used = 0
        for files in (evidence or {}).values():
            for one in files:
                self.add(one.sha256, one.size)

    @property
    def used(self) -> int:
        """The bytes of all files."""
        return self._used + (self._base.used if self._base is not None else 0)

    def has(self, sha256: str) -> bool:
        """Return whether a file is attached."""
        return sha256 in self._sizes or (self._base is not None and self._base.has(sha256))

    def has_size(self, size: int) -> bool:
        """Return whether a file of this size is attached."""
        return self._of_size[size] > 0 or (self._base is not None and self._base.has_size(size))

    def add(self, sha256: str, size: int) -> None:
        """Count a file at one more place."""
        self._uses[sha256] += 1
        if not self.has(sha256):
            self._sizes[sha256] = size
            self._of_size[size] += 1
            self._used += size

    def remove(self, sha256: str) -> None:
        """Count a file at one place less."""
        self._uses[sha256] -= 1
        if self._uses[sha256] <= 0:
            del self._uses[sha256]
            size = self._sizes.pop(sha256, 0)
            self._of_size[size] -= 1
            self._used -= size

    def copied(self) -> Tally:
        """Return a tally of the same files that changes by itself."""
        made = Tally(base=self._base)
        made._sizes, made._uses, made._of_size = self._sizes.copy(), self._uses.copy(), self._of_size.copy()
        made._used = self._used
        return made


def check_total(tally: Tally, sha256: str | None, size: int, name: str, limits: EvidenceLimits | None) -> None:
    """Refuse a file with which the evidence would exceed what the edition takes; one that is in already adds nothing.

    ``sha256`` is None before the file is copied: a file that is in already and has the same size may be this one, so
    that its digest decides later.

    Raises:
        UsageError: ``incoming.too_large``, ``incoming.total_too_large``.
    """
    if limits is None:
        return
    if size > limits.file:
        raise UsageError("incoming.too_large", name=name, size=in_units(size), limit=in_units(limits.file))
    is_in = tally.has_size(size) if sha256 is None else tally.has(sha256)
    if not is_in and tally.used + size > limits.total:
        sizes = {"size": in_units(size), "free": in_units(max(0, limits.total - tally.used))}
        raise UsageError("incoming.total_too_large", name=name, limit=in_units(limits.total), **sizes)


def assess(
    requests: Sequence[AttachmentRequest], tally: Tally, limits: EvidenceLimits | None
) -> tuple[AttachmentResult, ...]:
    """Say in the same order whether files can be attached, by their inspections and the limits; nothing is read.

    ``tally`` is of what is attached already.

    Files without doubts are given the free space first.
    """
    coming = Tally(base=tally)
    results: dict[int, AttachmentResult] = {}
    for at in sorted(range(len(requests)), key=lambda at: bool(requests[at].doubts)):
        results[at] = _assessed(requests[at], coming, limits)
        if results[at].status != "refused" and (one := requests[at].inspection):
            coming.add(f"?{at}", one.size)
    return tuple(results[at] for at in range(len(requests)))


def _assessed(request: AttachmentRequest, tally: Tally, limits: EvidenceLimits | None) -> AttachmentResult:
    inspection = request.inspection
    if request.error is not None or inspection is None:
        error = request.error or UsageError("evidence.unreadable", name=request.known_as)
        return AttachmentResult(request, "refused", (error,))
    if inspection.refused:
        return AttachmentResult(request, "refused", _as_errors(inspection.refused))
    try:
        check_total(tally, None, inspection.size, request.known_as, limits)
    except UsageError as error:
        return AttachmentResult(request, "refused", (error,))
    return AttachmentResult(request, "doubtful" if request.doubts else "ready", _as_errors(request.doubts))


def _as_errors(findings: Iterable[FileIssue]) -> tuple[DgdeskError, ...]:
    return tuple(UsageError(one.code, **one.values) for one in findings)


def clean_name(name: str) -> str:
    """Return a name as it was typed, without what a bundle's names may not hold (`dgdesk.text.shown.file_name`).

    `dgdesk.folders.index.disk_name` makes a name for a disk of it.
    """
    return file_name(name)


QuotaState = Literal["unlimited", "room", "near", "full"]
_NEAR_TENTHS = 8


class Quota(NamedTuple):
    """How full it is: ``limit`` is None where the edition sets none, ``near`` from eight tenths on, ``full`` at it."""

    used: int
    limit: int | None
    state: QuotaState


def used_bytes(evidence: Mapping[str, Iterable[Attachment]]) -> int:
    """Return the bytes of all different files; one that serves several places counts once."""
    return sum({one.sha256: one.size for attached in evidence.values() for one in attached}.values())


def quota(used: int, limits: EvidenceLimits | None) -> Quota:
    """Return how full it is."""
    if limits is None:
        return Quota(used, None, "unlimited")
    state: QuotaState = "room"
    if used >= limits.total:
        state = "full"
    elif used * 10 >= limits.total * _NEAR_TENTHS:
        state = "near"
    return Quota(used, limits.total, state)


def in_units(size: int) -> str:
    """Word a number of bytes for a sentence of either language: "2.0 GB"."""
    shown = float(size)
    for unit in ("B", "KB", "MB"):
        if shown < 1024:
            return f"{shown:.0f} {unit}"
        shown /= 1024
    return f"{shown:.1f} GB"
