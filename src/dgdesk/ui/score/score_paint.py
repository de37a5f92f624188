"""Paints a thin bar in plain parts, which differ in shape as well as in colour."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter

from dgdesk.survey.rules.figures import Figures
from dgdesk.ui.widgets import colours

PARTS = ("earned", "waiting", "open", "external", "lost")
"""The parts of a bar, from the left; attributes of `Figures`."""
_GAP = 1
_LINE = 2
"""Pixels: between two parts, and the thickness of a part that is drawn as a line or an outline."""


def paint_stack(painter: QPainter, whole: QRectF, figures: Figures) -> None:
    """Paint a bar into ``whole``: the parts in their order, each with its shape."""
    weight = float(figures.weight) or 1.0
    left = whole.left()
    for part in PARTS:
        width = min(max(whole.width() * float(getattr(figures, part)) / weight, 0.0), whole.right() - left)
        if width > 0:
            gap = _GAP if left > whole.left() and width > 2 * _GAP else 0
            paint_part(painter, QRectF(left + gap, whole.top(), width - gap, whole.height()), part)
            left += width


def paint_part(painter: QPainter, rect: QRectF, part: str) -> None:
    """Paint one part.

    Earned is full, waiting half as high on a pale ground, open the pale ground alone, external an outline, and lost a
    line in the middle.
    """
    table = colours.in_use()
    ink, pale, line = QColor(table.progress), QColor(table.open), QColor(table.frame)
    if part == "earned":
        painter.fillRect(rect, ink)
    elif part == "waiting":
        painter.fillRect(rect, pale)
        painter.fillRect(QRectF(rect.left(), rect.center().y(), rect.width(), rect.height() / 2), ink)
    elif part == "open":
        painter.fillRect(rect, pale)
    elif part == "external":
        painter.fillRect(rect, line)
        painter.fillRect(rect.adjusted(_LINE, _LINE, -_LINE, -_LINE), QColor(table.base))
    else:
        painter.fillRect(QRectF(rect.left(), rect.center().y() - _LINE / 2, rect.width(), _LINE), line)
