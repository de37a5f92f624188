"""The editor of a matrix. Its head stays visible while scrolling; arrow keys move between cells, digits answer."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QMenu, QPushButton, QSizePolicy, QWidget

from dgdesk.survey.definition.models import Column
from dgdesk.survey.rules.bulk_edits import ColumnFill, column_fill, may_fill
from dgdesk.ui.form.context import PageContext
from dgdesk.ui.form.editors.base import Editor
from dgdesk.ui.form.editors.table_head import (
    BriefHead,
    Direction,
    HeadPlace,
    MatrixCell,
    TableHead,
    digit_of,
    next_cell,
)
from dgdesk.ui.form.editors.table_rows import MatrixRow
from dgdesk.ui.widgets.buttons import PageButton, UndoLine
from dgdesk.ui.widgets.context_menu import widen
from dgdesk.ui.widgets.dialogs import ask
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.layout import column, show_if
from dgdesk.ui.widgets.letters import fill_menu
from dgdesk.ui.widgets.theme import Panel
from dgdesk.ui.widgets.theme_file import SPACE

_WIDE, _NARROW, _MANY = 5.5, 4.6, 4
"""Column width, in line heights; the smaller one is for tables with at least this many columns."""
_LEAST_WORDS = 8
"""Least width of the row labels, in line heights: if the columns leave less, the rows are stacked."""


class MatrixEditor(Editor):
    """A matrix. All columns have the same width, so that each row can be laid out by itself."""

    def __init__(self, parts: PageContext, position: int, parent: QWidget) -> None:
        super().__init__(parts, position, parent)
        field, line = self.node.field, self.fontMetrics().lineSpacing()
        width = round((_NARROW if len(field.columns) >= _MANY else _WIDE) * line)
        self._least_width = width * len(field.columns) + _LEAST_WORDS * line
        self.stacked = False
        layout = column(self, 0)
        self.head = TableHead(parts.texts, field, width, self._filler, self._take_back, self)
        self.brief = BriefHead(parts.texts, field, width, self)
        self._place = HeadPlace(self.head, self.brief, self)
        layout.addWidget(self._place)
        self._title = _band(self, WrapLabel(parts.texts, " – ".join((field.label, *field.headings)), "rowheader", self))
        self._title.hide()
        self.fill_button: QPushButton | None = None
        self._filling = False
        self._stacked_done: UndoLine | None = None
        layout.addWidget(self._title)
        positions = iter(parts.form.children(position))
        questions = len(field.groups) or 1
        self._rows: list[MatrixRow] = []
        for row in field.rows:
            if row.header:
                layout.addWidget(_band(self, WrapLabel(parts.texts, row.label, "rowheader", self)))
            else:
                places = [next(positions) for _ in range(questions)]
                self._rows.append(MatrixRow(parts, places, width, self._go, self))
                layout.addWidget(self._rows[-1])
        self.head.raise_()
        self.brief.raise_()
        parts.bridge.changed.connect(self._hide_done)

    @property
    def covered(self) -> int:
        """Height in pixels that the floating head covers at the top of the view."""
        return self._place.covered

    def focus_target(self) -> QWidget:
        """See `Editor`."""
        return self._rows[0].first_target() if self._rows else self

    def minimumSizeHint(self) -> QSize:
        return QSize(200, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        stacked = event.size().width() < self._least_width
        if stacked != self.stacked:
            self.stacked = stacked
            if stacked and self.fill_button is None:
                self._offer_columns()
            show_if(self.head, not stacked)
            show_if(self._place, not stacked)
            show_if(self._title, stacked)
            self._hide_done()
            for row in self._rows:
                row.set_stacked(stacked)
        self._place.move_head()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._place.watch()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let a digit answer the focused row with that column and go down, and Backspace go back up."""
        focus = QApplication.focusWidget()
        at = self._place_of(focus) if focus is not None else None
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.NoModifier
        digit = digit_of(event.text()) if plain else 0
        if at is not None and digit:
            event.accept()
            self._answer(*at, digit - 1)
        elif at is not None and plain and event.key() == Qt.Key.Key_Backspace:
            event.accept()
            if at[0] > 0:
                self._rows[at[0] - 1].questions[at[1]].go_here()
        else:
            super().keyPressEvent(event)

    def fill(self, one: Column) -> None:
        """Answer the required rows with a column at once; asks only if answers would be replaced, which the default
        spares. A line at the place offers undo.
        """
        parts = self.parts
        if not parts.flush():
            return
        state = parts.bridge.state
        found = column_fill(parts.form, state.shown, state.facts.answers, self.position, one)
        say, label = parts.texts.say, one.label
        if not found.all_changed:
            self._say_done(say("ui.column_same", column=label), undoable=False)
            return
        rows = self._rows_to_fill(found, one) if found.other else found.empty
        self._filling = True
        done = bool(rows) and parts.bridge.answer_all(dict.fromkeys(rows, one.id))
        self._filling = False
        if done:
            self._say_done(say("ui.column_done", column=label, count=len(rows)), undoable=True)

    def _rows_to_fill(self, found: ColumnFill, one: Column) -> tuple[str, ...]:
        """Ask what to do with rows that have another answer; return the rows to answer."""
        texts, other = self.parts.texts, len(found.other)
        say = texts.say
        question = next((group.label for group in self.node.field.groups if group.id == one.group), "")
        column = ": ".join(filter(None, (question, one.label)))
        message = say("ui.column_ask", column=column, other=other)
        change = say("ui.column_all", count=len(found.all_changed))
        if not found.empty:
            keep = say("ui.column_keep", other=other)
            return found.other if ask(texts, message, (change, keep), self.window(), default=1) == 0 else ()
        keep = say("ui.column_empty", count=len(found.empty))
        chosen = ask(texts, message, (keep, change, say("ui.cancel")), self.window())
        return (found.empty, found.all_changed, ())[chosen]

    def _answer(self, row: int, question: int, number: int) -> None:
        """Answer a row by the number of the column, and go to the row below."""
        if not self.editable or not self._rows[row].questions[question].answer_by_number(number):
            return
        below, _ = next_cell("down", row, number, len(self._rows), number + 1)
        self._rows[below].questions[question].go_to_column(number)

    def _place_of(self, widget: QWidget) -> tuple[int, int] | None:
        """Return the row and the question in it that a cell or an option belongs to; None for any other widget."""
        for at, row in enumerate(self._rows):
            if row.isAncestorOf(widget):
                question = row.question_of(widget)
                return None if question is None else (at, question)
        return None

    def _say_done(self, words: str, *, undoable: bool) -> None:
        """Show in the head what was done to the rows, with a button that takes it back."""
        line = self._done_line()
        line.show_removed(words, self.parts.texts.say("ui.column_take_back"))
        show_if(line.button, undoable)
        self._place.updateGeometry()

    def _done_line(self) -> UndoLine:
        if not self.stacked:
            return self.head.done
        if self._stacked_done is None:
            self._stacked_done = UndoLine(self.parts.texts, self._take_back, self._title)
            if (layout := self._title.layout()) is not None:
                layout.addWidget(self._stacked_done)
        return self._stacked_done

    def _take_back(self) -> None:
        """Undo what the line is about; the focus goes to where it was asked for."""
        if self.parts.flush() and self.parts.bridge.undo():
            target = self.fill_button if self.stacked else next(iter(self.head.buttons.values()), None)
            if target is not None:
                target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _hide_done(self, _: object = None) -> None:
        """After another change, hide the line: undo would revert that change instead."""
        if self._filling:
            return
        for line in (self.head.done, self._stacked_done):
            if line is not None and not line.isHidden():
                show_if(line, False)
                self._place.updateGeometry()

    def _offer_columns(self) -> None:
        """When rows are stacked, offer a button for what the column heads offer otherwise."""
        if not any(self._filler(one) for one in self.node.field.columns):
            return
        texts = self.parts.texts
        self.fill_button = button = PageButton(texts.say("ui.whole_column_stacked"), self._title)
        button.setAccessibleName(
            texts.say("ui.whole_column_named", table=self.node.field.label or self.node.code or "")
        )
        button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        button.clicked.connect(self._show_columns)
        layout = self._title.layout()
        if layout is not None:
            layout.addWidget(button)

    def columns_menu(self) -> QMenu:
        """Return the menu of the columns that can be answered at once."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        questions = {group.id: group.label for group in self.node.field.groups}
        fills = [(one, fill) for one in self.node.field.columns if (fill := self._filler(one)) is not None]
        cut = self.parts.texts.cut
        words = [": ".join(filter(None, (cut(questions.get(one.group or "", "")), cut(one.label)))) for one, _ in fills]
        fill_menu(menu, [(name, fill) for name, (_, fill) in zip(words, fills, strict=True)])
        widen(menu)
        return menu

    def _show_columns(self) -> None:
        if self.fill_button is not None:
            self.columns_menu().popup(self.fill_button.mapToGlobal(self.fill_button.rect().bottomLeft()))

    def _filler(self, one: Column) -> Callable[[], None] | None:
        if not self.editable or not may_fill(self.parts.form, self.position, one):
            return None
        return lambda: self.fill(one)

    def _go(self, cell: MatrixCell, direction: Direction) -> None:
        row = next(at for at, one in enumerate(self._rows) if one.isAncestorOf(cell))
        cells = self._rows[row].cells
        to_row, to_column = next_cell(direction, row, cells.index(cell), len(self._rows), len(cells))
        self._rows[to_row].cells[to_column].setFocus(Qt.FocusReason.TabFocusReason)


def _band(owner: QWidget, inside: QWidget) -> Panel:
    frame = Panel("rowband", owner)
    layout = column(frame)
    layout.setContentsMargins(SPACE, SPACE // 2, SPACE, SPACE // 2)
    layout.addWidget(inside)
    return frame
