"""Window, editors: one line of text: text, url, email, phone, number, percent."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from dgdesk.ui.editors.base import Editor, shown_text
from dgdesk.ui.parts import Parts
from dgdesk.ui.widgets.inputs import LineInput
from dgdesk.ui.widgets.label import WrapLabel

_WIDTHS = {"number": 150, "percent": 110, "phone": 240}
_EXAMPLES = {"url": "https://www.example.go.th", "email": "name@example.go.th", "phone": "02-123-4567"}


class LineEditor(Editor):
    """One line, with its unit behind it."""

    def __init__(self, parts: Parts, position: int, parent: QWidget) -> None:
        super().__init__(parts, position, parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self.input = LineInput(self)
        self.input.setPlaceholderText(_EXAMPLES.get(self.node.kind, ""))
        self.input.setReadOnly(not self.editable)
        if width := _WIDTHS.get(self.node.kind):
            self.input.setFixedWidth(width)
        if self.node.kind in ("number", "percent"):
            self.input.setAlignment(Qt.AlignmentFlag.AlignRight)
        row.addWidget(self.input)
        field = self.node.field
        unit = field.unit or ("%" if self.node.kind == "percent" else "")
        if unit:
            row.addWidget(WrapLabel(parts.texts, " ".join(filter(None, (unit, field.hint))), "unit", self), 1)
        elif self.node.kind in _WIDTHS:
            row.addStretch(1)
        self.name(self.input)
        self.pending = parts.pending(self._write, self)
        self.input.textEdited.connect(self.pending.touch)
        self.input.left.connect(self._leave)
        self.refresh()

    def refresh(self) -> None:
        """Show what is stored, unless it is this box that just said so."""
        if not self.pending.writing:
            self.pending.drop()
            self.input.show_text(shown_text(self.value))

    def focus_target(self) -> QWidget:
        """See `Editor`."""
        return self.input

    def _write(self) -> bool:
        return self.parts.bridge.set_answer_from_text(self.address, self.input.text())

    def _leave(self) -> None:
        self.pending.when_released(self._finish)

    def _finish(self) -> None:
        if self.pending.flush():
            self.refresh()
