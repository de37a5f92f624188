"""How much evidence may be attached, and how much is: the quota. All sizes in bytes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from dgdesk.survey.answers.attachments import Attachment
from dgdesk.survey.definition.models import EvidenceLimits

GaugeState = Literal["unlimited", "room", "near", "full"]
_NEAR_TENTHS = 8


@dataclass(frozen=True, slots=True)
class Quota:
    """How full it is: ``limit`` is None where the edition sets none, ``near`` from eight tenths on, ``full`` at it."""

    used: int
    limit: int | None
    state: GaugeState


def used_bytes(evidence: Mapping[str, Iterable[Attachment]]) -> int:
    """Return the bytes of all different files; one that serves several places counts once."""
    return sum({one.sha256: one.size for attached in evidence.values() for one in attached}.values())


def quota(used: int, limits: EvidenceLimits | None) -> Quota:
    """Return how full it is."""
    if limits is None:
        return Quota(used, None, "unlimited")
    state: GaugeState = "room"
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
