"""What is different between two editions: for a circular, and for the check that ids keep their meaning. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from dgdesk.editions.meaning import reused_ids
from dgdesk.editions.places import Place, joined, merged, moved_among, parts_of, places_of, where
from dgdesk.editions.workbook.conditions import condition_text
from dgdesk.survey.definition.models import Definition, EvidenceRequest, Field, Note
from dgdesk.survey.definition.notes import noted
from dgdesk.survey.rules.rubric import Rubric

Sort = Literal[
    "reused", "added", "gone", "moved", "reworded", "answer", "options", "evidence", "skips", "condition", "notes",
    "checks", "points",
]  # fmt: skip
SORTS: Final[tuple[Sort, ...]] = (
    *("reused", "added", "gone", "moved", "reworded", "answer", "options", "evidence", "skips", "condition", "notes"),
    *("checks", "points"),
)


HEAD: Final = "settings"
"""The id of differences that are in no question, as the workbook calls their sheet."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: its sort, the id it is about, the printed code and text, and what was and is there.

    A side is empty where nothing was or is. ``part`` is the option, row, column or place inside the question, or what
    the edition says of itself (id `HEAD`).
    """

    sort: Sort
    id: str
    code: str = ""
    part: str = ""
    old: str = ""
    new: str = ""


def compare(
    old: Definition, new: Definition, old_rubric: Rubric | None = None, new_rubric: Rubric | None = None
) -> tuple[Difference, ...]:
    """Return every difference, in the order of the new form; what is gone comes where it was in the old one."""
    before, after = places_of(old), places_of(new)
    reused = set(reused_ids(old, new))
    moved = set(moved_among(before, after))
    found: list[Difference] = [*_head(old, new)]
    for id in merged([*before], [*after]):
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
                found.append(Difference("moved", id, now.code, old=where(was), new=where(now)))
            found += _inside(was, now)
    found += _notes(old, new)
    found += _checks(old, new)
    found += _points(old_rubric, new_rubric)
    return tuple(found)


def _head(old: Definition, new: Definition) -> Iterator[Difference]:
    """Yield what differs in what the edition says of itself: title, last day, limits, who asks, who signs for what."""
    before, after = dict(_said(old)), dict(_said(new))
    for part in after:
        if before[part] != after[part]:
            yield Difference("reworded", HEAD, part=part, old=before[part], new=after[part])


def _said(definition: Definition) -> Iterator[tuple[str, str]]:
    issued, signoff, limits = definition.issued, definition.signoff, definition.evidence_limits
    yield "title", definition.title
    yield "closes", definition.closes.isoformat() if definition.closes is not None else ""
    for name in ("owner", "law", "original"):
        words = getattr(issued, name) if issued is not None else None
        yield name, words.th if words is not None else ""
    yield "certification", signoff.certification if signoff is not None else ""
    yield "roles", ", ".join(role.title for role in signoff.roles) if signoff is not None else ""
    yield "limits", f"{limits.file} / {limits.total}" if limits is not None else ""


def _kind_and_text(place: Place) -> str:
    return f"{place.kind}: {place.text}"


def _inside(was: Place, now: Place) -> Iterator[Difference]:
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
    yield from _each("options", now, dict(parts_of(old)), dict(parts_of(new)))
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


def _each(sort: Sort, place: Place, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Difference]:
    """Yield each part that is not the same; where only the order changed, one difference says so."""
    for name in merged([*old], [*new]):
        if old.get(name) != new.get(name):
            yield Difference(sort, place.id, place.code, name, old.get(name, ""), new.get(name, ""))
    before, after = ([name for name in one if name in old and name in new] for one in (old, new))
    if before != after:
        yield Difference(sort, place.id, place.code, "", ", ".join(before), ", ".join(after))


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
        yield name, joined(f"[{request.rule}]", request.text, request.url)


def _skips(field: Field) -> Iterator[tuple[str, str]]:
    for option in field.options:
        if option.skip is not None:
            yield option.id, f"{option.skip.to} {option.skip.text}"


def _notes(old: Definition, new: Definition) -> Iterator[Difference]:
    before, after = _notes_by_owner(old), _notes_by_owner(new)
    here, there = _ids(old), _ids(new)
    for owner in merged([*before], [*after]):
        # the notes of what is added or gone are said with it
        if owner in here and owner in there and before.get(owner) != after.get(owner):
            was, now = before.get(owner, ()), after.get(owner, ())
            for text in (one for one in was if one not in now):
                yield Difference("notes", owner, old=text)
            for text in (one for one in now if one not in was):
                yield Difference("notes", owner, new=text)
    footnotes = [joined(one.indicators.footnote.label, one.indicators.footnote.text) for one in (old, new)]
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
    return joined(f"[{note.kind}]", note.label, note.text)


def _checks(old: Definition, new: Definition) -> Iterator[Difference]:
    before, after = (_texts_of(one.model_dump(exclude_defaults=True) for one in each.checks) for each in (old, new))
    yield from (Difference("checks", text.split(" ")[0], old=text) for text in before if text not in after)
    yield from (Difference("checks", text.split(" ")[0], new=text) for text in after if text not in before)


def _texts_of(rows: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(f"{row['left']} {' '.join(f'{k}={v}' for k, v in row.items() if k != 'left')}" for row in rows)


def _points(old: Rubric | None, new: Rubric | None) -> Iterator[Difference]:
    before, after = (dict(_rules(one)) if one is not None else {} for one in (old, new))
    for name in merged([*before], [*after]):
        if before.get(name) != after.get(name):
            yield Difference("points", name, old=before.get(name, ""), new=after.get(name, ""))


def _rules(rubric: Rubric) -> Iterator[tuple[str, str]]:
    yield "progress", f"{rubric.progress} [{rubric.progress_basis}]"
    yield from ((one.id, f"unscored [{one.basis}]") for one in rubric.unscored)
    yield from ((f"pillar {one.id}", f"{one.weight} [{one.basis}]") for one in rubric.pillars)
    for one in rubric.indicators:
        parts = [part.id for part in one.indicators] or [question.field for question in one.questions]
        yield f"indicator {one.id}", joined(", ".join(parts), f"[{one.basis}]", one.substitute)
    for _, question in rubric.questions:
        shown = question.model_dump(mode="json", exclude_defaults=True, exclude={"field"})
        yield question.field, "; ".join(f"{name}: {_plain(value)}" for name, value in shown.items())


def _plain(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} = {_plain(part)}" for name, part in value.items())
    return " ".join(map(_plain, value)) if isinstance(value, list | tuple) else str(value)
