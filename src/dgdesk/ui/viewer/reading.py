"""Window, viewer, reading: pages, text and hits of one file at a time, from its worker to the parts that show them."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage

from dgdesk.pages.model import PageText, Piece, Size
from dgdesk.ui.viewer.find_bar import FindBar
from dgdesk.ui.viewer.mark_area import MarkArea
from dgdesk.ui.viewer.overlay import view_rect
from dgdesk.ui.viewer.worker import Wanted, Worker

_NEAR = 3
"""Pages around the one that came last whose text is kept."""


class Reading(QObject):
    """Reads for ``area`` and ``finder``. What a former worker says late is for nobody.

    ``progressed`` carries per cent, ``opened`` the count of pages and the bytes held, ``failed`` the error, ``sized``
    and ``page_failed`` the page.
    """

    progressed = Signal(int)
    opened = Signal(int, object)
    failed = Signal(object)
    page_failed = Signal(int, object)
    sized = Signal(int)

    def __init__(self, area: MarkArea, finder: FindBar, parent: QObject) -> None:
        super().__init__(parent)
        self._area, self._finder = area, finder
        self.worker: Worker | None = None
        self._with_text = True
        self._texts: dict[int, PageText] = {}
        area.wanted.connect(self._want)
        finder.asked.connect(self._search)
        finder.moved.connect(self._show_hit)
        finder.shut.connect(self._shut_finder)

    def begin(self, worker: Worker, *, with_text: bool) -> None:
        """Begin to read a file; ``with_text``: its pages have text."""
        teller = worker.teller
        teller.progressed.connect(self._take_progress)
        teller.opened.connect(self._take_opened)
        teller.failed.connect(self._take_failure)
        teller.page_failed.connect(self._take_page_failure)
        teller.sized.connect(self._take_size)
        teller.rendered.connect(self._take_piece)
        teller.text.connect(self._take_text)
        teller.found.connect(self._take_found)
        teller.searched.connect(self._take_searched)
        self.worker, self._with_text = worker, with_text
        worker.start()

    def leave(self) -> None:
        """Let go of the file."""
        self._finder.forget()
        self._finder.hide()
        worker, self.worker = self.worker, None
        if worker is not None:
            worker.stop()
        self._texts = {}

    def show_page(self, page: int) -> None:
        """Show text and hits of the page that was turned to."""
        if page in self._texts:
            self._area.set_text(self._texts[page])
        self._show_page_hits()

    def _take_progress(self, worker: object, percent: int) -> None:
        if worker is self.worker:
            self.progressed.emit(percent)

    def _take_opened(self, worker: object, count: int, held: int) -> None:
        if worker is self.worker:
            self.opened.emit(count, held)

    def _take_failure(self, worker: object, error: object) -> None:
        if worker is self.worker:
            self.failed.emit(error)

    def _take_page_failure(self, worker: object, page: int, error: object) -> None:
        if worker is self.worker:
            self._area.take_failure(page)
            self.page_failed.emit(page, error)
            self._area.ask()

    def _take_size(self, worker: object, page: int, size: Size) -> None:
        if worker is self.worker:
            self._area.take_size(page, size)
            self.sized.emit(page)

    def _take_piece(self, worker: object, piece: Piece, image: QImage) -> None:
        if worker is self.worker:
            self._area.take_piece(piece, image)

    def _take_text(self, worker: object, page: int, text: PageText) -> None:
        if worker is self.worker and page not in self._texts:
            near = {key: seen for key, seen in self._texts.items() if abs(key - page) < _NEAR}
            self._texts = {**near, page: text}
            if page == self._area.page:
                self._area.set_text(text)

    def _take_found(self, worker: object, query: str, page: int, hits: object) -> None:
        if worker is self.worker and isinstance(hits, tuple):
            self._finder.take(query, page, hits)
            self._show_page_hits()

    def _take_searched(self, worker: object, query: str, more: bool) -> None:
        if worker is self.worker:
            self._finder.take_end(query, more)

    def _want(self, wanted: Wanted) -> None:
        """Hand on what the page needs, with its text if it lacks it."""
        if self.worker is not None:
            page = self._area.page
            lacks = self._with_text and page not in self._texts and not self._area.failed
            self.worker.want(replace(wanted, text=page if lacks else None))

    def _search(self, query: str) -> None:
        if self.worker is not None:
            self.worker.search(query)

    def _show_hit(self) -> None:
        if self._finder.now >= 0:
            page, rects = self._finder.hits[self._finder.now]
            self._area.go_to(page)
            at = self._area.placed
            self._show_page_hits()
            if at is not None and rects:
                self._area.bring(view_rect(at, rects[0]))
        self._show_page_hits()

    def _show_page_hits(self) -> None:
        self._area.set_hits(*self._finder.on_page(self._area.page))

    def _shut_finder(self) -> None:
        self._finder.forget()
        self._search("")
        self._finder.hide()
        self._show_page_hits()
        self._area.setFocus(Qt.FocusReason.OtherFocusReason)
