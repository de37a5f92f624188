"""A question on the page: head, notes, editor, problems."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from dgdesk.survey.definition.form import Node, is_choice_table, option_of
from dgdesk.survey.rules.bulk_edits import clearable
from dgdesk.survey.rules.numbering import label_now
from dgdesk.ui.form.context import PageContext, ProblemClass, SlotWidget
from dgdesk.ui.form.editors import make_editor
from dgdesk.ui.form.field_parts import add_notes, may_be_cleared
from dgdesk.ui.form.flag_line import FlagLine
from dgdesk.ui.form.problem_line import ProblemLine
from dgdesk.ui.form.two_columns import TwoColumns
from dgdesk.ui.widgets.context_menu import MoreButton
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.layout import column, show_if
from dgdesk.ui.widgets.theme import Badge, Panel
from dgdesk.ui.widgets.theme_file import SPACE


class FieldView(Panel):
    """A field with all that is printed for it.

    What is pasted or dropped anywhere in a question is attached at its evidence slot, if it has one to take it.
    """

    _said: WrapLabel | None = None
    _more: MoreButton | None = None
    _over: SlotWidget | None = None
    flag_line: FlagLine | None = None

    def __init__(self, parts: PageContext, position: int, parent: QWidget) -> None:
        self.node = parts.node(position)
        in_table = self.node.parent >= 0 and is_choice_table(parts.node(self.node.parent))
        super().__init__("card" if self.node.parent < 0 else "tablerow" if in_table else "field", parent)
        field = self.node.field
        layout = column(self, SPACE)
        if self.node.parent < 0:
            layout.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        self._parts, self._under_head = parts, 0
        if in_table:
            layout.setContentsMargins(SPACE, SPACE, SPACE, SPACE)
            columns = TwoColumns(self)
            layout.addWidget(columns)
            self._head(columns.left, narrow=True)
            columns.left.addStretch(1)
            layout = columns.right
        else:
            self._head(layout)
        self._under_head = layout.count()
        add_notes(parts, field.id, field.notes, self, layout, self.node.address)
        self.editor = make_editor(parts, position, self)
        layout.addWidget(self.editor)
        self._layout: QVBoxLayout = layout
        self._problem: ProblemLine | None = None
        add_notes(parts, field.id, field.notes_after, self, layout, f"{self.node.address} after")
        parts.add(self.node.address, self)
        self.setAcceptDrops(self.node.parent < 0 and not parts.bridge.read_only)
        self.follow_answer()
        self.show_flag()

    def refresh(self) -> None:
        """Show the stored answer."""
        self.editor.refresh()
        self.follow_answer()

    def follow_answer(self) -> None:
        """Show the menu of a choice inside a question while there is an answer to clear; a card always has its menu."""
        if self._more is not None and self.node.parent >= 0:
            bridge = self._parts.bridge
            show_if(self._more, bool(clearable(bridge.form, bridge.state.facts.answers, self.node.address)))

    def show_flag(self) -> None:
        """Show the flag of the question with its note, or hide it."""
        if self.flag_line is None:
            if self.node.address not in self._parts.bridge.state.facts.flags:
                return
            self.flag_line = FlagLine(self._parts, self.node.address, self.go_here, self)
            self._layout.insertWidget(self._under_head, self.flag_line)
        self.flag_line.refresh()

    def renumber(self) -> None:
        """Show the present number of the item that contains the field."""
        if self._said is not None:
            self._said.set_text(self._label())
        self.editor.rename()

    def show_problems(self, problems: tuple[str, ...], severity: ProblemClass) -> None:
        """Show problems below the field, and mark its input if one of them says that the value is wrong."""
        self.editor.mark_wrong("\n".join(problems) if severity == "error" else "")
        if self._problem is None:
            if not problems:
                return
            self._problem = ProblemLine(self._parts.services, self)
            self._layout.insertWidget(self._layout.indexOf(self.editor) + 1, self._problem)
        self._problem.say(problems, severity)
        if problems:
            self._parts.appear(self)

    def go_here(self) -> QWidget:
        """Take the focus."""
        target = self.editor.focus_target()
        target.setFocus(Qt.FocusReason.OtherFocusReason)
        return target if target is not self.editor else self

    def paste_files(self, at: QWidget) -> bool:
        """Attach what is on the clipboard at the slot nearest to ``at``; see `TakesFiles`."""
        place = self._parts.slot_near(at, self)
        if place is None:
            return False
        place.paste()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste) and self.paste_files(QApplication.focusWidget() or self):
            event.accept()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._hold_over(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._hold_over(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._let_go()

    def dropEvent(self, event: QDropEvent) -> None:
        self._hold_over(event)
        place = self._over
        self._let_go()
        if place is not None:
            place.take(event.mimeData())

    def _hold_over(self, event: QDropEvent) -> None:
        """Show at which slot the dragged files would be attached; refuse them if there is none."""
        at = self.childAt(event.position().toPoint()) or self
        place = self._parts.slot_near(at, self)
        if place is not None and not place.takes(event.mimeData()):
            place = None
        if place is not self._over:
            self._let_go()
            self._over = place
        if place is None:
            event.ignore()
            return
        place.hold(True)
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()

    def _let_go(self) -> None:
        if self._over is not None:
            self._over.hold(False)
            self._over = None

    def _head(self, layout: QVBoxLayout, narrow: bool = False) -> None:
        """Add code, label, hint and buttons; in a ``narrow`` column the words have the whole width below the code."""
        texts, field = self._parts.texts, self.node.field
        code = self._code_to_show(self.node)
        label = self._label() if self.node.kind != "matrix" else ""
        hint = field.hint if not field.unit else ""
        has_menu = self.node.parent < 0 or may_be_cleared(self._parts, self.node)
        if not (code or label or hint or has_menu):
            return
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        if code:
            row.addWidget(Badge(code, self), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(SPACE // 2)
        if label:
            self._said = WrapLabel(texts, label, "question" if self.node.parent < 0 else "label", self)
            words.addWidget(self._said)
        if hint:
            words.addWidget(WrapLabel(texts, hint, "hint", self))
        if narrow:
            row.addStretch(1)
        else:
            row.addLayout(words, 1)
        if has_menu:
            self._more = MoreButton(texts.say("ui.card.menu"), texts.say("ui.card.menu_tip"), self)
            row.addWidget(self._more, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(row)
        if narrow:
            layout.addLayout(words)

    def _label(self) -> str:
        bridge = self._parts.bridge
        return label_now(bridge.form, bridge.state.facts.answers, self.node)

    def _code_to_show(self, node: Node) -> str | None:
        """Return the code, unless the option that opens the field already shows it."""
        if node.code is None or node.parent < 0 or node.gate is None:
            return node.code
        option = option_of(self._parts.node(node.parent), node.gate)
        return node.code if option is None or option.code != node.code else None


def make_field(parts: PageContext, position: int, parent: QWidget) -> QWidget:
    """Create the view of the field at a position."""
    return FieldView(parts, position, parent)
