"""Window, wrap delegate: rows of a tree whose Thai text wraps, with a status mark and a figure at the end."""

from __future__ import annotations

import re
from collections.abc import Iterable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTreeWidget

from dgdesk.ui import colours
from dgdesk.ui.icons import icon_size
from dgdesk.ui.services import Services
from dgdesk.ui.wrapped import Run, WrappedText

TEXT, MARK, FIGURE, STRONG, GREY = (Qt.ItemDataRole.UserRole + number for number in range(1, 6))
"""Roles of an item: its text, its status (of `Progress.status`, or ``""``), the figure, whether bold, whether grey."""

_PAD, _BESIDE = 5, 4
_COLOURS = {
    "not_begun": "skipped",
    "in_progress": "progress",
    "problems": "error",
    "complete": "done",
    "skipped": "skipped",
    "warning": "warning",
}

_WORD = re.compile(r"[!-~]+")

Index = QModelIndex | QPersistentModelIndex


class WrapDelegate(QStyledItemDelegate):
    """Paints the rows of one tree."""

    def __init__(self, services: Services, tree: QTreeWidget) -> None:
        super().__init__(tree)
        self._texts, self._icons = services.texts, services.icons
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
            painter.fillRect(rect, QColor(colours.in_use().chosen))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, QColor(colours.in_use().hover))
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(colours.in_use().focus), 2))
            painter.drawRect(rect.adjusted(1, 1, -1, -1))
        text = self._text(index)
        text.height(self.text_width(index))
        grey = bool(index.data(GREY))
        mark = index.data(MARK) or ""
        if mark:
            self._draw_mark(painter, QPointF(rect.left() + _PAD, rect.top() + _PAD + text.first_line / 2), mark)
        painter.setPen(QColor(colours.in_use().skipped if grey else colours.in_use().text))
        text.draw(painter, QPointF(rect.left() + _PAD + self._mark_room(index), rect.top() + _PAD))
        if figure := index.data(FIGURE):
            painter.setPen(QColor(colours.in_use().hint))
            room = self._figure_room(index)
            line = QRectF(rect.right() - room - _PAD, rect.top() + _PAD, room, text.first_line)
            painter.drawText(line, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), str(figure))
        painter.restore()

    def _draw_mark(self, painter: QPainter, middle: QPointF, status: str) -> None:
        """Draw a status as a shape that also reads without colour: ring, half, exclamation, tick, dash."""
        size, ratio = icon_size(), painter.device().devicePixelRatio()
        colour = colours.named(_COLOURS.get(status, "hint"))
        drawing = self._icons.pixmap(f"status-{status}", size, ratio, colour)
        # on whole device pixels, so that it stays sharp
        top = round((middle.y() - size / 2) * ratio) / ratio
        painter.drawPixmap(QPointF(round(middle.x() * ratio) / ratio, top), drawing)

    def _mark_room(self, index: Index) -> int:
        return icon_size() + _BESIDE if index.data(MARK) else 0

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


def widest_row(texts: Iterable[tuple[str, bool]], font: QFont) -> int:
    """Return the width of a row, in pixels, at which none of these texts (bold or not) breaks inside a Latin word.

    With room for a mark and for "100%".
    """
    bold = QFont(font)
    bold.setWeight(QFont.Weight.DemiBold)
    plain, strong = QFontMetrics(font), QFontMetrics(bold)
    words = [(word, strong if is_strong else plain) for text, is_strong in texts for word in _WORD.findall(text)]
    widest = max((metrics.horizontalAdvance(word) for word, metrics in words), default=0)
    return widest + 2 + 2 * _PAD + icon_size() + _BESIDE + plain.horizontalAdvance("100%") + 10
