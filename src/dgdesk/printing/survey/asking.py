"""Parts of a printed question that all kinds share: nested questions, headings, notes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, Protocol

from dgdesk.printing.blocks import Block
from dgdesk.printing.style import Run, Style
from dgdesk.printing.survey.boxes import indented
from dgdesk.printing.survey.desk import Desk
from dgdesk.survey.definition.models import Note
from dgdesk.survey.definition.texts import joined


class Ask(Protocol):
    """Gives the blocks of a nested question; ``outer`` gives it the style of an outer question."""

    def __call__(
        self, context: Desk, at: int, *, outer: bool = False, owner_code: str | None = None
    ) -> Iterator[Block]:
        """The blocks of the node at ``at``."""
        ...


class PrintedQuestion(NamedTuple):
    """The question to print: its position, its heading and the style of that, and how nested questions are printed."""

    at: int
    label: tuple[Run, ...]
    style: Style
    ask: Ask


def heading_style(context: Desk, outer: bool) -> Style:
    """The style of a question's text; ``outer`` for one that is not nested in another."""
    return context.styles.question if outer else context.styles.label


def heading(context: Desk, at: int, owner_code: str | None = None) -> tuple[Run, ...]:
    """Code, label and hint as printed; empty if the question has none of them. ``owner_code`` is not repeated."""
    field = context.form.nodes[at].field
    label = field.label if context.item_number is None else field.label.replace("{n}", str(context.item_number))
    code = field.code if field.code != owner_code else None
    parts = [Run(code, bold=True)] if code else []
    if text := joined(label, field.hint if not field.unit else ""):
        parts.append(Run(f" {text}" if parts else text))
    return tuple(parts)


def notes(context: Desk, these: Iterable[Note], left: float = 0.0) -> Iterator[Block]:
    """Notes; their items are indented further. Nothing if notes are not printed."""
    if not context.choices.with_notes:
        return
    for note in these:
        runs = [Run(note.label, bold=True)] if note.label else []
        if note.text:
            runs.append(Run(f" {note.text}" if runs else note.text))
        if runs:
            yield indented(context.text(runs, context.styles.note, keep=bool(note.items) and not note.text), left)
        yield from notes(context, note.items, left + context.styles.indent * 0.8)


def unread(context: Desk, text: str) -> tuple[Run, ...]:
    """Typed text that is not an answer of the kind that is asked, marked as such."""
    return Run(text), Run(
        f"  ({context.say('print.unread')})", colour=context.styles.small.colour, size=context.styles.small.size
    )
