"""Printing, kind: a heading over several questions."""

from __future__ import annotations

from collections.abc import Iterator

from dgdesk.printing.blocks import Block
from dgdesk.printing.survey.asking import Ask
from dgdesk.printing.survey.desk import Desk


def blocks(desk: Desk, at: int, ask: Ask) -> Iterator[Block]:
    """The questions, one under the other; those with a code stand like questions of their own."""
    for child in desk.form.children(at):
        node = desk.form.nodes[child]
        outer = node.field.code is not None and node.kind not in ("text", "number", "url")
        yield from ask(desk, child, outer=outer)
