"""The head and the cells of a matrix. Arrow keys move the focus without choosing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from PySide6.QtCore import QEvent, QPoint, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QSizePolicy, QWidget

from dgdesk.survey.definition.models import Column, Field
from dgdesk.ui.widgets.buttons import PageButton
from dgdesk.ui.widgets.choice import CellRadio
from dgdesk.ui.widgets.label import Texts, WrapLabel
from dgdesk.ui.widgets.layout import column
from dgdesk.ui.widgets.plain import set_tip
from dgdesk.ui.widgets.theme import Panel

Direction = Literal["left", "right", "up", "down", "row_begin", "row_end", "first_row", "last_row"]


def next_cell(direction: Direction, row: int, column: int, rows: int, columns: int) -> tuple[int, int]:
    """Return the row and column that a key leads to; at an edge, the same cell."""
    match direction:
        case "left":
            column -= 1
        case "right":
            column += 1
        case "up":
            row -= 1
        case "down":
            row += 1
        case "row_begin":
            column = 0
        case "row_end":
            column = columns - 1
        case "first_row":
            row = 0
        case "last_row":
            row = rows - 1
    return min(max(row, 0), rows - 1), min(max(column, 0), columns - 1)


_DIRECTIONS: dict[int, tuple[Direction, Direction]] = {
    # plain, with Ctrl
    Qt.Key.Key_Left: ("left", "row_begin"),
    Qt.Key.Key_Right: ("right", "row_end"),
    Qt.Key.Key_Up: ("up", "first_row"),
    Qt.Key.Key_Down: ("down", "last_row"),
    Qt.Key.Key_Home: ("row_begin", "first_row"),
    Qt.Key.Key_End: ("row_end", "last_row"),
}
_HINDERING = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.MetaModifier


class MatrixCell(CellRadio):
    """A cell. ``go`` is called with the direction of the pressed key."""

    def __init__(self, name: str, parent: QWidget, go: Callable[[MatrixCell, Direction], None]) -> None:
        super().__init__(name, parent)
        self._go = go

    def keyPressEvent(self, event: QKeyEvent) -> None:
        directions = None if event.modifiers() & _HINDERING else _DIRECTIONS.get(event.key())
        if directions is not None:
            self._go(self, directions[bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)])
            event.accept()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            event.accept()
        else:
            super().keyPressEvent(event)


_MOST_OF_VIEW = 0.5
"""A head higher than this part of the view does not float: too little would be left for the rows."""


class TableHead(QWidget):
    """The printed column heads.

    ``fill`` returns, for a column that can be answered at once, the function that does it.
    """

    def __init__(
        self,
        texts: Texts,
        field: Field,
        width_of_column: int,
        fill: Callable[[Column], Callable[[], None] | None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._texts, self._width = texts, width_of_column
        self.buttons: dict[tuple[str | None, str], QPushButton] = {}
        layout = column(self, 0)
        if field.headings:
            over = WrapLabel(texts, " ".join(field.headings), "columnhead", self)
            layout.addWidget(self._line("", [(over, len(field.columns))]))
        if field.groups:
            groups = [
                (WrapLabel(texts, group.label, "columnhead", self), sum(one.group == group.id for one in field.columns))
                for group in field.groups
            ]
            layout.addWidget(self._line("", groups))
        questions = {group.id: group.label for group in field.groups}
        heads = [(self._head(one, questions.get(one.group or "", ""), fill(one)), 1) for one in field.columns]
        layout.addWidget(self._line(field.label, heads))

    def _head(self, one: Column, question: str, fill: Callable[[], None] | None) -> QWidget:
        head = QWidget(self)
        inner = column(head, 2)
        inner.addWidget(WrapLabel(self._texts, one.label, "columnhead", head))
        if one.evidence is not None:
            inner.addWidget(WrapLabel(self._texts, one.evidence.text, "columnhint", head))
        inner.addStretch(1)
        for label in head.findChildren(WrapLabel):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        if fill is not None:
            words = self._texts.say("ui.whole_column_of", column=": ".join(filter(None, (question, one.label))))
            button = PageButton(self._texts.say("ui.whole_column"), head)
            button.setObjectName("small")
            button.setAccessibleName(words)
            set_tip(button, self._texts.show(words))
            button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            button.clicked.connect(fill)
            inner.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
            self.buttons[one.group, one.id] = button
        return head

    def _line(self, label: str, heads: Sequence[tuple[QWidget, int]]) -> QWidget:
        frame = Panel("tablehead", self)
        row = QHBoxLayout(frame)
        row.setContentsMargins(8, 6, 4, 6)
        row.setSpacing(0)
        row.addWidget(WrapLabel(self._texts, label, "columnhead", frame), 1)
        for head, span in heads:
            head.setFixedWidth(self._width * span)
            if isinstance(head, WrapLabel):
                head.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
            head.setContentsMargins(3, 0, 3, 0)
            row.addWidget(head)
        return frame


class HeadPlace(QWidget):
    """Reserves the height of the head in the table, and moves the head down while the page is scrolled.

    The head is a sibling that floats above the rows: there is only one, so its buttons work and a screen reader reads
    it once.
    """

    def __init__(self, head: QWidget, table: QWidget) -> None:
        super().__init__(table)
        self._head, self._table = head, table
        self._area: QScrollArea | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        layout = self._head.layout()
        return layout.totalHeightForWidth(width) if layout is not None else 0

    def sizeHint(self) -> QSize:
        return QSize(300, self.heightForWidth(max(self.width(), 300)))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)

    @property
    def covered(self) -> int:
        """Height in pixels that the floating head may cover at the top of the view."""
        return self._head.height() if self._floats() else 0

    def watch(self) -> None:
        """Follow the scrolling of the page that contains the table."""
        if self._area is not None:
            return
        parent = self._table.parentWidget()
        while parent is not None and not isinstance(parent, QScrollArea):
            parent = parent.parentWidget()
        if parent is not None:
            self._area = parent
            parent.verticalScrollBar().valueChanged.connect(self.move_head)
            parent.verticalScrollBar().rangeChanged.connect(self.move_head)
            inner: QWidget | None = self._table
            # a part that opens above moves one of these without any scrolling
            while inner is not None and inner is not parent.viewport():
                inner.installEventFilter(self)
                inner = inner.parentWidget()
        self.move_head()

    def move_head(self) -> None:
        """Move the head to its place, or as far down as the view is scrolled."""
        top = self.y()
        if self._area is not None and self._floats():
            hidden = -self._table.mapTo(self._area.viewport(), QPoint(0, top)).y()
            lowest = self._table.height() - self._head.height() - 2 * self._table.fontMetrics().lineSpacing()
            top = max(top, min(top + hidden, lowest))
        self._head.setGeometry(0, top, self._table.width(), self.height())

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize):
            self.move_head()
        return False

    def _floats(self) -> bool:
        return (
            self._area is not None
            and self._area.viewport().isAncestorOf(self._table)  # a closed page still receives scroll signals
            and not self.isHidden()
            and self._head.height() <= self._area.viewport().height() * _MOST_OF_VIEW
        )
