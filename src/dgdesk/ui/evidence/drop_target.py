"""A panel that files are dropped on: while they are dragged over it, a line around it shows that it would take them."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QPainter,
    QPaintEvent,
    QPen,
)

from dgdesk.ui.widgets import colours
from dgdesk.ui.widgets.theme import Panel

_TARGET = 3
"""Width of the line around the panel while files are dragged over it, in pixels."""


class DropTarget(Panel):
    """The panel. ``held_over``: something that it would take is dragged over it now."""

    held_over = False

    def takes(self, mime: QMimeData) -> bool:
        """Return whether dragged data can be dropped here; nothing can, unless a panel says so."""
        return False

    def take(self, mime: QMimeData) -> None:
        """Take dropped data, which `takes` has agreed to."""

    def hold(self, on: bool) -> None:
        """Show that what is dragged would be taken here, or that it has gone."""
        if on != self.held_over:
            self.held_over = on
            self.update()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.takes(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.hold(True)
        else:
            event.ignore()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.hold(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self.hold(False)
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.take(event.mimeData())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.held_over:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(QColor(colours.in_use().chosen))
            painter.setPen(QPen(QColor(colours.in_use().focus), _TARGET, Qt.PenStyle.DashLine))
            half = _TARGET / 2
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), 6, 6)
