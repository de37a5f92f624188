"""What is different between two editions: for a circular, and for the check that ids keep their meaning. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Final, Literal

from dgdesk.editions.workbook.conditions import condition_text
from dgdesk.survey.definition.models import Definition, EvidenceRequest, Field, Note, Page, Section
from dgdesk.survey.definition.notes import noted
from dgdesk.survey.rules.rubric import Rubric
from dgdesk.text.normalise import fold

Sort = Literal[
    "reused", "added", "gone", "moved", "reworded", "answer", "options", "evidence", "skips", "condition", "notes",
    "checks", "points",
]  # fmt: skip
SORTS: Final[tuple[Sort, ...]] = (
    *("reused", "added", "gone", "moved", "reworded", "answer", "options", "evidence", "skips", "condition", "notes"),
    *("checks", "points"),
)
_ALIKE: Final = 0.5
"""From this share of common letters on, two texts are wordings of one question."""
_MOST_COMPARED: Final = 600
"""Letters of a text that are compared: the time grows with their square."""
_LEAST_COMMON: Final = 0.5
"""Of the options of the smaller list."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: its sort, the id it is about, the printed code and text, and what was and is there.

    A side is empty where nothing was or is. ``part`` is the option, row, column or place inside the question.
    """

    sort: Sort
    id: str
    code: str = ""
    part: str = ""
    old: str = ""
    new: str = ""


@dataclass(frozen=True, slots=True)
class _Place:
    """A section, page or question with what contains it, and its rank among its neighbours that both editions have."""

    id: str
    kind: str
    text: str
    code: str
    parent: str
    under: str
    field: Field | None


def compare(
    old: Definition, new: Definition, old_rubric: Rubric | None = None, new_rubric: Rubric | None = None
) -> tuple[Difference, ...]:
    """Return every difference, in the order of the new form; what is gone comes where it was in the old one."""
    before, after = _places(old), _places(new)
    reused = set(reused_ids(old, new))
    moved = set(_moved(before, after))
    found: list[Difference] = []
    for id in _merged([*before], [*after]):
        was, now = before.get(id), after.get(id)
        if was is None and now is not None:
            found.append(Difference("added", id, now.code, new=now.text))
        elif now is None and was is not None:
            found.append(Difference("gone", id, was.code, old=was.text))
        elif was is not None and now is not None:
            if id in reused:
                found.append(Difference("reused", id, now.code, old=_kind_and_text(was), new=_kind_and_text(now)))
                continue
            if id in moved:
                found.append(Difference("moved", id, now.code, old=_where(was), new=_where(now)))
            found += _inside(was, now)
    found += _notes(old, new)
    found += _checks(old, new)
    found += _points(old_rubric, new_rubric)
    return tuple(found)


def reused_ids(old: Definition, new: Definition) -> tuple[str, ...]:
    """Return the ids that mean something else in ``new``: another kind of place, or quite other text and options.

    Ids are the keys of every answer ever stored, so a newer version that has any must not be taken.
    """
    before, after = _places(old), _places(new)
    return tuple(id for id, now in after.items() if id in before and not _same_meaning(before[id], now))


def _same_meaning(was: _Place, now: _Place) -> bool:
    if was.field is None or now.field is None:
        return was.kind == now.kind
    if _FAMILY.get(was.kind, was.kind) != _FAMILY.get(now.kind, now.kind):
        return False
    parts = [{text for _, text in _parts(one.field)} for one in (was, now) if one.field is not None]
    if alike(was.text, now.text):
        return True
    if not parts[0] and not parts[1]:
        return not fold(was.text) or not fold(now.text)
    common = len(parts[0] & parts[1])
    return common >= _LEAST_COMMON * max(1, min(map(len, parts)))


_FAMILY: Final[Mapping[str, str]] = {"long_text": "text", "percent": "number"}
"""Kinds whose stored answers can be read as each other."""


def alike(old: str, new: str) -> bool:
    """Whether two texts are wordings of one: at least half of their letters are common, in order."""
    one, two = fold(old)[:_MOST_COMPARED], fold(new)[:_MOST_COMPARED]
    if one == two:
        return True
    matcher = SequenceMatcher(None, one, two, autojunk=False)
    return matcher.quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE


def _places(definition: Definition) -> dict[str, _Place]:
    """Return every section, page and question by id, in printed order."""
    found: dict[str, _Place] = {}
    for section in definition.sections:
        found[section.id] = _head(section, "section", "")
        for page in section.pages:
            found[page.id] = _head(page, "page", section.id)
            for item in page.items:
                _add(found, item, page.id, "")
    return found


def _head(one: Section | Page, kind: str, parent: str) -> _Place:
    return _Place(one.id, kind, one.title or one.short, "", parent, "", None)


def _add(found: dict[str, _Place], field: Field, parent: str, under: str) -> None:
    found[field.id] = _Place(field.id, field.kind, field.label, field.code or "", parent, under, field)
    for child in field.fields:
        _add(found, child, field.id, "")
    for option in field.options:
        for child in option.fields:
            _add(found, child, field.id, option.id)
    for row in field.rows:
        for column, cell in row.cells.items():
            for child in cell.fields:
                _add(found, child, field.id, f"{row.id}:{column}")


def _merged(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
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


def _moved(before: Mapping[str, _Place], after: Mapping[str, _Place]) -> Iterator[str]:
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


def _where(place: _Place) -> str:
    return f"{place.parent}/{place.under}" if place.under else place.parent


def _kind_and_text(place: _Place) -> str:
    return f"{place.kind}: {place.text}"


def _inside(was: _Place, now: _Place) -> Iterator[Difference]:
    def found(sort: Sort, part: str, old: str, new: str) -> Iterator[Difference]:
        if old != new:
            yield Difference(sort, now.id, now.code, part, old, new)

    yield from found("reworded", "", was.text, now.text)
    if was.field is None or now.field is None:
        return
    old, new = was.field, now.field
    for name in ("code", "heading", "hint", "unit"):
        yield from found("reworded", name, getattr(old, name) or "", getattr(new, name) or "")
    for name in ("blanks", "headings"):
        yield from found("reworded", name, " | ".join(getattr(old, name)), " | ".join(getattr(new, name)))
    for name in _ANSWER:
        yield from found("answer", name, _shown(getattr(old, name)), _shown(getattr(new, name)))
    yield from _each("options", now, dict(_parts(old)), dict(_parts(new)))
    yield from _each("evidence", now, dict(_requests(old)), dict(_requests(new)))
    yield from _each("skips", now, dict(_skips(old)), dict(_skips(new)))
    conditions = [condition_text(one.when) if one.when is not None else "" for one in (old, new)]
    yield from found("condition", "", *conditions)


_ANSWER: Final = (
    *("kind", "required", "advised", "max_items", "first_number", "min", "max", "decimals", "several", "mobile"),
    "extension",
)


def _shown(value: object) -> str:
    return "" if value is None else ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _each(sort: Sort, place: _Place, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Difference]:
    """Yield each part that is not the same; where only the order changed, one difference says so."""
    for name in _merged([*old], [*new]):
        if old.get(name) != new.get(name):
            yield Difference(sort, place.id, place.code, name, old.get(name, ""), new.get(name, ""))
    before, after = ([name for name in one if name in old and name in new] for one in (old, new))
    if before != after:
        yield Difference(sort, place.id, place.code, "", ", ".join(before), ", ".join(after))


def _parts(field: Field) -> Iterator[tuple[str, str]]:
    """Yield options, groups, columns and rows with what is printed and what else counts."""
    for option in field.options:
        marks = [name for name in ("exclusive", "own", "negative") if getattr(option, name)]
        yield option.id, _joined(option.code, option.label, option.hint, *(f"[{mark}]" for mark in marks))
    for group in field.groups:
        yield f"group {group.id}", group.label
    for column in field.columns:
        name = f"{column.group}/{column.id}" if column.group else column.id
        yield f"column {name}", _joined(column.label, "[negative]" if column.negative else "")
    for row in field.rows:
        yield (
            f"row {row.id}",
            _joined(row.label, "[header]" if row.header else "", "" if row.required else "[optional]"),
        )


def _requests(field: Field) -> Iterator[tuple[str, str]]:
    yield from _request("", field.evidence)
    for option in field.options:
        yield from _request(option.id, option.evidence)
    for column in field.columns:
        yield from _request(f"{column.group}/{column.id}" if column.group else column.id, column.evidence)
    for row in field.rows:
        for name, cell in row.cells.items():
            yield from _request(f"{row.id}:{name}", cell.evidence)


def _request(name: str, request: EvidenceRequest | None) -> Iterator[tuple[str, str]]:
    if request is not None:
        yield name, _joined(f"[{request.rule}]", request.text, request.url)


def _skips(field: Field) -> Iterator[tuple[str, str]]:
    for option in field.options:
        if option.skip is not None:
            yield option.id, f"{option.skip.to} {option.skip.text}"


def _joined(*parts: str | None) -> str:
    return " ".join(part for part in parts if part)


def _notes(old: Definition, new: Definition) -> Iterator[Difference]:
    before, after = _notes_by_owner(old), _notes_by_owner(new)
    here, there = _ids(old), _ids(new)
    for owner in _merged([*before], [*after]):
        # the notes of what is added or gone are said with it
        if owner in here and owner in there and before.get(owner) != after.get(owner):
            was, now = before.get(owner, ()), after.get(owner, ())
            for text in (one for one in was if one not in now):
                yield Difference("notes", owner, old=text)
            for text in (one for one in now if one not in was):
                yield Difference("notes", owner, new=text)
    footnotes = [_joined(one.indicators.footnote.label, one.indicators.footnote.text) for one in (old, new)]
    if footnotes[0] != footnotes[1]:
        yield Difference("notes", "indicators", old=footnotes[0], new=footnotes[1])


def _ids(definition: Definition) -> set[str]:
    return {section.id for section in definition.sections} | {field.id for field in definition.fields()}


def _notes_by_owner(definition: Definition) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for owner, note in noted(definition.sections):
        if note.text or note.label:
            found.setdefault(owner, []).append(_note(note))
    return {owner: tuple(texts) for owner, texts in found.items()}


def _note(note: Note) -> str:
    return _joined(f"[{note.kind}]", note.label, note.text)


def _checks(old: Definition, new: Definition) -> Iterator[Difference]:
    before, after = (_texts_of(one.model_dump(exclude_defaults=True) for one in each.checks) for each in (old, new))
    yield from (Difference("checks", text.split(" ")[0], old=text) for text in before if text not in after)
    yield from (Difference("checks", text.split(" ")[0], new=text) for text in after if text not in before)


def _texts_of(rows: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(f"{row['left']} {' '.join(f'{k}={v}' for k, v in row.items() if k != 'left')}" for row in rows)


def _points(old: Rubric | None, new: Rubric | None) -> Iterator[Difference]:
    before, after = (dict(_rules(one)) if one is not None else {} for one in (old, new))
    for name in _merged([*before], [*after]):
        if before.get(name) != after.get(name):
            yield Difference("points", name, old=before.get(name, ""), new=after.get(name, ""))


def _rules(rubric: Rubric) -> Iterator[tuple[str, str]]:
    yield "progress", f"{rubric.progress} [{rubric.progress_basis}]"
    yield from ((one.id, f"unscored [{one.basis}]") for one in rubric.unscored)
    yield from ((f"pillar {one.id}", f"{one.weight} [{one.basis}]") for one in rubric.pillars)
    for one in rubric.indicators:
        parts = [part.id for part in one.indicators] or [question.field for question in one.questions]
        yield f"indicator {one.id}", _joined(", ".join(parts), f"[{one.basis}]", one.substitute)
    for _, question in rubric.questions:
        shown = question.model_dump(mode="json", exclude_defaults=True, exclude={"field"})
        yield question.field, "; ".join(f"{name}: {_plain(value)}" for name, value in shown.items())


def _plain(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} = {_plain(part)}" for name, part in value.items())
    return " ".join(map(_plain, value)) if isinstance(value, list | tuple) else str(value)
