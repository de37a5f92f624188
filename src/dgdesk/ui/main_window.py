"""Window, main window: the frame only. Shown before anything else of the program is loaded."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QLabel, QMainWindow, QWidget

from dgdesk.settings import Settings

_STARTING = {"th": "กำลังเปิดโปรแกรม…", "en": "Starting…"}
"""The one sentence that is not in the catalogue: it is shown while the catalogue is being read."""
_LEAST = (900, 600)


class MainWindow(QMainWindow):
    """The frame. ``may_close`` is asked before it closes, ``closed`` told when it does."""

    def __init__(self, settings: Settings | None = None) -> None:
        super().__init__()
        wanted = settings or Settings()
        self.setWindowTitle("dgdesk")
        room = self.screen().availableSize()
        width, height = wanted.window if wanted.window[0] else (1360, 820)
        self.setMinimumSize(min(_LEAST[0], room.width()), min(_LEAST[1], room.height() - 30))
        self.resize(min(width, room.width()), min(height, room.height() - 30))
        if wanted.maximised:
            from PySide6.QtCore import Qt  # costs 20 ms: see `app`

            self.setWindowState(Qt.WindowState.WindowMaximized)
        starting = QLabel(_STARTING[wanted.language])
        starting.setIndent(24)
        self.setCentralWidget(starting)
        self.may_close: Callable[[], bool] = lambda: True
        self.closed: Callable[[], None] = lambda: None

    def show_content(self, content: QWidget) -> None:
        """Show something else in the frame; what was there is deleted."""
        self.setCentralWidget(content)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close if nothing is lost by it."""
        if self.may_close():
            event.accept()
            self.closed()
        else:
            event.ignore()
