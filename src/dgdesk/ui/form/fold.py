"""What of a page is built before it is first painted, and what is built after.

A person sees the top of a page first. What lies further down is built in small steps while the window has nothing
else to do, or at once when somebody goes there.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable

from dgdesk.survey.definition.form import Form, Node, Slot
from dgdesk.survey.definition.models import Option

_LETTERS = 80
"""Letters on a line of a page, roughly."""
_LINE, _AIR = 26, 16
_INPUTS = {"long_text": 90, "repeat": 60, "matrix": 60, "group": 0}
_INPUT = 38


class Fold:
    """The waiting room of one page. Heights are in pixels, and rough."""

    def __init__(self) -> None:
        self._room = math.inf
        self._waiting: deque[Callable[[], None]] = deque()

    @property
    def waits(self) -> bool:
        """Whether something is still to be built."""
        return bool(self._waiting)

    def begin(self, room: float) -> None:
        """From now on, build only what fits into ``room``; the rest waits."""
        self._room = room

    def end(self) -> None:
        """From now on, build everything at once again; what waits goes on waiting."""
        self._room = math.inf

    def put_off(self, height: int, build: Callable[[], None], *, above: int = 0) -> bool:
        """Whether something of this height has to wait; ``build`` is called later then.

        ``above`` is how much of what has taken room already will stand below it.
        """
        if self._room + above <= 0:
            self._waiting.append(build)
            return True
        self._room -= height
        return False

    def build(self, room: float = math.inf) -> None:
        """Build what waits in printed order until ``room`` is full; at least one thing."""
        self.begin(room)
        while self._waiting and self._room > 0:
            self.build_next()
        self.end()

    def build_next(self) -> None:
        """Build the first thing that waits. What it puts off comes before what stands behind it."""
        first, behind = self._waiting.popleft(), self._waiting
        self._waiting = deque()
        self._room -= 1
        first()
        self._waiting.extend(behind)

    def forget(self) -> None:
        """Build nothing more: the page is gone."""
        self._waiting.clear()


def rough_height(node: Node) -> int:
    """Return about how high a field will be without the fields inside it, in pixels."""
    field = node.field
    lines = _lines(node.label) + sum(_lines(note.text) for note in (*field.notes, *field.notes_after))
    height = lines * _LINE + _AIR + _INPUTS.get(node.kind, _INPUT)
    return height + sum(map(_option_height, field.options))


def options_below(form: Form, slot: Slot) -> int:
    """Return about how high the options are that stand below a place for evidence, in pixels.

    They are those behind its own, and behind each that leads to it: their questions have taken room for all.
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
