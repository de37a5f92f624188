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


LIGHT: Final = Colours(
    dark=False,
    text="#1c2430",
    hint="#4f5a68",
    code="#1f4e8c",
    link="#0b57a4",
    error="#b3261e",
    warning="#7d4b00",
    done="#1b6e3c",
    progress="#1f4e8c",
    skipped="#5a636d",
    base="#ffffff",
    window="#f3f5f8",
    button="#f7f9fb",
    disabled="#f0f2f5",
    frame="#778393",
    line="#d5dce5",
    focus="#1f6feb",
    hover="#eef3fa",
    chosen="#e3edf9",
    primary="#1f4e8c",
    primary_text="#ffffff",
    primary_hover="#2a62ab",
    card="#ffffff",
    card_line="#d5dce5",
    item="#fafbfd",
    notes="#f5f7fa",
    notes_line="",
    evidence="#fdf8ee",
    evidence_line="#e8d9b8",
    file="#ffffff",
    file_line="#e2e6ec",
    tablehead="#e9eef5",
    tablehead_line="#c5d0de",
    rowband="#f2f5f9",
    tablerow_line="#e2e7ee",
    badge="#e6eef8",
    result="#eef7f0",
    result_line="#bcdcc5",
    bar="#c9d8ec",
    waiting="#f4d9a8",
    open="#dfe5ec",
    on_mark="#ffffff",
)

DARK: Final = Colours(
    dark=True,
    text="#e6eaf0",
    hint="#b3bdc9",
    code="#9cc7ff",
    link="#8cc2ff",
    error="#ff9c94",
    warning="#f2bf6a",
    done="#7ed69b",
    progress="#7db4f5",
    skipped="#a3aebb",
    base="#1b2029",
    window="#14181f",
    button="#2a313c",
    disabled="#20262f",
    frame="#76828f",
    line="#39424e",
    focus="#6cb0ff",
    hover="#262f3b",
    chosen="#22364f",
    primary="#8cbcf7",
    primary_text="#0e1722",
    primary_hover="#a9cdfa",
    card="#1f252e",
    card_line="#3a4452",
    item="#232a34",
    notes="#262d38",
    notes_line="",
    evidence="#2c281f",
    evidence_line="#5b4f35",
    file="#252a31",
    file_line="#414b58",
    tablehead="#2b3542",
    tablehead_line="#465466",
    rowband="#252d38",
    tablerow_line="#353e4a",
    badge="#22334a",
    result="#1d3325",
    result_line="#3c6b4c",
    bar="#41597a",
    waiting="#60481a",
    open="#3a4350",
    on_mark="#101419",
)

CONTRAST: Final = Colours(
    dark=True,
    text="#ffffff",
    hint="#e4e4e4",
    code="#a8d8ff",
    link="#8fd3ff",
    error="#ffb0a8",
    warning="#ffd75e",
    done="#8dffb0",
    progress="#8fd3ff",
    skipped="#cfcfcf",
    base="#000000",
    window="#000000",
    button="#2e2e2e",
    disabled="#101010",
    frame="#ffffff",
    line="#ffffff",
    focus="#ffe600",
    hover="#1c1c1c",
    chosen="#00305c",
    primary="#ffe600",
    primary_text="#000000",
    primary_hover="#fff27a",
    card="#000000",
    card_line="#ffffff",
    item="#000000",
    notes="#000000",
    notes_line="#9a9a9a",
    evidence="#0d0b00",
    evidence_line="#ffd75e",
    file="#000000",
    file_line="#ffffff",
    tablehead="#1a1a1a",
    tablehead_line="#ffffff",
    rowband="#141414",
    tablerow_line="#b0b0b0",
    badge="#00263f",
    result="#00240f",
    result_line="#8dffb0",
    bar="#ffffff",
    waiting="#5c4a00",
    open="#404040",
    on_mark="#000000",
)

THEMES: Final = {"light": LIGHT, "dark": DARK, "contrast": CONTRAST}

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
