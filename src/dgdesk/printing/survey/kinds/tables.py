"""Prints questions with questions inside: tables with rows and columns, repeated items, groups under a heading."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dgdesk.printing.blocks import Block, Group
from dgdesk.printing.style import ParagraphStyle, TextRun
from dgdesk.printing.survey.boxes import Band, Named
from dgdesk.printing.survey.context import BAND, HEAD, INK, PrintContext
from dgdesk.printing.survey.evidence import attached
from dgdesk.printing.survey.keeps import item_unit
from dgdesk.printing.survey.kinds.choices import CIRCLES, single_choice
from dgdesk.printing.survey.kinds.lines import file_to_write, missing, to_write
from dgdesk.printing.survey.question_parts import Ask, PrintedQuestion, field_place, heading, notes, unread, unused_text
from dgdesk.printing.survey.writing import Gap, write_in
from dgdesk.printing.tables import Grid, PrintCell, PrintRow, Table, row
from dgdesk.printing.tagged import Repeated
from dgdesk.printing.ties import indented
from dgdesk.survey.answers.values import UnreadValue, has, items_of
from dgdesk.survey.definition.form import is_choice_table, option_address
from dgdesk.survey.definition.models import Column, Field, Row
from dgdesk.survey.definition.notes import PART_OF_QUESTION, of_kinds, without
from dgdesk.survey.definition.texts import note_texts

_SHORT = 6  # up to so many blocks below a row stay on one page
_CHOICE_TABLE = (38, 62)  # widths: the question, its answers
_LONG_NOTES = 250  # characters; longer notes take the full width instead of the first column


def group(context: PrintContext, question: PrintedQuestion) -> Iterator[Block]:
    """The questions of a group: in a table if the form has headings for them, else one below the other.

    Those with a code look like outer questions.
    """
    field = context.form.nodes[question.at].field
    if is_choice_table(context.form.nodes[question.at]):
        yield _choice_table(context, question, field)
        return
    children = tuple(context.form.children(question.at))
    for child in children:
        node = context.form.nodes[child]
        outer = node.field.code is not None and node.kind not in ("text", "number", "url")
        blocks = list(question.ask(context, child, outer=outer))
        yield from blocks if outer else item_unit(blocks, last=child == children[-1])


def _choice_table(context: PrintContext, question: PrintedQuestion, field: Field) -> Table:
    """Single choices as rows: the question on the left, its answers with all that they open on the right."""
    head = row(*((context.text(text, context.styles.head),) for text in field.headings), fill=HEAD)
    rows = []
    for child in context.form.children(question.at):
        if not context.choices.whole_form and not context.shown(child):
            continue
        own = context if context.shown(child) else context.greyed
        node = own.form.nodes[child]
        label = heading(own, child)
        asked = PrintedQuestion(child, label, own.styles.cell, question.ask)
        words = (own.text(label, own.styles.cell), *notes(own, node.field.notes))
        answers = (*single_choice(own, asked), *notes(own, node.field.notes_after))
        again = (Repeated(own.text((*label, TextRun(f" {own.say('print.continued')}")), own.styles.cell)),)
        rows.append(row((Group(words, keep=True),), (Group(answers, keep=True),), again=again))
    return Table(Grid(_CHOICE_TABLE), tuple(rows), (head,))


def matrix(context: PrintContext, question: PrintedQuestion) -> Iterator[Block]:
    """A table of rows, each answered by one column of every group; its head is repeated on every page.

    The questions that a row opens, and its evidence, take the full width below that row.
    """
    field = context.form.nodes[question.at].field
    count = len(field.columns)
    first = max(42.0 if context.blank else 34.0, 68.0 - 9 * count)
    grid = Grid((first, *((100 - first) / count,) * count))
    rows: list[PrintRow] = []
    by_row: dict[str, list[int]] = {}
    for child in context.form.children(question.at):
        model = context.form.nodes[child].row
        if model is not None:
            by_row.setdefault(model.id, []).append(child)
    for model in field.rows:
        rows += _matrix_row(context, field, model, by_row.get(model.id, []), question.ask)
    yield Table(grid, tuple(rows), tuple(_head(context, field, question.label)), keep_with_next=False)


def repeat(context: PrintContext, question: PrintedQuestion) -> Iterator[Block]:
    """The items in the order in which the person gave them; in a table if the form has headings for their parts."""
    field = context.form.nodes[question.at].field
    items = list(items_in_order(context, question.at))
    if field.headings and len(field.headings) == len(field.fields):
        head = row(*(context.text(text, context.styles.head) for text in field.headings), fill=HEAD)
        rows = tuple(_item_rows(context, field, items, question.ask))
        widths = ((2.6 if context.blank else 1.7) if part.options else 1.0 for part in field.fields)
        yield Table(Grid(tuple(widths)), rows, (head,))
        return
    for text in field.headings:
        yield context.text(text, context.styles.label, keep=True)
    for own, item in items:
        if own.grey:
            texts = [unused_text(own, child) for child in context.form.children(item)]
            texts += [field.evidence.text] if field.evidence is not None else []
            yield indented(own.text("   ".join(texts), context.styles.unused), context.styles.indent * 0.6)
            continue
        children = tuple(context.form.children(item))
        if field.evidence is not None and context.blank:
            yield from item_unit(
                _item_to_write(own, children, field.evidence.text, question.ask), last=item == items[-1][1]
            )
            continue
        parts = [
            indented(block, context.styles.indent * 0.6) for child in children for block in question.ask(own, child)
        ]
        if field.evidence is not None:
            files = list(attached(own, context.form.nodes[item].address))
            evidence = (own.text(field.evidence.text, context.styles.label, keep=bool(files)), *files)
            parts += [indented(block, context.styles.indent * 1.2) for block in evidence]
        yield from item_unit(parts, last=item == items[-1][1])


def _item_to_write(context: PrintContext, children: tuple[int, ...], request: str, ask: Ask) -> Iterator[Block]:
    """The parts of an item to be filled in by hand; the file stands in the line of a part that is the only one."""
    left, style = context.styles.indent * 0.6, context.styles.label
    file = file_to_write(context, request)
    if len(children) == 1:
        label = heading(context, children[0])
        yield indented(write_in(context, [*to_write(context, children[0], label), *file], style), left)
        return
    for child in children:
        for block in ask(context, child):
            yield indented(block, left)
    yield indented(write_in(context, file, style), 2 * left)


def _item_rows(
    context: PrintContext, field: Field, items: list[tuple[PrintContext, int]], ask: Ask
) -> Iterator[PrintRow]:
    """A row for every item that is used, and one line for all others; the form's words stand in one row at least."""
    used = [(own, item) for own, item in items if not own.grey]
    for own, item in used or items[:1]:
        first = next(iter(context.form.children(item)))
        name = (*heading(own, first), TextRun(f" {own.say('print.continued')}"))
        yield row(*_parts(own, item, ask), again=(Repeated(own.text(name, own.styles.cell)),))
    rest = [own.item_number for own, _ in items[len(used or items[:1]) :] if own.item_number is not None]
    if rest:
        numbers = [context.digits(str(one)) for one in sorted({rest[0], rest[-1]})]
        words = context.greyed.text(context.say("print.unused", items=" – ".join(numbers)), context.styles.unused)
        yield PrintRow((PrintCell((words,), len(field.fields)),))


def _head(context: PrintContext, field: Field, label: tuple[TextRun, ...]) -> Iterator[PrintRow]:
    style = context.styles.head
    count = len(field.columns)
    columns = [_column(context, column) for column in field.columns]
    first = PrintCell((context.text(label, style),), fill=HEAD)
    empty = PrintCell((), fill=HEAD)
    if field.groups:
        groups = [
            PrintCell(
                (context.text(group.label, style),),
                sum(column.group == group.id for column in field.columns),
                HEAD,
            )
            for group in field.groups
        ]
        yield row(empty, *groups)
    elif field.headings:
        yield row(empty, PrintCell((context.text(" ".join(field.headings), style),), count, HEAD))
    yield row(first, *columns)


def _column(context: PrintContext, column: Column) -> PrintCell:
    style = _centred(context.styles.head)
    texts = [context.text(column.label, style)]
    if column.evidence is not None:
        texts.append(context.text(column.evidence.text, _centred(context.styles.style(8))))
    return PrintCell(tuple(texts), fill=HEAD)


def _matrix_row(context: PrintContext, field: Field, model: Row, places: list[int], ask: Ask) -> Iterator[PrintRow]:
    asked = tuple(notes(context, of_kinds(model.notes, PART_OF_QUESTION), asked=context.styles.cell))
    others = without(model.notes, PART_OF_QUESTION)
    note_blocks = list(notes(context, others))
    wide = sum(len(text) for note in others for text in note_texts(note)) > _LONG_NOTES
    words: Block = context.text(model.label, context.styles.cell)
    for at in places if context.spots else ():
        words = Named(words, field_place(context.form.nodes[at].address))
    label: tuple[Block, ...] = (words, *asked, *(() if wide else note_blocks))
    open_here = any(context.answer(at) is None and context.shown(at) for at in places)
    if open_here and model.required and not context.blank and not context.grey:
        label = (*label, context.text((missing(context, field),), context.styles.cell))
    if context.blank and _asks_for_evidence(field, model):
        parts = file_to_write(context, "")
        label = (*label, write_in(context, parts, context.styles.small))
    if wide or not note_blocks:
        label = (Group(label, keep=True),)  # a row of a few lines is not split
    count = len(field.columns)
    if model.header:
        yield PrintRow(
            (PrintCell((Group((context.text(model.label, context.styles.head),), keep=True),), count + 1, BAND, True),),
            keep_with_next=True,
        )
        return
    below = [block for at in places for block in _below(context, at, model, ask)]
    values = {context.form.nodes[at].group: context.answer(at) for at in places}
    cells: list[PrintCell] = []
    for column in field.columns:
        value = values.get(column.group)
        chosen = value is not None and not isinstance(value, UnreadValue) and has(value, column.id)
        texts = [_mark(context, chosen)]
        own = model.cells.get(column.id)
        if own is not None and own.evidence is not None:
            texts.append(context.text(own.evidence.text, _centred(context.styles.style(8))))
        cells.append(PrintCell(tuple(texts), fill=BAND if chosen else None))
    yield PrintRow(
        (PrintCell(label), *cells),
        again=_again(context, model),
        keep_with_next=bool(below) or (wide and bool(note_blocks)),
    )
    again = _again(context, model)
    if wide and note_blocks:
        yield PrintRow((PrintCell(tuple(note_blocks), count + 1),), bool(below), again)
    if below:
        short = len(below) <= _SHORT
        yield PrintRow((PrintCell((Group(below, keep=True),) if short else tuple(below), count + 1),), again=again)


def _again(context: PrintContext, model: Row) -> tuple[Block, ...]:
    """What names a row where it goes on on the next page."""
    words = context.text(f"{model.label} {context.say('print.continued')}", context.styles.cell)
    return (Repeated(words),)


def _asks_for_evidence(field: Field, model: Row) -> bool:
    cells = [model.cells.get(column.id) for column in field.columns]
    own = any(cell is not None and cell.evidence is not None for cell in cells)
    return own or any(column.evidence is not None for column in field.columns)


def _below(context: PrintContext, at: int, model: Row, ask: Ask) -> Iterator[Block]:
    """What is printed under the row for the question at ``at``: text that is no answer, follow-ups, evidence."""
    value = context.answer(at)
    group = next(
        (one.label for one in context.form.nodes[at].field.groups if one.id == context.form.nodes[at].group), ""
    )
    if isinstance(value, UnreadValue):
        yield Band((context.text(unread(context, value.text), context.styles.answer),))
    for child in context.form.children(at):
        yield from ask(context, child)
    if isinstance(value, str):
        slot = option_address(context.form.nodes[at].address, value)
        if slot in context.form.slots:
            # the head of the table has the full text of "(1) …"
            yield from attached(context, slot, group.partition(" ")[0] if group.startswith("(") else group)


def _mark(context: PrintContext, chosen: bool) -> Block:
    style = _centred(context.styles.style(11, colour=INK if chosen else context.styles.cell.colour))
    return context.text((context.mark(CIRCLES[chosen], chosen),), style)


def _centred(style: ParagraphStyle) -> ParagraphStyle:
    return ParagraphStyle(style.size, style.bold, style.colour, "centre")


def _parts(context: PrintContext, item: int, ask: Ask) -> Iterator[tuple[Block, ...]]:
    for child in context.form.children(item):
        if context.grey:
            yield (Group((context.text(unused_text(context, child), context.styles.unused),), keep=True),)
        else:
            more = context.blank and not context.form.nodes[child].field.options
            lines = (write_in(context, (Gap(more=2),), context.styles.label),) if more else ()
            yield (*ask(context, child), *lines)


def items_in_order(context: PrintContext, at: int) -> Iterator[tuple[PrintContext, int]]:
    """The position of each item, and the context that knows its number; unused items come last."""
    node = context.form.nodes[at]
    places = {context.form.nodes[item].item: item for item in context.form.children(at)}
    every = tuple(places)
    used = every if context.blank else items_of(node, context.answer(at)) if context.shown(at) else ()
    rest = tuple(key for key in every if key not in used) if context.choices.whole_form else ()
    for number, key in enumerate((*used, *rest), start=node.field.first_number):
        item = places.get(key)
        if item is not None:
            own = replace(context, item_number=number)
            yield own if key in used else own.greyed, item
