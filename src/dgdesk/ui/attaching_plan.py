"""Window, attaching, plan: which files that were looked at can be attached, and what is said of the others. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from dgdesk.answers.evidence import Attachment, Evidence
from dgdesk.answers.incoming import check_room
from dgdesk.answers.inspecting.finding import Incoming
from dgdesk.answers.limits import in_units, used_bytes
from dgdesk.definition.models import EvidenceLimits
from dgdesk.errors import DgdeskError, UsageError


@dataclass(frozen=True, slots=True)
class Looked:
    """A file as it was looked at, or why it could not be."""

    source: Path
    incoming: Incoming | None = None
    error: DgdeskError | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A file and what is to be said of it."""

    source: Path
    errors: tuple[DgdeskError, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What can be attached without a word, what only when the person says so, and what cannot be; in their order."""

    fine: tuple[Path, ...]
    asks: tuple[Told, ...]
    refused: tuple[Told, ...]

    def chosen(self, looked: Iterable[Looked], with_asks: bool) -> tuple[Path, ...]:
        """Return what is attached, in the order in which it was given."""
        wanted = {*self.fine, *(one.source for one in self.asks if with_asks)}
        return tuple(one.source for one in looked if one.source in wanted)


def plan(looked: Iterable[Looked], evidence: Evidence, limits: EvidenceLimits | None) -> Plan:
    """Sort files by what stands against them. Files without doubts are given what room there is first."""
    fine: list[Path] = []
    asks: list[Told] = []
    refused: list[Told] = []
    coming = dict(evidence)
    for one in sorted(looked, key=lambda one: bool(one.incoming and one.incoming.asks)):
        incoming = one.incoming
        if incoming is None:
            refused.append(Told(one.source, (one.error or UsageError("evidence.unreadable", name=one.source.name),)))
            continue
        if incoming.refused:
            refused.append(Told(one.source, tuple(UsageError(each.code, **each.values) for each in incoming.refused)))
        elif over := _over_total(coming, incoming, limits):
            refused.append(Told(one.source, (over,)))
        else:
            mark = f"?{one.source}"
            coming[mark] = (Attachment(mark, incoming.name, incoming.size, incoming.media_type),)
            if incoming.asks:
                asks.append(Told(one.source, tuple(UsageError(each.code, **each.values) for each in incoming.asks)))
            else:
                fine.append(one.source)
    return Plan(tuple(fine), tuple(asks), tuple(refused))


def _over_total(
    coming: Mapping[str, tuple[Attachment, ...]], incoming: Incoming, limits: EvidenceLimits | None
) -> UsageError | None:
    try:
        check_room(coming, incoming.size, incoming.name, limits)
    except UsageError:
        assert limits is not None
        free = max(0, limits.total - used_bytes(coming))
        return UsageError(
            "ui.attaching.over_total",
            name=incoming.name,
            size=in_units(incoming.size),
            free=in_units(free),
            limit=in_units(limits.total),
        )
    return None
