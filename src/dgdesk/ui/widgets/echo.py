"""The echo: a short sentence that says what has just been done, shown for some seconds over the page.

It never takes the focus and never covers what is below its host, such as the bottom bar.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QEnterEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from dgdesk.ui.widgets.buttons import set_lettered_text
from dgdesk.ui.widgets.label import Texts, WrapLabel
from dgdesk.ui.widgets.theme import sheet
from dgdesk.ui.widgets.theme_file import SPACE

SECONDS: Final = 4.0
"""How long an echo is shown; longer while the mouse is on it."""
_WIDEST: Final = 56
"""The width of an echo, in letters."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A button in an echo: its text, its Alt letter, and what it does."""

    words: str
    letter: str
    act: Callable[[], object]


@dataclass(frozen=True, slots=True)
class _Said:
    words: str
    offer: Offer | None


class Echo(QFrame):
    """Shows one echo over ``host`` (`say`).

    A newer one takes its place at once, unless the one shown has a button: then the newest waits until it is gone.
    """

    def __init__(self, texts: Texts, host: QWidget) -> None:
        super().__init__(host)
        self.setObjectName("echo")
        self.setStyleSheet(sheet())
        self._host = host
        self._waiting: _Said | None = None
        self._offer: Offer | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * SPACE, SPACE, 2 * SPACE, SPACE)
        row.setSpacing(2 * SPACE)
        self.words = WrapLabel(texts, "", "echo", self)
        self.words.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.button = QPushButton(self)
        self.button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.button.clicked.connect(self._take)
        row.addWidget(self.words, 1)
        row.addWidget(self.button)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(round(1000 * SECONDS))
        self._timer.timeout.connect(self.dismiss)
        host.installEventFilter(self)
        self.hide()

    def say(self, words: str, offer: Offer | None = None) -> None:
        """Show a sentence, and a button if there is an offer; a screen reader says it."""
        said = _Said(words, offer)
        if not self.isHidden() and self._offer is not None and offer is None:
            self._waiting = said
        else:
            self._show(said)

    def dismiss(self) -> None:
        """Hide the echo, and show the one that waits."""
        waiting, self._waiting, self._offer = self._waiting, None, None
        self._timer.stop()
        self.hide()
        if waiting is not None:
            self._show(waiting)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        if not self.isHidden():
            self._timer.start()
        super().leaveEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self._place()
        return False

    def _show(self, said: _Said) -> None:
        self._offer = said.offer
        self.words.set_text(said.words)
        self.button.setVisible(said.offer is not None)
        if said.offer is not None:
            set_lettered_text(self.button, said.offer.words, said.offer.letter)
        self._place()
        self.show()
        self.raise_()
        self._timer.start()
        announce(self, said.words)

    def _place(self) -> None:
        wide = min(_WIDEST * self.fontMetrics().averageCharWidth(), self._host.width() - 4 * SPACE)
        words = self.words.fontMetrics().horizontalAdvance(self.words.plain_text()) + 4 * SPACE + 4
        beside = 0 if self.button.isHidden() else self.button.sizeHint().width() + 2 * SPACE
        width = max(min(words + beside, wide), 0)
        layout = self.layout()
        assert layout is not None
        size = QSize(width, max(layout.heightForWidth(width), layout.minimumSize().height()))
        focus = QApplication.focusWidget()
        busy = QRect()
        if focus is not None and self._host.isAncestorOf(focus):
            busy = QRect(focus.mapTo(self._host, QPoint()), focus.size())
        self.setGeometry(QRect(echo_place(self._host.size(), size, busy), size))

    def _take(self) -> None:
        offer = self._offer
        self.dismiss()
        if offer is not None:
            offer.act()


def echo_place(host: QSize, size: QSize, busy: QRect) -> QPoint:
    """Return where an echo is shown: in the middle near the bottom, or near the top if somebody types at the bottom."""
    left = (host.width() - size.width()) // 2
    below = QPoint(left, host.height() - size.height() - 2 * SPACE)
    return QPoint(left, 2 * SPACE) if QRect(below, size).intersects(busy) else below


def announce(widget: QWidget, words: str) -> None:
    """Have a screen reader say words that appeared without the focus."""
    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, words))
