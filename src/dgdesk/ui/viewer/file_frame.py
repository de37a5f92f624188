"""Window, viewer, file frame: one file read, its pages, text and hits brought from the worker to the parts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from dgdesk.answers.evidence import Attachment
from dgdesk.answers.media import PDF
from dgdesk.errors import DgdeskError
from dgdesk.pages.marking import Marks
from dgdesk.pages.model import PageText, Piece, Size
from dgdesk.pages.outside import outside_name
from dgdesk.ui.text import Texts
from dgdesk.ui.viewer.frame import ViewerFrame
from dgdesk.ui.viewer.mark_desk import MarkDesk
from dgdesk.ui.viewer.overlay import view_rect
from dgdesk.ui.viewer.worker import Read, Wanted, Worker


class FileFrame(ViewerFrame):
    """The frame with a file in it. What the parts need is asked of a worker; `save` is told of new marks."""

    def __init__(self, texts: Texts, read: Read, folder: Path, read_only: bool, parent: QWidget | None) -> None:
        super().__init__(texts, read_only, parent)
        self._read, self._folder = read, folder
        self._worker: Worker | None = None
        self._now: Attachment | None = None
        self._texts_seen: dict[int, PageText] = {}
        self.marks = MarkDesk(self, self.save)
        area, tools, finder = self.area, self.tools, self.finder
        area.wanted.connect(self._want)
        area.turned_to.connect(self._follow_page)
        area.zoomed.connect(lambda zoom: tools.show_zoom(zoom, area.fit))
        finder.asked.connect(self._search)
        finder.moved.connect(self._show_hit)
        finder.shut.connect(self._shut_finder)

    @property
    def shown(self) -> Attachment | None:
        """The file that is shown."""
        return self._now

    def save(self, marks: Marks) -> None:
        """Take the marks that the person has made."""
        raise NotImplementedError

    def begin_file(self, found: Attachment) -> None:
        """Read the file that is to be shown."""
        worker = Worker(self._read, found.sha256, found.media_type, found.size, self._folder)
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
        self._worker = worker
        worker.start()

    def leave_file(self) -> None:
        """Finish what was begun, and let go of the file."""
        self.panel.flush()
        self.area.finish()
        self.finder.forget()
        self.finder.hide()
        self.area.choose(None)
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.stop()
        self._texts_seen = {}
        self.area.show_document(0, 0)
        self.note_state("")

    # what the worker says; what a former one says late is for nobody

    def _take_progress(self, worker: object, percent: int) -> None:
        if worker is self._worker and self.stack.currentWidget() is self.message:
            self.said.set_text(self._texts.say("ui.viewer.loading", percent=percent))

    def _take_opened(self, worker: object, count: int, held: int) -> None:
        if worker is not self._worker or self._now is None:
            return
        is_pdf = self._now.media_type == PDF
        outside = outside_name(self._now.name, self._now.media_type) is not None
        self.tools.allow(shown=True, text=is_pdf, outside=outside)
        self.mark_tools.setEnabled(True)
        self.mark_tools.text.setVisible(is_pdf)
        self.mark_tools.mark.setVisible(is_pdf)
        if not is_pdf:
            self.mark_tools.draw.setChecked(True)
            self.area.set_tool("draw")
        elif self._read_only:
            self.area.set_tool("text")
        had_focus = self.stack.currentWidget() is self.message
        self.stack.setCurrentWidget(self.area)
        self.area.show_document(count, held)
        self._follow_page(0)
        if had_focus:
            self.area.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.area.marks:
            self.marks.jump(0)
            self.area.choose(None)

    def _take_failure(self, worker: object, error: DgdeskError) -> None:
        if worker is not self._worker or self._now is None:
            return
        self.area.show_document(0, 0)
        self.show_parts(page=False)
        whole = error.code.startswith("viewer.")
        can = whole and outside_name(self._now.name, self._now.media_type) is not None
        self.say_instead(self._texts.error(error), outside=can)

    def _take_page_failure(self, worker: object, page: int, error: DgdeskError) -> None:
        if worker is self._worker:
            self.area.take_failure(page)
            if page == self.area.page:
                self.note_state(self._texts.error(error))
            self.area.ask()

    def _take_size(self, worker: object, page: int, size: Size) -> None:
        if worker is self._worker:
            self.area.take_size(page, size)
            if page == self.area.page and self.area.chosen is not None:
                self.area.choose(self.area.chosen)

    def _take_piece(self, worker: object, piece: Piece, image: QImage) -> None:
        if worker is self._worker:
            self.area.take_piece(piece, image)

    def _take_text(self, worker: object, page: int, text: PageText) -> None:
        if worker is not self._worker or page in self._texts_seen:
            return
        self._texts_seen = {**{key: seen for key, seen in self._texts_seen.items() if abs(key - page) < 3}, page: text}
        if page == self.area.page:
            self.area.set_text(text)

    def _take_found(self, worker: object, query: str, page: int, hits: object) -> None:
        if worker is self._worker and isinstance(hits, tuple):
            self.finder.take(query, page, hits)
            self._show_page_hits()

    def _take_searched(self, worker: object, query: str, more: bool) -> None:
        if worker is self._worker:
            self.finder.take_end(query, more)

    # what the page says

    def _want(self, wanted: Wanted) -> None:
        """Hand on what the page needs, with its text if it lacks it."""
        worker, page = self._worker, self.area.page
        if worker is not None:
            is_pdf = self._now is not None and self._now.media_type == PDF
            lacks = is_pdf and page not in self._texts_seen and not self.area.failed
            worker.want(replace(wanted, text=page if lacks else None))

    def _follow_page(self, page: int) -> None:
        self.tools.show_page(page, self.area.count)
        name = self._now.name if self._now is not None else ""
        self.area.setAccessibleName(
            self._texts.say("ui.viewer.page_named", page=page + 1, count=self.area.count, name=name)
        )
        self.note_state("")
        if page in self._texts_seen:
            self.area.set_text(self._texts_seen[page])
        self._show_page_hits()
        self.marks.show()

    # finding

    def _search(self, query: str) -> None:
        if self._worker is not None:
            self._worker.search(query)

    def _show_hit(self) -> None:
        if self.finder.now >= 0:
            page, rects = self.finder.hits[self.finder.now]
            self.area.go_to(page)
            at = self.area.placed
            self._show_page_hits()
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
