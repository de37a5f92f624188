"""A row of a matrix: its cells, and below them the follow-ups of the chosen option.

If the table is too narrow for columns, each row is shown as a question of its own, with its options below each other.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from dgdesk.survey.answers.values import has
from dgdesk.survey.definition.form import Node, option_address
from dgdesk.survey.definition.models import Column, EvidenceRequest
from dgdesk.ui.form.context import PageContext, ProblemClass
from dgdesk.ui.form.editors.choices import OpenedFields, opened_by
from dgdesk.ui.form.editors.table_head import Direction, MatrixCell
from dgdesk.ui.form.field_parts import add_notes
from dgdesk.ui.form.problem_line import ProblemLine
from dgdesk.ui.widgets.choice import RadioRow
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.layout import column, show_if
from dgdesk.ui.widgets.text_layout import Run
from dgdesk.ui.widgets.theme import Panel
from dgdesk.ui.widgets.theme_file import SPACE
from dgdesk.ui.widgets.wrong import WrongBorder, mark_around, mark_wrong

Go = Callable[[MatrixCell, Direction], None]
_ROW = 44
"""Estimated height of a row, in pixels."""


class MatrixRow(Panel):
    """A row: its label, a cell for each column, and the follow-ups of the chosen cells."""

    def __init__(self, parts: PageContext, positions: list[int], width_of_column: int, go: Go, table: QWidget) -> None:
        super().__init__("tablerow", table)
        self._parts, self._positions = parts, positions
        self._width_of_column, self._go = width_of_column, go
        self._questions: list[RowQuestion] = []
        self._stacked = False
        if parts.fold.put_off(_ROW, self._build):
            self.setMinimumHeight(_ROW)
        else:
            self._build()

    @property
    def questions(self) -> list[RowQuestion]:
        """The questions of the row; builds them if necessary."""
        self._build()
        return self._questions

    def _build(self) -> None:
        if self._questions:
            return
        parts = self._parts
        node = parts.node(self._positions[0])
        self.setMinimumHeight(0)
        layout = column(self, SPACE // 2)
        layout.setContentsMargins(SPACE, SPACE // 2, SPACE // 2, SPACE // 2)
        line = QHBoxLayout()
        line.setSpacing(0)
        words = QVBoxLayout()
        words.setContentsMargins(0, SPACE // 2, SPACE, SPACE // 2)
        words.setSpacing(SPACE // 2)
        words.addWidget(WrapLabel(parts.texts, node.label, "rowlabel", self))
        words.addStretch(1)
        line.addLayout(words, 1)
        layout.addLayout(line)
        stack = QVBoxLayout()
        stack.setSpacing(SPACE // 2)
        layout.addLayout(stack)
        if node.row is not None and node.row.notes:
            add_notes(parts, node.field.id, node.row.notes, self, layout)
        self._questions = [
            RowQuestion(parts, at, self._width_of_column, self._go, self, line) for at in self._positions
        ]
        for question in self._questions:
            question.add_places(stack, layout)
            if self._stacked:
                question.set_stacked(True)

    @property
    def cells(self) -> list[MatrixCell]:
        """The cells from left to right."""
        return [cell for question in self.questions for cell in question.cells.values()]

    def set_stacked(self, stacked: bool) -> None:
        """Show the options below each other (stacked), or the cells side by side."""
        self._stacked = stacked
        for question in self._questions:
            question.set_stacked(stacked)

    def first_target(self) -> QWidget:
        """The cell to focus."""
        return self.questions[0].go_here()

    def question_of(self, widget: QWidget) -> int | None:
        """Return which question a cell or option belongs to; None if it is another widget."""
        return next((at for at, one in enumerate(self._questions) if one.has(widget)), None)


class RowQuestion:
    """One question of a row: its cells, and the follow-ups of the chosen one."""

    def __init__(
        self, parts: PageContext, position: int, width_of_column: int, go: Go, row: QWidget, line: QHBoxLayout
    ) -> None:
        self._parts, self._position, self.row = parts, position, row
        self.node = parts.node(position)
        self.cells: dict[str, MatrixCell] = {}
        self.options: dict[str, RadioRow] = {}
        self._columns = [one for one in self.node.field.columns if one.group == self.node.group]
        self._question = next((one.label for one in self.node.field.groups if one.id == self.node.group), "")
        self._requests = {one.id: _request(self.node, one) for one in self._columns}
        self._group = QButtonGroup(row)
        self._stacked = False
        for one in self._columns:
            cell = MatrixCell(self._name(one), row, go)
            cell.setFixedWidth(width_of_column)
            line.addWidget(cell)
            self._connect(cell, one)
            self.cells[one.id] = cell
        self._opened: dict[str, OpenedFields] = {}
        self._problem: ProblemLine | None = None
        self._border: WrongBorder | None = None

    def add_places(self, stack: QVBoxLayout, under: QVBoxLayout) -> None:
        """Add empty layouts to the row for options below each other, problems and follow-ups."""
        self._stack, self._under = QVBoxLayout(), under
        self._in_stack: list[QWidget] = []
        self._stack.setSpacing(SPACE // 2)
        stack.addLayout(self._stack)
        self._problems = QVBoxLayout()
        stack.addLayout(self._problems)
        self._parts.add(self.node.address, self)
        self.refresh()

    def refresh(self) -> None:
        """Show the stored answer."""
        value = self._parts.bridge.value(self.node.address)
        self._group.setExclusive(False)
        for option, cell in self.cells.items():
            chosen = has(value, option)
            cell.setChecked(chosen)
            if option in self.options:
                self.options[option].setChecked(chosen)
            if chosen and option not in self._opened and self._opens(option):
                opened = OpenedFields(
                    self._parts,
                    self._position,
                    option,
                    self._requests[option],
                    self.row,
                    printed=not self._has_own(option),
                )
                self._under.addWidget(opened)
                self._opened[option] = opened
            if option in self._opened:
                if chosen and not self._opened[option].isVisibleTo(self.row):
                    self._parts.appear(self._opened[option])
                show_if(self._opened[option], chosen)
        self._group.setExclusive(not self._stacked)
        self._one_stop()

    @property
    def inputs(self) -> list[QWidget]:
        """The buttons that are shown now, in the order of the columns."""
        return list((self.options if self._stacked else self.cells).values())

    def set_stacked(self, stacked: bool) -> None:
        """Show the options below each other (stacked), or the cells side by side; the focus stays at its column."""
        if stacked and not self.options:
            self._make_options()
        held = next((at for at, one in enumerate(self.inputs) if one is self.row.window().focusWidget()), None)
        # one answer cannot have two buttons in the same exclusive group
        self._stacked = stacked
        cells: list[QWidget] = list(self.cells.values())
        coming, going = (self._in_stack, cells) if stacked else (cells, self._in_stack)
        for widget in coming:  # not by itemAt, see ui/widgets/keyboard.py
            show_if(widget, True)
        self.refresh()
        if held is not None:
            with self._parts.laying_out():
                self.inputs[held].setFocus(Qt.FocusReason.OtherFocusReason)
        for widget in going:
            show_if(widget, False)

    def show_problems(self, problems: tuple[str, ...], severity: ProblemClass) -> None:
        """Show problems below the cells."""
        if self._problem is None:
            if not problems:
                return
            self._problem = ProblemLine(self._parts.services, self.row)
            self._problems.addWidget(self._problem)
        self._problem.say(problems, severity)
        cause = "\n".join(problems) if severity == "error" else ""
        self._border = mark_around(self.row, cause, self._border)
        for button in (*self.cells.values(), *self.options.values()):
            mark_wrong(button, cause)
        if problems:
            self._parts.appear(self.row)

    def go_here(self) -> QWidget:
        """Take the focus."""
        buttons: dict[str, QAbstractButton] = dict(self.options if self._stacked else self.cells)
        target = next((one for one in buttons.values() if one.isChecked()), next(iter(buttons.values())))
        target.setFocus(Qt.FocusReason.OtherFocusReason)
        return target

    def has(self, widget: QWidget) -> bool:
        """Return whether a widget is one of its cells or options."""
        return any(widget is one for one in (*self.cells.values(), *self.options.values()))

    def go_to_column(self, number: int) -> None:
        """Take the focus at a column, from 0."""
        buttons: list[QAbstractButton] = list((self.options if self._stacked else self.cells).values())
        buttons[number].setFocus(Qt.FocusReason.TabFocusReason)

    def answer_by_number(self, number: int) -> bool:
        """Answer with a column, from 0; return whether it has that answer now."""
        if number >= len(self._columns):
            return False
        chosen = self._columns[number].id
        if not has(self._parts.bridge.value(self.node.address), chosen):
            self._choose(chosen)
        return has(self._parts.bridge.value(self.node.address), chosen)

    def _make_options(self) -> None:
        texts = self._parts.texts
        if self._question:
            self._put_in_stack(WrapLabel(texts, self._question, "label", self.row))
        self._option_group = QButtonGroup(self.row)
        self._option_group.setExclusive(False)
        for one in self._columns:
            hint = one.evidence.text if one.evidence is not None else ""
            option = RadioRow(texts, (Run(one.label), Run(hint, "hint")), self.row)
            option.setAutoExclusive(False)
            option.setAccessibleName(self._name(one))
            option.clicked.connect(lambda _=False, chosen=one.id: self._choose(chosen))
            if self._parts.bridge.read_only:
                option.freeze(texts.say("ui.frozen"))
            self._put_in_stack(option)
            self.options[one.id] = option

    def _put_in_stack(self, widget: QWidget) -> None:
        self._stack.addWidget(widget)
        self._in_stack.append(widget)

    def _connect(self, cell: MatrixCell, one: Column) -> None:
        if self._parts.bridge.read_only:
            cell.freeze(self._parts.texts.say("ui.frozen"))
        cell.clicked.connect(lambda _=False: self._choose(one.id))
        self._group.addButton(cell)

    def _name(self, one: Column) -> str:
        return ": ".join(filter(None, (self.node.label, self._question, one.label)))

    def _one_stop(self) -> None:
        """Make the question a single Tab stop; arrow keys move inside it."""
        stop = next((cell for cell in self.cells.values() if cell.isChecked()), None)
        for cell in self.cells.values():
            if stop is None:
                stop = cell
            cell.setFocusPolicy(Qt.FocusPolicy.StrongFocus if cell is stop else Qt.FocusPolicy.ClickFocus)

    def _opens(self, option: str) -> bool:
        return self._requests[option] is not None or bool(opened_by(self._parts, self._position, option))

    def _has_own(self, option: str) -> bool:
        """Return whether the cell asks for evidence with a text of its own, which no column head shows."""
        cell = self.node.row.cells.get(option) if self.node.row is not None else None
        return cell is not None and cell.evidence is not None

    def _choose(self, option: str) -> None:
        if self._parts.bridge.read_only:
            return
        # already answered: the click has unchecked the chosen option, which only another option may do
        answered = self._parts.bridge.answer(self.node.address, option)
        if not answered or self._stacked:
            self.refresh()
        if answered:
            self._parts.open_slot(option_address(self.node.address, option))


def _request(node: Node, one: Column) -> EvidenceRequest | None:
    cell = node.row.cells.get(one.id) if node.row is not None else None
    return cell.evidence if cell is not None and cell.evidence is not None else one.evidence
