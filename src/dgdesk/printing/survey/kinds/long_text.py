"""Printing, kind: text of several lines."""

from __future__ import annotations

from collections.abc import Iterator

from dgdesk.printing.blocks import Block
from dgdesk.printing.style import Run, Style
from dgdesk.printing.survey.desk import Desk
from dgdesk.printing.survey.kinds import line


def blocks(desk: Desk, at: int, label: tuple[Run, ...], style: Style) -> Iterator[Block]:
    """The label, and the answer beside it where it is short, else below it."""
    yield from line.blocks(desk, at, label, style, writing=2, most_lines=2)
