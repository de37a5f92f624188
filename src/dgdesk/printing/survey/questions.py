"""Printing, survey: a question's way to paper: its text, its notes, and what its kind makes of the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from dgdesk.printing.blocks import Block
from dgdesk.printing.style import Run, Style
from dgdesk.printing.survey.asking import Ask, heading, heading_style, notes
from dgdesk.printing.survey.boxes import Band
from dgdesk.printing.survey.desk import Desk
from dgdesk.printing.survey.kinds import group, line, long_text, matrix, month_year, multiple, repeat, single

OnLine = Callable[[Desk, int, tuple[Run, ...], Style], Iterator[Block]]
Below = Callable[[Desk, int, Ask], Iterator[Block]]

# Kinds whose answer stands beside the label, and kinds whose parts stand below it.
ON_LINE: Final[dict[str, OnLine]] = {
    **dict.fromkeys(("text", "number", "percent", "url", "email", "phone"), line.blocks),
    "long_text": long_text.blocks,
    "month_year": month_year.blocks,
}
BELOW: Final[dict[str, Below]] = {
    "single": single.blocks,
    "multiple": multiple.blocks,
    "group": group.blocks,
    "repeat": repeat.blocks,
}


def question(desk: Desk, at: int, *, outer: bool = False, owner_code: str | None = None) -> Iterator[Block]:
    """The blocks of the node at ``at`` and of all inside it.

    What need not be filled in is grey, with the reason above it where there is one to be told; it is left out where
    that was chosen.
    """
    if at in desk.reasons and desk.choices.whole_form:
        yield Band((desk.text(desk.reasons[at], desk.looks.small),), tint=None, before=6.0)
    if not desk.shown(at):
        if not desk.choices.whole_form:
            return
        desk = desk.greyed
    node = desk.form.nodes[at]
    label = heading(desk, at, owner_code)
    style = heading_style(desk, outer)
    if node.kind == "matrix":
        yield from notes(desk, node.field.notes)
        yield from matrix.blocks(desk, at, label, question)
    elif (on_line := ON_LINE.get(node.kind)) is not None:
        yield from on_line(desk, at, label, style)
        yield from notes(desk, node.field.notes, desk.looks.indent * 0.6)
    else:
        if label:
            yield desk.text(label, style, keep=True)
        yield from notes(desk, node.field.notes, desk.looks.indent * 0.6)
        yield from BELOW[node.kind](desk, at, question)
    yield from notes(desk, node.field.notes_after)
