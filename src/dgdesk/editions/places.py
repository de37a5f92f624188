"""The places of an edition, by id, and how two editions' places stand to each other. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dgdesk.survey.definition.models import Definition, Field, Page, Section


@dataclass(frozen=True, slots=True)
class Place:
    """A section, page or question with what contains it, and its rank among its neighbours that both editions have."""

    id: str
    kind: str
    text: str
    code: str
    parent: str
    under: str
    field: Field | None


def places_of(definition: Definition) -> dict[str, Place]:
    """Return every section, page and question by id, in printed order."""
    found: dict[str, Place] = {}
    for section in definition.sections:
        found[section.id] = _head(section, "section", "")
        for page in section.pages:
            found[page.id] = _head(page, "page", section.id)
            for item in page.items:
                _add(found, item, page.id, "")
    return found


def _head(one: Section | Page, kind: str, parent: str) -> Place:
    return Place(one.id, kind, one.title or one.short, "", parent, "", None)


def _add(found: dict[str, Place], field: Field, parent: str, under: str) -> None:
    found[field.id] = Place(field.id, field.kind, field.label, field.code or "", parent, under, field)
    for child in field.fields:
        _add(found, child, field.id, "")
    for option in field.options:
        for child in option.fields:
            _add(found, child, field.id, option.id)
    for row in field.rows:
        for column, cell in row.cells.items():
            for child in cell.fields:
                _add(found, child, field.id, f"{row.id}:{column}")


def merged(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    """Yield all ids: those of the new form in order, what is gone after what it stood behind."""
    here = set(new)
    behind: dict[str, list[str]] = {}
    last = ""
    for id in old:
        if id in here:
            last = id
        else:
            behind.setdefault(last, []).append(id)
    yield from behind.get("", ())
    for id in new:
        yield id
        yield from behind.get(id, ())


def moved_among(before: Mapping[str, Place], after: Mapping[str, Place]) -> Iterator[str]:
    """Yield what has another parent, and the fewest that must have moved where neighbours changed their order."""
    common = [id for id in after if id in before]
    stays = [id for id in common if (before[id].parent, before[id].under) == (after[id].parent, after[id].under)]
    yield from (id for id in common if id not in set(stays))
    groups: dict[tuple[str, str], list[str]] = {}
    for id in stays:
        groups.setdefault((after[id].parent, after[id].under), []).append(id)
    rank = {id: at for at, id in enumerate(before)}
    for ids in groups.values():
        kept = set(_longest_rising([rank[id] for id in ids]))
        yield from (id for id in ids if rank[id] not in kept)


def _longest_rising(numbers: Sequence[int]) -> list[int]:
    """Return the longest part of distinct numbers that rises."""
    ends: list[int] = []  # the position of the least number that ends a rising part of each length
    before: list[int] = []
    for at, number in enumerate(numbers):
        length = bisect_left(ends, number, key=numbers.__getitem__)
        before.append(ends[length - 1] if length else -1)
        ends[length : length + 1] = [at]
    found, at = [], ends[-1] if ends else -1
    while at >= 0:
        found.append(numbers[at])
        at = before[at]
    return found[::-1]


def where(place: Place) -> str:
    """Return what contains a place, and the option or cell it lies under."""
    return f"{place.parent}/{place.under}" if place.under else place.parent


def parts_of(field: Field) -> Iterator[tuple[str, str]]:
    """Yield options, groups, columns and rows with what is printed and what else counts."""
    for option in field.options:
        marks = [name for name in ("exclusive", "own", "negative") if getattr(option, name)]
        yield option.id, joined(option.code, option.label, option.hint, *(f"[{mark}]" for mark in marks))
    for group in field.groups:
        yield f"group {group.id}", group.label
    for column in field.columns:
        name = f"{column.group}/{column.id}" if column.group else column.id
        yield f"column {name}", joined(column.label, "[negative]" if column.negative else "")
    for row in field.rows:
        yield (
            f"row {row.id}",
            joined(row.label, "[header]" if row.header else "", "" if row.required else "[optional]"),
        )


def joined(*parts: str | None) -> str:
    """Return the parts that are there as one text."""
    return " ".join(part for part in parts if part)
