"""Window, viewer: evidence of one place looked at, and its key passage marked.

The viewer stores nothing: every finished gesture emits `EvidenceViewer.marks_changed`; the caller stores it and gives
back, by `EvidenceViewer.set_attachments`, what is stored then (the same, or what was there before when it failed).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QImage, QKeySequence
from PySide6.QtWidgets import QWidget

from dgdesk.answers.evidence import Attachment
from dgdesk.answers.media import PDF
from dgdesk.errors import DgdeskError, UsageError
from dgdesk.pages.marking import Marks
from dgdesk.pages.model import PageText, Piece, Size
from dgdesk.pages.outside import outside_name
from dgdesk.pages.spool import Shelf
from dgdesk.ui.dialogs import tell
from dgdesk.ui.text import Texts, copy_plain
from dgdesk.ui.viewer.documents import PICTURES
from dgdesk.ui.viewer.frame import ViewerFrame
from dgdesk.ui.viewer.mark_desk import MarkDesk
from dgdesk.ui.viewer.outside import open_copy
from dgdesk.ui.viewer.overlay import view_rect
from dgdesk.ui.viewer.worker import Read, Wanted, Worker


class EvidenceViewer(ViewerFrame):
    """The viewer, a window of its own. ``marks_changed`` carries the SHA-256 and the new ``tuple[Mark, ...]``.

    ``read`` is called from another thread. ``folder`` is a private folder for temporary files, which the viewer makes
    and clears. ``undo`` and ``redo`` take back and do again the draft's last change.
    """

    marks_changed = Signal(str, object)
    closed = Signal()

    def __init__(
        self,
        texts: Texts,
        read: Read,
        attachments: Sequence[Attachment],
        folder: Path,
        *,
        start: str | None = None,
        read_only: bool = False,
        undo: Callable[[], None] | None = None,
        redo: Callable[[], None] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(texts, read_only, parent)
        self._read, self._folder = read, folder
        self._attachments = tuple(attachments)
        self._undo, self._redo = undo, redo
        self._worker: Worker | None = None
        self._shelf: Shelf | None = None
        self._now: Attachment | None = None
        self._texts_seen: dict[int, PageText] = {}
        self._wanted = Wanted()
        self._is_closed = False
        self.marks = MarkDesk(self, self._save)
        self._connect()
        self._make_keys()
        first = next((one for one in self._attachments if one.sha256 == start), None)
        if first is None and self._attachments:
            first = self._attachments[0]
        if first is not None:
            self.show_file(first.sha256)

    # for the caller

    def set_attachments(self, attachments: Sequence[Attachment]) -> None:
        """Take what is attached now, marks included; the file that is shown stays if it is still there."""
        self._attachments = tuple(attachments)
        now = next((one for one in attachments if self._now and one.sha256 == self._now.sha256), None)
        if now is not None:
            self._now = now
            self.marks.show_marks(now.marks)
            self._name_file()
        elif self._attachments:
            self.show_file(self._attachments[0].sha256)
        else:
            self.close()

    def show_file(self, sha256: str) -> None:
        """Show a file of the place.

        Raises:
            UsageError: ``evidence.not_there``.
        """
        found = next((one for one in self._attachments if one.sha256 == sha256), None)
        if found is None:
            raise UsageError("evidence.not_there", slot="")
        self._leave_file()
        self._now = found
        self.marks.show_marks(found.marks)
        self._name_file()
        kind = found.media_type
        can_show = kind == PDF or kind in PICTURES
        outside = outside_name(found.name, kind) is not None
        self.tools.allow(shown=False, text=False, outside=outside and can_show)
        self.tools.show_page(0, 0)
        self.mark_tools.setEnabled(False)
        self.show_parts(page=can_show)
        if not can_show:
            code = "ui.viewer.other_kind" if outside else "viewer.not_outside"
            self.say_instead(self._texts.say(code), outside=outside)
            return
        self.say_instead(self._texts.say("ui.viewer.loading", percent=0))
        worker = Worker(self._read, found.sha256, kind, found.size, self._folder)
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

    @property
    def shown(self) -> Attachment | None:
        """The file that is shown."""
        return self._now

    def _connect(self) -> None:
        self.file_previous.clicked.connect(lambda: self._step_file(-1))
        self.file_next.clicked.connect(lambda: self._step_file(1))
        self.close_button.clicked.connect(self.close)
        self.outside.clicked.connect(self.open_outside)
        tools, area = self.tools, self.area
        tools.outside.clicked.connect(self.open_outside)
        tools.previous.clicked.connect(lambda: area.go_to(area.page - 1))
        tools.next.clicked.connect(lambda: area.go_to(area.page + 1))
        tools.page_wanted.connect(area.go_to)
        tools.smaller.clicked.connect(lambda: area.zoom_step(False))
        tools.larger.clicked.connect(lambda: area.zoom_step(True))
        tools.fit_width.clicked.connect(lambda: area.set_fit("width"))
        tools.fit_page.clicked.connect(lambda: area.set_fit("page"))
        tools.rotate.clicked.connect(area.rotate)
        tools.find_button.clicked.connect(self.start_finding)
        area.wanted.connect(self._want)
        area.turned_to.connect(self._follow_page)
        area.zoomed.connect(lambda zoom: tools.show_zoom(zoom, area.fit))
        self.mark_tools.undo.clicked.connect(self.undo)
        self.mark_tools.redo.clicked.connect(self.redo)
        self.mark_tools.undo.setVisible(self._undo is not None)
        self.mark_tools.redo.setVisible(self._redo is not None)
        self.finder.asked.connect(self._search)
        self.finder.moved.connect(self._show_hit)
        self.finder.shut.connect(self._shut_finder)

    def _make_keys(self) -> None:
        area = self.area
        keys: tuple[tuple[tuple[str, ...], Callable[[], object]], ...] = (
            (("Ctrl+F",), self.start_finding),
            (("F3", "Ctrl+G"), lambda: self.finder.step(1)),
            (("Shift+F3", "Ctrl+Shift+G"), lambda: self.finder.step(-1)),
            (("Ctrl++", "Ctrl+="), lambda: area.zoom_step(True)),
            (("Ctrl+-",), lambda: area.zoom_step(False)),
            (("Ctrl+0",), lambda: area.set_fit("width")),
            (("Ctrl+9",), lambda: area.set_fit("page")),
            (("Ctrl+1",), lambda: area.set_zoom(1.0)),
            (("Ctrl+R",), area.rotate),
            (("Ctrl+PgDown",), lambda: area.go_to(area.page + 1)),
            (("Ctrl+PgUp",), lambda: area.go_to(area.page - 1)),
            (("Alt+PgDown",), lambda: self._step_file(1)),
            (("Alt+PgUp",), lambda: self._step_file(-1)),
            (("Ctrl+M",), self.marks.mark),
            (("Ctrl+Z",), self.undo),
            (("Ctrl+Y", "Ctrl+Shift+Z"), self.redo),
            (("Ctrl+C",), self._copy),
        )
        for sequences, work in keys:
            action = QAction(self)
            action.setShortcuts([QKeySequence(one) for one in sequences])
            action.triggered.connect(lambda _=False, work=work: work())
            self.addAction(action)

    # actions of the person

    def undo(self) -> None:
        """Take the draft's last change back."""
        self._take_back(self._undo)

    def redo(self) -> None:
        """Do the draft's last undone change again."""
        self._take_back(self._redo)

    def start_finding(self) -> None:
        """Show the find bar."""
        if self.tools.find_button.isEnabled():
            self.finder.show()
            self.finder.begin(self.area.page)

    def open_outside(self) -> None:
        """Open a read-only copy of the file with a program of the PC."""
        if self._now is None or outside_name(self._now.name, self._now.media_type) is None:
            return
        try:
            if self._shelf is None:
                self._shelf = Shelf(self._folder)
            opened = open_copy(self._texts, self._read, self._shelf, self._now, self)
        except DgdeskError as error:
            tell(self._texts, self._texts.error(error), self, "warning")
            return
        if opened:
            self.note_state(self._texts.say("ui.viewer.outside_done"))

    # the file

    def _step_file(self, way: int) -> None:
        there = [one.sha256 for one in self._attachments]
        if self._now is not None and self._now.sha256 in there:
            at = there.index(self._now.sha256) + way
            if 0 <= at < len(there):
                self.show_file(there[at])

    def _leave_file(self) -> None:
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

    def _name_file(self) -> None:
        if self._now is None:
            return
        number = self._attachments.index(self._now) + 1
        count, name = len(self._attachments), self._now.name
        self.setWindowTitle(self._texts.say("ui.viewer.title", name=name))
        self.file_name.set_text(
            self._texts.say("ui.viewer.file_of", number=number, count=count, name=name) if count > 1 else name
        )
        for button in (self.file_previous, self.file_next):
            button.setVisible(count > 1)
        self.file_previous.setEnabled(number > 1)
        self.file_next.setEnabled(number < count)

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

    def _save(self, marks: Marks) -> None:
        """Tell of new marks."""
        if self._now is not None:
            now = self._now = replace(self._now, marks=marks)
            self._attachments = tuple(now if one.sha256 == now.sha256 else one for one in self._attachments)
            self.marks_changed.emit(now.sha256, marks)

    def _take_back(self, work: Callable[[], None] | None) -> None:
        if work is not None and not self._read_only:
            self.panel.flush()
            self.area.finish()
            work()

    def _copy(self) -> None:
        if self.area.selected_words:
            copy_plain(self.area.selected_words)

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

    # the window

    def done(self, result: int) -> None:
        """Finish what was begun, let go of the file, remove the copies."""
        if self._is_closed:
            return
        self._is_closed = True
        self._leave_file()
        if self._shelf is not None:
            self._shelf.close()
        super().done(result)
        self.closed.emit()
