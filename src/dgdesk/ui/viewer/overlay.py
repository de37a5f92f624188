"""Window, viewer, overlay: what is painted on a page: marks with their numbers, hits of a search, selected text.

A page is paper in every theme; so its colours are those of the light theme, and a marker's yellow.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from dgdesk.evidence.highlights.geometry import Marks, Spot, spots
from dgdesk.evidence.pages.geometry import PlacedPage
from dgdesk.survey.answers.marks import Rect
from dgdesk.ui.widgets.colours import LIGHT

HANDLE = 9
"""Side of a handle in pixels."""
SIDES = tuple((across, down) for across in (0.0, 0.5, 1.0) for down in (0.0, 0.5, 1.0) if (across, down) != (0.5, 0.5))
"""Where the handles of a rectangle sit, as fractions of it."""

_MARK, _MARK_EDGE = QColor(255, 214, 0, 90), QColor(150, 105, 0)
_HIT, _HIT_NOW = QColor(255, 140, 0, 80), QColor(255, 110, 0, 150)
_SELECTED = QColor(31, 111, 235, 80)


def view_rect(placed: PlacedPage, rect: Rect) -> QRectF:
    """Return where a rectangle of the page is seen."""
    left, top, right, bottom = placed.box_to_view(rect.corners)
    return QRectF(QPointF(left, top), QPointF(right, bottom))


def handles(seen: QRectF) -> tuple[QRectF, ...]:
    """Return the handles of a rectangle, in the order of `SIDES`."""
    return tuple(
        QRectF(
            seen.left() + across * seen.width() - HANDLE / 2,
            seen.top() + down * seen.height() - HANDLE / 2,
            HANDLE,
            HANDLE,
        )
        for across, down in SIDES
    )


def paint_areas(painter: QPainter, placed: PlacedPage, rects: Iterable[Rect], colour: QColor) -> None:
    """Tint rectangles."""
    for rect in rects:
        painter.fillRect(view_rect(placed, rect), colour)


def paint_hits(painter: QPainter, placed: PlacedPage, hits: Iterable[tuple[Rect, ...]], now: tuple[Rect, ...]) -> None:
    """Tint what a search found, the present hit more strongly."""
    for hit in hits:
        paint_areas(painter, placed, hit, _HIT_NOW if hit is now else _HIT)
    painter.setPen(QPen(QColor(LIGHT.error), 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for rect in now:
        painter.drawRect(view_rect(placed, rect))


def paint_selection(painter: QPainter, placed: PlacedPage, rects: Iterable[Rect]) -> None:
    """Tint selected text."""
    paint_areas(painter, placed, rects, _SELECTED)


def paint_marks(
    painter: QPainter, placed: PlacedPage, marks: Marks, page: int, chosen: Spot | None, editable: bool, font: QFont
) -> None:
    """Paint the marks of a page (1 is the first), each with its number; the chosen one with its handles."""
    small = QFont(font)
    small.setPointSizeF(max(font.pointSizeF() * 0.8, 7))
    painter.setFont(small)
    for spot in spots(marks, page):
        seen = view_rect(placed, marks[spot[0]].rects[spot[1]])
        is_chosen = spot == chosen
        painter.setPen(QPen(QColor(LIGHT.focus) if is_chosen else _MARK_EDGE, 2 if is_chosen else 1))
        painter.setBrush(_MARK)
        painter.drawRect(seen)
        if spot[1] == 0:
            _paint_number(painter, seen, str(spot[0] + 1))
        if is_chosen and editable:
            painter.setPen(QPen(QColor(LIGHT.focus), 1))
            painter.setBrush(QColor(LIGHT.base))
            for handle in handles(seen):
                painter.drawRect(handle)


def paint_rubber(painter: QPainter, seen: QRectF) -> None:
    """Paint the rectangle that is being drawn."""
    painter.setPen(QPen(QColor(LIGHT.focus), 1, Qt.PenStyle.DashLine))
    painter.setBrush(_MARK)
    painter.drawRect(seen)


def _paint_number(painter: QPainter, seen: QRectF, number: str) -> None:
    """Paint a mark's number beside its top left corner, outside where there is room."""
    metrics = painter.fontMetrics()
    width, height = metrics.horizontalAdvance(number) + 8, metrics.height()
    left = seen.left() - width - 2 if seen.left() > width + 4 else seen.left()
    chip = QRectF(left, seen.top(), width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(LIGHT.primary))
    painter.drawRoundedRect(chip, 4, 4)
    painter.setPen(QColor(LIGHT.primary_text))
    painter.drawText(chip, int(Qt.AlignmentFlag.AlignCenter), number)
