"""The layout of the viewer; `viewer` connects its parts."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from dgdesk.ui.evidence.viewer.find_bar import FindBar
from dgdesk.ui.evidence.viewer.mark_area import MarkArea
from dgdesk.ui.evidence.viewer.marks_panel import MarksPanel
from dgdesk.ui.evidence.viewer.tools import MarkTools, PageTools, make_button, viewer_sheet
from dgdesk.ui.widgets.buttons import give_keys, what_this_is
from dgdesk.ui.widgets.fitting import largest_on
from dgdesk.ui.widgets.label import Texts, WrapLabel
from dgdesk.ui.widgets.layout import column
from dgdesk.ui.widgets.theme_file import SPACE

_SIDE = 310


class ViewerFrame(QDialog):
    """File name, tools, find bar, the page or a message in its place, and the list of marks."""

    def __init__(self, texts: Texts, read_only: bool, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.texts = self._texts = texts
        self._read_only = read_only
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self.setStyleSheet(viewer_sheet())
        self._build()
        self.resize(QSize(1280, 740).boundedTo(largest_on(self.screen())))

    def _build(self) -> None:
        texts, say = self._texts, self._texts.say
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3 * SPACE // 2, SPACE, 3 * SPACE // 2, SPACE)
        layout.setSpacing(SPACE)
        top = QHBoxLayout()
        self.file_name = WrapLabel(texts, "", "filename", self)
        self.file_previous = make_button(say("ui.viewer.file_previous"), self, hint="Alt+PgUp")
        self.file_next = make_button(say("ui.viewer.file_next"), self, hint="Alt+PgDn")
        self.close_button = make_button(say("ui.close"), self)
        self.setWindowTitle(say("ui.viewing.name"))
        about = what_this_is(self, texts, "ui.what.viewer")
        top.addWidget(self.file_name, 1)
        for button in (self.file_previous, self.file_next, about, self.close_button):
            top.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(top)
        self.tools = PageTools(texts, self)
        layout.addWidget(self.tools)
        self.finder = FindBar(texts, self)
        self.finder.hide()
        layout.addWidget(self.finder)
        splitter = QSplitter(Qt.Orientation.Horizontal, self)
        splitter.setChildrenCollapsible(False)
        self.stack = QStackedWidget(splitter)
        self.area = MarkArea(self.stack)
        self.area.read_only = self._read_only
        self.message = QWidget(self.stack)
        message = column(self.message, 3 * SPACE // 2)
        message.setContentsMargins(5 * SPACE, 5 * SPACE, 5 * SPACE, 5 * SPACE)
        self.said = WrapLabel(texts, "", "text", self.message)
        self.outside = make_button(say("ui.viewer.outside"), self.message)
        message.addStretch(1)
        message.addWidget(self.said)
        message.addWidget(self.outside, 0, Qt.AlignmentFlag.AlignLeft)
        message.addStretch(2)
        self.stack.addWidget(self.area)
        self.stack.addWidget(self.message)
        splitter.addWidget(self.stack)
        side = self.side = QWidget(splitter)
        beside = column(side, SPACE)
        self.mark_tools = MarkTools(texts, side)
        self.mark_tools.setVisible(not self._read_only)
        self.panel = MarksPanel(texts, side)
        self.panel.read_only = self._read_only
        self.whole = self.panel.whole
        self.whole.setVisible(not self._read_only)
        beside.addWidget(self.mark_tools)
        beside.addWidget(self.panel, 1)
        side.setMinimumWidth(_SIDE)
        splitter.addWidget(side)
        splitter.setStretchFactor(0, 1)
        splitter.setSizes([900, _SIDE])
        layout.addWidget(splitter, 1)
        self.state = WrapLabel(texts, "", "note", self)
        layout.addWidget(self.state)
        self.state.hide()
        self._give_keys()

    def _give_keys(self) -> None:
        """Set the Alt letters of the buttons; buttons without words have shortcuts of their own."""
        tools, finder, marks = self.tools, self.finder, self.mark_tools
        give_keys(
            *((self.file_previous, "I"), (self.file_next, "J"), (self.close_button, "C"), (self.outside, "E")),
            *((tools.previous, "P"), (tools.next, "N"), (tools.fit_width, "W"), (tools.fit_page, "G")),
            *((tools.rotate, "R"), (tools.find_button, "F"), (tools.outside, "E")),
            *((finder.previous, "B"), (finder.next, "X"), (finder.close_button, "H")),
            *((marks.draw, "D"), (marks.text, "T"), (marks.mark, "M"), (marks.add, "A")),
            *((marks.undo, "U"), (marks.redo, "O"), (self.whole, "L")),
        )
        tools.smaller.setShortcut(QKeySequence("Alt+-"))
        tools.larger.setShortcut(QKeySequence("Alt+="))
        widest = max(button.sizeHint().width() for button in marks.findChildren(QPushButton))
        widest = max(widest, self.panel.least_width())
        self.side.setMinimumWidth(max(_SIDE, widest))

    def show_parts(self, *, page: bool) -> None:
        """Show the widgets of a page, or only the message in its place."""
        self.tools.setVisible(page)
        self.side.setVisible(page)
        if not page:
            self.finder.hide()

    def say_instead(self, words: str, *, outside: bool = False) -> None:
        """Show a message in place of the page; ``outside``: with the button that opens the file in another program."""
        self.said.set_text(words)
        self.outside.setVisible(outside)
        self.stack.setCurrentWidget(self.message)

    def note_state(self, words: str) -> None:
        """Show a sentence below the page; empty hides it."""
        self.state.set_text(words)
        self.state.setVisible(bool(words))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self.styleSheet() != viewer_sheet():
            self.setStyleSheet(viewer_sheet())
