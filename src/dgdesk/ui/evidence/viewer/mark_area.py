"""The page with mouse and keyboard input: draw, move, resize and remove marks; select text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from dgdesk.evidence.highlights import geometry
from dgdesk.evidence.highlights.geometry import Spot
from dgdesk.evidence.pages.geometry import PlacedPage
from dgdesk.evidence.pages.text_search import between
from dgdesk.survey.answers.marks import Mark, Rect
from dgdesk.ui.evidence.viewer import mark_canvas
from dgdesk.ui.evidence.viewer.mark_canvas import MarkCanvas

_STEP = 6.0
"""Pixels that an arrow key moves a rectangle; with Ctrl one pixel."""
_NEAR = 3
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_CURSORS = {
    (0.0, 0.0): Qt.CursorShape.SizeFDiagCursor,
    (1.0, 1.0): Qt.CursorShape.SizeFDiagCursor,
    (1.0, 0.0): Qt.CursorShape.SizeBDiagCursor,
    (0.0, 1.0): Qt.CursorShape.SizeBDiagCursor,
    (0.5, 0.0): Qt.CursorShape.SizeVerCursor,
    (0.5, 1.0): Qt.CursorShape.SizeVerCursor,
    (0.0, 0.5): Qt.CursorShape.SizeHorCursor,
    (1.0, 0.5): Qt.CursorShape.SizeHorCursor,
}


@dataclass
class _Drag:
    """The gesture of the mouse since it was pressed at ``start`` (pixels of the view)."""

    what: Literal["draw", "move", "size", "text"]
    start: QPointF
    now: QPointF
    spot: Spot | None = None
    before: Rect | None = None
    side: tuple[float, float] = (0.0, 0.0)
    adds: bool = False


class MarkArea(MarkCanvas):
    """The mark canvas with mouse and keyboard input."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drag: _Drag | None = None
        self.viewport().setMouseTracking(True)

    def drop_drag(self) -> None:
        """Cancel the gesture of the mouse."""
        super().drop_drag()
        self._drag = None

    def paint_over(self, painter: QPainter, at: PlacedPage) -> None:
        """Paint what is being drawn on top."""
        super().paint_over(painter, at)
        if self._drag is not None and self._drag.what == "draw":
            mark_canvas.paint_rubber(painter, QRectF(self._drag.start, self._drag.now).normalized())

    # the mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self.placed
        if event.button() != Qt.MouseButton.LeftButton or at is None:
            return
        self.finish()
        point = event.position()
        side = self._handle_at(at, point)
        spot = self._spot_at(at, point)
        if side is not None and self.chosen is not None:
            self._drag = _Drag("size", point, point, self.chosen, self._rect(self.chosen), side)
            return
        adds = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier) and self.chosen is not None
        if spot is not None and not adds and self.tool == "draw":
            self.choose(spot)
            if not self.read_only:
                self._drag = _Drag("move", point, point, spot, self._rect(spot))
        elif self.tool == "text":
            self._drag = _Drag("text", point, point)
            self.select(0, 0)
        elif not self.read_only:
            self._drag = _Drag("draw", point, point, self.chosen, adds=adds)
            if not adds:
                self.choose(None)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = self.placed
        if at is None:
            return
        drag = self._drag
        if drag is None:
            self._point(at, event.position())
            return
        drag.now = event.position()
        if drag.what == "text":
            self._select_to(at, drag)
        elif drag.what in ("move", "size") and drag.spot is not None and drag.before is not None:
            self._shown = geometry.changed_rect(self.marks, drag.spot, self._dragged(at, drag, drag.before))
        self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        drag, self._drag = self._drag, None
        at = self.placed
        if event.button() != Qt.MouseButton.LeftButton or drag is None or at is None:
            return
        self.viewport().update()
        if (drag.now - drag.start).manhattanLength() < _NEAR:
            self._shown = None
            if drag.what == "text":
                self.choose(self._spot_at(at, drag.start))
            return
        if drag.what == "draw":
            rect = geometry.rect_between(
                at.to_page(drag.start.x(), drag.start.y()), at.to_page(drag.now.x(), drag.now.y())
            )
            if rect is not None and drag.adds and drag.spot is not None:
                self._emit_edited(geometry.with_rect(self.marks, drag.spot[0], rect))
            elif rect is not None:
                self._add(Mark(self.page + 1, (rect,)))
        else:
            self.finish()

    def _dragged(self, at: PlacedPage, drag: _Drag, before: Rect) -> Rect:
        shift = drag.now - drag.start
        if drag.what == "move":
            return geometry.moved(before, *at.step_to_page(shift.x(), shift.y()))
        return _resized(at, before, drag.side, shift)

    def _select_to(self, at: PlacedPage, drag: _Drag) -> None:
        found = between(self.page_text, *(at.to_page(point.x(), point.y()) for point in (drag.start, drag.now)))
        if found != self.selected:
            self.select(*found)

    def _rect(self, spot: Spot) -> Rect:
        return self.marks[spot[0]].rects[spot[1]]

    def _spot_at(self, at: PlacedPage, point: QPointF) -> Spot | None:
        """Return the topmost rectangle at a point of the view."""
        for spot in reversed(geometry.spots(self.marks, self.page + 1)):
            if mark_canvas.view_rect(at, self._rect(spot)).adjusted(-_NEAR, -_NEAR, _NEAR, _NEAR).contains(point):
                return spot
        return None

    def _handle_at(self, at: PlacedPage, point: QPointF) -> tuple[float, float] | None:
        if self.chosen is None or self.read_only:
            return None
        for side, handle in zip(
            mark_canvas.SIDES, mark_canvas.handles(mark_canvas.view_rect(at, self._rect(self.chosen))), strict=True
        ):
            if handle.adjusted(-_NEAR, -_NEAR, _NEAR, _NEAR).contains(point):
                return side
        return None

    def _point(self, at: PlacedPage, point: QPointF) -> None:
        side = self._handle_at(at, point)
        if side is not None:
            self.viewport().setCursor(_CURSORS[side])
        elif self.tool == "draw" and self._spot_at(at, point) is not None:
            self.viewport().setCursor(
                Qt.CursorShape.PointingHandCursor if self.read_only else Qt.CursorShape.SizeAllCursor
            )
        else:
            self.viewport().setCursor(self.plain_cursor())

    # keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        arrow = _ARROWS.get(Qt.Key(event.key()))
        ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if arrow is not None and self.chosen is not None and not self.read_only:
            self._nudge(arrow, 1.0 if ctrl else _STEP, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove_chosen()
        elif event.key() == Qt.Key.Key_Escape and (self._drag or self.chosen or self.selected != (0, 0)):
            self.finish()
            self.drop_drag()
            self.select(0, 0)
            self.choose(None)
        elif event.key() == Qt.Key.Key_Insert:
            self.add_in_middle()
        elif event.key() == Qt.Key.Key_Space:
            self.choose_next(not event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        elif event.key() in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            self._page_key(event.key() == Qt.Key.Key_PageDown, ctrl)
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):
            last = event.key() == Qt.Key.Key_End
            if ctrl:
                self.go_to(self.count - 1 if last else 0)
            else:
                bar = self.verticalScrollBar()
                bar.setValue(bar.maximum() if last else 0)
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.finish()

    def _page_key(self, forward: bool, whole_pages: bool) -> None:
        if whole_pages:
            self.go_to(self.page + (1 if forward else -1))
        elif not self.flow(forward=forward):
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + (1 if forward else -1) * max(bar.pageStep() - 40, 40))

    def _nudge(self, arrow: tuple[int, int], step: float, sizes: bool) -> None:
        at, spot = self.placed, self.chosen
        if at is None or spot is None:
            return
        before = self._now[spot[0]].rects[spot[1]]
        shift = QPointF(arrow[0] * step, arrow[1] * step)
        if sizes:
            after = _resized(at, before, (1.0 if arrow[0] else 0.5, 1.0 if arrow[1] else 0.5), shift)
        else:
            after = geometry.moved(before, *at.step_to_page(shift.x(), shift.y()))
        self._shown = geometry.changed_rect(self._now, spot, after)
        self.bring(mark_canvas.view_rect(at, after))
        self._rest.start()
        self.viewport().update()


def _resized(at: PlacedPage, before: Rect, side: tuple[float, float], shift: QPointF) -> Rect:
    """Move sides of a rectangle as they are seen; it stays as it was where it would become too small."""
    left, top, right, bottom = at.box_to_view(before.corners)
    left, right = left + (shift.x() if side[0] == 0 else 0), right + (shift.x() if side[0] == 1 else 0)
    top, bottom = top + (shift.y() if side[1] == 0 else 0), bottom + (shift.y() if side[1] == 1 else 0)
    if left >= right or top >= bottom:
        return before
    return geometry.rect_between(at.to_page(left, top), at.to_page(right, bottom)) or before
