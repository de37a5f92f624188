"""Printing, survey: what the modules of the question kinds share: the way to nested questions, and headings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from dgdesk.definition.models import Note
from dgdesk.definition.texts import joined
from dgdesk.printing.blocks import Block
from dgdesk.printing.style import Run, Style
from dgdesk.printing.survey.boxes import indented
from dgdesk.printing.survey.desk import Desk


class Ask(Protocol):
    """Gives the blocks of a nested question; ``outer`` for one that stands like a question of its own."""

    def __call__(self, desk: Desk, at: int, *, outer: bool = False, owner_code: str | None = None) -> Iterator[Block]:
        """The blocks of the node at ``at``."""
        ...


def heading_style(desk: Desk, outer: bool) -> Style:
    """The style of a question's own text."""
    return desk.looks.question if outer else desk.looks.label


def heading(desk: Desk, at: int, owner_code: str | None = None) -> tuple[Run, ...]:
    """Code, label and hint as printed; empty when the question has none of them."""
    field = desk.form.nodes[at].field
    label = field.label if desk.item_number is None else field.label.replace("{n}", str(desk.item_number))
    code = field.code if field.code != owner_code else None
    parts = [Run(code, bold=True)] if code else []
    if text := joined(label, field.hint if not field.unit else ""):
        parts.append(Run(f" {text}" if parts else text))
    return tuple(parts)


def notes(desk: Desk, these: Iterable[Note], left: float = 0.0) -> Iterator[Block]:
    """Notes with their items further in."""
    if not desk.choices.with_notes:
        return
    for note in these:
        runs = [Run(note.label, bold=True)] if note.label else []
        if note.text:
            runs.append(Run(f" {note.text}" if runs else note.text))
        if runs:
            yield indented(desk.text(runs, desk.looks.note, keep=bool(note.items) and not note.text), left)
        yield from notes(desk, note.items, left + desk.looks.indent * 0.8)


def unread(desk: Desk, text: str) -> tuple[Run, ...]:
    """Something typed that is no answer, marked as such."""
    return Run(text), Run(f"  ({desk.say('print.unread')})", colour=desk.looks.small.colour, size=desk.looks.small.size)
