"""Window, editors: a cell of a table. Arrow keys travel, they choose nothing; the space bar or Enter chooses."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from dgdesk.ui.editors.travel import Way
from dgdesk.ui.widgets.choice import CellRadio

_WAYS: dict[int, tuple[Way, Way]] = {
    # plain, with Ctrl
    Qt.Key.Key_Left: ("left", "row_begin"),
    Qt.Key.Key_Right: ("right", "row_end"),
    Qt.Key.Key_Up: ("up", "first_row"),
    Qt.Key.Key_Down: ("down", "last_row"),
    Qt.Key.Key_Home: ("row_begin", "first_row"),
    Qt.Key.Key_End: ("row_end", "last_row"),
}
_HINDERING = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.MetaModifier


class TableCell(CellRadio):
    """One cell. ``go`` is told which way a key leads."""

    def __init__(self, name: str, parent: QWidget, go: Callable[[TableCell, Way], None]) -> None:
        super().__init__(name, parent)
        self._go = go

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Travel, or choose."""
        ways = None if event.modifiers() & _HINDERING else _WAYS.get(event.key())
        if ways is not None:
            self._go(self, ways[bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)])
            event.accept()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            event.accept()
        else:
            super().keyPressEvent(event)
