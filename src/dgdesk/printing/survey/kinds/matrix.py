"""Printing, kind: a table of rows answered by one column each, its head on every page."""

from __future__ import annotations

from collections.abc import Iterator

from dgdesk.answers.values import Unread, has
from dgdesk.definition.form import option_address
from dgdesk.definition.models import Column, Field, Row
from dgdesk.definition.texts import note_texts
from dgdesk.printing.blocks import Block, Group
from dgdesk.printing.style import Run, Style
from dgdesk.printing.survey.asking import Ask, notes, unread
from dgdesk.printing.survey.boxes import Band
from dgdesk.printing.survey.desk import Desk
from dgdesk.printing.survey.evidence import attached
from dgdesk.printing.survey.kinds.line import missing
from dgdesk.printing.survey.kinds.single import MARKS
from dgdesk.printing.survey.looks import BAND, HEAD, INK
from dgdesk.printing.tables import Cell, Grid, Table, TableRow, row

_SHORT = 6  # blocks below a row that are held together
_LONG_NOTES = 250  # characters of notes that stand across the table instead of beside the marks


def blocks(desk: Desk, at: int, label: tuple[Run, ...], ask: Ask) -> Iterator[Block]:
    """The table; what a row opens, and its evidence, stand across the table below that row."""
    field = desk.form.nodes[at].field
    count = len(field.columns)
    grid = Grid((max(34.0, 68.0 - 9 * count), *((100 - max(34.0, 68.0 - 9 * count)) / count,) * count))
    rows: list[TableRow] = []
    by_row: dict[str, list[int]] = {}
    for child in desk.form.children(at):
        model = desk.form.nodes[child].row
        if model is not None:
            by_row.setdefault(model.id, []).append(child)
    for model in field.rows:
        rows += _row(desk, field, model, by_row.get(model.id, []), ask)
    yield Table(grid, tuple(rows), tuple(_head(desk, field, label)), keep_with_next=False)


def _head(desk: Desk, field: Field, label: tuple[Run, ...]) -> Iterator[TableRow]:
    style = desk.looks.head
    count = len(field.columns)
    columns = [_column(desk, column) for column in field.columns]
    first = Cell((desk.text(label, style),), fill=HEAD)
    empty = Cell((), fill=HEAD)
    if field.groups:
        groups = [
            Cell(
                (desk.text(group.label, style),),
                sum(column.group == group.id for column in field.columns),
                HEAD,
            )
            for group in field.groups
        ]
        yield row(empty, *groups)
    elif field.headings:
        yield row(empty, Cell((desk.text(" ".join(field.headings), style),), count, HEAD))
    yield row(first, *columns)


def _column(desk: Desk, column: Column) -> Cell:
    style = _centred(desk.looks.head)
    texts = [desk.text(column.label, style)]
    if column.evidence is not None:
        texts.append(desk.text(column.evidence.text, _centred(desk.looks.style(8))))
    return Cell(tuple(texts), fill=HEAD)


def _row(desk: Desk, field: Field, model: Row, places: list[int], ask: Ask) -> Iterator[TableRow]:
    said = list(notes(desk, model.notes))
    wide = sum(map(len, _note_texts(model))) > _LONG_NOTES
    label: tuple[Block, ...] = (desk.text(model.label, desk.looks.cell), *(() if wide else said))
    open_here = any(desk.answer(at) is None and desk.shown(at) for at in places)
    if open_here and model.required and not desk.blank and not desk.grey:
        label = (*label, desk.text((missing(desk, field),), desk.looks.cell))
    if wide or not said:
        label = (Group(label, keep=True),)  # a row of a few lines is not parted
    count = len(field.columns)
    if model.header:
        yield TableRow((Cell((desk.text(model.label, desk.looks.head),), count + 1, BAND),), keep_with_next=True)
        return
    below = [block for at in places for block in _below(desk, at, model, ask)]
    values = {desk.form.nodes[at].group: desk.answer(at) for at in places}
    cells: list[Cell] = []
    for column in field.columns:
        value = values.get(column.group)
        chosen = value is not None and not isinstance(value, Unread) and has(value, column.id)
        texts = [_mark(desk, chosen)]
        own = model.cells.get(column.id)
        if own is not None and own.evidence is not None:
            texts.append(desk.text(own.evidence.text, _centred(desk.looks.style(8))))
        cells.append(Cell(tuple(texts), fill=BAND if chosen else None))
    yield TableRow((Cell(label), *cells), keep_with_next=bool(below) or (wide and bool(said)))
    if wide and said:
        yield TableRow((Cell(tuple(said), count + 1),))
    if below:
        short = len(below) <= _SHORT
        yield TableRow((Cell((Group(below, keep=True),) if short else tuple(below), count + 1),))


def _below(desk: Desk, at: int, model: Row, ask: Ask) -> Iterator[Block]:
    """What stands under the row for the question at ``at``: a flaw, follow-up questions, evidence."""
    value = desk.answer(at)
    group = next((one.label for one in desk.form.nodes[at].field.groups if one.id == desk.form.nodes[at].group), "")
    if isinstance(value, Unread):
        yield Band((desk.text(unread(desk, value.text), desk.looks.answer),))
    for child in desk.form.children(at):
        yield from ask(desk, child)
    if isinstance(value, str):
        slot = option_address(desk.form.nodes[at].address, value)
        if slot in desk.form.slots:
            # "(1) …" stands in full in the head of the table
            yield from attached(desk, slot, group.partition(" ")[0] if group.startswith("(") else group)


def _mark(desk: Desk, chosen: bool) -> Block:
    style = _centred(desk.looks.style(11, colour=INK if chosen else desk.looks.cell.colour))
    return desk.text(MARKS[chosen], style)


def _centred(style: Style) -> Style:
    return Style(style.size, style.bold, style.colour, "centre")


def _note_texts(model: Row) -> list[str]:
    return [text for note in model.notes for text in note_texts(note)]
