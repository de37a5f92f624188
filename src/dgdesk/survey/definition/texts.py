"""Every text of the form that a person sees, in printed order; and the questionnaire as one JSON document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dgdesk.survey.definition.form import Form
from dgdesk.survey.definition.models import (
    Column,
    Definition,
    EvidenceRequest,
    Field,
    Indicator,
    IndicatorTable,
    Note,
    NoteKind,
    Option,
    Row,
    Section,
)
from dgdesk.survey.definition.notes import noted

_DUMPED_KINDS: dict[NoteKind, str] = {
    **{"note": "remark", "example": "example", "definition": "definition", "instruction": "instruction"},
    "question": "instruction",  # the contract has no kind for what continues a question; it must be read like one
}


def texts_of(definition: Definition) -> Iterator[str]:
    """Yield the texts. As printed, the table of indicators is between the first and the second section."""
    for at, section in enumerate(definition.sections):
        yield from _section(section)
        if at == 0:
            yield from _indicator_table(definition.indicators)


def note_texts(note: Note) -> Iterator[str]:
    """Yield the texts of a note and its items."""
    if note.label or note.text:
        yield joined(note.label, note.text)
    for item in note.items:
        yield from note_texts(item)


def joined(*parts: str | None) -> str:
    """Join texts that are printed next to each other; None and empty texts are left out."""
    return " ".join(part for part in parts if part)


def _section(section: Section) -> Iterator[str]:
    yield section.title
    for note in section.notes:
        yield from note_texts(note)
    for page in section.pages:
        for heading, item in page.headed():
            if heading:
                yield heading
            yield from _field(item, None)


def _indicator_table(table: IndicatorTable) -> Iterator[str]:
    for pillar in table.pillars:
        yield pillar.heading
        yield from table.headings
        yield joined(pillar.title, pillar.weight_text)
        for indicator in pillar.indicators:
            yield from _indicator(indicator)
    yield from note_texts(table.footnote)


def _indicator(indicator: Indicator) -> Iterator[str]:
    yield joined(indicator.number, indicator.name + ("*" if indicator.starred else ""))
    if indicator.purpose:
        yield indicator.purpose
    for part in indicator.indicators:
        yield from _indicator(part)


def _field(field: Field, number: int | None, owner_code: str | None = None) -> Iterator[str]:
    label = field.label if number is None else field.label.replace("{n}", str(number))
    code = field.code if field.code != owner_code else None
    if heading := joined(code, label, field.hint if not field.unit else ""):
        yield heading
    if field.unit:
        yield joined(field.unit, field.hint)
    yield from field.blanks
    for note in field.notes:
        yield from note_texts(note)
    yield from field.headings
    if field.kind == "repeat":
        yield from _items(field)
    else:
        for child in field.fields:
            yield from _field(child, number)
    for option in field.options:
        yield from _option(option, number)
    yield from _matrix(field, number)
    for note in field.notes_after:
        yield from note_texts(note)


def _items(repeat: Field) -> Iterator[str]:
    for item in range(repeat.first_number, repeat.first_number + (repeat.max_items or 1)):
        for child in repeat.fields:
            yield from _field(child, item)
        if repeat.evidence is not None:
            yield repeat.evidence.text


def _option(option: Option, number: int | None) -> Iterator[str]:
    if heading := joined(option.code, option.label, option.hint):
        yield heading
    yield from _request(option.evidence, "label")
    for note in option.notes:
        yield from note_texts(note)
    for child in option.fields:
        yield from _field(child, number, option.code)
    yield from _request(option.evidence, "end")
    if option.skip is not None:
        yield option.skip.text


def _request(request: EvidenceRequest | None, at: str) -> Iterator[str]:
    if request is not None and request.at == at:
        yield request.text


def _matrix(matrix: Field, number: int | None) -> Iterator[str]:
    for group in matrix.groups:
        yield group.label
    for column in matrix.columns:
        yield column.label
        if column.evidence is not None:
            yield column.evidence.text
    for row in matrix.rows:
        yield row.label
        for note in row.notes:
            yield from note_texts(note)
        if not row.header:
            yield from _cells(matrix, row, number)


def _cells(matrix: Field, row: Row, number: int | None) -> Iterator[str]:
    for column in matrix.columns:
        cell = row.cells.get(column.id)
        request = cell.evidence if cell is not None and cell.evidence is not None else column.evidence
        if request is not None:
            yield request.text
        for child in cell.fields if cell is not None else ():
            yield from _field(child, number)


def dump(form: Form) -> dict[str, Any]:
    """Return edition, sections, fields, notes, evidence slots, skips and texts, all in printed order."""
    definition = form.definition
    return {
        "edition": definition.edition,
        "sections": [
            {
                "id": section.id,
                "title": section.title,
                "indicator": section.indicator,
                "weight": int(section.weight) if section.weight is not None else None,
            }
            for section in definition.sections
        ],
        "fields": [one for section in definition.sections for one in _fields(section)],
        "notes": [
            {"field": owner, "kind": _DUMPED_KINDS[note.kind], "text": joined(note.label, note.text)}
            for owner, note in noted(definition.sections)
            if note.text and note.kind in _DUMPED_KINDS
        ],
        "evidence_slots": list(form.slots),
        "skips": [
            {"field": field.id, "option": option.id, "to": option.skip.to}
            for field in definition.fields()
            for option in field.options
            if option.skip is not None
        ],
        "texts": list(texts_of(definition)),
    }


def _fields(section: Section) -> Iterator[dict[str, Any]]:
    for page in section.pages:
        for item in page.items:
            yield from _dumped_field(item, section.id, None, item.label)


def _dumped_field(
    field: Field, section: str, parent: str | None, inherited: str, question: str | None = None
) -> Iterator[dict[str, Any]]:
    """Yield a field and those inside it; ``question`` is the code of the question whose only table it is."""
    label = field.label.replace("{n}", str(field.first_number)) or inherited
    yield {
        "id": field.id,
        "code": field.code or question,
        "section": section,
        "parent": parent,
        "kind": field.kind,
        "label": label,
        "options": [
            {
                "id": option.id,
                "code": option.code,
                "label": option.label,
                "evidence": _evidence(option.evidence),
                "skip_to": option.skip.to if option.skip else None,
                **({"own": True} if option.own else {}),
                **({"negative": True} if option.negative else {}),
            }
            for option in field.options
        ],
        "rows": [_row(row) for row in field.rows],
        "columns": [_column(field, column) for column in field.columns],
        "max_items": field.max_items,
    }
    alone = field.code if len(field.fields) == 1 and field.fields[0].kind == "matrix" else None
    for child in field.fields:
        yield from _dumped_field(child, section, field.id, label, alone)
    for option in field.options:
        for child in option.fields:
            yield from _dumped_field(child, section, field.id, option.label or label)
    for row in field.rows:
        for cell in row.cells.values():
            for child in cell.fields:
                yield from _dumped_field(child, section, field.id, row.label)


def _row(row: Row) -> dict[str, Any]:
    """Return a row; one that has a request of its own says so, in place of what its columns ask for."""
    requests = [cell.evidence for cell in row.cells.values() if cell.evidence is not None]
    own = {"evidence": _evidence(requests[0])} if requests else {}
    return {"id": row.id, "label": row.label, "header": row.header, **own}


def _column(matrix: Field, column: Column) -> dict[str, Any]:
    group = next((group for group in matrix.groups if group.id == column.group), None)
    return {
        "id": f"{group.id}.{column.id}" if group else column.id,
        "label": f"{group.label} {column.label}" if group else column.label,
        "evidence": _evidence(column.evidence),
        **({"negative": True} if column.negative else {}),
    }


def _evidence(request: EvidenceRequest | None) -> str:
    return request.rule if request is not None else "none"
