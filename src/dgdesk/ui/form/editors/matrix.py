"""The editor of a matrix. Its head stays visible while scrolling; arrow keys move between cells."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QWidget

from dgdesk.survey.definition.models import Column
from dgdesk.survey.rules.bulk_edits import column_fill, may_fill
from dgdesk.ui.form.context import PageContext
from dgdesk.ui.form.editors.base import Editor
from dgdesk.ui.form.editors.table_head import Direction, HeadPlace, MatrixCell, TableHead, next_cell
from dgdesk.ui.form.editors.table_rows import MatrixRow
from dgdesk.ui.widgets.buttons import PageButton
from dgdesk.ui.widgets.context_menu import widen
from dgdesk.ui.widgets.dialogs import ask, tell
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.layout import column, show_if
from dgdesk.ui.widgets.plain import deal_keys
from dgdesk.ui.widgets.theme import Panel

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
        self.head = TableHead(parts.texts, field, width, self._filler, self)
        self._place = HeadPlace(self.head, self)
        layout.addWidget(self._place)
        self._title = _band(self, WrapLabel(parts.texts, " – ".join((field.label, *field.headings)), "rowheader", self))
        self._title.hide()
        self.fill_button: QPushButton | None = None
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
            for row in self._rows:
                row.set_stacked(stacked)
        self._place.move_head()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._place.watch()

    def fill(self, one: Column) -> None:
        """Answer a whole column at once, after asking with the number of changed rows; one undo reverts it."""
        parts, texts = self.parts, self.parts.texts
        if not parts.flush():
            return
        state = parts.bridge.state
        found = column_fill(parts.form, state.shown, state.facts.answers, self.position, one)
        say, label = texts.say, one.label
        if not found.all_changed:
            tell(texts, say("ui.column_same", column=label), self.window())
            return
        choices: list[tuple[str, tuple[str, ...]]] = []
        if found.empty:
            choices.append((say("ui.column_empty", count=len(found.empty)), found.empty))
        if found.other:
            choices.append((say("ui.column_all", count=len(found.all_changed)), found.all_changed))
        question = next((group.label for group in self.node.field.groups if group.id == one.group), "")
        message = say(
            "ui.column_ask",
            column=": ".join(filter(None, (question, label))),
            empty=len(found.empty),
            other=len(found.other),
            same=len(found.same),
        )
        chosen = ask(texts, message, (*(words for words, _ in choices), say("ui.cancel")), self.window())
        if chosen < len(choices):
            parts.bridge.answer_all(dict.fromkeys(choices[chosen][1], one.id))

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
        for keyed, (_, fill) in zip(deal_keys(words), fills, strict=True):
            menu.addAction(keyed, fill)
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
    layout.setContentsMargins(8, 6, 8, 6)
    layout.addWidget(inside)
    return frame
