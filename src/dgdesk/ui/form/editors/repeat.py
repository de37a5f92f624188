"""The editor of a repeat: items with their fields and evidence slots."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from dgdesk.survey.answers.values import items_of
from dgdesk.survey.definition.form import in_item
from dgdesk.survey.rules.numbering import seen_number
from dgdesk.ui.form.context import EvidenceHolder, PageContext, ProblemClass, add_nodes
from dgdesk.ui.form.editors.base import Editor
from dgdesk.ui.form.wording import item_name
from dgdesk.ui.widgets.buttons import PageButton, PageTool, UndoLine
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.layout import column, show_if
from dgdesk.ui.widgets.plain import set_tip
from dgdesk.ui.widgets.theme import Panel
from dgdesk.ui.widgets.theme_file import SPACE


class RepeatItem(Panel):
    """One item: its fields, its evidence slot, and buttons to move and remove it.

    The buttons stand at its head, but the Tab key comes to them last: a person enters an item to fill it.
    """

    def __init__(self, parts: PageContext, position: int, editor: RepeatEditor) -> None:
        super().__init__("item", editor)
        self.node = parts.node(position)
        self._editor = editor
        self.key = self.node.item or ""
        grid = QGridLayout(self)
        grid.setContentsMargins(SPACE + SPACE // 2, SPACE, SPACE + SPACE // 2, SPACE)
        grid.setSpacing(SPACE)
        grid.setColumnStretch(0, 1)
        layout, bar = QVBoxLayout(), QHBoxLayout()
        layout.setSpacing(SPACE)
        self.number = 0
        self._head = WrapLabel(parts.texts, "", "itemhead", self)
        self.up = self._arrow(Qt.ArrowType.UpArrow, "Alt+Up", -1)
        self.down = self._arrow(Qt.ArrowType.DownArrow, "Alt+Down", 1)
        self.remove = _button(self, parts.texts.say("ui.remove"), "", lambda: editor.remove(self.key))
        for button in (self.up, self.down, self.remove):
            bar.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
            show_if(button, editor.editable)
        # The Tab order is that of the layout, in which the buttons come last.
        grid.addWidget(self._head, 0, 0)
        grid.addLayout(layout, 1, 0, 1, 2)
        grid.addLayout(bar, 0, 1)
        self._holders = list(add_nodes(parts, parts.form.children(position), self, layout))
        request = self.node.field.evidence
        if request is not None:
            layout.addWidget(EvidenceHolder(parts, self.node.address, request, self, printed=False))
        parts.add(self.node.address, self)
        self.follow_order()

    def refresh(self) -> None:
        """Do nothing: an item has no answer of its own."""

    def show_problems(self, problems: tuple[str, ...], severity: ProblemClass) -> None:
        """Do nothing: problems of an item are shown at its fields and its evidence slot."""

    def go_here(self) -> QWidget:
        """Focus the first field."""
        parts = self._editor.parts
        parts.build_until(parts.node(self._first()).address)
        part = parts.by_address.get(parts.node(self._first()).address)
        return part.go_here() if part is not None else self

    def follow_order(self) -> None:
        """Show the present number of the item, also in accessible names."""
        parts = self._editor.parts
        number = seen_number(parts.form, parts.bridge.state.facts.answers, self.node)
        if number is None or number == self.number:  # of a removed item the number it had is said
            return
        first, self.number = self.number == 0, number
        say = parts.texts.say
        self._head.set_text(item_name(say, number, self.node.field.first_number))
        for button, code, keys in (
            (self.up, "ui.item_up", " (Alt+Up)"),
            (self.down, "ui.item_down", " (Alt+Down)"),
            (self.remove, "ui.item_remove", ""),
        ):
            words = say(code, number=number)
            button.setAccessibleName(words)
            set_tip(button, words + keys)
        if not first:  # a new item already has its number
            at = parts.form.position[self.node.address]
            for inside in parts.form.nodes[at : self.node.end]:
                renumber = getattr(parts.by_address.get(inside.address), "renumber", None)
                if renumber is not None:
                    renumber()
                for slot in inside.slots:
                    if slot.id in parts.places:
                        parts.places[slot.id].refresh()

    def enable_moves(self, up: bool, down: bool) -> None:
        """Enable the buttons that can move the item; at either end, the focus stays in the item."""
        held = self.up if self.up.hasFocus() else self.down if self.down.hasFocus() else None
        self.up.setEnabled(up)
        self.down.setEnabled(down)
        if held is not None and not held.isEnabled():
            (self.down if held is self.up else self.up).setFocus(Qt.FocusReason.OtherFocusReason)

    def _arrow(self, arrow: Qt.ArrowType, keys: str, by: int) -> QToolButton:
        """Create a button that moves the item; ``keys`` do the same from anywhere inside the item."""
        button = PageTool(self)
        button.setArrowType(arrow)
        button.setFixedSize(34, 30)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.clicked.connect(lambda: self._editor.shift(self.key, by))
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(lambda: self._editor.shift(self.key, by))
        return button

    def _first(self) -> int:
        return self._editor.parts.form.position[self.node.address] + 1


class RepeatEditor(Editor):
    """Items in the user's order, with a button to add one while the form allows more."""

    def __init__(self, parts: PageContext, position: int, parent: QWidget) -> None:
        super().__init__(parts, position, parent)
        texts = parts.texts
        self._layout = layout = column(self, SPACE)
        if self.node.field.headings:
            layout.addWidget(WrapLabel(texts, " · ".join(self.node.field.headings), "hint", self))
        self.items: dict[str, RepeatItem] = {}
        self._list = QVBoxLayout()
        self._list.setSpacing(SPACE)
        layout.addLayout(self._list)
        self.add = PageButton(texts.say("ui.add_item"), self)
        self.add.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        show_if(self.add, self.editable)
        self.add.clicked.connect(self._add)
        self._full = WrapLabel(texts, texts.say("ui.items_full", most=len(self.node.options)), "hint", self)
        self._removing = False
        self.removed: UndoLine | None = None
        parts.bridge.changed.connect(self._hide_undo)
        layout.addWidget(self.add)
        layout.addWidget(self._full)
        self.refresh()

    def refresh(self) -> None:
        """Show the stored items in their order."""
        keys = items_of(self.node, self.value)
        for key in keys:
            if key not in self.items:
                at = self.parts.form.position[in_item(self.address, key)]
                self.items[key] = RepeatItem(self.parts, at, self)
                self.parts.appear(self.items[key])
        for key, item in self.items.items():
            show_if(item, key in keys)
        for place, key in enumerate(keys):
            item = self.items[key]
            if self._list.indexOf(item) != place:
                self._list.removeWidget(item)
                self._list.insertWidget(place, item)
            item.follow_order()
            item.enable_moves(place > 0, place < len(keys) - 1)
        full = len(keys) >= len(self.node.options)
        self.add.setEnabled(not full)
        show_if(self._full, full)

    def shift(self, key: str, by: int) -> None:
        """Move an item up or down."""
        keys = items_of(self.node, self.value)
        to = keys.index(key) + by
        if self.editable and 0 <= to < len(keys) and self.parts.flush():
            self.parts.bridge.move_item(self.address, key, to)

    def remove(self, key: str) -> None:
        """Remove an item; a button in its place offers undo until the next change."""
        keys = items_of(self.node, self.value)
        self._removing = True
        done = self.parts.flush() and self.parts.bridge.remove_item(self.address, key)
        self._removing = False
        if done:
            say = self.parts.texts.say
            self._undo_line().show_removed(
                say("ui.item_gone", number=self.items[key].number), say("ui.item_bring_back")
            )
            after = [one for one in keys if one != key]
            if after:
                self.items[after[min(keys.index(key), len(after) - 1)]].go_here()
            else:
                self.add.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_target(self) -> QWidget:
        """The first field of the first item: an untouched repeat has one."""
        keys = items_of(self.node, self.value)
        return self.items[keys[0]].go_here() if keys else self.add

    def _bring_back(self) -> None:
        if self.parts.flush() and self.parts.bridge.undo():
            self.add.setFocus(Qt.FocusReason.OtherFocusReason)

    def _hide_undo(self, _: object) -> None:
        """After another change, remove the undo button: undo would revert that change instead."""
        if not self._removing and self.removed is not None:
            show_if(self.removed, False)

    def _undo_line(self) -> UndoLine:
        if self.removed is None:
            self.removed = UndoLine(self.parts.texts, self._bring_back, self)
            self._layout.insertWidget(self._layout.indexOf(self.add), self.removed)
        return self.removed

    def _add(self) -> None:
        before = set(items_of(self.node, self.value))
        if self.parts.flush() and self.parts.bridge.add_item(self.address):
            for key in items_of(self.node, self.value):
                if key not in before:
                    self.items[key].go_here()


def _button(owner: QWidget, text: str, name: str, action: Callable[[], None]) -> QPushButton:
    button = PageButton(text, owner)
    button.setObjectName("small")
    button.setAccessibleName(name)
    set_tip(button, name)
    button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    button.clicked.connect(action)
    return button
