"""Window, viewer, file frame: one file read, its pages, text and hits brought from the worker to the parts."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from dgdesk.errors import DgdeskError
from dgdesk.evidence.documents import Documents
from dgdesk.evidence.highlights.geometry import Marks
from dgdesk.evidence.media import PDF
from dgdesk.evidence.pages.spool import outside_name
from dgdesk.survey.answers.attachments import Attachment
from dgdesk.ui.viewer.frame import ViewerFrame
from dgdesk.ui.viewer.mark_desk import MarkDesk
from dgdesk.ui.viewer.reading import Reading
from dgdesk.ui.viewer.worker import Read, Worker
from dgdesk.ui.widgets.label import Texts


class FileFrame(ViewerFrame):
    """The frame with a file in it. What the parts need is asked of a worker; `save` is told of new marks."""

    def __init__(
        self,
        texts: Texts,
        read: Read,
        folder: Path,
        read_only: bool,
        documents: Documents,
        parent: QWidget | None,
    ) -> None:
        super().__init__(texts, read_only, parent)
        self._read, self._folder, self._documents = read, folder, documents
        self._now: Attachment | None = None
        self.marks = MarkDesk(self, self.save)
        area, tools = self.area, self.tools
        self.reading = reading = Reading(area, self.finder, self)
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
        """Take the marks that the person has made."""
        raise NotImplementedError

    def begin_file(self, found: Attachment) -> None:
        """Read the file that is to be shown."""
        worker = Worker(self._read, found.sha256, found.media_type, found.size, self._folder, self._documents)
        self.reading.begin(worker, with_text=found.media_type == PDF)

    def leave_file(self) -> None:
        """Finish what was begun, and let go of the file."""
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
