"""Enter presses the button that has the keyboard, as Space does, in every window.

Qt leaves Enter to the default button of a dialog, even while the focus ring is on another button, and in a window
without a default button Enter does nothing.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QPushButton, QToolButton, QWidget

_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_PLAIN: Final = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)


def presses(one: QWidget | None) -> bool:
    """Whether Enter presses a widget: a button that acts; an option or a check box is chosen with Space only."""
    return isinstance(one, (QPushButton, QToolButton)) or (isinstance(one, QAbstractButton) and not one.isCheckable())


class EnterPresses(QObject):
    """Watches the button that has the keyboard: one for the whole application."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._watched: QWidget | None = None
        app.focusChanged.connect(self._follow)
        self._follow(None, QApplication.focusWidget())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if event.key() not in _ENTER or event.modifiers() not in _PLAIN or not isinstance(watched, QAbstractButton):
            return False
        # a key that is held must not press again what the first press has brought under it
        if not event.isAutoRepeat():
            watched.click()
        return True

    def _follow(self, _: QWidget | None, now: QWidget | None) -> None:
        if self._watched is not None:
            with suppress(RuntimeError):  # the button is deleted
                self._watched.removeEventFilter(self)
        self._watched = now if presses(now) else None
        if self._watched is not None:
            self._watched.installEventFilter(self)
