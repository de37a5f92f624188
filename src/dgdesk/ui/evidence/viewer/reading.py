"""Connects the reading worker of one file with the widgets that show pages, text and search hits."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Qt

from dgdesk.errors import DgdeskError
from dgdesk.evidence.pages.geometry import PageText
from dgdesk.survey.answers.marks import Rect
from dgdesk.ui.evidence.viewer.find_bar import FindBar
from dgdesk.ui.evidence.viewer.mark_area import MarkArea
from dgdesk.ui.evidence.viewer.mark_canvas import view_rect
from dgdesk.ui.evidence.viewer.worker import PageRequest, PageWorker, Worker
from dgdesk.ui.widgets.latest import LatestWins

_PATIENCE = 0.2
"""Seconds that the window waits for the worker to close a file."""
_NEAR = 3
"""Number of pages around the last one whose text is cached."""


class PageReader(PageWorker):
    """Reads for ``area`` and ``finder``. Late results of a previous worker are dropped."""

    def __init__(self, area: MarkArea, finder: FindBar, parent: QObject) -> None:
        super().__init__(parent)
        self._area, self._finder = area, finder
        self.worker: Worker | None = None
        self._with_text = True
        self._texts: dict[int, PageText] = {}
        # A new file does not wait for one that keeps PDFium busy.
        self._latest = LatestWins("dgdesk viewer", self, may_hang=True)
        self.page_failed.connect(self._take_page_failure)
        self.sized.connect(area.set_size)
        self.rendered.connect(area.add_piece)
        self.text.connect(self._take_text)
        self.found.connect(self._take_found)
        self.searched.connect(finder.end_search)
        area.wanted.connect(self._want)
        finder.asked.connect(self._search)
        finder.moved.connect(self._show_hit)
        finder.shut.connect(self._shut_finder)

    def begin(self, worker: Worker, *, with_text: bool) -> None:
        """Start to read a file; ``with_text``: its pages have text."""
        self.worker, self._with_text = worker, with_text
        self._latest.request(partial(worker.run, reader=self), failed=self.failed.emit)

    def leave(self) -> None:
        """Close the file."""
        self._finder.forget()
        self._finder.hide()
        self.worker = None
        self._latest.cancel()
        self._latest.wait(_PATIENCE)
        self._texts = {}

    @property
    def running(self) -> bool:
        """Whether a thread is still reading, even if that file was closed."""
        return self._latest.running

    def show_page(self, page: int) -> None:
        """Show text and hits of the page that was opened."""
        if page in self._texts:
            self._area.set_text(self._texts[page])
        self._show_page_hits()

    def _take_page_failure(self, page: int, _: DgdeskError) -> None:
        self._area.set_failed(page)
        self._area.ask()

    def _take_text(self, page: int, text: PageText) -> None:
        if page not in self._texts:
            near = {key: seen for key, seen in self._texts.items() if abs(key - page) < _NEAR}
            self._texts = {**near, page: text}
            if page == self._area.page:
                self._area.set_text(text)

    def _take_found(self, query: str, page: int, hits: tuple[tuple[Rect, ...], ...]) -> None:
        self._finder.add_hits(query, page, hits)
        self._show_page_hits()

    def _want(self, wanted: PageRequest) -> None:
        """Pass on what the page needs, and its text if that is missing."""
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
