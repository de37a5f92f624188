"""Window, fonts: the bundled Sarabun, the only Thai font there may be."""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontDatabase

from dgdesk.resources import resource

FAMILY = "Sarabun"
POINTS = 11.0
_FILES = ("Sarabun-Regular.ttf", "Sarabun-SemiBold.ttf", "Sarabun-Bold.ttf")


def app_font(percent: int = 100) -> QFont:
    """Load the bundled font (once for the process) and return the font of the program's text."""
    if FAMILY not in QFontDatabase.families():
        for name in _FILES:
            QFontDatabase.addApplicationFont(str(resource(f"fonts/{name}")))
    font = QFont(FAMILY)
    font.setPointSizeF(POINTS * percent / 100)
    return font
