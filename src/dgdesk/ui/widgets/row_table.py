"""A table whose rows are as high as their wrapped texts, with as many columns as its width allows."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Iterable
from typing import Any, Final, Generic

from PySide6.QtCore import QItemSelectionModel, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPolygonF,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QTableView,
    QWidget,
)

from dgdesk.text.clusters import ZERO_WIDTH_SPACE
from dgdesk.ui.widgets import colours
from dgdesk.ui.widgets.buttons import paint_ring_on
from dgdesk.ui.widgets.row_model import ModelRow, RowColumn, RowModel
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.text_layout import Run, TextLayout
from dgdesk.ui.widgets.texts import NEW_LINE
from dgdesk.ui.widgets.theme import thin_bars
from dgdesk.ui.widgets.wrap_delegate import CELL_PAD, CellDelegate, ModelIndex, bold_of, status_width

_PIECES: Final = re.compile(f"[ {ZERO_WIDTH_SPACE}{NEW_LINE}]+")
_ABOVE: Final = re.compile("[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]")
"""Marks above and below a Thai letter, which need no width."""
_MOST_PIECES = 24
"""Number of longest words, by letters, whose width is measured."""
_ARROW: Final = 14
"""Width of the sort arrow in a head, in pixels."""
_ALONE: Final = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
_MANY: Final = 600
"""A longer list is measured only where it is looked at; a row out of sight has the height of an ordinary one."""
_SAMPLE: Final = 9
_STEP = 0.008
"""Seconds spent at a time on measuring rows out of sight, so that the window stays responsive."""


class RowTable(QTableView, Generic[ModelRow]):
    """The view of a `RowModel`.

    ``taken`` is emitted on Enter or a double click; ``sort_wanted`` carries the first key of the clicked column.
    """

    taken = Signal()
    moved = Signal()
    sort_wanted = Signal(str)

    def __init__(self, services: Services, listed: RowModel[ModelRow], parent: QWidget) -> None:
        super().__init__(parent)
        thin_bars(self)
        self._texts = services.texts
        self.listed = listed
        self._waiting: list[int] = []
        self._widths_of: tuple[object, str] = ((), "")
        self._widths: dict[str, int] = {}
        self._steps = QTimer(self)
        self._steps.setInterval(0)
        self._steps.timeout.connect(self._step)
        self.head = Head(services, listed, self)
        self.setModel(self.listed)
        self.setHorizontalHeader(self.head)
        self.cells = CellDelegate(services, self)
        self.setItemDelegate(self.cells)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setShowGrid(False)
        self.setWordWrap(True)
        self.setMouseTracking(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(1)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(3 * self.fontMetrics().height())
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Highlight, QColor(colours.in_use().chosen))
        palette.setColor(QPalette.ColorRole.HighlightedText, QColor(colours.in_use().text))
        self.setPalette(palette)
        self.doubleClicked.connect(lambda _: self.taken.emit())
        self.head.sectionClicked.connect(lambda at: self.sort_wanted.emit(self.listed.columns[at][0]))
        self.listed.dataChanged.connect(lambda *_: self.fit())
        self.setMinimumHeight(2 * self.fontMetrics().height())

    @property
    def current(self) -> ModelRow | None:
        """The current row."""
        at = self.currentIndex().row()
        return self.listed.rows[at] if 0 <= at < len(self.listed.rows) else None

    def show_rows(self, rows: Iterable[ModelRow], sorted_by: tuple[str, bool]) -> None:
        """Show rows in the order ``sorted_by`` (key, descending); the current row stays current if it is there."""
        chosen, (key, descending) = self.current, sorted_by
        self.head.sorted_by = sorted_by
        if self.listed.show_rows(self.listed.in_order(rows, key, descending=descending)):
            self.fit()
            at = self.listed.number_of(self.listed.key_of(chosen)) if chosen is not None else None
            if at is not None:
                self.go_to_row(at)
            elif self.listed.rows:
                self.setCurrentIndex(self.listed.index(0, 0))
                self.scrollToTop()
        self.head.viewport().update()

    def fit(self) -> None:
        """Choose the columns that fit the width and measure the visible rows; the other rows follow when idle."""
        if not self.isVisible():
            return  # it has no width of its own yet; it gets it with a resize event, before it is painted
        whole = self.viewport().width()
        level, least = self._level(whole)
        if level != self.listed.level:
            at = self.currentIndex().row()
            self.listed.show_level(level)
            if at >= 0:
                self.setCurrentIndex(self.listed.index(at, 0))
        for column, width in enumerate(self.listed.widths(least, whole)):
            self.setColumnWidth(column, width)
        self.head.fit()
        self._waiting = [] if self._is_long else list(range(len(self.listed.rows)))[::-1]
        self._measure_in_sight()
        if self._is_long:
            self._steps.stop()
            self._guess_the_rest()
        elif self._waiting:
            self._steps.start()

    @property
    def _is_long(self) -> bool:
        return len(self.listed.rows) > _MANY

    def _guess_the_rest(self) -> None:
        """Give the rows out of sight the height of those in sight, so that little moves when they come into sight."""
        first = max(self.rowAt(0), 0)
        heights = sorted(self.rowHeight(at) for at in range(first, min(first + _SAMPLE, len(self.listed.rows))))
        usual = heights[len(heights) // 2]
        if self.verticalHeader().defaultSectionSize() != usual:
            self.verticalHeader().setDefaultSectionSize(usual)
            self._measure_in_sight()

    def finish(self) -> None:
        """Measure every row now; of a long list those in sight."""
        if self._is_long:
            self._measure_in_sight()
            return
        while self._waiting:
            self._measure(self._waiting.pop())
        self._steps.stop()

    def go_to_row(self, at: int) -> None:
        """Make a row current and scroll to it."""
        if self.isVisible():
            self.finish()
        index = self.listed.index(at, 0)
        self.selectionModel().setCurrentIndex(index, _ALONE)  # setCurrentIndex() would look at the keys held down
        self.scrollTo(index)
        if self.isVisible() and self._is_long:
            self._measure_in_sight()  # where it is now
            self.scrollTo(index)

    def currentChanged(self, current: ModelIndex, previous: ModelIndex) -> None:
        super().currentChanged(current, previous)
        self.viewport().update()
        self.moved.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.taken.emit()
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End) and self.listed.rows:
            self.go_to_row(0 if key == Qt.Key.Key_Home else len(self.listed.rows) - 1)
        else:
            self.finish()
            super().keyPressEvent(event)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        if self._is_long:
            self._steps.start()  # what comes into sight is measured after this event
        elif self._waiting:
            self.finish()
        super().scrollContentsBy(dx, dy)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.fit()
        elif self._waiting:
            self._measure_in_sight()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus() and not self.currentIndex().isValid():
            paint_ring_on(self.viewport(), QColor(colours.in_use().focus))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.fit()

    def sizeHint(self) -> QSize:
        return QSize(900, 420)

    def _level(self, width: int) -> tuple[int, list[int]]:
        """Return the number of the column list that fits, and the least width of each column: no word breaks at it."""
        widths = self._least_widths()
        bold = QFontMetrics(bold_of(self.font()))
        for level, columns in enumerate(self.listed.levels):
            least = [max(*(widths[key] for key in column), self._head_width(column, bold)) for column in columns]
            if sum(least) <= width:
                return level, least
        # nothing fits: one column, whose longest word breaks
        return len(self.listed.levels) - 1, [width]

    def _least_widths(self) -> dict[str, int]:
        """Return the width of the longest word of each key, in pixels, with its status icon."""
        seen = (self.listed.measured, self.font().toString())
        if self._widths_of != seen:
            self._widths_of, self._widths = seen, {key: self._least(key) for key in self.listed.keys}
        return self._widths

    def _least(self, key: str) -> int:
        metrics = self.fontMetrics()
        words = set(self.listed.measured_words(key))
        pieces = {piece for each in words for piece in _PIECES.split(self._texts.show(each))}
        longest = sorted(pieces, key=lambda piece: len(_ABOVE.sub("", piece)), reverse=True)[:_MOST_PIECES]
        widest = max((metrics.horizontalAdvance(piece) for piece in longest), default=0)
        # in a column of several keys each cell has the status icon next to it
        beside = status_width(key in self.listed.beside)
        return math.ceil(widest) + beside + 2 * CELL_PAD + 2

    def _head_width(self, column: RowColumn, metrics: QFontMetrics) -> int:
        words = _PIECES.split(self._texts.show(self.listed.head_words(column)))
        return max(math.ceil(metrics.horizontalAdvance(word)) for word in words) + _ARROW + 2 * CELL_PAD + 2

    def _measure_in_sight(self) -> None:
        height = self.viewport().height()
        at = first = max(self.rowAt(0), 0)
        found = 0
        while at < len(self.listed.rows) and found <= height:
            found += self._measure(at)
            at += 1
        if not self._is_long:
            self._waiting = sorted(set(self._waiting).difference(range(first, at)), reverse=True)

    def _measure(self, at: int) -> int:
        height = 0
        for column in range(len(self.listed.columns)):
            mark = bool(self.listed.mark(at, column))
            height = max(height, self.cells.height(self.listed.words(at, column), self.columnWidth(column), mark))
        self.setRowHeight(at, height)
        return height

    def _step(self) -> None:
        if self._is_long:
            self._steps.stop()
            self._measure_in_sight()
            return
        until = time.perf_counter() + _STEP
        while self._waiting and time.perf_counter() < until:
            self._measure(self._waiting.pop())
        if not self._waiting:
            self._steps.stop()


class Head(QHeaderView):
    """The wrapped column heads; the head of the sorted column has an arrow."""

    def __init__(self, services: Services, listed: RowModel[Any], table: QTableView) -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self._texts, self._listed, self._table = services.texts, listed, table
        self.sorted_by: tuple[str, bool] = ("", False)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(1)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def fit(self) -> None:
        """Set the height to that of the highest head."""
        columns = range(self._listed.columnCount())
        heights = [self._text(at).height(self.sectionSize(at) - 2 * CELL_PAD - _ARROW) for at in columns]
        self.setFixedHeight(max(heights, default=0) + 2 * CELL_PAD)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        place = QRectF(rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(place, QColor(colours.in_use().tablehead))
        painter.fillRect(
            QRectF(place.left(), place.bottom() - 1, place.width(), 1), QColor(colours.in_use().tablehead_line)
        )
        painter.setPen(QColor(colours.in_use().text))
        text = self._text(logicalIndex)
        text.draw(painter, place.topLeft() + QPointF(CELL_PAD, CELL_PAD), place.width() - 2 * CELL_PAD - _ARROW)
        key, descending = self.sorted_by
        if key in self._listed.columns[logicalIndex]:
            x, y = place.right() - _ARROW, place.top() + CELL_PAD + text.first_line / 2
            tip = 4 if descending else -4
            painter.setBrush(QColor(colours.in_use().code))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawPolygon(QPolygonF([QPointF(x, y - tip), QPointF(x + 9, y - tip), QPointF(x + 4.5, y + tip)]))
        painter.restore()

    def _text(self, at: int) -> TextLayout:
        words = self._listed.head_words(self._listed.columns[at])
        return self._texts.layout((Run(words),), bold_of(self._table.font()))
