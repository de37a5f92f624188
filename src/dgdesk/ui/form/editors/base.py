"""The base class of the editors."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import partial

from PySide6.QtWidgets import QWidget

from dgdesk.survey.answers.values import UnreadValue, Value
from dgdesk.survey.rules.numbering import label_now
from dgdesk.text.digits import format_number
from dgdesk.ui.form.context import PageContext
from dgdesk.ui.widgets.inputs import LongInput
from dgdesk.ui.widgets.layout import Stacked
from dgdesk.ui.widgets.wrong import WrongBorder, mark_around, mark_wrong


class Editor(Stacked):
    """Shows and changes the answer of one node."""

    def __init__(self, parts: PageContext, position: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.parts = parts
        self.position = position
        self.node = parts.node(position)
        self.address = self.node.address
        self._named: list[QWidget] = []
        self._wrong = ""
        self._border: WrongBorder | None = None

    @property
    def value(self) -> Value | None:
        """The stored answer."""
        return self.parts.bridge.value(self.address)

    @property
    def editable(self) -> bool:
        """Whether the draft can be changed."""
        return not self.parts.bridge.read_only

    def name(self, widget: QWidget) -> None:
        """Set the accessible name of an input to the words of the question."""
        field = self.node.field
        self._named.append(widget)
        widget.setAccessibleName(self._words())
        widget.setAccessibleDescription(" ".join(part for part in (field.unit, field.hint) if part))

    def rename(self) -> None:
        """Update the accessible names: the number of the item they are in has changed."""
        for widget in self._named:
            widget.setAccessibleName(self._words())

    def boxes(self) -> Sequence[QWidget]:
        """The input boxes, which show a wrong value by their own border; none if there are buttons to choose from."""
        return ()

    def mark_wrong(self, cause: str) -> None:
        """Mark the value as wrong, with its cause; an empty cause takes the mark away."""
        if cause == self._wrong:
            return
        self._wrong = cause
        boxes = self.boxes()
        for box in boxes or (self.focus_target(),):
            (box.mark if isinstance(box, LongInput) else partial(mark_wrong, box))(cause)
        if not boxes:
            self._border = mark_around(self, cause, self._border)

    def refresh(self) -> None:
        """Show the stored answer; nothing to do for editors without an answer of their own."""

    def focus_target(self) -> QWidget:
        """The widget to focus when the user is led here."""
        return self

    def _words(self) -> str:
        bridge = self.parts.bridge
        label = label_now(bridge.form, bridge.state.facts.answers, self.node)
        return " ".join(part for part in (self.node.code, label or self.node.field.hint) if part) or self._owner_label()

    def _owner_label(self) -> str:
        at = self.node.parent
        while at >= 0:
            node = self.parts.node(at)
            option = next((one for one in node.field.options if one.id == self.node.gate), None)
            if label := (option.label if option is not None else "") or node.label:
                return label
            at = node.parent
        return self.address


def read_text(value: Value | None) -> str:
    """Return an answer as text for a box that is only read: numbers have commas between thousands."""
    return format_number(value) if isinstance(value, Decimal) else shown_text(value)


def shown_text(value: Value | None) -> str:
    """Return an answer as text for a box."""
    match value:
        case str():
            return value
        case Decimal():
            return f"{value:f}"
        case UnreadValue():
            return value.text
    return ""
