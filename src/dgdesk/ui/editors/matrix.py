"""Window, editors: a table of choices: heads, rows, and under a row what its chosen cell opens."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from dgdesk.answers.values import has
from dgdesk.definition.form import Node
from dgdesk.definition.models import Column, EvidenceRequest
from dgdesk.ui.choice import CellRadio
from dgdesk.ui.editors.base import Editor
from dgdesk.ui.editors.options import Opened, opened_by
from dgdesk.ui.looks import Panel
from dgdesk.ui.notes import NotesBox
from dgdesk.ui.parts import Parts, column, show_if
from dgdesk.ui.text import WrapLabel

_WIDE, _NARROW, _MANY = 130, 108, 4


class MatrixEditor(Editor):
    """The table. Columns have one width, so that rows can be laid out each by itself."""

    def __init__(self, parts: Parts, position: int, parent: QWidget) -> None:
        super().__init__(parts, position, parent)
        self.width_of_column = _NARROW if len(self.node.field.columns) >= _MANY else _WIDE
        layout = column(self, 0)
        self._heads(layout)
        positions = iter(parts.form.children(position))
        questions = len(self.node.field.groups) or 1
        self._rows: list[TableRow] = []
        for row in self.node.field.rows:
            if row.header:
                layout.addWidget(_line(self, WrapLabel(parts.texts, row.label, "rowheader", self), "rowband"))
            else:
                places = [next(positions) for _ in range(questions)]
                self._rows.append(TableRow(parts, places, self))
                layout.addWidget(self._rows[-1])

    def focus_target(self) -> QWidget:
        """See `Editor`."""
        return self._rows[0].first_target() if self._rows else self

    def _heads(self, layout: QVBoxLayout) -> None:
        field, texts = self.node.field, self.parts.texts
        if field.headings:
            over = WrapLabel(texts, " ".join(field.headings), "columnhead", self)
            layout.addWidget(self._head_row("", [(over, len(field.columns))]))
        if field.groups:
            groups = [
                (WrapLabel(texts, group.label, "columnhead", self), sum(one.group == group.id for one in field.columns))
                for group in field.groups
            ]
            layout.addWidget(self._head_row("", groups))
        layout.addWidget(self._head_row(field.label, [(self._column_head(one), 1) for one in field.columns]))

    def _column_head(self, one: Column) -> QWidget:
        head = QWidget(self)
        inner = column(head, 2)
        inner.addWidget(WrapLabel(self.parts.texts, one.label, "columnhead", head))
        if one.evidence is not None:
            inner.addWidget(WrapLabel(self.parts.texts, one.evidence.text, "columnhint", head))
        inner.addStretch(1)
        for label in head.findChildren(WrapLabel):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        return head

    def _head_row(self, label: str, heads: Sequence[tuple[QWidget, int]]) -> QWidget:
        frame = Panel("tablehead", self)
        row = QHBoxLayout(frame)
        row.setContentsMargins(8, 6, 4, 6)
        row.setSpacing(0)
        row.addWidget(WrapLabel(self.parts.texts, label, "columnhead", frame), 1)
        for head, span in heads:
            head.setFixedWidth(self.width_of_column * span)
            if isinstance(head, WrapLabel):
                head.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
            head.setContentsMargins(3, 0, 3, 0)
            row.addWidget(head)
        return frame


class TableRow(Panel):
    """A row: its label, a cell for every column, and under them what the chosen cells open."""

    def __init__(self, parts: Parts, positions: list[int], table: MatrixEditor) -> None:
        super().__init__("tablerow", table)
        node = parts.node(positions[0])
        layout = column(self, 2)
        layout.setContentsMargins(8, 2, 4, 2)
        line = QHBoxLayout()
        line.setSpacing(0)
        words = QVBoxLayout()
        words.setContentsMargins(0, 6, 8, 6)
        words.setSpacing(4)
        words.addWidget(WrapLabel(parts.texts, node.label, "rowlabel", self))
        words.addStretch(1)
        line.addLayout(words, 1)
        layout.addLayout(line)
        if node.row is not None and node.row.notes:
            layout.addWidget(NotesBox(parts.texts, node.row.notes, self))
        self.questions = [RowQuestion(parts, at, table, self, line, layout) for at in positions]

    def first_target(self) -> QWidget:
        """The cell that takes the focus."""
        return self.questions[0].go_here()


class RowQuestion:
    """One question of a row: its cells, and what the chosen one opens."""

    def __init__(
        self,
        parts: Parts,
        position: int,
        table: MatrixEditor,
        row: QWidget,
        line: QHBoxLayout,
        under: QVBoxLayout,
    ) -> None:
        self._parts, self._position, self._row = parts, position, row
        self.node = parts.node(position)
        self.cells: dict[str, CellRadio] = {}
        self._group = QButtonGroup(row)
        self._requests: dict[str, EvidenceRequest | None] = {}
        columns = [one for one in self.node.field.columns if one.group == self.node.group]
        question = next((one.label for one in self.node.field.groups if one.id == self.node.group), "")
        for one in columns:
            cell = CellRadio(": ".join(filter(None, (self.node.label, question, one.label))), row)
            cell.setFixedWidth(table.width_of_column)
            cell.setEnabled(table.editable)
            cell.clicked.connect(lambda _=False, chosen=one.id: self._choose(chosen))
            self._group.addButton(cell)
            line.addWidget(cell)
            self.cells[one.id] = cell
            self._requests[one.id] = _request(self.node, one)
        self._opened: dict[str, Opened] = {}
        self._under = under
        self._problem: WrapLabel | None = None
        parts.add(self.node.address, self)
        self.refresh()

    def refresh(self) -> None:
        """Show what is stored."""
        value = self._parts.bridge.value(self.node.address)
        self._group.setExclusive(False)
        for option, cell in self.cells.items():
            chosen = has(value, option)
            cell.setChecked(chosen)
            if chosen and option not in self._opened and self._opens(option):
                opened = Opened(
                    self._parts,
                    self._position,
                    option,
                    self._requests[option],
                    self._row,
                    printed=not self._has_own(option),
                )
                self._under.addWidget(opened)
                self._opened[option] = opened
            if option in self._opened:
                show_if(self._opened[option], chosen)
        self._group.setExclusive(True)

    def show_problems(self, problems: tuple[str, ...], severity: str) -> None:
        """Show what is wrong under the row."""
        if self._problem is None:
            if not problems:
                return
            self._problem = WrapLabel(self._parts.texts, "", "error", self._row)
            self._under.insertWidget(1, self._problem)
        self._problem.set_text("\n".join(problems))
        self._problem.setVisible(bool(problems))

    def go_here(self) -> QWidget:
        """Take the focus."""
        target = self._group.checkedButton() or next(iter(self.cells.values()))
        target.setFocus(Qt.FocusReason.OtherFocusReason)
        return target

    def _opens(self, option: str) -> bool:
        return self._requests[option] is not None or bool(opened_by(self._parts, self._position, option))

    def _has_own(self, option: str) -> bool:
        """Whether the cell asks for evidence in words of its own, which no column head shows."""
        cell = self.node.row.cells.get(option) if self.node.row is not None else None
        return cell is not None and cell.evidence is not None

    def _choose(self, option: str) -> None:
        if not self._parts.bridge.answer(self.node.address, option):
            self.refresh()


def _request(node: Node, one: Column) -> EvidenceRequest | None:
    cell = node.row.cells.get(one.id) if node.row is not None else None
    return cell.evidence if cell is not None and cell.evidence is not None else one.evidence


def _line(owner: QWidget, inside: QWidget, name: str) -> Panel:
    frame = Panel(name, owner)
    column(frame).setContentsMargins(8, 6, 8, 6)
    layout = frame.layout()
    if layout is not None:
        layout.addWidget(inside)
    return frame
