"""Window, buttons: those that stand on pages. They show the focus themselves: a page has no style sheet to do it."""

from __future__ import annotations

from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

RING = 2
"""Width of the ring around what has the focus, in pixels."""


def paint_ring(widget: QWidget) -> None:
    """Paint the ring of the focus around a widget that has it; call at the end of its ``paintEvent``."""
    if widget.hasFocus():
        painter = QPainter(widget)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(widget.palette().color(QPalette.ColorRole.Highlight), RING))
        painter.drawRoundedRect(widget.rect().adjusted(1, 1, -1, -1), 4, 4)


class PageButton(QPushButton):
    """A button with words."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the button, and the ring."""
        super().paintEvent(event)
        paint_ring(self)


class PageTool(QToolButton):
    """A button with an arrow."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the button, and the ring."""
        super().paintEvent(event)
        paint_ring(self)
