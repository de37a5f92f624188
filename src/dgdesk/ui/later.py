"""Window, later: fills a panel after a pause, once for many changes, and only while somebody can see it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

PAUSE = 150
"""Milliseconds after the last change; long enough for the page itself to be painted first."""


class Later(QObject):
    """Calls ``fill`` a moment after `want`; for a hidden ``panel``, when it is shown."""

    def __init__(self, fill: Callable[[], None], panel: QWidget, pause: int = PAUSE) -> None:
        super().__init__(panel)
        self._fill, self._panel = fill, panel
        self._stale = False
        self._pause = pause
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(pause)
        self._timer.timeout.connect(self._go)
        panel.installEventFilter(self)

    def want(self) -> None:
        """What the panel shows is out of date."""
        self._stale = True
        if self._panel.isVisible():
            self._timer.start()

    def now(self) -> None:
        """Fill at once, if it is out of date."""
        if self._stale:
            self._timer.stop()
            self._stale = False
            self._fill()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Fill what was out of date while nobody could see it."""
        if event.type() == QEvent.Type.Show and self._stale:
            self._timer.start(0)
        return False

    def _go(self) -> None:
        self._timer.setInterval(self._pause)
        if self._panel.isVisible():
            self.now()
