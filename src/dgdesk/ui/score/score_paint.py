"""Paints the parts of a stacked bar so that they differ without colour."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from dgdesk.survey.rules.figures import Figures
from dgdesk.ui.widgets import colours

PARTS = ("earned", "waiting", "open", "external", "lost")
"""The parts of a bar, from the left; attributes of `Figures`."""


def paint_stack(painter: QPainter, whole: QRectF, figures: Figures, ink: QColor, ground: QColor) -> None:
    """Paint a stacked bar into ``whole``: the parts in order, each with its pattern, and an outline."""
    weight = float(figures.weight) or 1.0
    left = whole.left()
    painter.fillRect(whole, ground)
    for part in PARTS:
        width = min(max(whole.width() * float(getattr(figures, part)) / weight, 0.0), whole.right() - left)
        if width > 0:
            paint_part(painter, QRectF(left, whole.top(), width, whole.height()), part, ink, ground)
            left += width
    painter.setPen(QPen(ink, 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(whole)


def label_stack(painter: QPainter, whole: QRectF, figures: Figures, ink: QColor, ground: QColor) -> None:
    """Write the points into the parts of a stacked bar that are wide enough."""
    weight = float(figures.weight) or 1.0
    left = whole.left()
    for part in PARTS:
        points = getattr(figures, part)
        width = min(max(whole.width() * float(points) / weight, 0.0), whole.right() - left)
        wide = painter.fontMetrics().horizontalAdvance(str(points)) + 6
        if width >= wide + (4 if part in ("earned", "open") else 18):  # a pattern must show around its figure
            plate = QRectF(left + (width - wide) / 2, whole.top() + 2, wide, whole.height() - 4)
            if part != "earned":
                painter.fillRect(plate, ground)
            painter.setPen(QColor(colours.in_use().on_mark) if part == "earned" else ink)
            painter.drawText(plate, int(Qt.AlignmentFlag.AlignCenter), str(points))
        left += width


def paint_part(painter: QPainter, rect: QRectF, part: str, ink: QColor, ground: QColor) -> None:
    """Paint one part, with a line at its end that separates it from the next, also in black and white."""
    painter.save()
    painter.setClipRect(rect)
    painter.setPen(Qt.PenStyle.NoPen)
    if part == "earned":
        painter.fillRect(rect, QColor(colours.in_use().progress))
    elif part == "waiting":
        painter.fillRect(rect, QColor(colours.in_use().waiting))
        _hatch(painter, rect, QPen(ink, 1.6), 6)
    elif part == "external":
        painter.setBrush(ink)
        _dots(painter, rect)
    elif part == "lost":
        painter.fillRect(rect, _mixed(ink, ground, 0.22))
        pen = QPen(_mixed(ink, ground, 0.6), 1)
        _hatch(painter, rect, pen, 5)
        _hatch(painter, rect, pen, 5, rising=False)
    painter.setClipping(False)
    painter.setPen(QPen(ink, 1))
    painter.drawLine(rect.topRight(), rect.bottomRight())
    painter.restore()


def _hatch(painter: QPainter, rect: QRectF, pen: QPen, step: int, *, rising: bool = True) -> None:
    painter.setPen(pen)
    height = rect.height()
    at = rect.left() - height
    while at < rect.right():
        first, last = (rect.bottom(), rect.top()) if rising else (rect.top(), rect.bottom())
        painter.drawLine(QPointF(at, first), QPointF(at + height, last))
        at += step


def _dots(painter: QPainter, rect: QRectF) -> None:
    x, odd = rect.left() + 3, False
    while x < rect.right() + 2:
        y = rect.top() + (3 if odd else 6)
        while y < rect.bottom():
            painter.drawEllipse(QPointF(x, y), 1.1, 1.1)
            y += 6
        x, odd = x + 4, not odd


def _mixed(ink: QColor, ground: QColor, share: float) -> QColor:
    # PySide6's stubs type the tuple of getRgb as object
    mix = [round(a * share + b * (1 - share)) for a, b in zip(ink.getRgb()[:3], ground.getRgb()[:3], strict=True)]  # type: ignore[index]
    return QColor(*mix)
