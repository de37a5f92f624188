"""Parts of a question on the page: the button that clears the answer, and the printed notes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dgdesk.survey.definition.form import Node
from dgdesk.survey.definition.models import Note, NoteKind
from dgdesk.survey.definition.notes import is_repeat, parted, resolved
from dgdesk.survey.definition.texts import joined
from dgdesk.survey.rules.bulk_edits import table_below
from dgdesk.ui.form.context import PageContext
from dgdesk.ui.widgets.buttons import PageTool
from dgdesk.ui.widgets.label import Texts, WrapLabel
from dgdesk.ui.widgets.layout import column, show_if
from dgdesk.ui.widgets.theme import Panel
from dgdesk.ui.widgets.theme_file import SPACE

_CHOSEN = frozenset({"single", "multiple", "matrix", "month_year"})
"""Question kinds whose answer cannot be cleared by deleting text."""


def may_be_cleared(parts: PageContext, node: Node) -> bool:
    """Return whether a choice inside a question has a menu of its own, which clears it."""
    if parts.bridge.read_only or node.parent < 0 or node.kind not in _CHOSEN:
        return False
    # the menu of the question clears a table right below its head
    outer = parts.node(node.parent)
    return outer.parent >= 0 or table_below(parts.form, node.parent) != parts.form.position[node.address]


_INDENT = 18


_ROLES: Mapping[NoteKind, str] = {
    **{"heading": "rowheader", "question": "label", "definition": "text", "instruction": "text"},
    **{"example": "note", "note": "note"},
}
"""The style of each kind of note: remarks and examples are small and pale."""


def note_lines(notes: Sequence[Note], depth: int = 0) -> Iterator[tuple[int, NoteKind, str]]:
    """Yield the lines of notes with their true kinds: their depth, kind and text."""
    for note in notes:
        if note.label or note.text:
            yield depth, note.kind, joined(note.label, note.text)
        yield from note_lines(note.items, depth + 1 if note.label or note.text else depth)


def add_notes(
    parts: PageContext, field: str, notes: Sequence[Note], owner: QWidget, layout: QVBoxLayout, at: str = ""
) -> None:
    """Add the notes of a field in printed order: what continues the question as the question is, others in a box.

    ``at`` names the notes of one place of the page, for boxes that were opened before.

    A box whose notes were all printed with an earlier question is folded: most repeat the same remark thirty times.
    """
    texts = parts.texts
    for number, (is_part, run) in enumerate(parted(notes)):
        if is_part:
            add_lines(texts, run, owner, layout)
        elif is_repeat(run, field, parts.form.note_owners):
            box = NotesBox(texts, run, owner, texts.say("ui.notes_repeated"), folded=True)
            box.remember(parts.folds, f"{at or field} {number}")
            layout.addWidget(box)
        else:
            layout.addWidget(NotesBox(texts, run, owner))


def add_lines(texts: Texts, notes: Sequence[Note], owner: QWidget, layout: QVBoxLayout) -> None:
    """Add the lines of notes in the styles of their kinds."""
    for depth, kind, line in note_lines(resolved(notes)):
        label = WrapLabel(texts, line, _ROLES[kind], owner)
        label.setContentsMargins(depth * _INDENT, 0, 0, 0)
        layout.addWidget(label)


class NotesBox(Panel):
    """Notes on a plain background. With ``title`` they can be folded; ``folded`` is the first state."""

    def __init__(
        self, texts: Texts, notes: Sequence[Note], parent: QWidget, title: str = "", folded: bool = False
    ) -> None:
        super().__init__("notes", parent)
        layout = column(self, SPACE // 2)
        layout.setContentsMargins(SPACE, SPACE, SPACE, SPACE)
        self._body = QWidget(self)
        body = column(self._body, SPACE // 2)
        add_lines(texts, notes, self._body, body)
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

    def remember(self, folds: dict[str, bool], key: str) -> None:
        """Open or fold the box as it was left before, and write every later change into ``folds`` as ``key``."""
        self._set_open(folds.get(key, not self._body.isHidden()))
        self._fold.clicked.connect(lambda: folds.update({key: not self._body.isHidden()}))

    def _set_open(self, is_open: bool) -> None:
        show_if(self._body, is_open)
        self._fold.setArrowType(Qt.ArrowType.DownArrow if is_open else Qt.ArrowType.RightArrow)
