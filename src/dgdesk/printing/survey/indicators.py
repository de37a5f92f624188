"""Printing, survey: the form's table of indicators, which stands between the first section and the second."""

from __future__ import annotations

from collections.abc import Iterator

from dgdesk.definition.models import Indicator, Pillar
from dgdesk.definition.texts import joined
from dgdesk.printing.blocks import Block
from dgdesk.printing.style import Run
from dgdesk.printing.survey.asking import notes
from dgdesk.printing.survey.boxes import indented
from dgdesk.printing.survey.desk import Desk
from dgdesk.printing.survey.looks import BAND, HEAD
from dgdesk.printing.tables import Cell, Grid, Table, TableRow, row


def indicator_table(desk: Desk) -> Iterator[Block]:
    """One table for each pillar, under its heading."""
    table = desk.form.definition.indicators
    for pillar in table.pillars:
        yield desk.text(pillar.heading, desk.looks.question, keep=True)
        yield _pillar(desk, pillar, table.headings)
    yield from notes(desk, (table.footnote,))


def _pillar(desk: Desk, pillar: Pillar, headings: tuple[str, ...]) -> Table:
    head = row(*(desk.text(text, desk.looks.head) for text in headings), fill=HEAD)
    count = len(headings)
    title = joined(pillar.title, pillar.weight_text)
    rows = [TableRow((Cell((desk.text(title, desk.looks.head),), count, BAND),), keep_with_next=True)]
    for indicator in pillar.indicators:
        rows += _rows(desk, indicator, count, 0)
    return Table(Grid((42, *((58 / max(1, count - 1),) * (count - 1))), padding=2.0), tuple(rows), (head,), after=2)


def _rows(desk: Desk, indicator: Indicator, count: int, depth: int) -> Iterator[TableRow]:
    name = joined(indicator.number, indicator.name + ("*" if indicator.starred else ""))
    label = indented(desk.text((Run(name),), desk.looks.style(8.8)), depth * desk.looks.indent * 0.7)
    cells = [Cell((label,))]
    if count > 1:
        cells.append(Cell((desk.text(indicator.purpose, desk.looks.style(8.8)),), count - 1))
    yield TableRow(tuple(cells))
    for part in indicator.indicators:
        yield from _rows(desk, part, count, depth + 1)
