"""The viewer: shows the evidence of one slot, to highlight its key passage.

The viewer stores nothing: every finished gesture emits `EvidenceViewer.marks_changed`. The caller stores the marks and
calls `EvidenceViewer.set_attachments` with what is stored then (the old marks, if storing failed).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QAction, QDesktopServices, QKeySequence
from PySide6.QtWidgets import QWidget

from dgdesk.errors import DgdeskError, FileError, UsageError
from dgdesk.evidence.documents import Documents, own_documents
from dgdesk.evidence.highlights.geometry import Marks
from dgdesk.evidence.inspection.endings import peeked
from dgdesk.evidence.media import HEIC, JPEG, PDF, PNG, TIFF, media_type
from dgdesk.evidence.pages.spool import SpoolFolder, outside_name
from dgdesk.survey.answers.attachments import Attachment
from dgdesk.system.progress import Cancelled, Progress
from dgdesk.system.zone import Stamp, no_stamp, stamp_like
from dgdesk.ui.evidence.viewer.file_frame import FileFrame
from dgdesk.ui.evidence.viewer.tools import KEYS
from dgdesk.ui.evidence.viewer.worker import ReadStored
from dgdesk.ui.widgets.dialogs import tell
from dgdesk.ui.widgets.jobs import run_modal
from dgdesk.ui.widgets.label import Texts, copy_plain

PICTURES: Final = frozenset({JPEG, PNG, TIFF, HEIC, "image/heif"})


class EvidenceViewer(FileFrame):
    """The viewer window. ``marks_changed`` carries the SHA-256 and the new ``tuple[Mark, ...]``, ``whole_said`` the
    SHA-256 and whether the whole file is the key passage.

    ``read`` is called in another thread. ``folder`` is a private folder for temporary files; the viewer creates and
    clears it. ``undo`` and ``redo`` act on the draft. ``hint`` says why nothing can be highlighted, if the reason is
    not a read-only draft. ``origin`` is the draft file: copies for other programs get its zone identifier.
    ``documents`` is the document worker; by default, that of the process.
    """

    marks_changed = Signal(str, object)
    whole_said = Signal(str, bool)
    closed = Signal()

    def __init__(
        self,
        texts: Texts,
        read: ReadStored,
        attachments: Sequence[Attachment],
        folder: Path,
        *,
        start: str | None = None,
        read_only: bool = False,
        undo: Callable[[], None] | None = None,
        redo: Callable[[], None] | None = None,
        hint: str | None = None,
        origin: Path | None = None,
        documents: Documents | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(texts, read, folder, read_only, documents or own_documents(), parent)
        self.panel.read_only_hint = hint or self.panel.read_only_hint
        self._attachments = tuple(attachments)
        self._undo, self._redo = undo, redo
        self._shelf: SpoolFolder | None = None
        self._origin = origin
        self._is_closed = False
        self._connect()
        self._make_keys()
        first = next((one for one in self._attachments if one.sha256 == start), None)
        if first is None and self._attachments:
            first = self._attachments[0]
        if first is not None:
            self.show_file(first.sha256)

    # for the caller

    def set_attachments(self, attachments: Sequence[Attachment]) -> None:
        """Set the present attachments with their marks; the file shown stays if it is still attached."""
        self._attachments = tuple(attachments)
        now = next((one for one in attachments if self._now and one.sha256 == self._now.sha256), None)
        if now is not None:
            self._now = now
            self.whole.setChecked(now.whole)
            self.marks.show_marks(now.marks)
            self._name_file()
        elif self._attachments:
            self._now = None  # drop a gesture on a file that was removed
            self.show_file(self._attachments[0].sha256)
        else:
            self._now = None
            self.close()

    def flush(self) -> None:
        """Store unfinished input: a note being typed, a rectangle moved by arrow keys."""
        self.panel.flush()
        self.area.finish()

    def show_file(self, sha256: str) -> None:
        """Show a file of the slot.

        Raises:
            UsageError: ``evidence.not_there``.
        """
        found = next((one for one in self._attachments if one.sha256 == sha256), None)
        if found is None:
            raise UsageError("evidence.not_there", slot="")
        self.leave_file()
        self._now = found
        self.whole.setChecked(found.whole)
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
            if outside:
                self.outside.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.say_instead(self._texts.say("ui.viewer.loading", percent=0))
        self.begin_file(found)

    def _connect(self) -> None:
        self.file_previous.clicked.connect(lambda: self._step_file(-1))
        self.file_next.clicked.connect(lambda: self._step_file(1))
        self.close_button.clicked.connect(self.close)
        self.outside.clicked.connect(self.open_outside)
        tools, area = self.tools, self.area
        tools.outside.clicked.connect(self.open_outside)
        tools.steer(area)
        tools.rotate.clicked.connect(area.rotate)
        tools.find_button.clicked.connect(self.start_finding)
        self.mark_tools.undo.clicked.connect(self.undo)
        self.mark_tools.redo.clicked.connect(self.redo)
        self.whole.clicked.connect(self.say_whole)
        self.mark_tools.undo.setVisible(self._undo is not None)
        self.mark_tools.redo.setVisible(self._redo is not None)

    def _make_keys(self) -> None:
        area = self.area
        actions: dict[str, Callable[[], object]] = {
            "find": self.start_finding,
            "find_next": lambda: self.finder.step(1),
            "find_previous": lambda: self.finder.step(-1),
            "larger": lambda: area.zoom_step(True),
            "smaller": lambda: area.zoom_step(False),
            "fit_width": lambda: area.set_fit("width"),
            "fit_page": lambda: area.set_fit("page"),
            "real_size": lambda: area.set_zoom(1.0),
            "rotate": area.rotate,
            "page_next": lambda: area.go_to(area.page + 1),
            "page_previous": lambda: area.go_to(area.page - 1),
            "file_next": lambda: self._step_file(1),
            "file_previous": lambda: self._step_file(-1),
            "mark": self.marks.mark,
            "undo": self.undo,
            "redo": self.redo,
            "copy": self._copy,
        }
        for name, sequences in KEYS:
            action = QAction(self)
            action.setShortcuts([QKeySequence(one) for one in sequences])
            action.triggered.connect(lambda _=False, work=actions[name]: work())
            self.addAction(action)

    # actions of the user

    def undo(self) -> None:
        """Undo the last change of the draft."""
        self._take_back(self._undo)

    def redo(self) -> None:
        """Redo the change undone last."""
        self._take_back(self._redo)

    def start_finding(self) -> None:
        """Show the find bar."""
        if self.tools.find_button.isEnabled():
            self.finder.show()
            self.finder.begin(self.area.page)

    def open_outside(self) -> None:
        """Open a read-only copy of the file in another program."""
        if self._now is None or outside_name(self._now.name, self._now.media_type) is None:
            return
        try:
            if self._shelf is None:
                self._shelf = SpoolFolder(self._folder)
            stamp = no_stamp if self._origin is None else stamp_like(self._origin)
            opened = open_copy(self._texts, self._read, self._shelf, self._now, self, stamp)
        except DgdeskError as error:
            tell(self._texts, self._texts.error(error), self, "warning")
            return
        if opened:
            self.note_state(self._texts.say("ui.viewer.outside_done"))

    # the file

    def _step_file(self, by: int) -> None:
        there = [one.sha256 for one in self._attachments]
        if self._now is not None and self._now.sha256 in there:
            at = there.index(self._now.sha256) + by
            if 0 <= at < len(there):
                self.show_file(there[at])

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

    def save(self, marks: Marks) -> None:
        """Emit changed marks."""
        if self._now is not None:
            now = self._now = replace(self._now, marks=marks)
            self._attachments = tuple(now if one.sha256 == now.sha256 else one for one in self._attachments)
            self.marks_changed.emit(now.sha256, marks)

    def say_whole(self, on: bool) -> None:
        """Emit whether the whole file is the key passage."""
        if self._now is not None:
            self.flush()
            now = self._now = replace(self._now, whole=on)
            self._attachments = tuple(now if one.sha256 == now.sha256 else one for one in self._attachments)
            self.whole_said.emit(now.sha256, on)

    def _take_back(self, work: Callable[[], None] | None) -> None:
        if work is not None and not self._read_only:
            self.flush()
            work()

    def _copy(self) -> None:
        if self.area.selected_words:
            copy_plain(self.area.selected_words)

    # the window

    def done(self, result: int) -> None:
        """Finish the current gesture, close the file, remove temporary copies."""
        if self._is_closed:
            return
        self._is_closed = True
        self.leave_file()
        if self._shelf is not None:
            self._shelf.close()
        super().done(result)
        self.closed.emit()


def open_copy(
    texts: Texts, read: ReadStored, shelf: SpoolFolder, file: Attachment, owner: QWidget, stamp: Stamp = no_stamp
) -> bool:
    """Make a copy with a progress dialog and open it; False if the user cancelled. ``stamp`` sets its zone identifier.

    Raises:
        FileError: ``viewer.not_outside``, ``viewer.not_opened``, or a problem of the file or the disk.
    """

    def copied(progress: Progress) -> Path:
        head, pieces = peeked(read(file.sha256))
        name = outside_name(file.name, file.media_type, media_type(head))
        if name is None:
            raise FileError("viewer.not_outside")
        return shelf.put(name, pieces, progress, stamp)

    if outside_name(file.name, file.media_type) is None:
        raise FileError("viewer.not_outside")
    try:
        path = run_modal(texts, texts.say("ui.viewer.outside_copy", name=file.name), copied, owner)
    except Cancelled:
        return False
    if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
        raise FileError("viewer.not_opened")
    return True
