"""The style sheet and the keys of the viewer."""

from __future__ import annotations

from typing import Final

from dgdesk.ui.widgets import colours
from dgdesk.ui.widgets.theme import sheet


def viewer_sheet() -> str:
    """Return the style sheet in the current theme and text size."""
    # Not bolder: the width of a button is computed for the letters of its unchecked state.
    on = f"background: {colours.in_use().chosen}; border: 2px solid {colours.in_use().primary}; padding: 2px 13px;"
    inner = "QSpinBox QLineEdit { border: none; padding: 0; min-height: 0; }"
    focus = f"QPushButton:checked:focus {{ border-color: {colours.in_use().focus}; }}"
    return f"{sheet()}\n{inner}\nQPushButton:checked {{ {on} }}\n{focus}"


KEYS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("find", ("Ctrl+F",)),
    ("find_next", ("F3", "Ctrl+G")),
    ("find_previous", ("Shift+F3", "Ctrl+Shift+G")),
    ("larger", ("Ctrl++", "Ctrl+=")),
    ("smaller", ("Ctrl+-",)),
    ("fit_width", ("Ctrl+0",)),
    ("fit_page", ("Ctrl+9",)),
    ("real_size", ("Ctrl+1",)),
    ("rotate", ("Ctrl+R",)),
    ("page_next", ("Ctrl+PgDown",)),
    ("page_previous", ("Ctrl+PgUp",)),
    ("file_next", ("Alt+PgDown",)),
    ("file_previous", ("Alt+PgUp",)),
    ("mark", ("Ctrl+M",)),
    ("undo", ("Ctrl+Z",)),
    ("redo", ("Ctrl+Y", "Ctrl+Shift+Z")),
    ("copy", ("Ctrl+C",)),
)
"""Actions and their keys, wherever the focus is in the viewer."""

ON_PAGE: Final[tuple[tuple[str, str], ...]] = (
    ("Insert", "add"),
    ("Space / Shift+Space", "choose"),
    ("← ↑ → ↓ / Ctrl+← ↑ → ↓", "move"),
    ("Shift+← ↑ → ↓", "resize"),
    ("Delete", "remove"),
)
"""Keys, as displayed, and their actions while the page has the focus."""
