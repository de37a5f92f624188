"""Window, buttons: those that stand on pages. They show the focus themselves: a page has no style sheet to do it."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QPushButton, QToolButton, QWidget

from dgdesk.ui.looks import paint_frame
from dgdesk.ui.mnemonic import with_key

RING = 2
"""Width of the ring around what has the focus, in pixels."""


def paint_ring(widget: QWidget) -> None:
    """Paint the ring of the focus around a widget that has it; call at the end of its ``paintEvent``."""
    if widget.hasFocus():
        paint_ring_on(widget, widget.palette().color(QPalette.ColorRole.Highlight))


def paint_ring_on(widget: QWidget, colour: QColor) -> None:
    """Paint the ring, whatever has the focus."""
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, RING))
    painter.drawRoundedRect(widget.rect().adjusted(1, 1, -1, -1), 4, 4)


class PageButton(QPushButton):
    """A button with words."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the button, its frame, and the ring."""
        super().paintEvent(event)
        if not self.isFlat() and self.isEnabled():
            paint_frame(self)
        paint_ring(self)


class PageCheck(QCheckBox):
    """A check box with words."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the box, and the ring."""
        super().paintEvent(event)
        paint_ring(self)


class PageTool(QToolButton):
    """A button with an arrow."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the button, and the ring."""
        super().paintEvent(event)
        paint_ring(self)


def give_keys(*keys: tuple[QAbstractButton, str]) -> None:
    """Give buttons of one window the letters that press them with Alt; screen readers hear the words alone."""
    for button, letter in keys:
        words = button.text()
        if not button.accessibleName():
            button.setAccessibleName(words)
        button.setText(with_key(words, letter))


def say_on(button: QAbstractButton, words: str, letter: str) -> None:
    """Put other words on a button that has a letter."""
    button.setAccessibleName(words)
    button.setText(with_key(words, letter))
