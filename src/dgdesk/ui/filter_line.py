"""Window, filter line: a box above a list; arrow keys move in the list, Enter takes the row, while typing goes on."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QTreeWidget, QWidget

_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class FilterLine(QLineEdit):
    """The box. ``taken`` comes with Enter."""

    taken = Signal()

    def __init__(self, tree: QTreeWidget, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._tree = tree
        self.setMinimumHeight(30)
        self.setPlaceholderText(name)
        self.setAccessibleName(name)
        self.setClearButtonEnabled(True)
        self.setMaxLength(200)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hand moves to the list; Enter takes its row."""
        if event.key() in _MOVES:
            QCoreApplication.sendEvent(self._tree, event)
        elif event.key() in _ENTER:
            self.taken.emit()
        else:
            super().keyPressEvent(event)
