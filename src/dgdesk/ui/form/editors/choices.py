"""Editors of single and multiple choices with their follow-ups, of long lists, and of groups of fields."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QComboBox, QCompleter, QHBoxLayout, QVBoxLayout, QWidget

from dgdesk.survey.answers.values import has
from dgdesk.survey.definition.form import Node, is_choice_table, option_address
from dgdesk.survey.definition.models import EvidenceRequest, Option
from dgdesk.text.normalise import fold, tidy
from dgdesk.ui.form.context import EvidenceHolder, PageContext, add_nodes
from dgdesk.ui.form.editors.base import Editor, shown_text
from dgdesk.ui.form.field_parts import NotesBox
from dgdesk.ui.form.two_columns import TwoHeads
from dgdesk.ui.widgets.choice import CheckRow, RadioRow
from dgdesk.ui.widgets.inputs import CalmCombo, LineInput
from dgdesk.ui.widgets.layout import column, show_if
from dgdesk.ui.widgets.text_layout import Run
from dgdesk.ui.widgets.theme import Panel, paint_frame
from dgdesk.ui.widgets.theme_file import SPACE


def option_runs(parts: PageContext, option: Option) -> tuple[Run, ...]:
    """Return the printed line of an option: code, label, hint, the evidence request, the skip."""
    request = option.evidence
    return (
        Run(option.code or "", "code"),
        Run(option.label),
        Run(option.hint, "hint"),
        Run(request.text if request is not None and request.at == "label" else "", "hint"),
        Run(option.skip.text if option.skip is not None else "", "hint"),
        Run(parts.texts.say("ui.own_option") if option.own else "", "own"),
    )


def opened_by(parts: PageContext, position: int, gate: str) -> tuple[int, ...]:
    """Return the positions of the fields that an option (or column) opens."""
    return tuple(at for at in parts.form.children(position) if parts.node(at).gate == gate)


class OpenedFields(Panel):
    """The follow-up questions and the evidence slot of a chosen option or cell.

    ``printed`` says whether the evidence request is printed next to the option.
    """

    def __init__(
        self,
        parts: PageContext,
        position: int,
        option: str,
        request: EvidenceRequest | None,
        parent: QWidget,
        *,
        printed: bool,
    ) -> None:
        super().__init__("opened", parent)
        layout = column(self, SPACE)
        layout.setContentsMargins(3 * SPACE + SPACE // 2, SPACE // 2, 0, SPACE)
        place = None
        if request is not None:
            place = EvidenceHolder(
                parts, option_address(parts.node(position).address, option), request, self, printed=printed
            )
        if place is not None and request is not None and request.at == "label":
            layout.addWidget(place)
        self._holders = list(add_nodes(parts, opened_by(parts, position, option), self, layout))
        if place is not None and request is not None and request.at == "end":
            layout.addWidget(place)


class OptionPart:
    """An option: its button, its notes, and its follow-ups (built when it is first chosen)."""

    def __init__(
        self, parts: PageContext, position: int, option: Option, button: QWidget, owner: QWidget, layout: QVBoxLayout
    ) -> None:
        self._parts, self._position, self._option = parts, position, option
        self._opens = bool(option.fields or option.evidence)
        self._opened: OpenedFields | None = None
        self._owner, self._layout = owner, layout
        layout.addWidget(button)
        self._above = button
        if option.notes:
            self._above = NotesBox(parts.texts, option.notes, owner)
            layout.addWidget(self._above)

    def follow(self, node: Node) -> bool:
        """Show the follow-ups if the option is chosen; return whether it is."""
        chosen = has(self._parts.bridge.value(node.address), self._option.id)
        if chosen and self._opens and self._opened is None:
            request = self._option.evidence
            self._opened = OpenedFields(
                self._parts,
                self._position,
                self._option.id,
                request,
                self._owner,
                printed=request is not None and request.at == "label",
            )
            self._layout.insertWidget(self._layout.indexOf(self._above) + 1, self._opened)
        if self._opened is not None:
            if chosen and not self._opened.isVisibleTo(self._owner):
                self._parts.appear(self._opened)
            show_if(self._opened, chosen)
        return chosen


class SingleEditor(Editor):
    """Radio buttons, each with its follow-ups below it."""

    def __init__(self, parts: PageContext, position: int, parent: QWidget) -> None:
        super().__init__(parts, position, parent)
        layout = column(self, SPACE // 2)
        self.buttons: dict[str, RadioRow] = {}
        self._group = QButtonGroup(self)
        self._options: dict[str, OptionPart] = {}
        for option in self.node.field.options:
            button = RadioRow(parts.texts, option_runs(parts, option), self)
            self.buttons[option.id] = button
            self._options[option.id] = OptionPart(parts, position, option, button, self, layout)
            if not self.editable:
                button.freeze(parts.texts.say("ui.frozen"))
            self._group.addButton(button)
            button.clicked.connect(lambda _=False, chosen=option.id: self._choose(chosen))
        self.refresh()

    def refresh(self) -> None:
        """Show the stored answer."""
        self._group.setExclusive(False)
        for option_id, part in self._options.items():
            self.buttons[option_id].setChecked(part.follow(self.node))
        self._group.setExclusive(True)

    def focus_target(self) -> QWidget:
        """See `Editor`."""
        chosen = self._group.checkedButton()
        return chosen if chosen is not None else next(iter(self.buttons.values()))

    def _choose(self, option: str) -> None:
        if not self.editable:
            return
        if self.parts.bridge.answer(self.address, option):
            self.parts.open_slot(option_address(self.address, option))
        else:
            self.refresh()


class MultipleEditor(Editor):
    """Check boxes, each with its follow-ups below it."""

    def __init__(self, parts: PageContext, position: int, parent: QWidget) -> None:
        super().__init__(parts, position, parent)
        layout = column(self, SPACE // 2)
        self.buttons: dict[str, CheckRow] = {}
        self._options: dict[str, OptionPart] = {}
        for option in self.node.field.options:
            button = CheckRow(parts.texts, option_runs(parts, option), self)
            self.buttons[option.id] = button
            self._options[option.id] = OptionPart(parts, position, option, button, self, layout)
            if not self.editable:
                button.freeze(parts.texts.say("ui.frozen"))
            button.clicked.connect(lambda on, chosen=option.id: self._toggle(chosen, on))
        self.refresh()

    def refresh(self) -> None:
        """Show the stored answer."""
        for option_id, part in self._options.items():
            self.buttons[option_id].setChecked(part.follow(self.node))

    def focus_target(self) -> QWidget:
        """See `Editor`."""
        return next(iter(self.buttons.values()))

    def _toggle(self, option: str, on: bool) -> None:
        if not self.editable:
            return
        if not self.parts.bridge.toggle(self.address, option, on):
            self.refresh()
        elif on:
            self.parts.open_slot(option_address(self.address, option))


class GroupEditor(Editor):
    """The fields of a group, one below the other; under heads if they are the rows of a table."""

    def __init__(self, parts: PageContext, position: int, parent: QWidget) -> None:
        super().__init__(parts, position, parent)
        table = is_choice_table(self.node)
        layout = column(self, 0 if table else 12)
        if table:
            layout.addWidget(TwoHeads(parts.texts, self.node.field.headings, self))
        self._holders = list(add_nodes(parts, parts.form.children(position), self, layout))


STYLED_INDENT = 6
"""Pixels: in dialogs and on the start page the style sheet sets the text of boxes so much further from their frame."""


class _Edge(QWidget):
    """The frame of a combo box over its input box, which covers a line of it where the screen is scaled by 150 %."""

    def __init__(self, combo: QComboBox) -> None:
        super().__init__(combo)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._combo = combo

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_frame(self, of=self._combo)


class _Completer(QCompleter):
    """Finds a name in whatever order its Thai was typed."""

    def splitPath(self, path: str) -> list[str]:
        return [tidy(path)]


class SearchCombo(CalmCombo):
    """A list that can be searched by any part of a name. ``indent``: pixels before the text, besides Qt's own."""

    def __init__(self, labels: list[str], parent: QWidget, indent: int = 0) -> None:
        super().__init__(parent)
        self.setEditable(True)
        self.box = LineInput(self)
        self.setLineEdit(self.box)
        self.box.setTextMargins(indent, 0, 0, 0)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.addItems(labels)
        self.setCurrentIndex(-1)
        completer = self.searched = _Completer(labels, self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.setCompleter(completer)
        self.setMaxVisibleItems(15)
        self.setMinimumWidth(280)
        self._offered = tuple(labels)
        self.box.returnPressed.connect(self._take_first)
        self._edge = _Edge(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._edge.setGeometry(self.rect())
        self._edge.raise_()

    def offer(self, labels: list[str]) -> None:
        """Offer other names; what is typed is cleared."""
        self.clear()
        self.addItems(labels)
        self.setCurrentIndex(-1)
        self.searched.setModel(QStringListModel(labels, self.searched))
        self._offered = tuple(labels)

    def _take_first(self) -> None:
        """Take the first name that matches what is typed; names that begin with it come first."""
        bare, typed = self.box.text().strip().casefold(), fold(self.box.text())
        if self.box.isReadOnly() or not typed or any(label.casefold() == bare for label in self._offered):
            return
        found = [label for label in self._offered if typed in fold(label)]
        if found:
            label = next((one for one in found if fold(one).startswith(typed)), found[0])
            if (popup := self.searched.popup()) is not None:
                popup.hide()
            self.setCurrentIndex(self.findText(label, Qt.MatchFlag.MatchExactly))
            self.box.setText(label)
            self.textActivated.emit(label)


class PickerEditor(Editor):
    """A list of names; a name that is not in the list is stored as typed, and is a problem."""

    def __init__(self, parts: PageContext, position: int, parent: QWidget) -> None:
        super().__init__(parts, position, parent)
        options = self.node.field.options
        self._ids = {option.label: option.id for option in options}
        self._alike = {fold(option.label): option.id for option in options}
        self._labels = {option.id: option.label for option in options}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self.combo = SearchCombo(list(self._ids), self)
        self.combo.box.setPlaceholderText(parts.texts.say("ui.search_list"))
        row.addWidget(self.combo)
        row.addStretch(1)
        self.name(self.combo)
        self.name(self.combo.box)
        if not self.editable:
            self.combo.freeze(parts.texts.say("ui.frozen"))
            self.combo.box.setReadOnly(True)
            self.combo.setCompleter(None)  # type: ignore[arg-type]  # the stubs lack that None removes it
        self.pending = parts.pending(self._write, self)
        self.combo.textActivated.connect(self._chosen)
        # PySide6's stubs lack the choice of an overloaded signal by index
        self.combo.searched.activated[str].connect(self._chosen)  # type: ignore[index]
        self.combo.box.textEdited.connect(self.pending.wait)
        self.combo.box.left.connect(self._leave)
        self.refresh()

    def refresh(self) -> None:
        """Show the stored answer, unless this box has just written it."""
        if not self.pending.writing:
            self.pending.drop()
            stored = shown_text(self.value)
            label = self._labels.get(stored, stored)
            self.combo.setCurrentIndex(self.combo.findText(label, Qt.MatchFlag.MatchExactly))
            self.combo.box.show_text(label)

    def focus_target(self) -> QWidget:
        """See `Editor`."""
        return self.combo

    def boxes(self) -> Sequence[QWidget]:
        """See `Editor`."""
        return (self.combo,)

    def _chosen(self, label: str) -> None:
        # Qt may put the name into the box only after this signal
        self.combo.box.setText(label)
        self.pending.wait()
        self.pending.flush()

    def _write(self) -> bool:
        typed = self.combo.box.text().strip()
        meant = self._ids.get(typed) or self._alike.get(fold(typed), typed)
        return self.parts.bridge.set_answer_from_text(self.address, meant)

    def _leave(self) -> None:
        self.pending.when_released(self._finish)

    def _finish(self) -> None:
        if self.pending.flush():
            self.refresh()
