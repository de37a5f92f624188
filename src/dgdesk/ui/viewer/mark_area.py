"""Window, viewer, mark area: the page with its marks; mouse and keys draw, move, resize and remove them, select text.

It never stores anything: every finished gesture gives the new list of marks by ``edited``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from dgdesk.answers.marks import LONGEST_TEXT, Mark, Rect
from dgdesk.pages import marking
from dgdesk.pages.marking import Marks, Spot
from dgdesk.pages.model import NO_TEXT, PageText
from dgdesk.pages.placing import Placed
from dgdesk.pages.selecting import between, line_rects, words
from dgdesk.ui.viewer import overlay
from dgdesk.ui.viewer.page_area import PageArea

Tool = Literal["draw", "text"]
_STEP = 6.0
"""Pixels that an arrow key moves; one with Ctrl."""
_REST = 500
"""Milliseconds after the last arrow key: then moving is finished."""
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
    """What the mouse is doing since it was pressed at ``start`` (pixels of the view)."""

    what: Literal["draw", "move", "size", "text"]
    start: QPointF
    now: QPointF
    spot: Spot | None = None
    before: Rect | None = None
    side: tuple[float, float] = (0.0, 0.0)
    adds: bool = False


class MarkArea(PageArea):
    """The page and its marks. ``chosen`` is the rectangle that keys act on."""

    edited = Signal(object)
    chosen_changed = Signal()
    selection_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.marks: Marks = ()
        self.read_only = False
        self.tool: Tool = "draw"
        self.chosen: Spot | None = None
        self.page_text: PageText = NO_TEXT
        self.text_known = False
        self.selected: tuple[int, int] = (0, 0)
        self.hits: Sequence[tuple[Rect, ...]] = ()
        self.hit_now: tuple[Rect, ...] = ()
        self._drag: _Drag | None = None
        self._shown: Marks | None = None  # while a gesture goes on
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST)
        self._rest.timeout.connect(self.finish)
        self.viewport().setMouseTracking(True)

    # what is shown

    def set_marks(self, marks: Marks) -> None:
        """Show these marks."""
        self._rest.stop()
        self._drag, self._shown = None, None
        self.marks = marks
        if self.chosen is not None and self.chosen not in marking.spots(marks, self.page + 1):
            self.choose(None)
        self.viewport().update()

    def set_tool(self, tool: Tool) -> None:
        """Let the mouse draw rectangles or select text."""
        self.finish()
        self.tool = tool
        self.viewport().setCursor(self._plain_cursor())

    def set_text(self, text: PageText) -> None:
        """Take the text of the page that is shown."""
        self.page_text = text
        self.text_known = text is not NO_TEXT
        self.select(0, 0)

    def select(self, start: int, end: int) -> None:
        """Select characters of the page."""
        self.selected = (start, end)
        self.selection_changed.emit()
        self.viewport().update()

    def set_hits(self, hits: Sequence[tuple[Rect, ...]], now: tuple[Rect, ...]) -> None:
        """Show what a search found on this page."""
        self.hits, self.hit_now = hits, now
        self.viewport().update()

    def choose(self, spot: Spot | None) -> None:
        """Choose a rectangle of this page, and bring it into view."""
        if spot != self.chosen:
            self.finish()
        self.chosen = spot
        at = self.placed
        if spot is not None and at is not None:
            self.bring(overlay.view_rect(at, self._now[spot[0]].rects[spot[1]]))
        self.chosen_changed.emit()
        self.viewport().update()

    def go_to(self, page: int, *, to_end: bool = False) -> None:
        """Show another page; what was being done on this one is finished."""
        if min(max(page, 0), max(self.count - 1, 0)) != self.page:
            self.finish()
            self._drag = None
            self.choose(None)
            self.set_text(NO_TEXT)
            self.set_hits((), ())
        super().go_to(page, to_end=to_end)

    @property
    def selected_rects(self) -> tuple[Rect, ...]:
        """One rectangle for each line of the selected text."""
        return line_rects(self.page_text.boxes[slice(*self.selected)])

    @property
    def selected_words(self) -> str:
        """The selected text in one line."""
        return words(self.page_text, *self.selected)

    @property
    def _now(self) -> Marks:
        return self.marks if self._shown is None else self._shown

    # actions

    def add_in_middle(self) -> None:
        """Put a new mark into the middle of what is seen of the page."""
        at = self.placed
        if at is None or self.read_only:
            return
        self.finish()
        seen = QRectF(at.x, at.y, at.shown_width, at.shown_height).intersected(QRectF(self.viewport().rect()))
        size = (min(seen.width() * 0.4, 320), min(seen.height() * 0.2, 90))
        middle = seen.center()
        corner = (size[0] / 2, size[1] / 2)
        one = at.to_page(middle.x() - corner[0], middle.y() - corner[1])
        other = at.to_page(middle.x() + corner[0], middle.y() + corner[1])
        rect = marking.rect_between(one, other)
        if rect is not None:
            self._add(Mark(self.page + 1, (rect,)))

    def mark_selection(self) -> bool:
        """Make a mark of the selected text; False when none is selected."""
        rects, text = self.selected_rects, self.selected_words
        if rects and not self.read_only:
            self.select(0, 0)
        return self.mark_rects(rects, text)

    def mark_rects(self, rects: tuple[Rect, ...], text: str) -> bool:
        """Make a mark of rectangles of this page; False when there are none."""
        if not rects or self.read_only:
            return False
        self.finish()
        self._add(Mark(self.page + 1, rects, "", text[:LONGEST_TEXT]))
        return True

    def remove_chosen(self) -> None:
        """Remove the chosen rectangle, and its mark with its last one."""
        if self.chosen is None or self.read_only:
            return
        spot = self.chosen
        self.finish()
        self.chosen = None
        self._give(marking.without_rect(self.marks, spot))
        self.chosen_changed.emit()

    def choose_next(self, forward: bool = True) -> None:
        """Choose the next rectangle of the page."""
        there = marking.spots(self._now, self.page + 1)
        if there:
            at = there.index(self.chosen) if self.chosen in there else (-1 if forward else 0)
            self.choose(there[(at + (1 if forward else -1)) % len(there)])

    def finish(self) -> None:
        """Give what arrow keys changed, if they did."""
        self._rest.stop()
        shown, self._shown = self._shown, None
        if shown is not None and shown != self.marks:
            self._give(shown)

    def _add(self, mark: Mark) -> None:
        self._give((*self.marks, mark))
        if self.marks and self.marks[-1].page == mark.page:
            self.choose((len(self.marks) - 1, 0))

    def _give(self, marks: Marks) -> None:
        """Show new marks and tell of them; who listens may put the old ones back."""
        self.marks = marks
        self.viewport().update()
        self.edited.emit(marks)

    # the mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a gesture."""
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
        """Go on with it."""
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
            self._shown = marking.changed_rect(self.marks, drag.spot, self._dragged(at, drag, drag.before))
        self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Finish it."""
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
            rect = marking.rect_between(
                at.to_page(drag.start.x(), drag.start.y()), at.to_page(drag.now.x(), drag.now.y())
            )
            if rect is not None and drag.adds and drag.spot is not None:
                self._give(marking.with_rect(self.marks, drag.spot[0], rect))
            elif rect is not None:
                self._add(Mark(self.page + 1, (rect,)))
        else:
            self.finish()

    def _dragged(self, at: Placed, drag: _Drag, before: Rect) -> Rect:
        way = drag.now - drag.start
        if drag.what == "move":
            return marking.moved(before, *at.step_to_page(way.x(), way.y()))
        return _resized(at, before, drag.side, way)

    def _select_to(self, at: Placed, drag: _Drag) -> None:
        found = between(self.page_text, *(at.to_page(point.x(), point.y()) for point in (drag.start, drag.now)))
        if found != self.selected:
            self.select(*found)

    def _rect(self, spot: Spot) -> Rect:
        return self.marks[spot[0]].rects[spot[1]]

    def _spot_at(self, at: Placed, point: QPointF) -> Spot | None:
        """The topmost rectangle at a point of the view."""
        for spot in reversed(marking.spots(self.marks, self.page + 1)):
            if overlay.view_rect(at, self._rect(spot)).adjusted(-_NEAR, -_NEAR, _NEAR, _NEAR).contains(point):
                return spot
        return None

    def _handle_at(self, at: Placed, point: QPointF) -> tuple[float, float] | None:
        if self.chosen is None or self.read_only:
            return None
        for side, handle in zip(
            overlay.SIDES, overlay.handles(overlay.view_rect(at, self._rect(self.chosen))), strict=True
        ):
            if handle.adjusted(-_NEAR, -_NEAR, _NEAR, _NEAR).contains(point):
                return side
        return None

    def _point(self, at: Placed, point: QPointF) -> None:
        side = self._handle_at(at, point)
        if side is not None:
            self.viewport().setCursor(_CURSORS[side])
        elif self.tool == "draw" and self._spot_at(at, point) is not None:
            self.viewport().setCursor(
                Qt.CursorShape.PointingHandCursor if self.read_only else Qt.CursorShape.SizeAllCursor
            )
        else:
            self.viewport().setCursor(self._plain_cursor())

    def _plain_cursor(self) -> Qt.CursorShape:
        if self.tool == "text":
            return Qt.CursorShape.IBeamCursor
        return Qt.CursorShape.ArrowCursor if self.read_only else Qt.CursorShape.CrossCursor

    # keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move, resize, remove, choose; turn pages."""
        arrow = _ARROWS.get(Qt.Key(event.key()))
        ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if arrow is not None and self.chosen is not None and not self.read_only:
            self._nudge(arrow, 1.0 if ctrl else _STEP, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove_chosen()
        elif event.key() == Qt.Key.Key_Escape and (self._drag or self.chosen or self.selected != (0, 0)):
            self.finish()
            self._drag, self._shown = None, None
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
        """What keys changed is finished."""
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
        way = QPointF(arrow[0] * step, arrow[1] * step)
        if sizes:
            after = _resized(at, before, (1.0 if arrow[0] else 0.5, 1.0 if arrow[1] else 0.5), way)
        else:
            after = marking.moved(before, *at.step_to_page(way.x(), way.y()))
        self._shown = marking.changed_rect(self._now, spot, after)
        self.bring(overlay.view_rect(at, after))
        self._rest.start()
        self.viewport().update()

    # painting

    def paint_over(self, painter: QPainter, at: Placed) -> None:
        """Paint hits, selection, marks, and what is being drawn."""
        overlay.paint_hits(painter, at, self.hits, self.hit_now)
        overlay.paint_selection(painter, at, self.selected_rects)
        overlay.paint_marks(painter, at, self._now, self.page + 1, self.chosen, not self.read_only, self.font())
        if self._drag is not None and self._drag.what == "draw":
            overlay.paint_rubber(painter, QRectF(self._drag.start, self._drag.now).normalized())


def _resized(at: Placed, before: Rect, side: tuple[float, float], way: QPointF) -> Rect:
    """Move sides of a rectangle as they are seen; it stays as it was where it would become too small."""
    left, top, right, bottom = at.box_to_view(before.corners)
    left, right = left + (way.x() if side[0] == 0 else 0), right + (way.x() if side[0] == 1 else 0)
    top, bottom = top + (way.y() if side[1] == 0 else 0), bottom + (way.y() if side[1] == 1 else 0)
    if left >= right or top >= bottom:
        return before
    return marking.rect_between(at.to_page(left, top), at.to_page(right, bottom)) or before
