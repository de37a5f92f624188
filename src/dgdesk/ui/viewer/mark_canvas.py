"""Window, viewer, mark canvas: the page with its marks and its selected text, and what can be done with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from dgdesk.evidence.highlights import geometry
from dgdesk.evidence.highlights.geometry import Marks, Spot
from dgdesk.evidence.pages.geometry import NO_TEXT, PageText, PlacedPage
from dgdesk.evidence.pages.text_search import line_rects, words
from dgdesk.survey.answers.marks import LONGEST_TEXT, Mark, Rect
from dgdesk.ui.viewer import overlay
from dgdesk.ui.viewer.page_area import PageArea

Tool = Literal["draw", "text"]
_REST = 500
"""Milliseconds after the last arrow key: then moving is finished."""


class MarkCanvas(PageArea):
    """The page, its marks and selected text, and what is done with them. ``chosen`` is the rectangle that keys act on.

    It never stores anything: every finished gesture gives the new list of marks by ``edited``.
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
        self._shown: Marks | None = None  # while a gesture goes on
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
            self.drop_drag()
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
        rect = geometry.rect_between(one, other)
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
        self._give(geometry.without_rect(self.marks, spot))
        self.chosen_changed.emit()

    def choose_next(self, forward: bool = True) -> None:
        """Choose the next rectangle of the page."""
        there = geometry.spots(self._now, self.page + 1)
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

    def drop_drag(self) -> None:
        """Forget what the mouse was doing."""
        self._shown = None

    def plain_cursor(self) -> Qt.CursorShape:
        """Return how the mouse looks where there is nothing but the page."""
        if self.tool == "text":
            return Qt.CursorShape.IBeamCursor
        return Qt.CursorShape.ArrowCursor if self.read_only else Qt.CursorShape.CrossCursor

    # painting

    def paint_over(self, painter: QPainter, at: PlacedPage) -> None:
        """Paint hits, selection and marks."""
        overlay.paint_hits(painter, at, self.hits, self.hit_now)
        overlay.paint_selection(painter, at, self.selected_rects)
        overlay.paint_marks(painter, at, self._now, self.page + 1, self.chosen, not self.read_only, self.font())
