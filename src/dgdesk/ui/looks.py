"""Window, looks: how texts and grounds of each role look.

Pages have no style sheet: it would cost two thirds of the time that a page takes to open. What stands once (bars,
dialogs) has one: `sheet`.
"""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from dgdesk.resources import resource
from dgdesk.ui import colours

_HALF, _SMALL = "font-weight:600;", "font-size:10pt;"
_HINT = f"color:{colours.HINT};"

TEXT_LOOKS = {
    "sectiontitle": f"font-size:13.5pt;{_HALF}",
    "pagetitle": f"color:{colours.CODE};{_HALF}",
    "starttitle": f"font-size:16pt;{_HALF}",
    "question": _HALF,
    "itemhead": _HALF,
    "rowheader": _HALF,
    "columnhead": _SMALL + _HALF,
    "columnhint": _SMALL + _HINT,
    "evidencehead": _HALF,
    "filename": _HALF,
    "sidehead": _HALF,
    "hint": _HINT,
    "note": _SMALL + _HINT,
    "pillar": _SMALL,
    "error": f"color:{colours.ERROR};",
    "statusfailed": f"color:{colours.ERROR};",
    "warning": f"color:{colours.WARNING};",
    "status": f"color:{colours.DONE};",
    "scoretotal": f"font-size:20pt;{_HALF}",
    "estimate": f"color:{colours.WARNING};{_HALF}",
}
"""CSS of the texts by role; roles that are not here are plain."""

_GROUNDS = {
    # fill, border, radius
    "card": ("#ffffff", "#d5dce5", 8),
    "item": ("#fafbfd", "#d5dce5", 6),
    "notes": ("#f5f7fa", "", 6),
    "evidence": ("#fdf8ee", "#e8d9b8", 6),
    "file": ("#ffffff", "#e2e6ec", 4),
    "tablehead": ("#e9eef5", "", 0),
    "rowband": ("#f2f5f9", "", 0),
}
_UNDERLINED = {"tablehead": "#c5d0de", "rowband": "#d5dce5", "tablerow": "#e2e7ee"}
_BAR, _BAR_AT = "#c9d8ec", 14


class Panel(QFrame):
    """A ground of one role (its object name), painted: rounded, underlined, or with a bar at the left."""

    def __init__(self, role: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(role)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ground."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        role, whole = self.objectName(), QRectF(self.rect())
        if role in _GROUNDS:
            fill, border, radius = _GROUNDS[role]
            painter.setBrush(QColor(fill))
            painter.setPen(QColor(border or fill))
            painter.drawRoundedRect(whole.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        if role in _UNDERLINED:
            painter.fillRect(QRectF(0, whole.height() - 1, whole.width(), 1), QColor(_UNDERLINED[role]))
        if role == "opened":
            painter.fillRect(QRectF(_BAR_AT, 0, 3, whole.height()), QColor(_BAR))


class Badge(QLabel):
    """A printed code on a ground of its own."""

    def __init__(self, code: str, parent: QWidget) -> None:
        super().__init__(code, parent)
        self.setObjectName("code")
        font = self.font()
        font.setWeight(font.Weight.DemiBold)
        self.setFont(font)
        self.setContentsMargins(6, 2, 6, 2)
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, QColor(colours.CODE))
        self.setPalette(palette)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground and code."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor("#e6eef8"))
        painter.setPen(QColor("#e6eef8"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.end()
        super().paintEvent(event)


def palette() -> QPalette:
    """Return the colours of the program."""
    made = QPalette(QColor("#eef1f5"), QColor("#f3f5f8"))
    for role, colour in (
        (QPalette.ColorRole.WindowText, colours.TEXT),
        (QPalette.ColorRole.Text, colours.TEXT),
        (QPalette.ColorRole.ButtonText, colours.TEXT),
        (QPalette.ColorRole.Base, "#ffffff"),
        (QPalette.ColorRole.Button, "#f7f9fb"),
        (QPalette.ColorRole.Highlight, colours.FOCUS),
        (QPalette.ColorRole.HighlightedText, "#ffffff"),
        (QPalette.ColorRole.Link, colours.LINK),
        (QPalette.ColorRole.PlaceholderText, "#6a737d"),
        (QPalette.ColorRole.ToolTipBase, "#ffffff"),
        (QPalette.ColorRole.ToolTipText, colours.TEXT),
    ):
        made.setColor(QPalette.ColorGroup.All, role, QColor(colour))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours.SKIPPED))
    return made


@lru_cache(maxsize=1)
def sheet() -> str:
    """Return the style sheet of bars, dialogs and the start page."""
    return resource("ui/app.qss").read_text(encoding="utf-8")
