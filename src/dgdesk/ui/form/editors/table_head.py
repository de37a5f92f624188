"""The head and the cells of a matrix, and what its keys mean. Arrow keys move the focus without choosing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from PySide6.QtCore import QEvent, QPoint, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QSizePolicy, QWidget

from dgdesk.survey.definition.models import Column, Field
from dgdesk.text.digits import to_arabic
from dgdesk.ui.widgets.buttons import PageButton, UndoLine
from dgdesk.ui.widgets.choice import CellRadio
from dgdesk.ui.widgets.label import Texts, WrapLabel
from dgdesk.ui.widgets.layout import column
from dgdesk.ui.widgets.plain import set_tip
from dgdesk.ui.widgets.theme import Panel
from dgdesk.ui.widgets.theme_file import SPACE

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
MOST_BY_DIGIT = 9
"""A digit answers with one of so many columns."""


def column_numbers(field: Field) -> tuple[int, ...]:
    """Return the number of each column within its question, from 1: the digit that answers a row with it."""
    counts: dict[str | None, int] = {}
    numbers = []
    for one in field.columns:
        counts[one.group] = counts.get(one.group, 0) + 1
        numbers.append(counts[one.group])
    return tuple(numbers)


def digit_of(text: str) -> int:
    """Return the digit from 1 to 9 that a key types, Thai or Arabic; 0 for any other text."""
    arabic = to_arabic(text)
    return int(arabic) if len(text) == 1 and arabic in "123456789" else 0


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


_MOST_OF_VIEW = 0.25
"""A head higher than this part of the view does not float: too little would be left for the rows."""
_BRIEF = 36
"""Most letters of a column in the brief head."""


class TableHead(QWidget):
    """The printed column heads. ``done`` offers undo after a column was answered; it is hidden otherwise.

    ``fill`` returns, for a column that can be answered at once, the function that does it; ``undo`` takes that back.
    """

    def __init__(
        self,
        texts: Texts,
        field: Field,
        width_of_column: int,
        fill: Callable[[Column], Callable[[], None] | None],
        undo: Callable[[], None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._texts, self._width = texts, width_of_column
        self.done = UndoLine(texts, undo, self)
        self.done.hide()
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
        numbers = column_numbers(field)
        heads = [
            (self._head(one, questions.get(one.group or "", ""), number, fill(one)), 1)
            for one, number in zip(field.columns, numbers, strict=True)
        ]
        label = QWidget(self)
        inner = column(label, SPACE // 2)
        inner.addWidget(WrapLabel(texts, field.label, "columnhead", label))
        inner.addWidget(self.done)
        inner.addStretch(1)
        layout.addWidget(self._line("", heads, label))

    def _head(self, one: Column, question: str, number: int, fill: Callable[[], None] | None) -> QWidget:
        head = QWidget(self)
        tips = [self._texts.say("ui.column_key", number=number)] if number <= MOST_BY_DIGIT else []
        if fill is None:
            tips.append(self._texts.say("ui.column_not_at_once"))
        set_tip(head, self._texts.show("\n".join(tips)))
        inner = column(head, SPACE // 2)
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

    def _line(self, label: str, heads: Sequence[tuple[QWidget, int]], at_left: QWidget | None = None) -> QWidget:
        frame = Panel("tablehead", self)
        row = QHBoxLayout(frame)
        _lay_heads(row, at_left or WrapLabel(self._texts, label, "columnhead", frame), heads, self._width)
        return frame


class BriefHead(Panel):
    """The column heads in a few words; floats above the rows where the printed ones are too high for that."""

    def __init__(self, texts: Texts, field: Field, width_of_column: int, parent: QWidget) -> None:
        super().__init__("tablehead", parent)
        questions = {group.id: group.label for group in field.groups}
        heads: list[tuple[QWidget, int]] = []
        for one in field.columns:
            words = ": ".join(filter(None, (texts.cut(questions.get(one.group or "", ""), 12), one.label)))
            head = WrapLabel(texts, texts.cut(words, _BRIEF), "columnhead", self)
            set_tip(head, texts.show(one.label))
            heads.append((head, 1))
        label = WrapLabel(texts, texts.cut(field.label, 2 * _BRIEF), "columnhead", self)
        _lay_heads(QHBoxLayout(self), label, heads, width_of_column)
        self.hide()


def _lay_heads(row: QHBoxLayout, label: QWidget, heads: Sequence[tuple[QWidget, int]], width: int) -> None:
    """Lay out a label and heads, each over as many columns as its number says."""
    row.setContentsMargins(SPACE, SPACE // 2, SPACE // 2, SPACE // 2)
    row.setSpacing(0)
    row.addWidget(label, 1)
    for head, span in heads:
        head.setFixedWidth(width * span)
        if isinstance(head, WrapLabel):
            head.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        head.setContentsMargins(SPACE // 2, 0, SPACE // 2, 0)
        row.addWidget(head)


class HeadPlace(QWidget):
    """Reserves the height of the head in the table, and moves the head down while the page is scrolled.

    The head is a sibling that floats above the rows: there is only one, so its buttons work and a screen reader reads
    it once. A head that is too high for that stays, and ``brief`` floats in its stead.
    """

    def __init__(self, head: QWidget, brief: QWidget, table: QWidget) -> None:
        super().__init__(table)
        self._head, self._brief, self._table = head, brief, table
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
        """Height in pixels that a floating head may cover at the top of the view."""
        if not self._may_float():
            return 0
        return self._head.height() if self._fits(self._head.height()) else self._brief.height()

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
        """Move the head, or the brief one, to its place, or as far down as the view is scrolled."""
        top, width, high = self.y(), self._table.width(), self.height()
        self._head.setGeometry(0, top, width, high)
        if not self._may_float() or self._area is None:
            self._brief.hide()
            return
        down = top - self._table.mapTo(self._area.viewport(), QPoint(0, top)).y()
        if self._fits(high):
            self._brief.hide()
            self._head.move(0, max(top, min(down, self._lowest(high))))
            return
        layout = self._brief.layout()
        brief = layout.totalHeightForWidth(width) if layout is not None else 0
        brief = min(brief, round(self._area.viewport().height() * _MOST_OF_VIEW))
        self._brief.setGeometry(0, min(down, self._lowest(brief)), width, brief)
        self._brief.setVisible(down > top + high - brief)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize):
            self.move_head()
        return False

    def _lowest(self, high: int) -> int:
        """Return how far down a head of a height may float: it leaves with the last row."""
        return self._table.height() - high - 2 * self._table.fontMetrics().lineSpacing()

    def _may_float(self) -> bool:
        return (
            self._area is not None
            and self._area.viewport().isAncestorOf(self._table)  # a closed page still receives scroll signals
            and not self.isHidden()
        )

    def _fits(self, high: int) -> bool:
        return self._area is not None and high <= self._area.viewport().height() * _MOST_OF_VIEW
