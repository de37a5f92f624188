"""Applies a theme to the whole application: style, palette, font, the colour of the title bar."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from dgdesk.system.settings import Settings
from dgdesk.ui import colours
from dgdesk.ui.fonts import app_font
from dgdesk.ui.looks import palette


def apply_theme(app: QApplication, settings: Settings | None = None) -> None:
    """Give the application the theme that the settings ask for."""
    from PySide6.QtCore import Qt

    wanted = settings or Settings()
    colours.use(app, wanted.theme)
    app.styleHints().setColorScheme(Qt.ColorScheme.Dark if colours.in_use().dark else Qt.ColorScheme.Light)
    apply_first_theme(app, wanted)


def apply_first_theme(app: QApplication, wanted: Settings) -> None:
    """Give the application as much of its theme as shows in an empty window.

    Reading `Qt`, with its hundred enumerations, takes 20 ms; what needs it (the colour of the title bar) waits.
    """
    colours.use(app, wanted.theme)
    if app.style().name() != "fusion":
        app.setStyle("Fusion")
    app.setPalette(palette())
    app.setFont(app_font(wanted.text_percent))
