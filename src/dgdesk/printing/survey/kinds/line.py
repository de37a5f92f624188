"""Printing, kind: one line of text, a number, an address: the label, and the answer beside it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from dgdesk.answers.values import Unread, Value
from dgdesk.definition.models import Field
from dgdesk.definition.texts import joined
from dgdesk.printing.blocks import Block
from dgdesk.printing.paragraph import Paragraph
from dgdesk.printing.style import Run, Style
from dgdesk.printing.survey.asking import unread
from dgdesk.printing.survey.boxes import Band, Beside, WritingLines
from dgdesk.printing.survey.desk import Desk


def blocks(
    desk: Desk, at: int, label: tuple[Run, ...], style: Style, *, writing: int = 1, most_lines: int = 3
) -> Iterator[Block]:
    """The label with the answer; ``writing`` lines to write on where it is to be filled in by hand."""
    field = desk.form.nodes[at].field
    unit = joined(field.unit, field.hint) if field.unit else ""
    if desk.grey:
        if label or unit:
            yield desk.text([*label, *([Run(f" {unit}")] if unit else [])], style)
        return
    if desk.blank:
        yield from _to_write(desk, label, unit, style, writing)
        return
    band = Band((desk.text(answer_runs(desk, field, desk.answer(at), unit), desk.looks.answer),))
    yield Beside(Paragraph(desk.setter, label, style), band, most_lines=most_lines) if label else band


def answer_runs(desk: Desk, field: Field, value: Value | None, unit: str = "") -> tuple[Run, ...]:
    """An answer in words; what is missing is said."""
    after = (Run(f" {unit}", colour=desk.looks.label.colour),) if unit else ()
    match value:
        case None:
            return missing(desk, field), *after
        case Unread():
            return *unread(desk, value.text), *after
        case Decimal():
            return Run(desk.number(value) + ("%" if field.kind == "percent" else "")), *after
        case str() if field.kind == "url" and value.startswith(("https://", "http://")) and " " not in value:
            return Run(value, link=value), *after
        case str():
            return Run(value), *after
    return Run(", ".join(value)), *after


def missing(desk: Desk, field: Field) -> Run:
    """What stands where there is no answer."""
    text = desk.say("print.not_answered") if field.required else "–"
    return Run(text, colour=desk.looks.note.colour, size=desk.looks.small.size)


def _to_write(desk: Desk, label: tuple[Run, ...], unit: str, style: Style, writing: int) -> Iterator[Block]:
    pitch = 21.0 * desk.looks.scale
    if unit:
        right = Beside(Paragraph(desk.setter, label or "", style), WritingLines(1, pitch, 0.5))
        yield right
        yield desk.text(unit, desk.looks.label)
        return
    lines = WritingLines(writing, pitch, keep_with_next=False)
    if not label:
        yield lines
    else:
        yield Beside(Paragraph(desk.setter, label, style), lines, most_lines=2 if writing == 1 else 0)
