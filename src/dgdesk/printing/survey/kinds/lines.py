"""Prints answers on a line: text, numbers, addresses, a month and year; next to the label, or below it if long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from dgdesk.printing.blocks import Block
from dgdesk.printing.paragraph import Paragraph
from dgdesk.printing.style import TextRun
from dgdesk.printing.survey.boxes import Band, Beside
from dgdesk.printing.survey.context import PrintContext
from dgdesk.printing.survey.question_parts import PrintedQuestion, unread
from dgdesk.printing.survey.writing import Gap, Together, WritePart, write_in
from dgdesk.survey.answers.values import UnreadValue, Value
from dgdesk.survey.definition.models import Field
from dgdesk.survey.definition.texts import joined
from dgdesk.text.dates import format_month_year

_SHORT = 40  # characters of a label that stays on the line of its answer


def line(context: PrintContext, question: PrintedQuestion) -> Iterator[Block]:
    """The label, and next to it an answer of one line; a line to write on if the form is filled in by hand."""
    yield from _answer(context, question, most_lines=3)


def long_text(context: PrintContext, question: PrintedQuestion) -> Iterator[Block]:
    """The label, and the text next to it if it is short, else below it; more than a line to write on."""
    yield from _answer(context, question, most_lines=2)


def month_year(context: PrintContext, question: PrintedQuestion) -> Iterator[Block]:
    """The label, then the month and the year of the Buddhist era, each after the form's own word for it."""
    field = context.form.nodes[question.at].field
    label, style = question.label, question.style
    words = (*field.blanks, "", "")[:2]
    if context.grey:
        yield context.text([*label, TextRun(f" {words[0]} … {words[1]} …")], style)
        return
    if context.blank:
        yield write_in(context, to_write(context, question.at, label), style)
        return
    band = Band((context.text(_month_runs(context, question.at, words), context.styles.answer),))
    yield Beside(Paragraph(context.setter, label, style), band) if label else band


def to_write(context: PrintContext, at: int, label: tuple[TextRun, ...], *, more: int | None = None) -> list[WritePart]:
    """The label of a question for one line, and what is written in by hand, with its unit.

    ``more``: how many whole lines follow the first; by default one for a long text that is an outer question.
    """
    field = context.form.nodes[at].field
    led = [TextRun(f"{run.text} " if run is label[-1] else run.text, run.bold) for run in label]
    parts: list[Sequence[TextRun] | Gap] = [led] if led else []
    if field.kind == "month_year":
        month, year = (*field.blanks, "", "")[:2]
        written = ((TextRun(f"{month} "),), Gap(70.0, 130.0), (TextRun(f" {year} "),), Gap(50.0, 80.0))
        return [*parts, Together(written)]
    if field.unit:
        return [*parts, Together((Gap(60.0, 100.0), (TextRun(f" {joined(field.unit, field.hint)}"),)))]
    if field.kind in ("number", "percent"):
        return [*parts, Gap(60.0, 100.0)]
    if more is None:
        more = int(field.kind == "long_text" and context.form.nodes[at].parent < 0)
    if sum(len(run.text) for run in led) <= _SHORT:
        return [Together((*parts, Gap(more=more)))] if led else [Gap(more=more)]
    return [*parts, Gap(more=more)]


def file_to_write(context: PrintContext, request: str) -> list[WritePart]:
    """A request for evidence, and where to write the name of the file and the pages of its key passage."""
    file, page = (TextRun(f" {context.say(f'print.blank.{name}')} ") for name in ("file", "page"))
    lead = TextRun(f" {request}")
    return [Together(((lead, file), Gap(64.0), (page,), Gap(30.0, 50.0)))]


def answer_runs(context: PrintContext, field: Field, value: Value | None, unit: str = "") -> tuple[TextRun, ...]:
    """An answer as text with its unit, or a remark where it is missing or cannot be read."""
    after = (TextRun(f" {unit}", colour=context.styles.label.colour),) if unit else ()
    match value:
        case None:
            return missing(context, field), *after
        case UnreadValue():
            return *unread(context, value.text), *after
        case Decimal():
            return TextRun(context.number(value) + ("%" if field.kind == "percent" else "")), *after
        case str() if field.kind == "url":
            return *_links(value), *after
        case str():
            return TextRun(value, typed=True), *after
    return TextRun(", ".join(value), typed=True), *after


def _links(addresses: str) -> Iterator[TextRun]:
    """Web addresses, each a link; the commas between them are none."""
    for number, one in enumerate(addresses.split(", ")):
        if number:
            yield TextRun(", ")
        link = one if one.startswith(("https://", "http://")) and " " not in one else ""
        yield TextRun(one, link=link, typed=True)


def missing(context: PrintContext, field: Field) -> TextRun:
    """What is printed where there is no answer: a remark if one is required, else a dash."""
    if field.required:
        text, said = context.say("print.not_answered"), ""
    else:
        text, said = "–", context.read("nothing")
    return TextRun(text, colour=context.styles.note.colour, size=context.styles.small.size, said=said)


def _answer(context: PrintContext, question: PrintedQuestion, most_lines: int) -> Iterator[Block]:
    field = context.form.nodes[question.at].field
    label, style = question.label, question.style
    unit = joined(field.unit, field.hint) if field.unit else ""
    if context.grey:
        if label or unit:
            yield context.text([*label, *([TextRun(f" {unit}")] if unit else [])], style)
        return
    if context.blank:
        yield write_in(context, to_write(context, question.at, label), style)
        return
    runs = answer_runs(context, field, context.answer(question.at), unit)
    band = Band((context.text(runs, context.styles.answer),))
    yield Beside(Paragraph(context.setter, label, style), band, most_lines=most_lines) if label else band


def _month_runs(context: PrintContext, at: int, words: tuple[str, ...]) -> list[TextRun]:
    value = context.answer(at)
    plain = context.styles.label.colour
    month, year = "", ""
    if isinstance(value, str):
        try:
            month, _, year = format_month_year(value).rpartition(" ")
        except ValueError:
            return list(unread(context, value))
    elif value is not None:
        return list(unread(context, getattr(value, "text", str(value))))
    none = missing(context, context.form.nodes[at].field)
    return [
        TextRun(f"{words[0]} ", colour=plain),
        TextRun(month) if month else none,
        TextRun(f"  {words[1]} ", colour=plain),
        TextRun(context.digits(year)) if year else none,
    ]
