"""Window, printing, preview: pages of a PDF in memory, with the viewer's own parts: page, zoom, search."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QWidget

from dgdesk.answers.media import PDF
from dgdesk.errors import DgdeskError
from dgdesk.pages.model import PageText, Piece, Size
from dgdesk.pages.placing import Fit
from dgdesk.ui.parts import column
from dgdesk.ui.text import Texts, WrapLabel, copy_plain
from dgdesk.ui.viewer.find_bar import FindBar
from dgdesk.ui.viewer.mark_area import MarkArea
from dgdesk.ui.viewer.overlay import view_rect
from dgdesk.ui.viewer.tools import PageTools, make_button
from dgdesk.ui.viewer.worker import Wanted, Worker


class Preview(QWidget):
    """The pages, or a sentence in their place with the button ``again``. Call `close_file` at the end."""

    def __init__(self, texts: Texts, name: str, folder: Path, parent: QWidget) -> None:
        """``name`` is what is shown, for screen readers; ``folder`` is where the viewer may keep large files."""
        super().__init__(parent)
        self._texts, self._name, self._folder = texts, name, folder
        self._content = b""
        self._worker: Worker | None = None
        self._opened: Worker | None = None
        self._texts_seen: dict[int, PageText] = {}
        self._next: tuple[int, Fit, float] | None = None
        layout = column(self, 8)
        self.tools = PageTools(texts, self)
        self.tools.rotate.hide()
        self.tools.allow(shown=False, text=False, outside=False)
        layout.addWidget(self.tools)
        self.finder = FindBar(texts, self)
        self.finder.hide()
        layout.addWidget(self.finder)
        self.stack = QStackedWidget(self)
        self.area = MarkArea(self.stack)
        self.area.read_only = True
        self.area.set_tool("text")
        self.area.setMinimumSize(200, 160)
        self.message = QWidget(self.stack)
        message = column(self.message, 12)
        message.setContentsMargins(24, 24, 24, 24)
        self.said = WrapLabel(texts, "", "text", self.message)
        self.again = make_button(texts.say("ui.printing.again"), self.message)
        self.again.hide()
        message.addStretch(1)
        message.addWidget(self.said)
        message.addWidget(self.again, 0, Qt.AlignmentFlag.AlignLeft)
        message.addStretch(2)
        self.stack.addWidget(self.area)
        self.stack.addWidget(self.message)
        self.stack.setCurrentWidget(self.message)
        layout.addWidget(self.stack, 1)
        self._connect()
        self._give_keys()

    def show_content(self, content: bytes) -> None:
        """Show a PDF, at the page and zoom of the one before."""
        area = self.area
        if area.count:
            self._next = (area.page, area.fit, area.zoom)
        self.close_file()
        self._content = content
        digest = sha256(content).hexdigest()
        worker = Worker(self._read, digest, PDF, len(content), self._folder)
        teller = worker.teller
        teller.opened.connect(self._take_opened)
        teller.failed.connect(self._take_failure)
        teller.page_failed.connect(self._take_page_failure)
        teller.sized.connect(self._take_size)
        teller.rendered.connect(self._take_piece)
        teller.text.connect(self._take_text)
        teller.found.connect(self._take_found)
        teller.searched.connect(self._take_searched)
        self._worker = worker
        worker.start()

    def say_instead(self, words: str, *, again: bool = False) -> None:
        """Show a sentence in place of the pages."""
        self.close_file()
        self.area.show_document(0, 0)
        self.tools.allow(shown=False, text=False, outside=False)
        self.said.set_text(words)
        self.again.setVisible(again)
        self.stack.setCurrentWidget(self.message)

    def close_file(self) -> None:
        """Let go of what is shown; its pixels stay until other ones come."""
        worker, self._worker, self._opened = self._worker, None, None
        if worker is not None:
            worker.stop()
        self._texts_seen = {}
        self.finder.forget()
        self.finder.hide()

    @property
    def shows_page(self) -> bool:
        """Whether a page is seen, whole."""
        return self._worker is not None and self._opened is self._worker and self.area.complete

    def _read(self, _: str) -> Iterator[bytes]:
        yield self._content

    def _connect(self) -> None:
        tools, area = self.tools, self.area
        tools.previous.clicked.connect(lambda: area.go_to(area.page - 1))
        tools.next.clicked.connect(lambda: area.go_to(area.page + 1))
        tools.page_wanted.connect(area.go_to)
        tools.smaller.clicked.connect(lambda: area.zoom_step(False))
        tools.larger.clicked.connect(lambda: area.zoom_step(True))
        tools.fit_width.clicked.connect(lambda: area.set_fit("width"))
        tools.fit_page.clicked.connect(lambda: area.set_fit("page"))
        tools.find_button.clicked.connect(self._begin_finding)
        area.wanted.connect(self._want)
        area.turned_to.connect(self._follow_page)
        area.zoomed.connect(lambda zoom: tools.show_zoom(zoom, area.fit))
        self.finder.asked.connect(self._search)
        self.finder.moved.connect(self._show_hit)
        self.finder.shut.connect(self._shut_finder)

    def _give_keys(self) -> None:
        tools, area = self.tools, self.area
        for button, keys in (
            (tools.previous, "Ctrl+PgUp"),
            (tools.next, "Ctrl+PgDown"),
            (tools.smaller, "Ctrl+-"),
            (tools.larger, "Ctrl++"),
            (tools.fit_width, "Ctrl+0"),
            (tools.fit_page, "Ctrl+9"),
            (tools.find_button, "Ctrl+F"),
            (self.finder.previous, "Shift+F3"),
            (self.finder.next, "F3"),
            (self.finder.close_button, "Ctrl+W"),
        ):
            button.setShortcut(QKeySequence(keys))
        other: tuple[tuple[str, Callable[[], object]], ...] = (
            ("Ctrl+=", lambda: area.zoom_step(True)),
            ("Ctrl+1", lambda: area.set_zoom(1.0)),
            ("Ctrl+C", self._copy),
        )
        for keys, work in other:
            QShortcut(QKeySequence(keys), self).activated.connect(work)

    # what the worker says; what a former one says late is for nobody

    def _take_opened(self, worker: object, count: int, held: int) -> None:
        if worker is not self._worker:
            return
        area, before = self.area, self._next
        self._next, self._opened = None, self._worker
        self.tools.allow(shown=True, text=True, outside=False)
        self.stack.setCurrentWidget(area)
        area.show_document(count, held)
        if before is not None:
            page, fit, zoom = before
            area.set_zoom(zoom) if fit == "none" else area.set_fit(fit)
            area.go_to(page)
        self._follow_page(area.page)

    def _take_failure(self, worker: object, error: DgdeskError) -> None:
        if worker is self._worker:
            self.say_instead(self._texts.error(error))

    def _take_page_failure(self, worker: object, page: int, error: DgdeskError) -> None:
        if worker is self._worker:
            self.area.take_failure(page)
            self.area.ask()

    def _take_size(self, worker: object, page: int, size: Size) -> None:
        if worker is self._worker:
            self.area.take_size(page, size)

    def _take_piece(self, worker: object, piece: Piece, image: QImage) -> None:
        if worker is self._worker:
            self.area.take_piece(piece, image)

    def _take_text(self, worker: object, page: int, text: PageText) -> None:
        if worker is self._worker and page not in self._texts_seen:
            near = {key: seen for key, seen in self._texts_seen.items() if abs(key - page) < 3}
            self._texts_seen = {**near, page: text}
            if page == self.area.page:
                self.area.set_text(text)

    def _take_found(self, worker: object, query: str, page: int, hits: object) -> None:
        if worker is self._worker and isinstance(hits, tuple):
            self.finder.take(query, page, hits)
            self._show_page_hits()

    def _take_searched(self, worker: object, query: str, more: bool) -> None:
        if worker is self._worker:
            self.finder.take_end(query, more)

    # what the page and the person say

    def _want(self, wanted: Wanted) -> None:
        page = self.area.page
        if self._worker is not None:
            self._worker.want(replace(wanted, text=None if page in self._texts_seen else page))

    def _follow_page(self, page: int) -> None:
        count = self.area.count
        self.tools.show_page(page, count)
        words = self._texts.say("ui.viewer.page_named", page=page + 1, count=count, name=self._name)
        self.area.setAccessibleName(words)
        if page in self._texts_seen:
            self.area.set_text(self._texts_seen[page])
        self._show_page_hits()

    def _copy(self) -> None:
        if self.area.selected_words:
            copy_plain(self.area.selected_words)

    def _begin_finding(self) -> None:
        self.finder.show()
        self.finder.begin(self.area.page)

    def _search(self, query: str) -> None:
        if self._worker is not None:
            self._worker.search(query)

    def _show_hit(self) -> None:
        if self.finder.now >= 0:
            page, rects = self.finder.hits[self.finder.now]
            self.area.go_to(page)
            at = self.area.placed
            if at is not None and rects:
                self.area.bring(view_rect(at, rects[0]))
        self._show_page_hits()

    def _show_page_hits(self) -> None:
        self.area.set_hits(*self.finder.on_page(self.area.page))

    def _shut_finder(self) -> None:
        self.finder.forget()
        self._search("")
        self.finder.hide()
        self._show_page_hits()
        self.area.setFocus(Qt.FocusReason.OtherFocusReason)
