"""Printing, kind: one option of several."""

from __future__ import annotations

from collections.abc import Iterator

from dgdesk.printing.blocks import Block
from dgdesk.printing.survey.asking import Ask
from dgdesk.printing.survey.desk import Desk
from dgdesk.printing.survey.kinds import choice

MARKS = ("○", "◉")


def blocks(desk: Desk, at: int, ask: Ask) -> Iterator[Block]:
    """The options, with a circle each."""
    yield from choice.blocks(desk, at, ask, MARKS)
