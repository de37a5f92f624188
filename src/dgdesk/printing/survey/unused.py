"""Prints an unused item of a repeat in a line or two: all texts of the form, without space to write."""

from __future__ import annotations

from collections.abc import Iterator

from dgdesk.printing.survey.desk import Desk
from dgdesk.survey.definition.models import Field
from dgdesk.survey.definition.texts import joined

_MARKS = {"single": "○ ", "multiple": "☐ "}


def unused_text(context: Desk, at: int) -> str:
    """The texts of a field and all inside it, in printed order."""
    return "   ".join(_texts(context, context.form.nodes[at].field))


def _texts(context: Desk, field: Field, owner_code: str | None = None) -> Iterator[str]:
    label = field.label if context.item_number is None else field.label.replace("{n}", str(context.item_number))
    code = field.code if field.code != owner_code else None
    if text := joined(code, label, field.hint if not field.unit else ""):
        yield text
    if field.unit:
        yield joined(field.unit, field.hint)
    yield from field.blanks
    for child in field.fields:
        yield from _texts(context, child)
    for option in field.options:
        yield _MARKS.get(field.kind, "") + joined(option.code, option.label, option.hint)
        if option.evidence is not None and option.evidence.at == "label":
            yield option.evidence.text
        for child in option.fields:
            yield from _texts(context, child, option.code)
        if option.evidence is not None and option.evidence.at == "end":
            yield option.evidence.text
        if option.skip is not None:
            yield option.skip.text
