"""An edition as tables: one for each sheet, each row a mapping from columns to texts. Pure functions.

What a model has by default is an empty cell. An empty text where nothing would be another value is written as two
quotation marks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from dgdesk.editions.workbook.columns import FOOTNOTE, NUMBER, ROLE, SETTINGS, SHEETS
from dgdesk.editions.workbook.conditions import condition_text, mapping_text
from dgdesk.survey.definition.models import Cell, Definition, EvidenceRequest, Field, Frozen, Indicator, Note, Option
from dgdesk.survey.rules.rubric import Detail, IndicatorRule, Question, Rubric
from dgdesk.survey.rules.search_words import SearchWords

TableRow = dict[str, str]
Tables = Mapping[str, list[TableRow]]
EMPTY: Final = '""'
"""A cell that holds an empty text."""


@dataclass(frozen=True, slots=True)
class Edition:
    """All data of an edition. ``head`` is ``edition.yaml``; ``listed`` those who may answer, as their file has them."""

    head: Mapping[str, Any]
    definition: Definition
    rubric: Rubric | None
    words: SearchWords
    listed: tuple[Mapping[str, str], ...] = ()


def tables_of(edition: Edition) -> Tables:
    """Return the rows of every sheet, in the order in which the form is printed."""
    made = _Tables(edition)
    return {name: _numbered(name, made.rows[name]) for name in SHEETS}


def _numbered(name: str, rows: list[TableRow]) -> list[TableRow]:
    if NUMBER not in SHEETS[name]:
        return rows
    return [{NUMBER: str(at), **row} for at, row in enumerate(rows, 1)]


class _Tables:
    """Collects rows while the definition is walked once."""

    def __init__(self, edition: Edition) -> None:
        self.rows: dict[str, list[TableRow]] = {name: [] for name in SHEETS}
        self._listed = edition.listed
        whose = edition.head.get("respondent")
        self._list = whose.get("list", "") if isinstance(whose, Mapping) else ""
        self.rows["settings"] = list(_settings(edition))
        self.rows["respondents"] = [dict(one) for one in edition.listed]
        definition = edition.definition
        self._form(definition)
        self._add_notes(FOOTNOTE, "", "", (definition.indicators.footnote,))
        self.rows["checks"] = [_row(check) for check in definition.checks]
        self.rows["indicators"] = list(_indicators(definition))
        if edition.rubric is not None:
            self.rows["rubric"] = list(_rubric(edition.rubric))
        self.rows["search"] = list(_search(edition.words))

    def _form(self, definition: Definition) -> None:
        for section in definition.sections:
            shown = {"code": "", "label": section.title, "indicator": _or_empty(section.indicator)}
            weight = "" if section.weight is None else str(section.weight)
            self._add("survey", type="section", id=section.id, short=section.short, weight=weight, **shown)
            self._add_notes(section.id, "", "", section.notes)
            for page in section.pages:
                self._add(
                    "survey", **{"type": "page", "id": page.id, "in": section.id, "short": page.short},
                    label=page.title,
                )  # fmt: skip
                for item in page.items:
                    self._field(item, page.id, "")

    def _field(self, field: Field, parent: str, under: str) -> None:
        from_list = self._is_listed(field)
        self._add("survey", **_field_row(field, parent, under, self._list if from_list else ""))
        self._add_notes(field.id, "", "", field.notes)
        self._request(field.id, "", field.evidence)
        for child in field.fields:
            self._field(child, field.id, "")
        for option in field.options if not from_list else ():
            self._option(field, option)
        for group in field.groups:
            self._add("choices", of=field.id, part="group", id=group.id, label=group.label)
        for column in field.columns:
            shown = _row(column, without=("evidence",))
            self._add("choices", of=field.id, part="column", **shown)
            self._request(field.id, column_name(column.id, column.group or ""), column.evidence)
        for row in field.rows:
            shown = _row(row, without=("notes", "cells"))
            self._add("choices", of=field.id, part="row", **shown)
            self._add_notes(field.id, row.id, "", row.notes)
            for name, cell in row.cells.items():
                self._cell(field, f"{row.id}:{name}", cell)
        self._add_notes(field.id, "", "after", field.notes_after)

    def _option(self, field: Field, option: Option) -> None:
        shown = _row(option, without=("notes", "evidence", "skip", "fields", "code"))
        self._add("choices", of=field.id, part="option", code=_or_empty(option.code), **shown)
        self._add_notes(field.id, option.id, "", option.notes)
        self._request(field.id, option.id, option.evidence)
        if option.skip is not None:
            self._add("skips", of=field.id, option=option.id, to=option.skip.to, text=option.skip.text)
        for child in option.fields:
            self._field(child, field.id, option.id)

    def _cell(self, field: Field, name: str, cell: Cell) -> None:
        self._add("choices", of=field.id, part="cell", id=name)
        self._request(field.id, name, cell.evidence)
        for child in cell.fields:
            self._field(child, field.id, name)

    def _request(self, of: str, part: str, request: EvidenceRequest | None) -> None:
        if request is not None:
            at = "" if request.at == "label" else request.at
            self._add(
                "evidence", of=of, part=part, rule=request.rule, text=request.text, url=request.url or "", at=at
            )  # fmt: skip

    def _add_notes(self, of: str, part: str, place: str, notes: Iterable[Note], level: int = 1) -> None:
        for note in notes:
            kind = "" if note.kind == "note" else note.kind
            shown = {"kind": kind, "label": note.label, "text": note.text}
            self._add("texts", of=of, part=part, place=place, level=str(level), **shown)
            self._add_notes(of, part, place, note.items, level + 1)

    def _is_listed(self, field: Field) -> bool:
        return (
            bool(self._listed)
            and len(field.options) == len(self._listed)
            and all(
                option == Option.model_validate({key: part for key, part in one.items() if key != "en"})
                for option, one in zip(field.options, self._listed, strict=True)
            )
        )

    def _add(self, sheet: str, **cells: str) -> None:
        self.rows[sheet].append({name: text for name, text in cells.items() if text})


def column_name(column: str, group: str) -> str:
    """Return how a column is named in its matrix: with its group where it has one, ``train/yes``."""
    return f"{group}/{column}" if group else column


def _or_empty(text: str | None) -> str:
    return "" if text is None else text or EMPTY


def _row(model: Frozen, without: tuple[str, ...] = ()) -> TableRow:
    """Return the simple values of a model that are not its defaults."""
    row: TableRow = {}
    for name, info in type(model).model_fields.items():
        value = getattr(model, name)
        if name in without or value == info.default:
            continue
        row[name] = ("yes" if value else "no") if isinstance(value, bool) else str(value) or EMPTY
    if "label" in type(model).model_fields and row.get("label") == EMPTY:
        del row["label"]
    return row


_NESTED: Final = ("options", "fields", "groups", "columns", "rows", "evidence", "notes", "notes_after")


def _field_row(field: Field, parent: str, under: str, listed: str) -> TableRow:
    row = _row(field, without=(*_NESTED, "when", "blanks", "headings", "kind", "code", "id"))
    when = {"when": condition_text(field.when)} if field.when is not None else {}
    lists = {"blanks": "\n".join(field.blanks), "headings": "\n".join(field.headings)}
    head = {"type": field.kind, "id": field.id, "in": parent, "under": under, "code": _or_empty(field.code)}
    return {**head, **row, **when, **lists, "options_from": listed}


def _settings(edition: Edition) -> Iterator[TableRow]:
    head, definition = edition.head, edition.definition
    said: dict[str, str] = {"id": definition.edition, "title": definition.title}
    for name in ("year", "version", "opens"):
        said[name] = str(head.get(name) or "")
    said["closes"] = definition.closes.isoformat() if definition.closes is not None else ""
    words = head.get("name")
    for language in ("th", "en"):
        said[f"name::{language}"] = str(words.get(language) or "") if isinstance(words, Mapping) else ""
    whose = definition.respondent
    if whose is not None:
        said |= {"respondent::field": whose.field, "respondent::scheme": whose.scheme}
        for name in ("called", "named"):
            spoken = getattr(whose, name)
            if spoken is not None:
                said |= {f"respondent::{name}::th": spoken.th or EMPTY, f"respondent::{name}::en": spoken.en}
    given = head.get("respondent")
    said["respondent::list"] = str(given.get("list") or "") if isinstance(given, Mapping) else ""
    for name, address in definition.contact or ():
        said[f"contact::{name}"] = address or ""
    for name, spoken in definition.issued or ():
        if spoken is not None:
            said |= {f"issued::{name}::th": spoken.th or EMPTY, f"issued::{name}::en": spoken.en}
    if definition.evidence_limits is not None:
        said |= {f"evidence_limits::{name}": str(size) for name, size in definition.evidence_limits}
    if definition.signoff is not None:
        said["signoff::certification"] = definition.signoff.certification or EMPTY
    if edition.rubric is not None:
        for name in ("id", "edition", "progress", "progress_basis"):
            said[f"rubric::{name}"] = str(getattr(edition.rubric, name)) or EMPTY
    yield from ({"name": name, "value": said.get(name, "")} for name in SETTINGS)
    for role in definition.signoff.roles if definition.signoff is not None else ():
        yield {"name": f"{ROLE}{role.id}", "value": role.title}


def _indicators(definition: Definition) -> Iterator[TableRow]:
    table = definition.indicators
    yield from ({"type": "heading", "name": heading} for heading in table.headings)
    for pillar in table.pillars:
        head = {"type": "pillar", "id": pillar.id, "name": pillar.title, "heading": pillar.heading}
        yield {**head, "weight": str(pillar.weight), "weight_text": pillar.weight_text}
        yield from _indicator_rows(pillar.indicators, pillar.id)


def _indicator_rows(indicators: Iterable[Indicator], parent: str) -> Iterator[TableRow]:
    for one in indicators:
        yield {"type": "indicator", "in": parent, **_row(one, without=("indicators",))}
        yield from _indicator_rows(one.indicators, one.id)


def _rubric(rubric: Rubric) -> Iterator[TableRow]:
    yield from ({"type": "unscored", **_row(one)} for one in rubric.unscored)
    for pillar in rubric.pillars:
        yield {"type": "pillar", **_row(pillar, without=("indicators",))}
        yield from _rule_rows(pillar.indicators, pillar.id)


def _rule_rows(indicators: Iterable[IndicatorRule], parent: str) -> Iterator[TableRow]:
    for one in indicators:
        yield {"type": "indicator", "in": parent, **_row(one, without=("indicators", "questions"))}
        for question in one.questions:
            yield from _question_rows(question, one.id)
        yield from _rule_rows(one.indicators, one.id)


def _question_rows(question: Question, parent: str) -> Iterator[TableRow]:
    row: TableRow = {"type": "question", "id": question.field, "in": parent}
    details: list[tuple[str, Detail]] = []
    for name, info in type(question).model_fields.items():
        value = getattr(question, name)
        if name == "field" or value == info.default:
            continue
        if name == "detail":
            details.append(("", value))
        elif name == "details":
            details += value.items()
        elif isinstance(value, Mapping):
            row[name] = mapping_text(value)
        elif name in ("unless", "zero_when"):
            row[name] = " = ".join(value)
        else:
            row[name] = "\n".join(value) if isinstance(value, tuple) else str(value)
    yield row
    for key, detail in details:
        shown = {name: "\n".join(part) if isinstance(part, tuple) else str(part) for name, part in detail}
        yield {"type": "detail", "id": key, "in": question.field, **shown}


def _search(words: SearchWords) -> Iterator[TableRow]:
    yield from ({"type": "alike", "words": "\n".join(group)} for group in words.alike)
    for one in words.places:
        yield {"type": "places", "words": "\n".join(one.words), "at": "\n".join(one.at)}
