"""Window, editors: several lines of text."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from dgdesk.ui.editors.base import Editor, shown_text
from dgdesk.ui.parts import Parts
from dgdesk.ui.widgets.inputs import LongInput
from dgdesk.ui.widgets.layout import column


class LongTextEditor(Editor):
    """A box that grows with its text."""

    def __init__(self, parts: Parts, position: int, parent: QWidget) -> None:
        super().__init__(parts, position, parent)
        self.input = LongInput(self, parts.texts.breaker)
        self.input.setReadOnly(not self.editable)
        column(self).addWidget(self.input)
        self.name(self.input)
        self._showing = False
        self.pending = parts.pending(self._write, self)
        self.refresh()
        self.input.textChanged.connect(self._typed)
        self.input.left.connect(self._leave)

    def refresh(self) -> None:
        """Show what is stored, unless it is this box that just said so."""
        if not self.pending.writing:
            self.pending.drop()
            self._showing = True
            self.input.show_text(shown_text(self.value))
            self._showing = False

    def focus_target(self) -> QWidget:
        """See `Editor`."""
        return self.input

    def _typed(self) -> None:
        if not self._showing:
            self.pending.touch()

    def _write(self) -> bool:
        return self.parts.bridge.set_answer_from_text(self.address, self.input.toPlainText())

    def _leave(self) -> None:
        self.pending.when_released(self._finish)

    def _finish(self) -> None:
        if self.pending.flush():
            self.refresh()
