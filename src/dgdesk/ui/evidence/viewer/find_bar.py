"""The find bar: the search text, the number of hits, next and previous."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from dgdesk.survey.answers.marks import Rect
from dgdesk.text.normalise import fold, tidy
from dgdesk.ui.widgets.label import Texts, WrapLabel
from dgdesk.ui.widgets.layout import FlowLayout

FoundHit = tuple[int, tuple[Rect, ...]]
"""A page (0 is the first) and the rectangles on it."""
_PAUSE = 250
"""Milliseconds after the last keystroke until the search begins."""


class FindBar(QWidget):
    """The find bar. ``asked`` carries the case-folded text; ``moved`` is emitted when another hit becomes current."""

    asked = Signal(str)
    moved = Signal()
    shut = Signal()

    def __init__(self, texts: Texts, parent: QWidget) -> None:
        super().__init__(parent)
        self._texts = texts
        self.query = ""
        self.hits: list[FoundHit] = []
        self.now = -1
        self._done, self._more = True, False
        self._from_page = 0
        say = texts.say
        layout = FlowLayout(self)
        self.box = QLineEdit(self)
        self.box.setMinimumWidth(260)
        self.box.setMaxLength(200)
        self.box.setPlaceholderText(say("ui.viewer.find_box"))
        self.box.setAccessibleName(say("ui.viewer.find_box"))
        self.box.setClearButtonEnabled(True)
        layout.addWidget(self.box)
        self.previous = QPushButton(say("ui.viewer.find_previous"), self)
        self.next = QPushButton(say("ui.viewer.find_next"), self)
        self.close_button = QPushButton(say("ui.viewer.find_close"), self)
        for button in (self.previous, self.next, self.close_button):
            button.setAutoDefault(False)
            layout.addWidget(button)
        self.said = WrapLabel(texts, "", "text", self)
        self.said.setWordWrap(False)
        layout.addWidget(self.said)
        self.previous.clicked.connect(lambda: self.step(-1))
        self.next.clicked.connect(lambda: self.step(1))
        self.close_button.clicked.connect(self.shut)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._pause.timeout.connect(self._ask)
        self.box.textChanged.connect(lambda: self._pause.start())
        self._say()

    def begin(self, page: int) -> None:
        """Focus the search box; the search will start at ``page``."""
        self._from_page = page
        self.box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.box.selectAll()

    def forget(self) -> None:
        """Forget the hits, when the file changes or the bar closes."""
        self._pause.stop()
        self.query, self.hits, self.now, self._done, self._more = "", [], -1, True, False
        self._say()

    def add_hits(self, query: str, page: int, hits: tuple[tuple[Rect, ...], ...]) -> None:
        """Add the hits of a page."""
        if query != self.query:
            return
        self.hits += [(page, rects) for rects in hits]
        if self.now < 0:
            later = next((number for number, hit in enumerate(self.hits) if hit[0] >= self._from_page), -1)
            if later >= 0:
                self._move(later)
        self._say()

    def end_search(self, query: str, more: bool) -> None:
        """Note that the search is complete; ``more``: it stopped at the limit of hits."""
        if query != self.query:
            return
        self._done, self._more = True, more
        if self.now < 0 and self.hits:
            self._move(0)
        self._say()

    def step(self, by: int) -> None:
        """Go to the next hit (``by`` 1) or the previous one (-1)."""
        if self._pause.isActive():
            self._ask()
        elif self.hits:
            self._move((self.now + by) % len(self.hits))
            self._say()

    @property
    def words(self) -> str:
        """The search text as typed."""
        return " ".join(tidy(self.box.text()).split())

    @property
    def complete(self) -> bool:
        """Whether all pages have been searched."""
        return self._done

    def on_page(self, page: int) -> tuple[list[tuple[Rect, ...]], tuple[Rect, ...]]:
        """Return the hits of a page, and the current hit if it is on this page."""
        now = self.hits[self.now][1] if self.now >= 0 and self.hits[self.now][0] == page else ()
        return [rects for number, rects in self.hits if number == page], now

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.step(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif event.key() == Qt.Key.Key_Escape:
            self.shut.emit()
        else:
            super().keyPressEvent(event)

    def _ask(self) -> None:
        self._pause.stop()
        query = fold(self.box.text())
        if query == self.query:
            return
        self.forget()
        self.query, self._done = query, not query
        self._say()
        self.moved.emit()
        self.asked.emit(query)

    def _move(self, number: int) -> None:
        self.now = number
        self._from_page = self.hits[number][0]
        self.moved.emit()

    def _say(self) -> None:
        say = self._texts.say
        count = len(self.hits)
        if not self.query:
            words = say("ui.viewer.find_hint")
        elif count:
            code = "ui.viewer.found_more" if self._more or not self._done else "ui.viewer.found"
            words = say(code, number=self.now + 1, count=count)
        else:
            words = say("ui.viewer.found_none" if self._done else "ui.viewer.finding")
        self.said.set_text(words)
        self.said.setFixedWidth(max(self.said.sizeHint().width(), 1))
        self.previous.setEnabled(count > 1)
        self.next.setEnabled(count > 1)
        self.updateGeometry()
