"""Tests of the survey: the definition read aloud in printed order, piece by piece.

An own walk over the models, apart from every other part of the program: what the window, the dump and the printer do
with the definition is not trusted here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from dgdesk.survey.definition.models import (
    Cell,
    Column,
    Definition,
    EvidenceRequest,
    Field,
    IndicatorTable,
    Note,
    Option,
    Page,
    Row,
    Section,
)

Sort = Literal["text", "code", "evidence", "skip", "unit", "limit", "blank", "radio", "check"]
_BLANKS = frozenset({"text", "long_text", "number", "percent", "url", "email", "phone"})


@dataclass(frozen=True)
class Piece:
    """One printed thing: a text, or a mark (``blank``, ``radio``, ``check``) or figure (``limit``) without words.

    ``where`` names it: the id of a field or option and the part of it that is printed.
    """

    section: str
    where: str
    sort: Sort
    text: str = ""


def read(definition: Definition) -> tuple[Piece, ...]:
    """Return every piece of the definition in printed order; the table of indicators stands after the first section."""
    first, *others = definition.sections
    return (
        Piece("edition", "edition.title", "text", definition.title),
        *_Reader(first.id).section(first),
        *_Reader("indicators").indicators(definition.indicators),
        *(piece for section in others for piece in _Reader(section.id).section(section)),
    )


@dataclass(frozen=True)
class _Reader:
    name: str

    def say(self, where: str, text: str, sort: Sort = "text") -> Iterator[Piece]:
        if text:
            yield Piece(self.name, where, sort, text)

    def mark(self, where: str, sort: Sort, text: str = "") -> Iterator[Piece]:
        yield Piece(self.name, where, sort, text)

    def section(self, section: Section) -> Iterator[Piece]:
        yield from self.say(f"{section.id}.title", section.title)
        yield from self.notes(section.id, section.notes)
        for page in section.pages:
            yield from self.page(page)

    def page(self, page: Page) -> Iterator[Piece]:
        for at, (title, item) in enumerate(page.headed()):
            yield from self.say(f"{item.id}.heading" if at else f"{page.id}.title", title)
            yield from self.field(item, item.id, None)

    def notes(self, where: str, notes: Iterable[Note], name: str = "note") -> Iterator[Piece]:
        for number, note in enumerate(notes, 1):
            place = f"{where}.{name}{number}"
            yield from self.say(f"{place}.label", note.label)
            yield from self.say(place, note.text)
            yield from self.notes(place, note.items, "item")

    def field(self, field: Field, where: str, number: int | None) -> Iterator[Piece]:
        """Read a field; ``number`` is the printed number of the repeat's item it lies in."""
        label = field.label if number is None else field.label.replace("{n}", str(number))
        yield from self.say(f"{where}.code", field.code or "", "code")
        yield from self.say(f"{where}.label", label)
        if field.kind in _BLANKS:
            yield from self.mark(f"{where}.blank", "blank")
        for blank, text in enumerate(field.blanks, 1):
            yield from self.say(f"{where}.blank{blank}.label", text)
            yield from self.mark(f"{where}.blank{blank}", "blank")
        yield from self.say(f"{where}.unit", field.unit, "unit")
        yield from self.say(f"{where}.hint", field.hint)
        yield from self.notes(where, field.notes)
        for at, heading in enumerate(field.headings if field.kind == "group" else (), 1):
            yield from self.say(f"{where}.heading{at}", heading)
        if field.kind == "matrix":
            yield from self.table(field, where)
        elif field.kind == "repeat":
            yield from self.items(field, where)
        else:
            for child in field.fields:
                yield from self.field(child, _inside(child, number), number)
            for option in field.options:
                yield from self.option(field, option, where, number)
        yield from self.notes(where, field.notes_after, "note_after")

    def option(self, field: Field, option: Option, owner: str, number: int | None) -> Iterator[Piece]:
        where = f"{owner}/{option.id}"
        yield from self.mark(f"{where}.mark", "check" if field.kind == "multiple" else "radio")
        yield from self.say(f"{where}.code", option.code or "", "code")
        yield from self.say(f"{where}.label", option.label)
        yield from self.say(f"{where}.hint", option.hint)
        yield from self.evidence(where, option.evidence, "label")
        yield from self.notes(where, option.notes)
        for child in option.fields:
            yield from self.field(child, _inside(child, number), number)
        yield from self.evidence(where, option.evidence, "end")
        if option.skip is not None:
            yield from self.say(f"{where}.skip", option.skip.text, "skip")

    def evidence(self, where: str, request: EvidenceRequest | None, at: Literal["label", "end"]) -> Iterator[Piece]:
        if request is not None and request.at == at:
            yield from self.say(f"{where}.evidence", request.text, "evidence")

    def items(self, repeat: Field, where: str) -> Iterator[Piece]:
        count = repeat.max_items or 1
        yield from self.mark(f"{where}.limit", "limit", str(count))
        for at, heading in enumerate(repeat.headings, 1):
            yield from self.say(f"{where}.heading{at}", heading)
        for number in range(repeat.first_number, repeat.first_number + count):
            item = f"{where}#{number}"
            yield from self.mark(f"{item}.mark", "check")
            for child in repeat.fields:
                yield from self.field(child, _inside(child, number), number)
            yield from self.evidence(item, repeat.evidence, "label")
            yield from self.evidence(item, repeat.evidence, "end")

    def table(self, matrix: Field, where: str) -> Iterator[Piece]:
        """Read a table. Where it has a heading over its columns, the columns' labels stand in every cell, not above."""
        labels_in_cells = bool(matrix.headings)
        for at, heading in enumerate(matrix.headings, 1):
            yield from self.say(f"{where}.heading{at}", heading)
        for group in matrix.groups:
            yield from self.say(f"{where}.group.{group.id}", group.label)
        if not labels_in_cells:
            for column in matrix.columns:
                place = f"{where}.column.{':'.join(part for part in (column.group, column.id) if part)}"
                yield from self.say(f"{place}.label", column.label)
                yield from self.evidence(place, column.evidence, "label")
        for row in matrix.rows:
            yield from self.say(f"{where}:{row.id}.label", row.label)
            yield from self.notes(f"{where}:{row.id}", row.notes)
            for column in () if row.header else matrix.columns:
                yield from self.cell(matrix, row, column, labels_in_cells)

    def cell(self, matrix: Field, row: Row, column: Column, labelled: bool) -> Iterator[Piece]:
        where = f"{':'.join(part for part in (matrix.id, row.id, column.group) if part)}/{column.id}"
        cell = row.cells.get(column.id, Cell())
        yield from self.mark(f"{where}.mark", "radio")
        if labelled:
            yield from self.say(f"{where}.label", column.label)
        # A request that the cell softens is the column's own, printed in the head alone.
        if cell.evidence is None or cell.evidence.rule == "required":
            yield from self.evidence(where, cell.evidence or column.evidence, "label")
        for child in cell.fields:
            yield from self.field(child, child.id, None)

    def indicators(self, table: IndicatorTable) -> Iterator[Piece]:
        for pillar in table.pillars:
            where = f"indicator.{pillar.id}"
            yield from self.say(f"{where}.heading", pillar.heading)
            for at, heading in enumerate(table.headings, 1):
                yield from self.say(f"{where}.head{at}", heading)
            yield from self.say(f"{where}.title", pillar.title)
            yield from self.say(f"{where}.weight", pillar.weight_text)
            for indicator in pillar.indicators:
                for one in (indicator, *indicator.indicators):
                    yield from self.say(f"indicator.{one.id}.name", f"{one.number} {one.name}{'*' * one.starred}")
                    yield from self.say(f"indicator.{one.id}.purpose", one.purpose)
        yield from self.notes("indicators", (table.footnote,))


def _inside(child: Field, number: int | None) -> str:
    return child.id if number is None else f"{child.id}#{number}"
