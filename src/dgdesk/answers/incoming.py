"""A file on its way in: what is checked before it becomes evidence. What it is, `inspecting` says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from dgdesk.answers.evidence import Attachment
from dgdesk.answers.limits import in_units, used_bytes
from dgdesk.bounds import LONGEST_PAGES, LONGEST_PASSAGES
from dgdesk.definition.models import EvidenceLimits
from dgdesk.errors import UsageError
from dgdesk.shown import file_name


def check_mark(slot: str, pages: str, passages: str) -> None:
    """Refuse a mark that a bundle would not take. Raises UsageError ``value.too_long``."""
    if len(pages) > LONGEST_PAGES or len(passages) > LONGEST_PASSAGES:
        raise UsageError("value.too_long", field=slot)


def check_total(
    evidence: Mapping[str, Iterable[Attachment]], sha256: str, size: int, name: str, limits: EvidenceLimits | None
) -> None:
    """Refuse a file with which the evidence would exceed what the edition takes; one that is in already adds nothing.

    Raises:
        UsageError: ``incoming.too_large``, ``incoming.total_too_large``.
    """
    if limits is None:
        return
    if size > limits.file:
        raise UsageError("incoming.too_large", name=name, size=in_units(size), limit=in_units(limits.file))
    is_new = all(one.sha256 != sha256 for attached in evidence.values() for one in attached)
    if is_new and used_bytes(evidence) + size > limits.total:
        raise UsageError("incoming.total_too_large", name=name, limit=in_units(limits.total))


def check_room(
    evidence: Mapping[str, Iterable[Attachment]], size: int, name: str, limits: EvidenceLimits | None
) -> None:
    """Refuse before it is copied what `check_total` would refuse after: no file of this size is in yet.

    Raises:
        UsageError: ``incoming.total_too_large``.
    """
    may_be_in = any(one.size == size for attached in evidence.values() for one in attached)
    if not may_be_in:
        check_total(evidence, "", size, name, limits)


def safe_name(source: Path) -> str:
    """Return the file's name as it is kept for people: see `clean_name`."""
    return clean_name(source.name)


def clean_name(name: str) -> str:
    """Return a name as it was typed, without what a bundle's names may not hold (`dgdesk.shown.file_name`).

    `carrying.names.disk_name` makes a name for a disk of it.
    """
    return file_name(name)
