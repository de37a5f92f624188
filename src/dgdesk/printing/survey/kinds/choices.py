"""Prints choices: options with their marks, the evidence that each asks for, and the questions that it opens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from dgdesk.printing.blocks import Block
from dgdesk.printing.paragraph import Paragraph
from dgdesk.printing.style import ParagraphStyle, TextRun
from dgdesk.printing.survey.boxes import Band, Beside
from dgdesk.printing.survey.context import INK, PrintContext
from dgdesk.printing.survey.evidence import attached
from dgdesk.printing.survey.keeps import choice_units, option_unit
from dgdesk.printing.survey.kinds.lines import file_to_write, missing, to_write
from dgdesk.printing.survey.question_parts import PrintedQuestion, heading, notes, unread
from dgdesk.printing.survey.writing import Gap, Together, WritePart, write_in
from dgdesk.printing.tags import Part
from dgdesk.printing.ties import indented
from dgdesk.survey.answers.values import UnreadValue, has
from dgdesk.survey.definition.form import option_address
from dgdesk.survey.definition.models import EvidenceRequest, Field, Option
from dgdesk.survey.definition.texts import joined

CIRCLES: Final = ("○", "◉")
BOXES: Final = ("☐", "☑")
_MANY = 15  # more options than this, if each has only a name, are answered on a line
_SHORT = 66  # characters of an option and the question that it opens, if both are printed in one line
_PLEASE: Final = "โปรด"


def single_choice(context: PrintContext, question: PrintedQuestion) -> Iterator[Block]:
    """The options of which one may be chosen, each with a circle."""
    yield from _options(context, question, CIRCLES)


def multiple_choice(context: PrintContext, question: PrintedQuestion) -> Iterator[Block]:
    """The options of which any number may be chosen, each with a box."""
    yield from _options(context, question, BOXES)


def is_list(field: Field) -> bool:
    """Whether a choice has so many options with nothing but a name that only the chosen name is printed."""
    return len(field.options) > _MANY and all(_plain(option) for option in field.options)


def _options(context: PrintContext, question: PrintedQuestion, marks: tuple[str, str]) -> Iterator[Block]:
    """The options of ``question``; ``marks`` are the signs of one not chosen and of one chosen."""
    node = context.form.nodes[question.at]
    if is_list(node.field):
        yield _named(context, question)
        return
    value = context.answer(question.at)
    if isinstance(value, UnreadValue):
        yield Band((context.text(unread(context, value.text), context.styles.answer),))
    if context.choices.variant == "answers" and value is None and not context.grey:
        yield Band((context.text((missing(context, node.field),), context.styles.answer),))
    follow_ups: dict[str | None, list[int]] = {}
    for child in context.form.children(question.at):
        follow_ups.setdefault(context.form.nodes[child].gate, []).append(child)
    units: list[list[Block]] = []
    options = Part("L", numbering="Circle" if marks is CIRCLES else "Square")
    opened = False
    for option in node.field.options:
        chosen = value is not None and has(value, option.id)
        if chosen or context.choices.variant != "answers":
            opens = follow_ups.get(option.id, [])
            own = PrintedOption(question, option, marks[chosen], chosen, opens, options)
            units.append(_to_tick(context, own) if context.blank else _option(context, own))
            opened |= len(units[-1]) > 1 and (chosen or context.blank)
    yield from choice_units(units, opened=opened)


class PrintedOption(NamedTuple):
    """An option to print: its question, its mark, the positions of the questions that it opens, and its list."""

    question: PrintedQuestion
    option: Option
    mark: str
    chosen: bool
    follow_ups: list[int]
    owner: Part


def _option(context: PrintContext, own: PrintedOption) -> list[Block]:
    """An option with all that belongs below it."""
    option, chosen = own.option, own.chosen
    inline = None if chosen else _inline(context, own)
    below: list[Block] = [*notes(context, option.notes)]
    end = option.evidence.text if option.evidence is not None and not _on_label(option.evidence) else ""
    for child in own.follow_ups:
        if end and not chosen and child == own.follow_ups[-1] != inline and _on_a_line(context, child):
            below.append(context.greyed.text([*_dotted(context, own, child), TextRun(f" {end}")], context.styles.label))
            end = ""
        elif child != inline:
            below += own.question.ask(context, child, owner_code=option.code)
    files: list[Block] = []
    if option.evidence is not None and chosen:
        slot = option_address(context.form.nodes[own.question.at].address, option.id)
        files = list(attached(context, slot))
    if end and below:
        request = (context if chosen else context.greyed).text(end, context.styles.label, keep=bool(files))
        beside = isinstance(request, Paragraph) and len(files) == 1
        below += [Beside(request, files[0])] if beside and isinstance(request, Paragraph) else [request, *files]
    else:
        below += files
    runs = _label(context, own)
    if inline is not None:
        runs += _asked(context, own, inline)
    tail = [end] if end and not below else []
    skip = option.skip.text if option.skip is not None else ""
    if below and skip:
        below.append(context.text(skip, context.styles.label))
    runs += [TextRun(f" {text}") for text in (*tail, *([skip] if not below else ())) if text]
    mark = context.mark(own.mark, chosen, INK if chosen else None)
    label = context.text(runs, context.styles.option, label=mark, keep=bool(below))
    inside = [indented(block, context.styles.indent) for block in below]
    return option_unit(label, inside, _words(option), own.owner)


def _label(context: PrintContext, own: PrintedOption) -> list[TextRun]:
    option = own.option
    text = joined(option.code, option.label, option.hint)
    runs = [TextRun(text, bold=True, colour=INK) if own.chosen else TextRun(text)]
    if option.own:
        runs.append(TextRun(f" ({context.say('print.own_option')})", size=context.styles.note.size))
    if option.evidence is not None and _on_label(option.evidence) and not context.blank:
        runs.append(TextRun(f" {option.evidence.text}"))
    return runs


def _to_tick(context: PrintContext, own: PrintedOption) -> list[Block]:
    """An option to be ticked by hand, with what is written in beside it, in the order of the form."""
    option = own.option
    inline = _inline(context, own)
    below: list[Block] = [*notes(context, option.notes)]
    for child in own.follow_ups:
        if child != inline:
            below += own.question.ask(context, child, owner_code=option.code)
    parts: list[WritePart] = [_label(context, own)]
    if option.evidence is not None and _on_label(option.evidence):
        parts += file_to_write(context, option.evidence.text)
    if inline is not None:
        parts += _written(context, own, inline)
    tail: list[WritePart] = []
    if option.evidence is not None and not _on_label(option.evidence):
        tail += file_to_write(context, option.evidence.text)
    if option.skip is not None:
        tail.append((TextRun(f" {option.skip.text}"),))
    if not below:
        parts += tail
    elif tail:
        below.append(_write(context, tail, context.styles.label))
    label = _write(context, parts, context.styles.option, label=context.mark(own.mark, None), keep=bool(below))
    inside = [indented(block, context.styles.indent) for block in below]
    return option_unit(label, inside, _words(option), own.owner, loose=True)


def _words(option: Option) -> str:
    return joined(option.code, option.label)


def _write(
    context: PrintContext,
    parts: Sequence[WritePart],
    style: ParagraphStyle,
    *,
    label: TextRun | None = None,
    keep: bool = False,
) -> Block:
    runs = [run for part in parts if not isinstance(part, Gap | Together) for run in part]
    if any(isinstance(part, Gap | Together) for part in parts):
        return write_in(context, parts, style, label=label, keep=keep)
    runs[0] = runs[0]._replace(text=runs[0].text.lstrip())
    return context.text(runs, style, label=label or "", keep=keep)


_ON_A_LINE: Final = ("text", "long_text", "url", "email", "phone", "number", "percent", "month_year")


def _inline(context: PrintContext, own: PrintedOption) -> int | None:
    """The position of the first follow-up, if it is printed in the line of its option; else None.

    The form does so with those that have no code; one with a code is, if both are short.
    """
    if not own.follow_ups or own.option.notes:
        return None
    field = context.form.nodes[own.follow_ups[0]].field
    if not _on_a_line(context, own.follow_ups[0]):
        return None
    words = len(own.option.label) + len(field.label)
    return own.follow_ups[0] if not field.code or words <= _SHORT else None


def _on_a_line(context: PrintContext, at: int) -> bool:
    """Whether a question takes one line if nothing is answered."""
    node = context.form.nodes[at]
    return node.kind in _ON_A_LINE and not (node.field.notes or node.field.notes_after)


def _written(context: PrintContext, own: PrintedOption, at: int) -> list[WritePart]:
    """A follow-up in the line of its option; in brackets, as on the form, where it says "please"."""
    label = heading(context, at, own.option.code)
    if not _in_brackets(label):
        return [(TextRun(" "),), *to_write(context, at, label, more=0)]
    first = label[0]._replace(text=f" ({label[0].text}")
    return [*to_write(context, at, (first, *label[1:]), more=0), (TextRun(")"),)]


def _asked(context: PrintContext, own: PrintedOption, at: int) -> list[TextRun]:
    """What is asked in the line of an option that was not chosen, with dots where the answer would stand."""
    runs = _dotted(context, own, at)
    if not _in_brackets(runs):
        return [TextRun(" "), *runs]
    return [TextRun(" ("), *runs, TextRun(")")]


def _dotted(context: PrintContext, own: PrintedOption, at: int) -> list[TextRun]:
    """What a follow-up asks, with dots where the answer would stand."""
    field = context.form.nodes[at].field
    label = heading(context, at, own.option.code)
    runs: list[TextRun] = []
    for word in field.blanks or ("",):
        runs += [TextRun(f" {word} " if word else " "), TextRun("…", said=context.read("nothing"))]
    after = joined(field.unit, field.hint if field.unit else "")
    return [*label, *runs, *([TextRun(f" {after}")] if after else [])]


def _in_brackets(label: Sequence[TextRun]) -> bool:
    return bool(label) and label[0].text.startswith(_PLEASE)


def _named(context: PrintContext, question: PrintedQuestion) -> Block:
    """The question with the name of what was chosen, or a line to write it on."""
    field = context.form.nodes[question.at].field
    if context.blank:
        return write_in(context, to_write(context, question.at, question.label), question.style)
    if context.grey:
        return context.text(question.label, question.style)
    value = context.answer(question.at)
    if isinstance(value, UnreadValue):
        runs = unread(context, value.text)
    else:
        names = [option.label for option in field.options if value is not None and has(value, option.id)]
        runs = (TextRun(", ".join(names)) if names else missing(context, field),)
    band = Band((context.text(runs, context.styles.answer),))
    return Beside(Paragraph(context.setter, question.label, question.style), band) if question.label else band


def _plain(option: Option) -> bool:
    return not (option.fields or option.evidence or option.notes or option.skip or option.code or option.hint)


def _on_label(request: EvidenceRequest | None) -> bool:
    return request is not None and request.at == "label"
