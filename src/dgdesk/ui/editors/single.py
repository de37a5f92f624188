"""Window, editors: one choice among options."""

from __future__ import annotations

from PySide6.QtWidgets import QButtonGroup, QWidget

from dgdesk.ui.editors.base import Editor
from dgdesk.ui.editors.options import OptionPart, option_runs
from dgdesk.ui.parts import Parts
from dgdesk.ui.widgets.choice import RadioRow
from dgdesk.ui.widgets.layout import column


class SingleEditor(Editor):
    """Radio buttons with what they open right under them."""

    def __init__(self, parts: Parts, position: int, parent: QWidget) -> None:
        super().__init__(parts, position, parent)
        layout = column(self, 2)
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
        """Show what is stored."""
        self._group.setExclusive(False)
        for option_id, part in self._options.items():
            self.buttons[option_id].setChecked(part.follow(self.node))
        self._group.setExclusive(True)

    def focus_target(self) -> QWidget:
        """See `Editor`."""
        chosen = self._group.checkedButton()
        return chosen if chosen is not None else next(iter(self.buttons.values()))

    def _choose(self, option: str) -> None:
        if self.editable and not self.parts.bridge.answer(self.address, option):
            self.refresh()
