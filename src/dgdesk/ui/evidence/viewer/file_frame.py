"""The viewer's frame for one file: pages, text and search hits; page, list and buttons follow the marks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from dgdesk.errors import DgdeskError
from dgdesk.evidence.documents import Documents
from dgdesk.evidence.highlights import geometry
from dgdesk.evidence.highlights.geometry import Marks
from dgdesk.evidence.media import PDF
from dgdesk.evidence.pages.spool import outside_name
from dgdesk.survey.answers.attachments import Attachment
from dgdesk.survey.answers.marks import tidy_marks
from dgdesk.ui.evidence.viewer.frame import ViewerFrame
from dgdesk.ui.evidence.viewer.reading import PageReader
from dgdesk.ui.evidence.viewer.worker import ReadStored, Worker
from dgdesk.ui.widgets.dialogs import tell
from dgdesk.ui.widgets.label import Texts


class FileFrame(ViewerFrame):
    """The viewer with one file in it. A worker reads pages and text; `save` gets changed marks."""

    def __init__(
        self,
        texts: Texts,
        read: ReadStored,
        folder: Path,
        read_only: bool,
        documents: Documents,
        parent: QWidget | None,
    ) -> None:
        super().__init__(texts, read_only, parent)
        self._read, self._folder, self._documents = read, folder, documents
        self._now: Attachment | None = None
        self.marks = MarkController(self, self.save)
        area, tools = self.area, self.tools
        self.reading = reading = PageReader(area, self.finder, self)
        reading.progressed.connect(self._show_progress)
        reading.opened.connect(self._show_opened)
        reading.failed.connect(self._show_failure)
        reading.page_failed.connect(self._show_page_failure)
        reading.sized.connect(self._follow_size)
        area.turned_to.connect(self._follow_page)
        area.zoomed.connect(lambda zoom: tools.show_zoom(zoom, area.fit))

    @property
    def shown(self) -> Attachment | None:
        """The file that is shown."""
        return self._now

    def save(self, marks: Marks) -> None:
        """Store marks that the user has changed."""
        raise NotImplementedError

    def begin_file(self, found: Attachment) -> None:
        """Start to read a file."""
        worker = Worker(self._read, found.sha256, found.media_type, found.size, self._folder, self._documents)
        self.reading.begin(worker, with_text=found.media_type == PDF)

    def leave_file(self) -> None:
        """Finish the current gesture, and close the file."""
        self.panel.flush()
        self.area.finish()
        self.area.choose(None)
        self.reading.leave()
        self.area.show_document(0, 0)
        self.note_state("")

    def _show_progress(self, percent: int) -> None:
        if self.stack.currentWidget() is self.message:
            self.said.set_text(self._texts.say("ui.viewer.loading", percent=max(percent, 0)))

    def _show_opened(self, count: int, held: int) -> None:
        if self._now is None:
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

    def _show_failure(self, error: DgdeskError) -> None:
        if self._now is None:
            return
        self.area.show_document(0, 0)
        self.show_parts(page=False)
        whole = error.code.startswith("viewer.")
        can = whole and outside_name(self._now.name, self._now.media_type) is not None
        self.say_instead(self._texts.error(error), outside=can)

    def _show_page_failure(self, page: int, error: DgdeskError) -> None:
        if page == self.area.page:
            self.note_state(self._texts.error(error))

    def _follow_size(self, page: int) -> None:
        if page == self.area.page and self.area.chosen is not None:
            self.area.choose(self.area.chosen)

    def _follow_page(self, page: int) -> None:
        self.tools.show_page(page, self.area.count)
        name = self._now.name if self._now is not None else ""
        self.area.setAccessibleName(
            self._texts.say("ui.viewer.page_named", page=page + 1, count=self.area.count, name=name)
        )
        self.note_state("")
        self.reading.show_page(page)
        self.marks.show()


class MarkController:
    """The actions on marks. ``save`` gets every finished change, normalized as it will be stored."""

    def __init__(self, frame: ViewerFrame, save: Callable[[Marks], None]) -> None:
        self._frame, self._save = frame, save
        self.area, self._panel, self._tools, self._finder = frame.area, frame.panel, frame.mark_tools, frame.finder
        self._texts = frame.texts
        self._stored: Marks = ()
        area, tools = self.area, self._tools
        area.edited.connect(self._take_edit)
        area.chosen_changed.connect(self.show)
        area.selection_changed.connect(self._follow_selection)
        tools.draw.clicked.connect(lambda: area.set_tool("draw"))
        tools.text.clicked.connect(self.select_text)
        tools.mark.clicked.connect(area.mark_selection)
        tools.add.clicked.connect(self.add_mark)
        self._panel.wanted.connect(self.jump)
        self._panel.removed.connect(self._remove)
        self._panel.noted.connect(self._note)

    def show_marks(self, marks: Marks) -> None:
        """Show the stored marks."""
        self._stored = marks
        self.area.set_marks(marks)
        self.show()

    def add_mark(self) -> None:
        """Add a rectangle in the middle of the view, ready for the arrow keys."""
        self.area.add_in_middle()
        self.area.setFocus(Qt.FocusReason.OtherFocusReason)

    def mark(self) -> None:
        """Mark the selected text, else the current search hit, else a rectangle in the middle of the view."""
        _, hit = self._finder.on_page(self.area.page)
        if not self.area.mark_selection() and not self.area.mark_rects(hit, self._finder.words):
            self.add_mark()

    def select_text(self) -> None:
        """Let the mouse select text."""
        self.area.set_tool("text")
        if self.area.text_known and not any(self.area.page_text.boxes):
            self._frame.note_state(self._texts.say("ui.viewer.no_text"))

    def jump(self, number: int) -> None:
        """Choose a mark and scroll to it."""
        mark = self.area.marks[number]
        self.area.go_to(mark.page - 1)
        if self.area.page == mark.page - 1:
            self.area.choose((number, 0))

    def _take_edit(self, marks: Marks) -> None:
        """Pass on changed marks, normalized as they will be stored; refuse too many with a message."""
        if self.area.read_only:
            return
        try:
            tidied = tidy_marks(marks)
        except ValueError as error:
            self.show_marks(self._stored)
            tell(self._texts, self._texts.say(str(error.args[0])), self._frame, "warning")
            return
        self._stored = self.area.marks = tidied
        self.show()
        self._save(tidied)

    def show(self) -> None:
        """Update the list of marks from the page."""
        chosen = self.area.chosen
        self._panel.show_marks(self.area.marks, chosen[0] if chosen is not None else None)
        self._follow_selection()
        if chosen is not None:
            self._panel.ensureWidgetVisible(self._panel.rows[chosen[0]], 0, 20)

    def _remove(self, number: int) -> None:
        self.area.finish()
        self.area.chosen = None
        self._take_edit(geometry.without(self.area.marks, number))
        self.area.viewport().update()

    def _note(self, number: int, note: str) -> None:
        if number < len(self.area.marks):
            self._take_edit(geometry.with_note(self.area.marks, number, note))

    def _follow_selection(self) -> None:
        start, end = self.area.selected
        self._tools.mark.setEnabled(end > start)
