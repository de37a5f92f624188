"""Printing, kind: items of the same make, in the order that the person gave them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dgdesk.answers.values import items_of
from dgdesk.printing.blocks import Block, Group
from dgdesk.printing.survey.asking import Ask
from dgdesk.printing.survey.boxes import indented
from dgdesk.printing.survey.desk import Desk
from dgdesk.printing.survey.evidence import attached
from dgdesk.printing.survey.looks import HEAD
from dgdesk.printing.survey.unused import unused_words
from dgdesk.printing.tables import Grid, Table, row


def blocks(desk: Desk, at: int, ask: Ask) -> Iterator[Block]:
    """The items, in a table where the form prints headings for their parts."""
    field = desk.form.nodes[at].field
    items = list(_items(desk, at))
    if field.headings and len(field.headings) == len(field.fields):
        head = row(*(desk.text(text, desk.looks.head) for text in field.headings), fill=HEAD)
        rows = tuple(row(*_parts(own, item, ask)) for own, item in items)
        yield Table(Grid(tuple(1.7 if part.options else 1.0 for part in field.fields)), rows, (head,))
        return
    for text in field.headings:
        yield desk.text(text, desk.looks.label, keep=True)
    for own, item in items:
        if own.grey:
            words = [unused_words(own, child) for child in desk.form.children(item)]
            words += [field.evidence.text] if field.evidence is not None else []
            yield indented(own.text("   ".join(words), desk.looks.unused), desk.looks.indent * 0.6)
            continue
        for child in desk.form.children(item):
            for block in ask(own, child):
                yield indented(block, desk.looks.indent * 0.6)
        if field.evidence is not None:
            files = list(attached(own, desk.form.nodes[item].address))
            for block in (own.text(field.evidence.text, desk.looks.label, keep=bool(files)), *files):
                yield indented(block, desk.looks.indent * 1.2)


def _parts(desk: Desk, item: int, ask: Ask) -> Iterator[tuple[Block, ...]]:
    for child in desk.form.children(item):
        if desk.grey:
            yield (Group((desk.text(unused_words(desk, child), desk.looks.unused),), keep=True),)
        else:
            yield tuple(ask(desk, child))


def _items(desk: Desk, at: int) -> Iterator[tuple[Desk, int]]:
    """Positions of the items, with a desk that knows the number each carries; unused ones last."""
    node = desk.form.nodes[at]
    places = {desk.form.nodes[item].item: item for item in desk.form.children(at)}
    every = tuple(places)
    used = every if desk.blank else items_of(node, desk.answer(at)) if desk.shown(at) else ()
    rest = tuple(key for key in every if key not in used) if desk.choices.whole_form else ()
    for number, key in enumerate((*used, *rest), start=node.field.first_number):
        item = places.get(key)
        if item is not None:
            own = replace(desk, item_number=number)
            yield own if key in used else own.greyed, item
