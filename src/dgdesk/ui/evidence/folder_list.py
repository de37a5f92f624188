"""The list of files in a folder to attach, each with its slot, its status, and a check box."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from dgdesk.ui.widgets import colours
from dgdesk.ui.widgets.icons import icon_size
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.wrap_delegate import ModelIndex, WrapDelegate, WrapTree

_GAP = 8


class BoxDelegate(WrapDelegate):
    """Paints rows with a check box before the text."""

    def text_width(self, index: ModelIndex) -> int:
        """Return the width that the check box leaves for the text, in pixels."""
        return max(super().text_width(index) - self._box_width(), 40)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: ModelIndex) -> None:
        whole = QRect(option.rect)
        inner = QStyleOptionViewItem(option)
        inner.rect = whole.adjusted(self._box_width(), 0, 0, 0)
        super().paint(painter, inner, index)
        checked = index.data(Qt.ItemDataRole.CheckStateRole)
        if checked is None:
            return
        self._draw_box(painter, self._box(whole), Qt.CheckState(checked) == Qt.CheckState.Checked)

    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: ModelIndex
    ) -> bool:
        return False

    def box_at(self, row: QRect) -> QRect:
        """Return the rectangle in which a click toggles the check box of a row."""
        return QRect(row.left(), row.top(), self._box_width(), row.height())

    def _draw_box(self, painter: QPainter, box: QRect, on: bool) -> None:
        """Draw the check box at the size of the status icons, which grow with the text."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colours.in_use().text), 1.4))
        painter.setBrush(QColor(colours.in_use().base))
        painter.drawRoundedRect(QRectF(box).adjusted(1, 1, -1, -1), 3, 3)
        if on:
            painter.setPen(QPen(QColor(colours.in_use().text), max(2.0, box.width() / 8)))
            left, top, side = box.left(), box.top(), box.width()
            spots = ((0.25, 0.52), (0.43, 0.7), (0.76, 0.3))
            painter.drawPolyline([QPointF(left + x * side, top + y * side) for x, y in spots])
        painter.restore()

    def _box(self, row: QRect) -> QRect:
        side = icon_size()
        return QRect(row.left() + 4, row.top() + 7, side, side)

    def _box_width(self) -> int:
        return icon_size() + 4 + _GAP


class BoxTree(WrapTree):
    """A list of one column whose rows wrap; Space, or a click on its check box, toggles a row."""

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self._boxes = BoxDelegate(services, self)
        self.setItemDelegate(self._boxes)
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        current = self.currentItem()
        if event.key() == Qt.Key.Key_Space and current is not None:
            self._turn([current, *(one for one in self.selectedItems() if one is not current)])
            return
        super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        at = event.position().toPoint()
        item = self.itemAt(at)
        if event.button() == Qt.MouseButton.LeftButton and item is not None and self._is_on_box(item, at):
            self._turn([item])

    def sizeHint(self) -> QSize:
        return QSize(600, 320)

    def _is_on_box(self, item: QTreeWidgetItem, at: QPoint) -> bool:
        return self._boxes.box_at(self.visualItemRect(item)).contains(at)

    def _turn(self, items: list[QTreeWidgetItem]) -> None:
        with_box = [one for one in items if one.data(0, Qt.ItemDataRole.CheckStateRole) is not None]
        if not with_box:
            return
        on = with_box[0].checkState(0) != Qt.CheckState.Checked
        for one in with_box:
            one.setCheckState(0, Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)


def rows_of(tree: QTreeWidget) -> list[QTreeWidgetItem]:
    """Return the rows of a list."""
    return [item for at in range(tree.topLevelItemCount()) if (item := tree.topLevelItem(at)) is not None]
