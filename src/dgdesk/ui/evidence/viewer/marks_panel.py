"""The list of all marks of the file with page and note, to the right of the page."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from dgdesk.evidence.highlights.geometry import Marks
from dgdesk.survey.answers.marks import LONGEST_NOTE, Mark
from dgdesk.text.normalise import tidy
from dgdesk.ui.widgets.buttons import PageCheck, WrapButton
from dgdesk.ui.widgets.inputs import LineInput
from dgdesk.ui.widgets.label import Texts, WrapLabel
from dgdesk.ui.widgets.layout import column, show_if
from dgdesk.ui.widgets.text_layout import Run
from dgdesk.ui.widgets.theme import Panel
from dgdesk.ui.widgets.theme_file import SPACE

_EXCERPT = 120


class MarksPanel(QScrollArea):
    """The list of marks, and the box that says that the whole file is the key passage.

    Marks are identified by their index; 0 is the first.
    """

    wanted = Signal(int)
    removed = Signal(int)
    noted = Signal(int, str)

    def __init__(self, texts: Texts, parent: QWidget) -> None:
        super().__init__(parent)
        self._texts = texts
        self.rows: list[MarkRow] = []
        self.read_only = False
        self.read_only_hint = texts.say("ui.viewer.hint_read_only")
        self.setObjectName("marks")
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(texts.say("ui.viewer.marks"))
        self._owner = QWidget()
        self._owner.setBackgroundRole(QPalette.ColorRole.Base)
        self._owner.setAutoFillBackground(True)
        layout = column(self._owner, SPACE)
        layout.setContentsMargins(SPACE, SPACE, SPACE, SPACE)
        self.whole = PageCheck(texts.say("ui.passage.whole"), self._owner)
        self.whole.setAccessibleDescription(texts.say("ui.passage.whole_about"))
        layout.addWidget(self.whole, 0, Qt.AlignmentFlag.AlignLeft)
        self._head = WrapLabel(texts, "", "sidehead", self._owner)
        layout.addWidget(self._head)
        self._hint = WrapLabel(texts, "", "note", self._owner)
        layout.addWidget(self._hint)
        self._list = QVBoxLayout()
        self._list.setSpacing(SPACE)
        layout.addLayout(self._list)
        layout.addStretch(1)
        self.setWidget(self._owner)

    def show_marks(self, marks: Marks, chosen: int | None) -> None:
        """Show these marks; a note that is being typed stays."""
        say = self._texts.say
        self._head.set_text(say("ui.viewer.marks_count", count=len(marks)) if marks else say("ui.viewer.no_marks"))
        self._hint.set_text(self.read_only_hint if self.read_only else say("ui.viewer.hint"))
        show_if(self._hint, not marks)
        while len(self.rows) > len(marks):
            row = self.rows.pop()
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        for number, mark in enumerate(marks):
            if number == len(self.rows):
                row = MarkRow(self._texts, number, self, self._owner)
                self.rows.append(row)
                self._list.addWidget(row)
            self.rows[number].show_mark(mark, number == chosen)

    def least_width(self) -> int:
        """Return the width that the content needs beside the scroll bar and the frame, in pixels."""
        for one in (self, self.whole):
            one.ensurePolished()  # the style of the window makes them wider
        beside = self.verticalScrollBar().sizeHint().width() + 2 * self.frameWidth()
        return self._owner.minimumSizeHint().width() + beside

    def flush(self) -> None:
        """Emit the note that is being typed."""
        for row in list(self.rows):
            row.leave()


class MarkRow(Panel):
    """One mark in the list."""

    def __init__(self, texts: Texts, number: int, panel: MarksPanel, owner: QWidget) -> None:
        super().__init__("file", owner)
        self._texts, self._number, self._panel = texts, number, panel
        self._mark: Mark | None = None
        self._chosen = False
        self._layout = column(self, SPACE // 2)
        self._layout.setContentsMargins(SPACE, SPACE, SPACE, SPACE)
        self._top = QHBoxLayout()
        self._layout.addLayout(self._top)
        self.jump: WrapButton | None = None
        self.remove = QPushButton(texts.say("ui.viewer.remove"), self)
        self.remove.setObjectName("quiet")
        self.remove.setAutoDefault(False)  # Enter in the note must not remove the mark
        self.remove.clicked.connect(lambda: panel.removed.emit(number))
        self._top.addWidget(self.remove, 0, Qt.AlignmentFlag.AlignTop)
        self.excerpt = WrapLabel(texts, "", "note", self)
        self._layout.addWidget(self.excerpt)
        self.note = LineInput(self)
        self.note.setMaxLength(LONGEST_NOTE)
        self.note.setPlaceholderText(texts.say("ui.viewer.note_example"))
        self.note.left.connect(self.leave)
        self.note.returnPressed.connect(self.leave)
        self._layout.addWidget(self.note)

    def show_mark(self, mark: Mark, chosen: bool) -> None:
        """Show the mark."""
        say = self._texts.say
        before, self._mark = self._mark, mark
        where = say("ui.viewer.mark_named", number=self._number + 1, page=mark.page)
        if before is None or before.page != mark.page or chosen != self._chosen:
            self._chosen = chosen
            focused = self.jump is not None and self.jump.hasFocus()
            if self.jump is not None:
                self._top.removeWidget(self.jump)
                self.jump.hide()
                self.jump.deleteLater()
            words = say("ui.viewer.mark_chosen", name=where) if chosen else where
            self.jump = WrapButton(self._texts, (Run(where, "strong" if chosen else "plain"),), self)
            self.jump.setAccessibleName(words)
            self.jump.clicked.connect(lambda: self._panel.wanted.emit(self._number))
            self._top.insertWidget(0, self.jump, 1)
            QWidget.setTabOrder(self.jump, self.remove)
            if focused:
                self.jump.setFocus()
        self.remove.setAccessibleName(f"{say('ui.viewer.remove')} {where}")
        self.note.setAccessibleName(f"{say('ui.viewer.note')} {where}")
        read_only = self._panel.read_only
        self.note.setReadOnly(read_only)
        show_if(self.remove, not read_only)
        show_if(self.note, bool(not read_only or mark.note))
        self.excerpt.set_text(self._texts.cut(mark.text, _EXCERPT) if mark.text else "")
        show_if(self.excerpt, bool(mark.text))
        if before is None or before.note != mark.note or not self.note.hasFocus():
            self.note.setText(mark.note.replace("\n", " "))

    def leave(self) -> None:
        """Emit the note if it has changed."""
        if self._mark is None or self._panel.read_only:
            return
        note = " ".join(tidy(self.note.text()).split())
        if note != " ".join(self._mark.note.split()):
            self._panel.noted.emit(self._number, note)
