"""Buffers typed text: it is saved after a short pause, and before any other action."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

PAUSE = 500
"""Milliseconds after the last keystroke until text is saved."""
AGAIN = 5_000
"""Milliseconds until text that could not be saved is tried again."""

_RELEASE = 30


class Pending(QObject):
    """The buffered text of one input. ``write`` saves it and returns whether that succeeded."""

    def __init__(self, write: Callable[[], bool], touched: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._write = write
        self._touched = touched
        self._timer: QTimer | None = None
        self.dirty = False
        self.writing = False

    def touch(self) -> None:
        """Note that text was typed."""
        self.dirty = True
        self._start(PAUSE)
        self._touched()

    def wait(self) -> None:
        """Note that incomplete text was typed: it is written by `flush`, not after the pause."""
        self._stop()
        self.dirty = True
        self._touched()

    def flush(self) -> bool:
        """Write the text now. Return False if it could not be saved; it stays buffered and is tried again."""
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
        """Call ``finish``, but not between the press and the release of a mouse button.

        Saving a box that loses the focus can move the widgets below it. If the pressed button moved away from under the
        mouse, the click would be lost.
        """
        if QGuiApplication.mouseButtons() == Qt.MouseButton.NoButton:
            finish()
        else:
            QTimer.singleShot(_RELEASE, self, lambda: self.when_released(finish))

    def drop(self) -> None:
        """Discard the text."""
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
