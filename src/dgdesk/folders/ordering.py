"""The order of files at a place, as it was when the folder was exported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from dgdesk.draft.changes import Changes
from dgdesk.draft.session import FormSession
from dgdesk.folders.plan import ImportPlan, PlanItem


def turn(item: PlanItem) -> tuple[bool, str, int]:
    """Return the key by which files are attached: those of the index in their order at each slot, then the others."""
    return (True, "", 0) if item.order is None else (False, item.slot or "", item.order)


def put_in_order(session: FormSession, plan: ImportPlan, attached: Iterable[tuple[PlanItem, str]]) -> Iterator[Changes]:
    """Put what was attached among the files that lay there before, as the index had them: one step for each slot.

    ``attached`` are the files with the SHA-256 under which they were attached.
    """
    new: dict[str, set[str]] = {}
    orders: dict[str, dict[str, int]] = {}
    for item, sha256 in attached:
        if item.order is not None:
            new.setdefault(item.slot or "", set()).add(sha256)
            orders.setdefault(item.slot or "", {})[sha256] = item.order
    for item in plan.items:
        if item.order is not None and item.slot in new and item.status == "already" and item.found.sha256 is not None:
            orders[item.slot].setdefault(item.found.sha256, item.order)
    for slot, files in new.items():
        there = [one.sha256 for one in session.state.facts.evidence.get(slot, ())]
        wanted = in_order(there, orders[slot], frozenset(files))
        if wanted != there:
            yield session.arrange(slot, wanted)


def in_order(there: Sequence[str], orders: Mapping[str, int], new: frozenset[str]) -> list[str]:
    """Return the files of a slot, by SHA-256, with the ``new`` ones where the index had them among the others.

    Behind the file that came before them in the index; without one, before the file that came after them. Files that
    were there keep their order, and so do those that the index does not have. Where no other file of the index is, all
    stay as they were attached.
    """
    placed = [one for one in there if one not in new or one not in orders]
    coming = sorted((one for one in there if one in new and one in orders), key=orders.__getitem__)
    ordered = sorted((orders[one], one) for one in placed if one in orders)
    if not ordered:
        return list(there)
    after: dict[str | None, list[str]] = {}
    at = -1
    for one in coming:
        while at + 1 < len(ordered) and ordered[at + 1][0] < orders[one]:
            at += 1
        after.setdefault(ordered[at][1] if at >= 0 else None, []).append(one)
    found: list[str] = []
    for one in placed:
        found += after.pop(None, []) if one == ordered[0][1] else []
        found += [one, *after.get(one, ())]
    return found
