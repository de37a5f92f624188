"""The empty main window, shown before anything else is loaded, and the set-up of scaling, digits and taskbar.

Text is sharp at every scaling: the environment variable makes Qt 6 use a screen's 125 % as it is, and users can
override it. Qt's own call for this imports all of `Qt`, which takes 20 ms (see `app`).
Title bars follow the theme by ``QStyleHints.setColorScheme`` (`app_theme.apply_theme`).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, MutableMapping, Sequence
from contextlib import suppress
from typing import Final

from PySide6.QtCore import QLocale
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QLabel, QMainWindow, QWidget

from dgdesk.system.settings import Settings
from dgdesk.ui.widgets.placing import LEAST, TITLE_BAR, ScreenBox, place_window

TASKBAR_NAME: Final = "dgdesk.dgdesk"
"""Windows' AppUserModelID: the window shares a taskbar button with the shortcuts of setup, which have the same id."""
ROUNDING: Final = "QT_SCALE_FACTOR_ROUNDING_POLICY"


def prepare_system(
    environment: MutableMapping[str, str] = os.environ, name_taskbar: Callable[[str], object] | None = None
) -> None:
    """Set scaling, digits and taskbar id; call it before the application is created. Failures are ignored.

    Numbers of Qt's own widgets have the digits that the program writes everywhere, also where the system has others
    (Thai Windows with native digits): page 2 of 51 has no ๒ in it.

    Source: learn.microsoft.com, SetCurrentProcessExplicitAppUserModelID: before any user interface.
    """
    environment.setdefault(ROUNDING, "PassThrough")
    QLocale.setDefault(QLocale.c())
    with suppress(OSError, AttributeError):
        (name_taskbar or _name_taskbar)(TASKBAR_NAME)


def _name_taskbar(name: str) -> None:
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.shell32.SetCurrentProcessExplicitAppUserModelID(ctypes.c_wchar_p(name))


_STARTING = {"th": "กำลังเปิดโปรแกรม…", "en": "Starting…"}
"""Not in the catalogue, because it is shown while the catalogue is being read."""


class MainWindow(QMainWindow):
    """The main window. It calls ``may_close`` before it closes and ``closed`` when it does."""

    def __init__(self, settings: Settings | None = None, screens: Sequence[ScreenBox] | None = None) -> None:
        """``screens``: the free area of each, the main one first; by default Qt's."""
        super().__init__()
        wanted = settings or Settings()
        self.setWindowTitle("dgdesk")
        areas = [one.availableGeometry() for one in (self.screen(), *QGuiApplication.screens())]
        boxes = screens or [ScreenBox(area.x(), area.y(), area.width(), area.height()) for area in areas]
        place = place_window(wanted.window, wanted.corner, boxes)
        smallest = [min(box.width for box in boxes), min(box.height for box in boxes) - TITLE_BAR]
        self.setMinimumSize(min(LEAST[0], smallest[0]), min(LEAST[1], smallest[1]))
        self.setGeometry(place.x, place.y, place.width, place.height)
        if wanted.maximised:
            from PySide6.QtCore import Qt  # takes 20 ms to import

            self.setWindowState(Qt.WindowState.WindowMaximized)
        starting = QLabel(_STARTING[wanted.language])
        starting.setIndent(24)
        self.setCentralWidget(starting)
        self.may_close: Callable[[], bool] = lambda: True
        self.closed: Callable[[], None] = lambda: None

    def show_content(self, content: QWidget) -> None:
        """Replace the window's content; the old content is deleted."""
        self.setCentralWidget(content)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.may_close():
            event.accept()
            self.closed()
        else:
            event.ignore()
