"""Window, main window: the frame only. Shown before anything else of the program is loaded."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QLabel, QMainWindow, QWidget

_STARTING = "กำลังเปิดโปรแกรม…"
"""The one sentence that is not in the catalogue: it is shown while the catalogue is being read."""


class MainWindow(QMainWindow):
    """The frame. ``may_close`` is asked before it closes, ``closed`` told when it does."""

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("dgdesk")
        room = self.screen().availableSize()
        self.resize(min(1360, room.width()), min(820, room.height() - 30))
        self.setMinimumSize(900, 600)
        starting = QLabel(_STARTING)
        starting.setAlignment(Qt.AlignmentFlag.AlignCenter)
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
