"""Trees and tables whose Thai text wraps: delegates that draw status icon, text and figure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QTreeWidget,
    QWidget,
)

from dgdesk.ui.widgets import colours
from dgdesk.ui.widgets.buttons import paint_ring_on
from dgdesk.ui.widgets.icons import draw_status, icon_size
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.text_layout import Run, TextLayout
from dgdesk.ui.widgets.theme import thin_bars

TEXT, MARK, FIGURE, STRONG, GREY = (Qt.ItemDataRole.UserRole + number for number in range(1, 6))
"""Roles of an item: its text, its status (a name, or ``""``), its figure, whether it is bold, whether it is grey."""

BESIDE: Final = 4
"""Pixels between a status icon and the text next to it."""
CELL_PAD: Final = 6
"""Pixels around the text of a table cell."""
_PAD: Final = 5
_MOST_LAID: Final = 8000
_WORD: Final = re.compile(r"[!-~]+")

ModelIndex = QModelIndex | QPersistentModelIndex


class _RowDelegate(QStyledItemDelegate):
    """What rows and cells share."""

    def __init__(self, services: Services, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._texts, self._icons = services.texts, services.icons
        self._laid: dict[tuple[str, bool], TextLayout] = {}
        self._view = view

    def _begin(self, painter: QPainter, option: QStyleOptionViewItem, chosen: bool) -> QRectF:
        """Paint the background of a row, and return its rectangle."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(option.rect)
        if chosen or option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(colours.in_use().chosen))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, QColor(colours.in_use().hover))
        return rect

    def _paint(self, painter: QPainter, at: QPointF, index: ModelIndex, text: TextLayout, width: float) -> None:
        """Paint a status icon and text."""
        if mark := index.data(MARK) or "":
            draw_status(painter, self._icons, mark, at + QPointF(0, text.first_line / 2))
        painter.setPen(QColor(colours.in_use().skipped if index.data(GREY) else colours.in_use().text))
        text.draw(painter, at + QPointF(status_width(mark), 0), width)

    def _text(self, words: str, strong: bool = False) -> TextLayout:
        found = self._laid.get((words, strong))
        if found is None:
            if len(self._laid) > _MOST_LAID:
                self._laid.clear()
            font = bold_of(self._view.font()) if strong else self._view.font()
            found = self._laid[words, strong] = self._texts.layout((Run(words),), font)
        return found


class WrapDelegate(_RowDelegate):
    """Paints the rows of a tree."""

    def __init__(self, services: Services, tree: QTreeWidget) -> None:
        super().__init__(services, tree)
        self._tree = tree

    def text_width(self, index: ModelIndex) -> int:
        """Return the width of a row's text, in pixels."""
        depth = 1 if self._tree.rootIsDecorated() else 0
        parent = index.parent()
        while parent.isValid():
            depth += 1
            parent = parent.parent()
        width = self._tree.viewport().width() - depth * self._tree.indentation() - 2 * _PAD
        return max(width - status_width(index.data(MARK)) - self._figure_width(index), 40)

    def sizeHint(self, option: QStyleOptionViewItem, index: ModelIndex) -> QSize:
        return QSize(80, self._text_of(index).height(self.text_width(index)) + 2 * _PAD)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: ModelIndex) -> None:
        rect = self._begin(painter, option, False)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(colours.in_use().focus), 2))
            painter.drawRect(rect.adjusted(1, 1, -1, -1))
        text = self._text_of(index)
        self._paint(painter, rect.topLeft() + QPointF(_PAD, _PAD), index, text, self.text_width(index))
        if figure := index.data(FIGURE):
            painter.setPen(QColor(colours.in_use().hint))
            width = self._figure_width(index)
            line = QRectF(rect.right() - width - _PAD, rect.top() + _PAD, width, text.first_line)
            painter.drawText(line, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), str(figure))
        painter.restore()

    def _figure_width(self, index: ModelIndex) -> int:
        figure = index.data(FIGURE)
        return self._tree.fontMetrics().horizontalAdvance(str(figure)) + 10 if figure else 0

    def _text_of(self, index: ModelIndex) -> TextLayout:
        return self._text(str(index.data(TEXT) or ""), bool(index.data(STRONG)))


class CellDelegate(_RowDelegate):
    """Paints the cells of a table whose rows are selected as a whole."""

    def __init__(self, services: Services, table: QTableView) -> None:
        super().__init__(services, table)
        self._table = table

    def height(self, words: str, width: int, mark: bool) -> int:
        """Return the height of a cell of a given width; ``mark``: it has a status icon."""
        return self._text(words).height(_inner(width, mark)) + 2 * CELL_PAD

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: ModelIndex) -> None:
        here = index.row() == self._table.currentIndex().row()
        rect = self._begin(painter, option, here)
        painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), QColor(colours.in_use().line))
        text = self._text(str(index.data() or ""))
        inner = _inner(round(rect.width()), bool(index.data(MARK)))
        self._paint(painter, rect.topLeft() + QPointF(CELL_PAD, CELL_PAD), index, text, inner)
        if here and self._table.hasFocus():
            self._ring(painter, rect, index)
        painter.restore()

    def _ring(self, painter: QPainter, rect: QRectF, index: ModelIndex) -> None:
        """Paint this cell's part of the focus ring around the row."""
        painter.setPen(QPen(QColor(colours.in_use().focus), 2))
        top, bottom = rect.top() + 1, rect.bottom() - 1
        painter.drawLine(QPointF(rect.left(), top), QPointF(rect.right(), top))
        painter.drawLine(QPointF(rect.left(), bottom), QPointF(rect.right(), bottom))
        if index.column() == 0:
            painter.drawLine(QPointF(rect.left() + 1, top), QPointF(rect.left() + 1, bottom))
        if index.column() == index.model().columnCount() - 1:
            painter.drawLine(QPointF(rect.right() - 1, top), QPointF(rect.right() - 1, bottom))


def status_width(mark: object) -> int:
    """Return the width of a status icon and the gap after it, in pixels; 0 if there is no status."""
    return icon_size() + BESIDE if mark else 0


def widest_row(texts: Iterable[tuple[str, bool]], font: QFont) -> int:
    """Return the least width of a row, in pixels, at which no Latin word of these texts (text, bold) breaks.

    It includes space for a status icon and "100%".
    """
    plain, strong = QFontMetrics(font), QFontMetrics(bold_of(font))
    words = [(word, strong if is_strong else plain) for text, is_strong in texts for word in _WORD.findall(text)]
    widest = max((metrics.horizontalAdvance(word) for word, metrics in words), default=0)
    return widest + 2 + 2 * _PAD + icon_size() + BESIDE + plain.horizontalAdvance("100%") + 10


def bold_of(font: QFont) -> QFont:
    """Return the bold font of groups and heads."""
    bold = QFont(font)
    bold.setWeight(QFont.Weight.DemiBold)
    return bold


def _inner(width: int, mark: bool) -> int:
    return max(width - 2 * CELL_PAD - status_width(mark), 1)


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
        thin_bars(self)
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Highlight, QColor(colours.in_use().chosen))
        self.setPalette(palette)
        self.setItemDelegate(WrapDelegate(services, self))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus() and self.currentItem() is None:
            paint_ring_on(self.viewport(), QColor(colours.in_use().focus))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.scheduleDelayedItemsLayout()

    def least_width(self) -> int:
        """Return the width, in pixels, at which no word breaks, with two levels of branches and a scroll bar."""
        rows = [self.topLevelItem(number) for number in range(self.topLevelItemCount())]
        rows += [row.child(number) for row in rows if row is not None for number in range(row.childCount())]
        texts = {(str(row.data(0, TEXT)), bool(row.data(0, STRONG))) for row in rows if row is not None}
        around = 2 * self.indentation() + self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        return around + widest_row(texts, self.font())
