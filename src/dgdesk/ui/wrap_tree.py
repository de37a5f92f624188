"""A tree of one column whose rows wrap to its width."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QStyle, QTreeWidget, QWidget

from dgdesk.ui import colours
from dgdesk.ui.buttons import paint_ring_on
from dgdesk.ui.services import Services
from dgdesk.ui.wrap_delegate import STRONG, TEXT, WrapDelegate, widest_row


class WrapTree(QTreeWidget):
    """A tree of one column whose rows wrap to its width."""

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setHeaderHidden(True)
        self.setIndentation(14)
        self.setRootIsDecorated(True)
        self.setUniformRowHeights(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Highlight, QColor(colours.in_use().chosen))
        self.setPalette(palette)
        self.setItemDelegate(WrapDelegate(services, self))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows; where there is none to show the focus, the list itself shows it."""
        super().paintEvent(event)
        if self.hasFocus() and self.currentItem() is None:
            paint_ring_on(self.viewport(), QColor(colours.in_use().focus))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap anew."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.scheduleDelayedItemsLayout()

    def least_width(self) -> int:
        """Return the width, in pixels, at which no line breaks inside a word; branches two deep, a bar to scroll."""
        rows = [self.topLevelItem(number) for number in range(self.topLevelItemCount())]
        rows += [row.child(number) for row in rows if row is not None for number in range(row.childCount())]
        texts = {(str(row.data(0, TEXT)), bool(row.data(0, STRONG))) for row in rows if row is not None}
        around = 2 * self.indentation() + self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        return around + widest_row(texts, self.font())
