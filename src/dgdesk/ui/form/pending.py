"""Typed text on its way to the draft: written after a short pause, and before anything else happens."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

PAUSE = 500
"""Milliseconds without a keystroke before text is written."""
AGAIN = 5_000
"""Milliseconds before what could not be written is tried again."""

_RELEASE = 30


class Pending(QObject):
    """What was typed in one place and is not saved yet. ``write`` returns whether it is."""

    def __init__(self, write: Callable[[], bool], touched: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._write = write
        self._touched = touched
        self._timer: QTimer | None = None
        self.dirty = False
        self.writing = False

    def touch(self) -> None:
        """Something was typed."""
        self.dirty = True
        self._start(PAUSE)
        self._touched()

    def wait(self) -> None:
        """Something was typed that is not whole yet: it is written when asked to, not after the pause."""
        self.dirty = True
        self._touched()

    def flush(self) -> bool:
        """Write now what waits. False: it could not be saved and still waits; it is tried again."""
        self._stop()
        if not self.dirty:
            return True
        self.dirty = False
        self.writing = True
        try:
            done = self._write()
        finally:
            self.writing = False
        if not done:
            self.dirty = True
            self._start(AGAIN)
        return done

    def when_released(self, finish: Callable[[], None]) -> None:
        """Do ``finish``, but not between the press and the release of a mouse button.

        What is written when a box is left may move what lies below it: the button that was pressed would be gone from
        under the mouse when it is released, and the click lost.
        """
        if QGuiApplication.mouseButtons() == Qt.MouseButton.NoButton:
            finish()
        else:
            QTimer.singleShot(_RELEASE, self, lambda: self.when_released(finish))

    def drop(self) -> None:
        """Forget what waits."""
        self._stop()
        self.dirty = False

    def _start(self, pause: int) -> None:
        if self._timer is None:  # most boxes of a page are never typed in
            self._timer = QTimer(self)
            self._timer.setSingleShot(True)
            self._timer.timeout.connect(self.flush)
        self._timer.start(pause)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.stop()
