"""The statuses that have a drawing: its colour, how it is painted, and the statuses of findings and steps.

A drawing also reads without colour: ring, half, exclamation mark, triangle, tick, dash.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter, QPixmap

from dgdesk.ui import colours
from dgdesk.ui.icons import Icons, icon_size

if TYPE_CHECKING:
    from dgdesk.survey.rules.evidence_overview import (
        PlaceState,  # a name for mypy alone: the window starts without the rules
    )

_COLOURS: Final[Mapping[str, str]] = {
    "not_begun": "skipped",
    "in_progress": "progress",
    "problems": "error",
    "warning": "warning",
    "complete": "done",
    "skipped": "skipped",
}
OF_SEVERITY: Final[Mapping[str, str]] = {"error": "problems", "warning": "warning", "note": "not_begun"}
"""The status that stands for each severity."""
OF_PLACE: Final[Mapping[PlaceState, str]] = {
    "missing": "problems",
    "damaged": "problems",
    "unmarked": "warning",
    "complete": "complete",
    "by_url": "complete",
    "optional": "not_begun",
    "not_asked": "skipped",
}
"""The status that stands for each state of a place for evidence."""


def status_pixmap(icons: Icons, status: str, ratio: float) -> QPixmap:
    """Return the drawing of a status beside text, for a screen of ``ratio`` device pixels each.

    Raises:
        KeyError: there is no such status.
    """
    return icons.pixmap(f"status-{status}", icon_size(), ratio, colours.named(_COLOURS[status]))


def draw_status(painter: QPainter, icons: Icons, status: str, left_middle: QPointF) -> None:
    """Paint the drawing of a status; ``left_middle`` is the middle of its left edge."""
    ratio = painter.device().devicePixelRatio()
    # on whole device pixels, so that it stays sharp
    left, top = left_middle.x(), left_middle.y() - icon_size() / 2
    at = QPointF(round(left * ratio) / ratio, round(top * ratio) / ratio)
    painter.drawPixmap(at, status_pixmap(icons, status, ratio))
