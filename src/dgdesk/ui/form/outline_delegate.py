"""Paints a row of the outline in one line: status, short name, and the code in small letters at the right."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTreeWidget

from dgdesk.ui.widgets import colours
from dgdesk.ui.widgets.icons import Icons, draw_status
from dgdesk.ui.widgets.theme_file import NORMAL, SMALL, SPACE
from dgdesk.ui.widgets.wrap_delegate import FIGURE, GREY, MARK, STRONG, TEXT, bold_of, status_width

_HALF: Final = SPACE // 2
_DOWN: Final = 2
"""Pixels: the middle of Thai letters is below that of a line, which has space for two marks above them."""


class OutlineDelegate(QStyledItemDelegate):
    """Rows of one line; a name that is too long ends in "…", and its tooltip has the whole."""

    def __init__(self, icons: Icons, tree: QTreeWidget) -> None:
        super().__init__(tree)
        self._icons, self._tree = icons, tree

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(80, self._tree.fontMetrics().height() + SPACE)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        table, rect = colours.in_use(), QRectF(option.rect)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(table.chosen))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, QColor(table.hover))
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(table.focus), 2))
            painter.drawRect(rect.adjusted(1, 1, -1, -1))
        line = rect.adjusted(_HALF, 0, -_HALF, 0)
        if mark := str(index.data(MARK) or ""):
            draw_status(painter, self._icons, mark, line.topLeft() + QPointF(0, line.height() / 2 + _DOWN))
        middle = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        code, small = str(index.data(FIGURE) or ""), small_of(self._tree.font())
        wide = QFontMetrics(small).horizontalAdvance(code) + _HALF if code else 0
        if code:
            painter.setFont(small)
            painter.setPen(QColor(table.hint))
            right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            painter.drawText(line, right, code)
        font = bold_of(self._tree.font()) if index.data(STRONG) else self._tree.font()
        painter.setFont(font)
        painter.setPen(QColor(table.skipped if index.data(GREY) else table.text))
        name = line.adjusted(status_width(mark), 0, -wide, 0)
        words = QFontMetrics(font).elidedText(
            str(index.data(TEXT) or ""), Qt.TextElideMode.ElideRight, int(name.width())
        )
        painter.drawText(name, middle, words)
        painter.restore()


def small_of(font: QFont) -> QFont:
    """Return the font of codes: that of remarks, at the present text size."""
    small = QFont(font)
    small.setPointSizeF(font.pointSizeF() * SMALL / NORMAL)
    return small
