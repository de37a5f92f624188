"""The form's table of indicators, which is printed between the first section and the second."""

from __future__ import annotations

from collections.abc import Iterator

from dgdesk.printing.blocks import Block
from dgdesk.printing.style import Run
from dgdesk.printing.survey.asking import notes
from dgdesk.printing.survey.boxes import indented
from dgdesk.printing.survey.desk import Desk
from dgdesk.printing.survey.looks import BAND, HEAD
from dgdesk.printing.tables import Cell, Grid, Table, TableRow, row
from dgdesk.survey.definition.models import Indicator, Pillar
from dgdesk.survey.definition.texts import joined


def indicator_table(context: Desk) -> Iterator[Block]:
    """One table for each pillar, under its heading."""
    table = context.form.definition.indicators
    for pillar in table.pillars:
        yield context.text(pillar.heading, context.styles.question, keep=True)
        yield _pillar(context, pillar, table.headings)
    yield from notes(context, (table.footnote,))


def _pillar(context: Desk, pillar: Pillar, headings: tuple[str, ...]) -> Table:
    head = row(*(context.text(text, context.styles.head) for text in headings), fill=HEAD)
    count = len(headings)
    title = joined(pillar.title, pillar.weight_text)
    rows = [TableRow((Cell((context.text(title, context.styles.head),), count, BAND),), keep_with_next=True)]
    for indicator in pillar.indicators:
        rows += _rows(context, indicator, count, 0)
    return Table(Grid((42, *((58 / max(1, count - 1),) * (count - 1))), padding=2.0), tuple(rows), (head,), after=2)


def _rows(context: Desk, indicator: Indicator, count: int, depth: int) -> Iterator[TableRow]:
    name = joined(indicator.number, indicator.name + ("*" if indicator.starred else ""))
    label = indented(context.text((Run(name),), context.styles.style(8.8)), depth * context.styles.indent * 0.7)
    cells = [Cell((label,))]
    if count > 1:
        cells.append(Cell((context.text(indicator.purpose, context.styles.style(8.8)),), count - 1))
    yield TableRow(tuple(cells))
    for part in indicator.indicators:
        yield from _rows(context, part, count, depth + 1)
