"""The questionnaire as one JSON document for other programs (contract of ``questionnaire dump --json``)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dgdesk.definition.form import Form
from dgdesk.definition.models import Column, EvidenceRequest, Field, Section
from dgdesk.definition.texts import texts_of


def dump(form: Form) -> dict[str, Any]:
    """Return edition, sections, fields, evidence slots, skips and texts, all in printed order."""
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
            yield from _field(item, section.id, None, item.label)


def _field(field: Field, section: str, parent: str | None, inherited: str) -> Iterator[dict[str, Any]]:
    label = field.label.replace("{n}", str(field.first_number)) or inherited
    yield {
        "id": field.id,
        "code": field.code,
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
            }
            for option in field.options
        ],
        "rows": [{"id": row.id, "label": row.label, "header": row.header} for row in field.rows],
        "columns": [_column(field, column) for column in field.columns],
        "max_items": field.max_items,
    }
    for child in field.fields:
        yield from _field(child, section, field.id, label)
    for option in field.options:
        for child in option.fields:
            yield from _field(child, section, field.id, option.label or label)
    for row in field.rows:
        for cell in row.cells.values():
            for child in cell.fields:
                yield from _field(child, section, field.id, row.label)


def _column(matrix: Field, column: Column) -> dict[str, Any]:
    group = next((group for group in matrix.groups if group.id == column.group), None)
    return {
        "id": f"{group.id}.{column.id}" if group else column.id,
        "label": f"{group.label} {column.label}" if group else column.label,
        "evidence": _evidence(column.evidence),
    }


def _evidence(request: EvidenceRequest | None) -> str:
    return request.rule if request is not None else "none"
