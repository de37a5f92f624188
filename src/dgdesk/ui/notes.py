"""Window, notes: printed remarks, examples and definitions under one heading that folds them away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from dgdesk.survey.definition.models import Note
from dgdesk.survey.definition.texts import joined
from dgdesk.ui.widgets.buttons import PageTool
from dgdesk.ui.widgets.label import Texts, WrapLabel
from dgdesk.ui.widgets.layout import column, show_if
from dgdesk.ui.widgets.theme import Panel

_INDENT = 18


def note_lines(notes: Sequence[Note], depth: int = 0) -> Iterator[tuple[int, str]]:
    """Yield the lines of notes with their depth."""
    for note in notes:
        if note.label or note.text:
            yield depth, joined(note.label, note.text)
        yield from note_lines(note.items, depth + 1 if note.label or note.text else depth)


class NotesBox(Panel):
    """Notes on a quiet ground. ``title`` makes them foldable; ``folded`` says how they begin."""

    def __init__(
        self, texts: Texts, notes: Sequence[Note], parent: QWidget, title: str = "", folded: bool = False
    ) -> None:
        super().__init__("notes", parent)
        layout = column(self, 4)
        layout.setContentsMargins(10, 6, 10, 6)
        self._body = QWidget(self)
        body = column(self._body, 4)
        for depth, line in note_lines(notes):
            label = WrapLabel(texts, line, "note", self._body)
            label.setContentsMargins(depth * _INDENT, 0, 0, 0)
            body.addWidget(label)
        if title:
            self._fold = PageTool(self)
            self._fold.setObjectName("fold")
            self._fold.setAutoRaise(True)
            self._fold.setText(title)
            self._fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            self._fold.clicked.connect(lambda: self._set_open(self._body.isHidden()))
            layout.addWidget(self._fold)
            self._set_open(not folded)
        layout.addWidget(self._body)

    def _set_open(self, is_open: bool) -> None:
        show_if(self._body, is_open)
        self._fold.setArrowType(Qt.ArrowType.DownArrow if is_open else Qt.ArrowType.RightArrow)
