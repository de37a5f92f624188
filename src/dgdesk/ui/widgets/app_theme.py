"""Applies a theme to the application: style, palette, the bundled font. Imported before the first frame is shown."""

from __future__ import annotations

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from dgdesk.resources import resource
from dgdesk.system.settings import Settings
from dgdesk.ui.widgets import colours
from dgdesk.ui.widgets.theme_file import NORMAL

FAMILY = "Sarabun"
POINTS = NORMAL
_FILES = ("Sarabun-Regular.ttf", "Sarabun-SemiBold.ttf", "Sarabun-Bold.ttf")


def app_font(percent: int = 100) -> QFont:
    """Load the bundled font (once per process) and return the font of texts; ``percent`` is the text size."""
    if FAMILY not in QFontDatabase.families():
        for name in _FILES:
            QFontDatabase.addApplicationFont(str(resource(f"fonts/{name}")))
    font = QFont(FAMILY)
    font.setPointSizeF(POINTS * percent / 100)
    return font


def apply_theme(app: QApplication, settings: Settings | None = None) -> None:
    """Apply the theme of the settings to the application."""
    from PySide6.QtCore import Qt

    wanted = settings or Settings()
    colours.use(app, wanted.theme)
    app.styleHints().setColorScheme(Qt.ColorScheme.Dark if colours.in_use().dark else Qt.ColorScheme.Light)
    apply_first_theme(app, wanted)


def apply_first_theme(app: QApplication, wanted: Settings) -> None:
    """Apply the part of the theme that shows in an empty window.

    Reading `Qt`, with its hundred enumerations, takes 20 ms; what needs it (the colour of the title bar) follows later.
    """
    colours.use(app, wanted.theme)
    if app.style().name() != "fusion":
        app.setStyle("Fusion")
    app.setPalette(palette())
    app.setFont(app_font(wanted.text_percent))


def palette() -> QPalette:
    """Return the palette for Qt's own painting, in the current theme."""
    made = QPalette(QColor(colours.in_use().button), QColor(colours.in_use().window))
    for role, colour in (
        (QPalette.ColorRole.WindowText, colours.in_use().text),
        (QPalette.ColorRole.Text, colours.in_use().text),
        (QPalette.ColorRole.ButtonText, colours.in_use().text),
        (QPalette.ColorRole.BrightText, colours.in_use().text),
        (QPalette.ColorRole.Base, colours.in_use().base),
        (QPalette.ColorRole.AlternateBase, colours.in_use().item),
        (QPalette.ColorRole.Button, colours.in_use().button),
        (QPalette.ColorRole.Highlight, colours.in_use().primary),
        (QPalette.ColorRole.HighlightedText, colours.in_use().primary_text),
        (QPalette.ColorRole.Accent, colours.in_use().focus),
        (QPalette.ColorRole.Link, colours.in_use().link),
        (QPalette.ColorRole.LinkVisited, colours.in_use().link),
        (QPalette.ColorRole.PlaceholderText, colours.in_use().skipped),
        (QPalette.ColorRole.ToolTipBase, colours.in_use().base),
        (QPalette.ColorRole.ToolTipText, colours.in_use().text),
    ):
        made.setColor(QPalette.ColorGroup.All, role, QColor(colour))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours.in_use().skipped))
    return made
