"""Window, editors: several choices among options."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from dgdesk.ui.editors.base import Editor
from dgdesk.ui.editors.options import OptionPart, option_runs
from dgdesk.ui.parts import Parts
from dgdesk.ui.widgets.choice import CheckRow
from dgdesk.ui.widgets.layout import column


class MultipleEditor(Editor):
    """Check boxes with what they open right under them."""

    def __init__(self, parts: Parts, position: int, parent: QWidget) -> None:
        super().__init__(parts, position, parent)
        layout = column(self, 2)
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
        """Show what is stored."""
        for option_id, part in self._options.items():
            self.buttons[option_id].setChecked(part.follow(self.node))

    def focus_target(self) -> QWidget:
        """See `Editor`."""
        return next(iter(self.buttons.values()))

    def _toggle(self, option: str, on: bool) -> None:
        if self.editable and not self.parts.bridge.toggle(self.address, option, on):
            self.refresh()
