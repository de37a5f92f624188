"""The flag of a question that somebody is not sure about, with its note: a line at the head of the question."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from dgdesk.survey.rules.places import full_name
from dgdesk.system.bounds import LONGEST_LINE
from dgdesk.ui.form.context import PageContext
from dgdesk.ui.widgets.buttons import PageButton
from dgdesk.ui.widgets.icons import status_pixmap
from dgdesk.ui.widgets.inputs import LineInput
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.layout import show_if
from dgdesk.ui.widgets.plain import plain_label, set_tip
from dgdesk.ui.widgets.theme_file import SPACE


class FlagLine(QWidget):
    """The flag, a box for its note, and a button that takes it away; hidden while the question has no flag.

    ``leave`` is called when the button has taken the flag away: it moves the focus back to the question.
    """

    def __init__(self, parts: PageContext, address: str, leave: Callable[[], object], parent: QWidget) -> None:
        super().__init__(parent)
        self._parts, self._address, self._leave = parts, address, leave
        texts, say = parts.texts, parts.texts.say
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE)
        mark = plain_label("", self)
        mark.setPixmap(status_pixmap(parts.services.icons, "flag", self.devicePixelRatio()))
        mark.setAccessibleName(say("ui.flag"))
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignVCenter)
        words = WrapLabel(texts, say("ui.flag"), "unit", self)
        words.setWordWrap(False)
        row.addWidget(words, 0, Qt.AlignmentFlag.AlignVCenter)
        self.input = LineInput(self)
        self.input.setMaxLength(LONGEST_LINE)
        self.input.setPlaceholderText(say("ui.flag.note"))
        answers = parts.bridge.state.facts.answers
        where = full_name(parts.form, address, None, answers).line(texts.cut, 60)
        self.input.setAccessibleName(say("ui.flag.note_of", where=where))
        set_tip(self.input, texts.show(say("ui.flag.about")))
        self.input.setReadOnly(parts.bridge.read_only)
        row.addWidget(self.input, 1)
        self.remove = PageButton(say("ui.flag.remove"), self)
        self.remove.setObjectName("small")
        self.remove.setAccessibleName(say("ui.card.unflag", where=where))
        self.remove.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.remove.clicked.connect(self.take_away)
        row.addWidget(self.remove)
        show_if(self.remove, not parts.bridge.read_only)
        self.pending = parts.pending(self._write, self)
        self.input.textEdited.connect(lambda _: self.pending.touch())
        self.input.left.connect(lambda: self.pending.when_released(self._save))
        self.refresh()

    def refresh(self) -> None:
        """Show the stored note, unless this box has just written it; hide the line if there is no flag."""
        note = self._note
        if not self.pending.writing:
            self.pending.drop()
            self.input.show_text(note or "")
        show_if(self, note is not None)

    def take_away(self) -> None:
        """Take the flag away with its note; one undo brings both back."""
        if self.pending.flush() and self._parts.bridge.flag(self._address, None):
            self._leave()

    def _save(self) -> None:
        self.pending.flush()

    @property
    def _note(self) -> str | None:
        return self._parts.bridge.state.facts.flags.get(self._address)

    def _write(self) -> bool:
        return self._note is None or self._parts.bridge.flag(self._address, self.input.text())
