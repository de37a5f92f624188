"""Printing, survey: an item of a repeat that nobody used, in a line or two: all the form prints there, without room."""

from __future__ import annotations

from collections.abc import Iterator

from dgdesk.definition.models import Field
from dgdesk.definition.texts import joined
from dgdesk.printing.survey.desk import Desk

_MARKS = {"single": "○ ", "multiple": "☐ "}


def unused_words(desk: Desk, at: int) -> str:
    """The texts of a field and all inside it, in printed order."""
    return "   ".join(_words(desk, desk.form.nodes[at].field))


def _words(desk: Desk, field: Field, owner_code: str | None = None) -> Iterator[str]:
    label = field.label if desk.item_number is None else field.label.replace("{n}", str(desk.item_number))
    code = field.code if field.code != owner_code else None
    if text := joined(code, label, field.hint if not field.unit else ""):
        yield text
    if field.unit:
        yield joined(field.unit, field.hint)
    yield from field.blanks
    for child in field.fields:
        yield from _words(desk, child)
    for option in field.options:
        yield _MARKS.get(field.kind, "") + joined(option.code, option.label, option.hint)
        if option.evidence is not None and option.evidence.at == "label":
            yield option.evidence.text
        for child in option.fields:
            yield from _words(desk, child, option.code)
        if option.evidence is not None and option.evidence.at == "end":
            yield option.evidence.text
        if option.skip is not None:
            yield option.skip.text
