"""Window, editors: what all have in common."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtWidgets import QWidget

from dgdesk.answers.values import Unread, Value
from dgdesk.ui.parts import Parts
from dgdesk.ui.stacked import Stacked


class Editor(Stacked):
    """Shows and takes the answer of one node."""

    def __init__(self, parts: Parts, position: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.parts = parts
        self.position = position
        self.node = parts.node(position)
        self.address = self.node.address

    @property
    def value(self) -> Value | None:
        """The stored answer."""
        return self.parts.bridge.value(self.address)

    @property
    def editable(self) -> bool:
        """Whether the draft takes changes."""
        return not self.parts.bridge.read_only

    def name(self, widget: QWidget) -> None:
        """Give an input the question's words, for screen readers."""
        field = self.node.field
        label = " ".join(part for part in (self.node.code, self.node.label or field.hint) if part)
        widget.setAccessibleName(label or self._owner_label())
        widget.setAccessibleDescription(" ".join(part for part in (field.unit, field.hint) if part))

    def refresh(self) -> None:
        """Show what is stored; those without an answer of their own have nothing to show."""

    def focus_target(self) -> QWidget:
        """The widget that takes the focus when a person is led here."""
        return self

    def _owner_label(self) -> str:
        at = self.node.parent
        while at >= 0:
            node = self.parts.node(at)
            option = next((one for one in node.field.options if one.id == self.node.gate), None)
            if label := (option.label if option is not None else "") or node.label:
                return label
            at = node.parent
        return self.address


def shown_text(value: Value | None) -> str:
    """Return an answer as it stands in a box."""
    match value:
        case str():
            return value
        case Decimal():
            return f"{value:f}"
        case Unread():
            return value.text
    return ""
