"""Shows one page, zoomed, turned and scrolled; requests the pieces it needs and paints them."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QResizeEvent, QTransform, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from dgdesk.evidence.pages.geometry import (
    LEAST_ZOOM,
    MOST_ZOOM,
    WHOLE,
    Fit,
    PageSize,
    Piece,
    PlacedPage,
    Turn,
    pieces,
    placed,
    rough,
    zoom_for,
)
from dgdesk.ui.evidence.viewer.cache import MOST_BYTES, PieceCache
from dgdesk.ui.evidence.viewer.worker import PageRequest
from dgdesk.ui.widgets import colours

MARGIN = 12
_PER_POINT = 96 / 72
STEPS = (0.25, 0.33, 0.5, 0.67, 0.75, 0.9, 1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0)


class PageArea(QAbstractScrollArea):
    """Shows page ``page`` (0 is the first) of ``count``. `paint_over` paints on top of it."""

    wanted = Signal(object)
    turned_to = Signal(int)
    zoomed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cache = PieceCache()
        self.count = 0
        self.page = 0
        self.fit: Fit = "width"
        self.zoom = 1.0
        self.turn: Turn = 0
        self._sizes: dict[int, PageSize] = {}
        self._failed: set[int] = set()
        self._to_end = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        # always visible, so that fitting the width does not change the width
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        for bar in (self.verticalScrollBar(), self.horizontalScrollBar()):
            bar.setSingleStep(40)
            bar.valueChanged.connect(self._scrolled)

    # what is shown

    def show_document(self, count: int, held: int) -> None:
        """Show a document of ``count`` pages; ``held`` bytes of memory are used for it elsewhere.

        0 pages: show nothing.
        """
        self.cache = PieceCache(MOST_BYTES - held)
        self.count, self.page, self.turn, self.fit = count, 0, 0, "width"
        self._sizes, self._failed = {}, set()
        self._to_end = False
        self._lay_out(top=True)

    def go_to(self, page: int, *, to_end: bool = False) -> None:
        """Go to the top or end of a page; numbers outside the document mean its first or last page."""
        page = min(max(page, 0), max(self.count - 1, 0))
        if page == self.page and not to_end:
            return
        self.page, self._to_end = page, to_end
        self._lay_out(top=not to_end)
        self.turned_to.emit(page)

    @property
    def placed(self) -> PlacedPage | None:
        """Position and scale of the page in the view; None while its size is not known."""
        size = self._sizes.get(self.page)
        if size is None or not self.count:
            return None
        at = placed(size, self.turn, self.zoom, _PER_POINT)
        view = self.viewport()
        x = MARGIN + max((view.width() - 2 * MARGIN - at.shown_width) / 2, 0) - self.horizontalScrollBar().value()
        y = MARGIN + max((view.height() - 2 * MARGIN - at.shown_height) / 2, 0) - self.verticalScrollBar().value()
        return PlacedPage(at.width, at.height, at.turn, x, y)

    def set_fit(self, fit: Fit) -> None:
        """Fit the page into the view."""
        self.fit = fit
        self._lay_out()

    def set_zoom(self, zoom: float, at: QPointF | None = None) -> None:
        """Set the zoom (1.0 is real size); the point ``at`` of the view, by default its middle, stays in place."""
        at = at or QPointF(self.viewport().rect().center())
        before = self.placed
        held = before.to_page(at.x(), at.y()) if before is not None else None
        self.fit = "none"
        self.zoom = min(max(zoom, LEAST_ZOOM), MOST_ZOOM)
        self._lay_out()
        after = self.placed
        if held is not None and after is not None:
            x, y = after.to_view(*held)
            self.horizontalScrollBar().setValue(round(self.horizontalScrollBar().value() + x - at.x()))
            self.verticalScrollBar().setValue(round(self.verticalScrollBar().value() + y - at.y()))

    def zoom_step(self, up: bool, at: QPointF | None = None) -> None:
        """Zoom to the next step."""
        if up:
            self.set_zoom(next((step for step in STEPS if step > self.zoom + 0.01), STEPS[-1]), at)
        else:
            self.set_zoom(next((step for step in reversed(STEPS) if step < self.zoom - 0.01), STEPS[0]), at)

    def rotate(self) -> None:
        """Turn the view by 90° clockwise; the file does not change."""
        turns: tuple[Turn, ...] = (1, 2, 3, 0)
        self.turn = turns[self.turn]
        self._lay_out()

    def bring(self, seen: QRectF) -> None:
        """Scroll so that a rectangle of the view is visible."""
        view = QRectF(self.viewport().rect()).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        if not view.contains(seen):
            step = seen.center() - view.center()
            self.horizontalScrollBar().setValue(round(self.horizontalScrollBar().value() + step.x()))
            self.verticalScrollBar().setValue(round(self.verticalScrollBar().value() + step.y()))

    # results of the worker

    def set_size(self, page: int, size: PageSize) -> None:
        """Set the size of a page."""
        self._sizes[page] = size
        if page == self.page:
            self._lay_out(top=not self._to_end)
        else:
            self.ask()

    def add_piece(self, piece: Piece, image: QImage) -> None:
        """Add a rendered piece."""
        self.cache.put(piece, image)
        if piece.page == self.page:
            self.viewport().update()

    def set_failed(self, page: int) -> None:
        """Note that a page cannot be shown."""
        self._failed.add(page)
        self.viewport().update()

    @property
    def failed(self) -> bool:
        """Whether the current page cannot be shown."""
        return self.page in self._failed

    @property
    def complete(self) -> bool:
        """Whether all visible pieces of the page are there."""
        return self.placed is not None and all(self.cache.get(piece) is not None for piece in self._needed(self.page))

    # laying out

    def _lay_out(self, top: bool = False) -> None:
        size = self._sizes.get(self.page)
        if size is not None:
            space = (
                max(self.viewport().width() - 2 * MARGIN, 50),
                max(self.viewport().height() - 2 * MARGIN, 50),
            )
            self.zoom = zoom_for(size, self.turn, self.fit, self.zoom, space, _PER_POINT)
            at = placed(size, self.turn, self.zoom, _PER_POINT)
            for bar, shown, there in (
                (self.horizontalScrollBar(), at.shown_width, self.viewport().width()),
                (self.verticalScrollBar(), at.shown_height, self.viewport().height()),
            ):
                bar.setRange(0, max(shown + 2 * MARGIN - there, 0))
                bar.setPageStep(there)
            if top:
                self.verticalScrollBar().setValue(0)
            elif self._to_end:
                self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())
                self._to_end = False
            self.zoomed.emit(self.zoom)
        self.ask()
        self.viewport().update()

    def ask(self) -> None:
        """Emit which pieces are needed."""
        if not self.count:
            return
        if self.page not in self._sizes:
            if self.page not in self._failed:
                self.wanted.emit(PageRequest(size=self.page))
            return
        beside = tuple(
            piece
            for page in (self.page + 1, self.page - 1)
            if page in self._sizes and page not in self._failed
            for piece in self._needed(page)
            if self.cache.get(piece) is None
        )
        unknown = next(
            (
                page
                for page in (self.page + 1, self.page - 1)
                if 0 <= page < self.count and page not in self._sizes and page not in self._failed
            ),
            None,
        )
        needed = () if self.failed else tuple(one for one in self._needed(self.page) if self.cache.get(one) is None)
        self.wanted.emit(PageRequest(needed, beside, None if needed else unknown))

    def _needed(self, page: int) -> tuple[Piece, ...]:
        """Return the pieces that show a page: its visible part, or of another page the first piece."""
        size = self._sizes[page]
        zoom = self.zoom
        if page != self.page:
            space = (self.viewport().width() - 2 * MARGIN, self.viewport().height() - 2 * MARGIN)
            zoom = zoom_for(size, self.turn, self.fit, self.zoom, (max(space[0], 50), max(space[1], 50)), _PER_POINT)
        at = placed(size, self.turn, zoom, _PER_POINT)
        sharp = self.devicePixelRatioF()
        width, height = max(round(at.width * sharp), 1), max(round(at.height * sharp), 1)
        if page != self.page:
            return pieces(page, width, height, (0, 0, 1, 1)) if width * height <= WHOLE else ()
        found = pieces(page, width, height, self._seen())
        if width * height > WHOLE and self.cache.any_whole(page) is None:
            return (rough(page, size), *found)
        return found

    def _seen(self) -> tuple[float, float, float, float]:
        """Return the visible part of the page."""
        at = self.placed
        if at is None:
            return (0, 0, 0, 0)
        view = self.viewport()
        (x1, y1), (x2, y2) = at.to_page(0, 0), at.to_page(view.width(), view.height())
        return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)

    def _scrolled(self) -> None:
        self.ask()
        self.viewport().update()

    # events

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def wheelEvent(self, event: QWheelEvent) -> None:
        steps = event.angleDelta().y()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if steps:
                self.zoom_step(steps > 0, event.position())
        elif steps and not self.flow(forward=steps < 0):
            super().wheelEvent(event)
        event.accept()

    def flow(self, *, forward: bool) -> bool:
        """At the end of the page go to the next one, at its top to the one before; return whether that happened."""
        bar = self.verticalScrollBar()
        if forward and bar.value() >= bar.maximum() and self.page + 1 < self.count:
            self.go_to(self.page + 1)
            return True
        if not forward and bar.value() <= bar.minimum() and self.page > 0:
            self.go_to(self.page - 1, to_end=True)
            return True
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), QColor(colours.in_use().line))
        at = self.placed
        if at is not None:
            self._paint_page(painter, at)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self.paint_over(painter, at)
        if self.hasFocus():
            painter.setPen(QColor(colours.in_use().focus))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.viewport().rect().adjusted(0, 0, -1, -1))
            painter.drawRect(self.viewport().rect().adjusted(1, 1, -2, -2))

    def _paint_page(self, painter: QPainter, at: PlacedPage) -> None:
        whole = QRectF(at.x, at.y, at.shown_width, at.shown_height)
        painter.fillRect(whole, Qt.GlobalColor.white)
        painter.save()
        painter.setClipRect(whole)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        # pieces are upright: turn the painter about the corner of the page, then move it to the page's place
        zero = at.to_view(0, 0)
        painter.setTransform(QTransform().translate(*zero).rotate(90 * at.turn))
        found = [(piece, self.cache.get(piece)) for piece in self._needed(self.page)]
        if any(image is None for _, image in found):
            stale = self.cache.any_whole(self.page)
            if stale is not None:
                painter.drawImage(QRectF(0, 0, at.width, at.height), stale)
        for piece, image in found:
            if image is not None:
                across, down = at.width / piece.width, at.height / piece.height
                left, top = piece.left * across, piece.top * down
                target = QRectF(left, top, (piece.right - piece.left) * across, (piece.bottom - piece.top) * down)
                painter.drawImage(target, image)
        painter.restore()

    def paint_over(self, painter: QPainter, at: PlacedPage) -> None:
        """Paint on top of the page; for subclasses."""
