"""Prints choices: options with their marks, the evidence that each asks for, and the questions that it opens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dgdesk.printing.blocks import Block
from dgdesk.printing.pagination import indented
from dgdesk.printing.paragraph import Paragraph
from dgdesk.printing.style import TextRun
from dgdesk.printing.survey.boxes import Band, Columns
from dgdesk.printing.survey.context import INK, PrintContext
from dgdesk.printing.survey.evidence import attached
from dgdesk.printing.survey.keeps import choice_units, option_unit
from dgdesk.printing.survey.kinds.lines import missing
from dgdesk.printing.survey.question_parts import PrintedQuestion, notes, unread
from dgdesk.survey.answers.values import UnreadValue, has
from dgdesk.survey.definition.form import option_address
from dgdesk.survey.definition.models import EvidenceRequest, Option
from dgdesk.survey.definition.texts import joined

CIRCLES: Final = ("○", "◉")
BOXES: Final = ("☐", "☑")
_MANY = 15  # more options than this, if each has only a name, are printed in columns
_COLUMNS = 5


def single_choice(context: PrintContext, question: PrintedQuestion) -> Iterator[Block]:
    """The options of which one may be chosen, each with a circle."""
    yield from _options(context, question, CIRCLES)


def multiple_choice(context: PrintContext, question: PrintedQuestion) -> Iterator[Block]:
    """The options of which any number may be chosen, each with a box."""
    yield from _options(context, question, BOXES)


def _options(context: PrintContext, question: PrintedQuestion, marks: tuple[str, str]) -> Iterator[Block]:
    """The options of ``question``; ``marks`` are the signs of one not chosen and of one chosen."""
    node = context.form.nodes[question.at]
    value = context.answer(question.at)
    if isinstance(value, UnreadValue):
        yield Band((context.text(unread(context, value.text), context.styles.answer),))
    if context.choices.variant == "answers" and value is None and not context.grey:
        yield Band((context.text((missing(context, node.field),), context.styles.answer),))
    chosen = {option.id: value is not None and has(value, option.id) for option in node.field.options}
    if len(chosen) > _MANY and all(_plain(option) for option in node.field.options):
        yield from _in_columns(context, question.at, chosen, marks)
        return
    follow_ups: dict[str | None, list[int]] = {}
    for child in context.form.children(question.at):
        follow_ups.setdefault(context.form.nodes[child].gate, []).append(child)
    units: list[list[Block]] = []
    opened = False
    for option in node.field.options:
        if chosen[option.id] or context.choices.variant != "answers":
            units.append(_option(context, question, option, chosen[option.id], marks, follow_ups.get(option.id, [])))
            opened |= len(units[-1]) > 1 and (chosen[option.id] or context.blank)
    yield from choice_units(units, opened=opened)


def _option(
    context: PrintContext,
    question: PrintedQuestion,
    option: Option,
    chosen: bool,
    marks: tuple[str, str],
    follow_ups: list[int],
) -> list[Block]:
    """An option with all that belongs below it."""
    left = context.styles.indent
    below: list[Block] = [*notes(context, option.notes)]
    for child in follow_ups:
        below += question.ask(context, child, owner_code=option.code)
    if option.evidence is not None and option.evidence.at == "end":
        own = context if chosen or context.blank else context.greyed
        below.append(own.text(option.evidence.text, context.styles.label, keep=chosen and not context.blank))
    if option.evidence is not None and chosen:
        below += attached(context, option_address(context.form.nodes[question.at].address, option.id))
    words = joined(option.code, option.label)
    return option_unit(
        _label(context, option, chosen, marks, keep=bool(below)), [indented(block, left) for block in below], words
    )


def _label(context: PrintContext, option: Option, chosen: bool, marks: tuple[str, str], keep: bool) -> Block:
    text = joined(option.code, option.label, option.hint)
    runs = [TextRun(text, bold=True, colour=INK) if chosen else TextRun(text)]
    if _on_label(option.evidence):
        runs.append(TextRun(f" {option.evidence.text}" if option.evidence else ""))
    if option.skip is not None:
        runs.append(TextRun(f" {option.skip.text}"))
    if option.own:
        runs.append(TextRun(f" ({context.say('print.own_option')})", size=context.styles.note.size))
    label = TextRun(marks[chosen], colour=INK if chosen else None)
    return context.text(runs, context.styles.option, label=label, keep=keep)


def _in_columns(context: PrintContext, at: int, chosen: dict[str, bool], marks: tuple[str, str]) -> Iterator[Block]:
    options = context.form.nodes[at].field.options
    if not context.choices.whole_form:
        names = [option.label for option in options if chosen[option.id]]
        if names:
            yield Band((context.text(", ".join(names), context.styles.answer),))
        return
    small = context.styles.style(8.2, before=0)
    hang = small.size * 1.5
    cells = [
        Paragraph(
            context.setter,
            (TextRun(option.label, bold=chosen[option.id], colour=INK if chosen[option.id] else None),),
            type(small)(small.size, hang=hang),
            label=TextRun(marks[chosen[option.id]], colour=INK if chosen[option.id] else None),
        )
        for option in options
    ]
    yield Columns(cells, _COLUMNS)


def _plain(option: Option) -> bool:
    return not (option.fields or option.evidence or option.notes or option.skip or option.code or option.hint)


def _on_label(request: EvidenceRequest | None) -> bool:
    return request is not None and request.at == "label"
