"""Paints a page with its marks, selected text and search hits.

A page is paper in every theme, so marks have the colours of the light theme and the yellow of a text marker.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPen
from PySide6.QtWidgets import QWidget

from dgdesk.evidence.highlights import geometry
from dgdesk.evidence.highlights.geometry import Marks, Spot, spots
from dgdesk.evidence.pages.geometry import NO_TEXT, PageText, PlacedPage
from dgdesk.evidence.pages.text_search import line_rects, words
from dgdesk.survey.answers.marks import LONGEST_TEXT, Mark, Rect
from dgdesk.ui.evidence.viewer import mark_canvas
from dgdesk.ui.evidence.viewer.page_area import PageArea
from dgdesk.ui.widgets.colours import LIGHT
from dgdesk.ui.widgets.theme_file import NORMAL, SMALL

Tool = Literal["draw", "text"]
_REST = 500
"""Milliseconds after the last arrow key until the move is finished."""


class MarkCanvas(PageArea):
    """The page, its marks and selected text, and the actions on them. ``chosen`` is the rectangle that keys act on.

    It stores nothing: ``edited`` carries the new list of marks after every finished gesture.
    """

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
        self._shown: Marks | None = None  # during a gesture
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST)
        self._rest.timeout.connect(self.finish)

    # what is shown

    def set_marks(self, marks: Marks) -> None:
        """Show these marks."""
        self._rest.stop()
        self.drop_drag()
        self.marks = marks
        if self.chosen is not None and self.chosen not in geometry.spots(marks, self.page + 1):
            self.choose(None)
        self.viewport().update()

    def set_tool(self, tool: Tool) -> None:
        """Let the mouse draw rectangles or select text."""
        self.finish()
        self.tool = tool
        self.viewport().setCursor(self.plain_cursor())

    def set_text(self, text: PageText) -> None:
        """Set the text of the page that is shown."""
        self.page_text = text
        self.text_known = text is not NO_TEXT
        self.select(0, 0)

    def select(self, start: int, end: int) -> None:
        """Select characters of the page."""
        self.selected = (start, end)
        self.selection_changed.emit()
        self.viewport().update()

    def set_hits(self, hits: Sequence[tuple[Rect, ...]], now: tuple[Rect, ...]) -> None:
        """Show the search hits on this page; ``now`` is the current one."""
        self.hits, self.hit_now = hits, now
        self.viewport().update()

    def choose(self, spot: Spot | None) -> None:
        """Choose a rectangle of this page, and scroll to it."""
        if spot != self.chosen:
            self.finish()
        self.chosen = spot
        at = self.placed
        if spot is not None and at is not None:
            self.bring(mark_canvas.view_rect(at, self._now[spot[0]].rects[spot[1]]))
        self.chosen_changed.emit()
        self.viewport().update()

    def go_to(self, page: int, *, to_end: bool = False) -> None:
        """Show another page, after finishing the gesture on this one."""
        if min(max(page, 0), max(self.count - 1, 0)) != self.page:
            self.finish()
            self.drop_drag()
            self.choose(None)
            self.set_text(NO_TEXT)
            self.set_hits((), ())
        super().go_to(page, to_end=to_end)

    @property
    def selected_rects(self) -> tuple[Rect, ...]:
        """The selected text as one rectangle per line."""
        return line_rects(self.page_text.boxes[slice(*self.selected)])

    @property
    def selected_words(self) -> str:
        """The selected text on one line."""
        return words(self.page_text, *self.selected)

    @property
    def _now(self) -> Marks:
        return self.marks if self._shown is None else self._shown

    # actions

    def add_in_middle(self) -> None:
        """Add a mark in the middle of the visible part of the page."""
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
        rect = geometry.rect_between(one, other)
        if rect is not None:
            self._add(Mark(self.page + 1, (rect,)))

    def mark_selection(self) -> bool:
        """Mark the selected text; return False if none is selected."""
        rects, text = self.selected_rects, self.selected_words
        if rects and not self.read_only:
            self.select(0, 0)
        return self.mark_rects(rects, text)

    def mark_rects(self, rects: tuple[Rect, ...], text: str) -> bool:
        """Mark rectangles of this page; return False if there are none."""
        if not rects or self.read_only:
            return False
        self.finish()
        self._add(Mark(self.page + 1, rects, "", text[:LONGEST_TEXT]))
        return True

    def remove_chosen(self) -> None:
        """Remove the chosen rectangle; with the last one, its mark."""
        if self.chosen is None or self.read_only:
            return
        spot = self.chosen
        self.finish()
        self.chosen = None
        self._emit_edited(geometry.without_rect(self.marks, spot))
        self.chosen_changed.emit()

    def choose_next(self, forward: bool = True) -> None:
        """Choose the next rectangle of the page."""
        there = geometry.spots(self._now, self.page + 1)
        if there:
            at = there.index(self.chosen) if self.chosen in there else (-1 if forward else 0)
            self.choose(there[(at + (1 if forward else -1)) % len(there)])

    def finish(self) -> None:
        """Emit what arrow keys have changed, if anything."""
        self._rest.stop()
        shown, self._shown = self._shown, None
        if shown is not None and shown != self.marks:
            self._emit_edited(shown)

    def _add(self, mark: Mark) -> None:
        self._emit_edited((*self.marks, mark))
        if self.marks and self.marks[-1].page == mark.page:
            self.choose((len(self.marks) - 1, 0))

    def _emit_edited(self, marks: Marks) -> None:
        """Show new marks and emit them; the receiver may set the old ones again."""
        self.marks = marks
        self.viewport().update()
        self.edited.emit(marks)

    def drop_drag(self) -> None:
        """Cancel the gesture of the mouse."""
        self._shown = None

    def plain_cursor(self) -> Qt.CursorShape:
        """Return the cursor over the bare page."""
        if self.tool == "text":
            return Qt.CursorShape.IBeamCursor
        return Qt.CursorShape.ArrowCursor if self.read_only else Qt.CursorShape.CrossCursor

    # painting

    def paint_over(self, painter: QPainter, at: PlacedPage) -> None:
        """Paint hits, selection and marks."""
        mark_canvas.paint_hits(painter, at, self.hits, self.hit_now)
        mark_canvas.paint_selection(painter, at, self.selected_rects)
        mark_canvas.paint_marks(painter, at, self._now, self.page + 1, self.chosen, not self.read_only, self.font())


HANDLE = 9
"""Side of a handle in pixels."""
SIDES = tuple((across, down) for across in (0.0, 0.5, 1.0) for down in (0.0, 0.5, 1.0) if (across, down) != (0.5, 0.5))
"""Positions of the handles, as fractions of the rectangle."""

_MARK, _MARK_EDGE = QColor(255, 214, 0, 90), QColor(150, 105, 0)
_HIT, _HIT_NOW = QColor(255, 140, 0, 80), QColor(255, 110, 0, 150)
_SELECTED = QColor(31, 111, 235, 80)


def view_rect(placed: PlacedPage, rect: Rect) -> QRectF:
    """Return the rectangle of the view, for a rectangle of the page."""
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
    """Tint search hits, the current one more strongly."""
    for hit in hits:
        paint_areas(painter, placed, hit, _HIT_NOW if hit is now else _HIT)
    painter.setPen(QPen(QColor(LIGHT.error), 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for rect in now:
        painter.drawRect(view_rect(placed, rect))


def paint_selection(painter: QPainter, placed: PlacedPage, rects: Iterable[Rect]) -> None:
    """Tint the selected text."""
    paint_areas(painter, placed, rects, _SELECTED)


def paint_marks(
    painter: QPainter, placed: PlacedPage, marks: Marks, page: int, chosen: Spot | None, editable: bool, font: QFont
) -> None:
    """Paint the marks of a page (1 is the first), each with its number; the chosen one with handles."""
    small = QFont(font)
    small.setPointSizeF(font.pointSizeF() * SMALL / NORMAL)
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
    """Paint a mark's number at its top left corner, outside the rectangle if there is space."""
    metrics = painter.fontMetrics()
    width, height = metrics.horizontalAdvance(number) + 8, metrics.height()
    left = seen.left() - width - 2 if seen.left() > width + 4 else seen.left()
    chip = QRectF(left, seen.top(), width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(LIGHT.primary))
    painter.drawRoundedRect(chip, 4, 4)
    painter.setPen(QColor(LIGHT.primary_text))
    painter.drawText(chip, int(Qt.AlignmentFlag.AlignCenter), number)
