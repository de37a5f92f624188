"""Window, wrap delegate: rows of a tree whose Thai text wraps, with a status mark and a figure at the end."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTreeWidget

from dgdesk.ui import colours
from dgdesk.ui.text import Texts
from dgdesk.ui.wrapped import Run, WrappedText

TEXT, MARK, FIGURE, STRONG, GREY = (Qt.ItemDataRole.UserRole + number for number in range(1, 6))
"""Roles of an item: its text, its status (of `Progress.status`, or ``""``), the figure, whether bold, whether grey."""

_PAD, _MARK_ROOM = 5, 20
_COLOURS = {
    "not_begun": "SKIPPED",
    "in_progress": "PROGRESS",
    "problems": "ERROR",
    "complete": "DONE",
    "skipped": "SKIPPED",
    "warning": "WARNING",
}

Index = QModelIndex | QPersistentModelIndex


class WrapDelegate(QStyledItemDelegate):
    """Paints the rows of one tree."""

    def __init__(self, texts: Texts, tree: QTreeWidget) -> None:
        super().__init__(tree)
        self._texts = texts
        self._tree = tree
        self._laid: dict[tuple[str, bool], WrappedText] = {}

    def text_width(self, index: Index) -> int:
        """Return the width that a row's text has, in pixels."""
        depth = 1 if self._tree.rootIsDecorated() else 0
        parent = index.parent()
        while parent.isValid():
            depth += 1
            parent = parent.parent()
        room = self._tree.viewport().width() - depth * self._tree.indentation() - 2 * _PAD
        return max(room - self._mark_room(index) - self._figure_room(index), 40)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the size of a row, its text wrapped to the tree's width."""
        return QSize(80, self._text(index).height(self.text_width(index)) + 2 * _PAD)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint ground, mark, text, figure."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(option.rect)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(colours.CHOSEN))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, QColor(colours.HOVER))
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(colours.FOCUS), 2))
            painter.drawRect(rect.adjusted(1, 1, -1, -1))
        text = self._text(index)
        text.height(self.text_width(index))
        grey = bool(index.data(GREY))
        mark = index.data(MARK) or ""
        if mark:
            draw_mark(painter, QPointF(rect.left() + _PAD + 7, rect.top() + _PAD + text.first_line / 2), mark)
        painter.setPen(QColor(colours.SKIPPED if grey else colours.TEXT))
        text.draw(painter, QPointF(rect.left() + _PAD + self._mark_room(index), rect.top() + _PAD))
        if figure := index.data(FIGURE):
            painter.setPen(QColor(colours.HINT))
            room = self._figure_room(index)
            line = QRectF(rect.right() - room - _PAD, rect.top() + _PAD, room, text.first_line)
            painter.drawText(line, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), str(figure))
        painter.restore()

    def _mark_room(self, index: Index) -> int:
        return _MARK_ROOM if index.data(MARK) else 0

    def _figure_room(self, index: Index) -> int:
        figure = index.data(FIGURE)
        return self._tree.fontMetrics().horizontalAdvance(str(figure)) + 10 if figure else 0

    def _text(self, index: Index) -> WrappedText:
        key = (str(index.data(TEXT) or ""), bool(index.data(STRONG)))
        if key not in self._laid:
            if len(self._laid) > 2000:
                self._laid.clear()
            font = QFont(self._tree.font())
            if key[1]:
                font.setWeight(QFont.Weight.DemiBold)
            self._laid[key] = WrappedText(self._texts, (Run(key[0]),), font)
        return self._laid[key]


def draw_mark(painter: QPainter, middle: QPointF, status: str) -> None:
    """Draw a status as a shape that also reads without colour: ring, half, exclamation, tick, dash."""
    colour = QColor(getattr(colours, _COLOURS.get(status, "HINT")))
    painter.setPen(QPen(colour, 1.6))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    circle = QRectF(middle.x() - 6, middle.y() - 6, 12, 12)
    if status == "skipped":
        painter.drawLine(middle + QPointF(-5, 0), middle + QPointF(5, 0))
        return
    if status in ("complete", "problems", "warning"):
        painter.setBrush(colour)
    painter.drawEllipse(circle)
    white = QPen(QColor(colours.ON_MARK), 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
    if status == "in_progress":
        painter.setBrush(colour)
        painter.drawPie(circle, 90 * 16, -180 * 16)
    elif status == "complete":
        painter.setPen(white)
        painter.drawPolyline([middle + QPointF(-3, 0), middle + QPointF(-0.8, 2.5), middle + QPointF(3.2, -2.5)])
    elif status in ("problems", "warning"):
        painter.setPen(white)
        painter.drawLine(middle + QPointF(0, -3.2), middle + QPointF(0, 0.8))
        painter.drawPoint(middle + QPointF(0, 3.2))
