"""Decides which parts of a page are built before the first paint, and builds the rest afterwards.

The user sees the top of a page first. Everything further down is built in small steps while the window is idle, or at
once when the user goes there.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable

from dgdesk.survey.definition.form import Form, Node, Slot
from dgdesk.survey.definition.models import Option

_LETTERS = 80
"""Letters per line of a page, an estimate."""
_LINE, _AIR = 26, 16
_INPUTS = {"long_text": 90, "repeat": 60, "matrix": 60, "group": 0}
_INPUT = 38


class Fold:
    """The parts of a page that are not built yet. Heights are estimates, in pixels."""

    def __init__(self) -> None:
        self._space = math.inf
        self._waiting: deque[Callable[[], None]] = deque()

    @property
    def waits(self) -> bool:
        """Whether a part is still to be built."""
        return bool(self._waiting)

    def begin(self, height: float) -> None:
        """From now on, build only what fits into ``height`` and put off the rest."""
        self._space = height

    def end(self) -> None:
        """From now on, build at once; what was put off stays so."""
        self._space = math.inf

    def put_off(self, height: int, build: Callable[[], None], *, above: int = 0) -> bool:
        """Return whether a part of this height is put off; then ``build`` is called later.

        ``above`` is the height of those parts, already counted, that will be below it.
        """
        if self._space + above <= 0:
            self._waiting.append(build)
            return True
        self._space -= height
        return False

    def build(self, height: float = math.inf) -> None:
        """Build parts in printed order until ``height`` is filled; at least one."""
        self.begin(height)
        while self._waiting and self._space > 0:
            self.build_next()
        self.end()

    def build_next(self) -> None:
        """Build the first part that was put off. Parts that it puts off itself come before those after it."""
        first, behind = self._waiting.popleft(), self._waiting
        self._waiting = deque()
        self._space -= 1
        first()
        self._waiting.extend(behind)

    def forget(self) -> None:
        """Build nothing more: the page was closed."""
        self._waiting.clear()


def rough_height(node: Node) -> int:
    """Estimate the height of a field without the fields inside it, in pixels."""
    field = node.field
    lines = _lines(node.label) + sum(_lines(note.text) for note in (*field.notes, *field.notes_after))
    height = lines * _LINE + _AIR + _INPUTS.get(node.kind, _INPUT)
    return height + sum(map(_option_height, field.options))


def options_below(form: Form, slot: Slot) -> int:
    """Estimate the height of the options that are below an evidence slot, in pixels.

    These are the options after its own and after each one that leads to it; their questions were counted as a whole.
    """
    at, gate, height = slot.node, slot.option, 0
    while at >= 0:
        node = form.nodes[at]
        behind = iter(node.field.options)
        if any(option.id == gate for option in behind):
            height += sum(map(_option_height, behind))
        at, gate = node.parent, node.gate
    return height


def _option_height(option: Option) -> int:
    return _lines(option.label) * _LINE + 8


def _lines(text: str) -> int:
    return -(-len(text) // _LETTERS)
