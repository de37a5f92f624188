"""Edits of attachments, as stories about the draft file need them: the session's own are in `draft.session`."""

from __future__ import annotations

from typing import Any

from dgdesk.draft.file.model import Edit, StoredJson
from dgdesk.draft.file.ranks import next_rank, rank_of, ranked
from dgdesk.draft.file.store import DraftFile


def attached(slot: str, sha256: str, rank: int = 1000, **more: StoredJson) -> Edit:
    """A file that is new at a slot."""
    return Edit("attachment", slot, None, ranked({"sha256": sha256, **more}, rank), sha256)


def appended(package: DraftFile, slot: str) -> Any:
    """Attaches a stored file behind the others of a slot."""
    ranks = sorted(rank_of(value) for key, value in package.attachments().items() if key.target == slot)
    return lambda stored: attached(slot, stored.sha256, next_rank(ranks))


def detached(package: DraftFile, slot: str) -> list[Edit]:
    """All files of a slot, in the order of their rows, taken away."""
    there = package.attachments().items()
    return [Edit("attachment", slot, value, None, key.file) for key, value in there if key.target == slot]
