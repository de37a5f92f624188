"""The colours of each theme, and the theme in use.

``in_use().text`` is the colour ``text`` of the theme in use, as ``#rrggbb``. The theme belongs to the application
object, like Qt's palette and font. Every text has a contrast of at least 4.5 : 1 with every background it may be on (7
: 1 in the high-contrast theme, except disabled text), frames and marks 3 : 1; tests/ui/widgets/test_theme.py computes
it (WCAG 2.2, 1.4.3, 1.4.6 and 1.4.11).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QCoreApplication

from dgdesk.ui.widgets.theme_file import COLOURS


@dataclass(frozen=True, slots=True, eq=False)
class Colours:
    """The colours of one theme."""

    dark: bool
    # texts
    text: str
    hint: str
    code: str
    link: str
    error: str
    warning: str
    done: str
    progress: str
    skipped: str
    # input boxes, what is around them, buttons
    base: str
    window: str
    button: str
    disabled: str
    frame: str
    line: str
    focus: str
    hover: str
    chosen: str
    primary: str
    primary_text: str
    primary_hover: str
    # backgrounds of a page
    card: str
    card_line: str
    item: str
    notes: str
    notes_line: str
    evidence: str
    evidence_line: str
    file: str
    file_line: str
    tablehead: str
    tablehead_line: str
    rowband: str
    tablerow_line: str
    badge: str
    result: str
    result_line: str
    bar: str
    # parts of the score; text on a filled mark
    waiting: str
    open: str
    on_mark: str


THEMES: Final = {name: Colours(**table) for name, table in COLOURS.items()}
LIGHT: Final = THEMES["light"]

_ON_APP: Final = "dgdesk_colours"
"""Attribute of the application object; a Qt property takes ten times as long to read, at every paint event."""


def use(app: QCoreApplication, theme: str) -> None:
    """Set the theme of an application; everything painted or built from now on uses it."""
    setattr(app, _ON_APP, THEMES[theme])


def in_use() -> Colours:
    """Return the colours of the application's theme; the light ones if none was set."""
    table: Colours = getattr(QCoreApplication.instance(), _ON_APP, LIGHT)
    return table


def named(name: str) -> str:
    """Return a colour of the theme in use by its name, for tables that say which colour a status has."""
    return str(getattr(in_use(), name))


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
