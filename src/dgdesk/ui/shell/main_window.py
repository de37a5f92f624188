"""The main window's frame, shown before anything else is loaded; and what the system is told of it.

Sharp at every scaling: Qt 6 takes a screen's 125 % as it is unless it is told otherwise. It is said in the environment,
where who has an odd screen may say another thing; the call for it reads all of `Qt`, which takes 20 ms (see `app`).
Title bars follow the theme by ``QStyleHints.setColorScheme`` (`dgdesk.ui.widgets.theme.apply_theme`).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, MutableMapping, Sequence
from contextlib import suppress
from typing import Final

from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QLabel, QMainWindow, QWidget

from dgdesk.system.settings import Settings
from dgdesk.ui.widgets.fitting import LEAST, TITLE_BAR, ScreenBox, place_window

TASKBAR_NAME: Final = "dgdesk.dgdesk"
"""Windows' AppUserModelID: one button in the taskbar with the shortcuts that setup makes under the same id."""
ROUNDING: Final = "QT_SCALE_FACTOR_ROUNDING_POLICY"


def prepare_system(
    environment: MutableMapping[str, str] = os.environ, name_taskbar: Callable[[str], object] | None = None
) -> None:
    """Tell the system; call it before the application is made. What cannot be told is left: the program works without.

    Source: learn.microsoft.com, SetCurrentProcessExplicitAppUserModelID: before any user interface.
    """
    environment.setdefault(ROUNDING, "PassThrough")
    with suppress(OSError, AttributeError):
        (name_taskbar or _name_taskbar)(TASKBAR_NAME)


def _name_taskbar(name: str) -> None:
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.shell32.SetCurrentProcessExplicitAppUserModelID(ctypes.c_wchar_p(name))


_STARTING = {"th": "กำลังเปิดโปรแกรม…", "en": "Starting…"}
"""The one sentence that is not in the catalogue: it is shown while the catalogue is being read."""


class MainWindow(QMainWindow):
    """The frame. ``may_close`` is asked before it closes, ``closed`` told when it does."""

    def __init__(self, settings: Settings | None = None, screens: Sequence[ScreenBox] | None = None) -> None:
        """``screens``: the room on each, the main one first; without them, what Qt says."""
        super().__init__()
        wanted = settings or Settings()
        self.setWindowTitle("dgdesk")
        rooms = [one.availableGeometry() for one in (self.screen(), *QGuiApplication.screens())]
        boxes = screens or [ScreenBox(room.x(), room.y(), room.width(), room.height()) for room in rooms]
        place = place_window(wanted.window, wanted.corner, boxes)
        smallest = [min(box.width for box in boxes), min(box.height for box in boxes) - TITLE_BAR]
        self.setMinimumSize(min(LEAST[0], smallest[0]), min(LEAST[1], smallest[1]))
        self.setGeometry(place.x, place.y, place.width, place.height)
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
        if self.may_close():
            event.accept()
            self.closed()
        else:
            event.ignore()
