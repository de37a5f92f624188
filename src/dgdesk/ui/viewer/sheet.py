"""Window, viewer, sheet: the style of its bars: `looks.sheet`, and how a button looks that is switched on."""

from __future__ import annotations

from dgdesk.ui.widgets import colours
from dgdesk.ui.widgets.theme import sheet


def viewer_sheet() -> str:
    """Return the style sheet, in the theme and text size in use."""
    # Not bolder: a button's room is reckoned for the letters it has when it is off.
    on = f"background: {colours.in_use().chosen}; border: 2px solid {colours.in_use().primary}; padding: 2px 13px;"
    inner = "QSpinBox QLineEdit { border: none; padding: 0; min-height: 0; }"
    focus = f"QPushButton:checked:focus {{ border-color: {colours.in_use().focus}; }}"
    return f"{sheet()}\n{inner}\nQPushButton:checked {{ {on} }}\n{focus}"
