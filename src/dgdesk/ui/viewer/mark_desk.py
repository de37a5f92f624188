"""Window, viewer, mark desk: page, list and buttons kept in step with the marks of the file that is shown."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from dgdesk.evidence.highlights import geometry
from dgdesk.evidence.highlights.geometry import Marks
from dgdesk.survey.answers.marks import tidy_marks
from dgdesk.ui.viewer.frame import ViewerFrame
from dgdesk.ui.widgets.dialogs import tell


class MarkDesk:
    """What is done with marks. ``save`` is told of every finished change, as it will come back from storage."""

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
        """Show what is stored."""
        self._stored = marks
        self.area.set_marks(marks)
        self.show()

    def add_mark(self) -> None:
        """Put a frame into the middle of the view, ready for the arrow keys."""
        self.area.add_in_middle()
        self.area.setFocus(Qt.FocusReason.OtherFocusReason)

    def mark(self) -> None:
        """Mark the selected text, or else the hit of the search; without either, put a frame into the middle."""
        _, hit = self._finder.on_page(self.area.page)
        if not self.area.mark_selection() and not self.area.mark_rects(hit, self._finder.words):
            self.add_mark()

    def select_text(self) -> None:
        """Let the mouse select text."""
        self.area.set_tool("text")
        if self.area.text_known and not any(self.area.page_text.boxes):
            self._frame.note_state(self._texts.say("ui.viewer.no_text"))

    def jump(self, number: int) -> None:
        """Show a mark, chosen."""
        mark = self.area.marks[number]
        self.area.go_to(mark.page - 1)
        if self.area.page == mark.page - 1:
            self.area.choose((number, 0))

    def _take_edit(self, marks: Marks) -> None:
        """Tell of new marks, as they will come back from storage; too many are refused in words."""
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
        """Show in the list what the page shows."""
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
