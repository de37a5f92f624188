"""Window, row painting: cells and heads of a row table, their texts wrapped between words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QHeaderView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from dgdesk.ui import colours
from dgdesk.ui.icons import icon_size
from dgdesk.ui.row_model import GREY, MARK
from dgdesk.ui.services import Services
from dgdesk.ui.wrapped import Run, WrappedText

if TYPE_CHECKING:
    from dgdesk.ui.row_table import RowTable

Index = QModelIndex | QPersistentModelIndex
PAD: Final = 6
"""Pixels around the words of a cell."""
BESIDE: Final = 4
"""Pixels between a drawing and the words beside it."""
ARROW: Final = 14
"""Pixels for the arrow of the order in a head."""
_COLOURS: Final = {
    "problems": "error",
    "warning": "warning",
    "complete": "done",
    "not_begun": "skipped",
    "skipped": "skipped",
}


class CellDelegate(QStyledItemDelegate):
    """Paints the cells."""

    def __init__(self, services: Services, table: RowTable[Any]) -> None:
        super().__init__(table)
        self._texts, self._icons, self._table = services.texts, services.icons, table
        self._laid: dict[tuple[str, int], WrappedText] = {}

    def forget(self) -> None:
        """Lay every text out anew, as in another font."""
        self._laid.clear()

    def height(self, words: str, width: int, mark: bool) -> int:
        """Return the height of a cell of a width."""
        return self._text(words, width).height(_room(width, mark)) + 2 * PAD

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint ground, mark and words."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(option.rect)
        here = index.row() == self._table.currentIndex().row()
        if here or option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(colours.in_use().chosen))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, QColor(colours.in_use().hover))
        painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), QColor(colours.in_use().line))
        mark = str(index.data(MARK) or "")
        text = self._text(str(index.data() or ""), round(rect.width()))
        text.height(_room(round(rect.width()), bool(mark)))
        left = rect.left() + PAD
        if mark:
            self._draw_mark(painter, QPointF(left, rect.top() + PAD + text.first_line / 2), mark)
            left += icon_size() + BESIDE
        painter.setPen(QColor(colours.in_use().skipped if index.data(GREY) else colours.in_use().text))
        text.draw(painter, QPointF(left, rect.top() + PAD))
        if here and self._table.hasFocus():
            self._ring(painter, rect, index.column())
        painter.restore()

    def _ring(self, painter: QPainter, rect: QRectF, column: int) -> None:
        """Paint this cell's part of the ring around the row."""
        painter.setPen(QPen(QColor(colours.in_use().focus), 2))
        top, bottom = rect.top() + 1, rect.bottom() - 1
        painter.drawLine(QPointF(rect.left(), top), QPointF(rect.right(), top))
        painter.drawLine(QPointF(rect.left(), bottom), QPointF(rect.right(), bottom))
        if column == 0:
            painter.drawLine(QPointF(rect.left() + 1, top), QPointF(rect.left() + 1, bottom))
        if column == self._table.listed.columnCount() - 1:
            painter.drawLine(QPointF(rect.right() - 1, top), QPointF(rect.right() - 1, bottom))

    def _draw_mark(self, painter: QPainter, middle: QPointF, status: str) -> None:
        size, ratio = icon_size(), painter.device().devicePixelRatio()
        colour = colours.named(_COLOURS[status])
        drawing = self._icons.pixmap(f"status-{status}", size, ratio, colour)
        top = round((middle.y() - size / 2) * ratio) / ratio  # on whole device pixels, so that it stays sharp
        painter.drawPixmap(QPointF(round(middle.x() * ratio) / ratio, top), drawing)

    def _text(self, words: str, width: int) -> WrappedText:
        found = self._laid.get((words, width))
        if found is None:
            if len(self._laid) > 8000:
                self._laid.clear()
            found = self._laid[words, width] = WrappedText(self._texts, (Run(words),), self._table.font())
        return found


class Head(QHeaderView):
    """The heads of the columns, wrapped; that of the column by which rows are sorted has an arrow."""

    def __init__(self, services: Services, table: RowTable[Any]) -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self._texts, self._table = services.texts, table
        self.sorted_by: tuple[str, bool] = ("code", False)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(1)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def fit(self) -> None:
        """Be as high as the highest head."""
        columns = range(self._table.listed.columnCount())
        heights = [self._text(at).height(self.sectionSize(at) - 2 * PAD - ARROW) for at in columns]
        self.setFixedHeight(max(heights, default=0) + 2 * PAD)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        """Paint ground, words, arrow."""
        place = QRectF(rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(place, QColor(colours.in_use().tablehead))
        painter.fillRect(
            QRectF(place.left(), place.bottom() - 1, place.width(), 1), QColor(colours.in_use().tablehead_line)
        )
        painter.setPen(QColor(colours.in_use().text))
        text = self._text(logicalIndex)
        text.height(place.width() - 2 * PAD - ARROW)
        text.draw(painter, QPointF(place.left() + PAD, place.top() + PAD))
        key, descending = self.sorted_by
        if key in self._table.listed.columns[logicalIndex]:
            x, y = place.right() - ARROW, place.top() + PAD + text.first_line / 2
            tip = 4 if descending else -4
            painter.setBrush(QColor(colours.in_use().code))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawPolygon(QPolygonF([QPointF(x, y - tip), QPointF(x + 9, y - tip), QPointF(x + 4.5, y + tip)]))
        painter.restore()

    def _text(self, at: int) -> WrappedText:
        words = self._table.listed.head_words(self._table.listed.columns[at])
        return WrappedText(self._texts, (Run(words),), bold_of(self._table.font()))


def _room(width: int, mark: bool) -> int:
    return max(width - 2 * PAD - (icon_size() + BESIDE if mark else 0), 1)


def bold_of(font: QFont) -> QFont:
    """Return a font as heads have it."""
    bold = QFont(font)
    bold.setWeight(QFont.Weight.DemiBold)
    return bold
