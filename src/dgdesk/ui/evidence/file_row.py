"""One attachment at a slot: its file, its key passage, and the buttons to open and remove it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QGridLayout, QSizePolicy, QWidget

from dgdesk.errors import DgdeskError
from dgdesk.evidence import media
from dgdesk.evidence.inspection.endings import ACCEPTED, label_of
from dgdesk.evidence.inspection.outcome import issues_of
from dgdesk.evidence.limits import in_units
from dgdesk.survey.answers.attachments import Attachment, pages_of
from dgdesk.survey.rules.codes import full_code
from dgdesk.survey.rules.evidence_overview import label_of as words_of
from dgdesk.text.normalise import tidy
from dgdesk.ui.evidence.attach_dialog import offers
from dgdesk.ui.evidence.passage_line import PassageLine, passage_state
from dgdesk.ui.form.context import PageContext
from dgdesk.ui.widgets.buttons import PageButton
from dgdesk.ui.widgets.dialogs import tell
from dgdesk.ui.widgets.inputs import LineInput
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.layout import FlowLayout, column, show_if
from dgdesk.ui.widgets.theme import Panel

_MOST_PLACES = 6


class _PlaceBox(LineInput):
    """An input of the row. Files and pictures dropped on it or pasted into it (``pasted``) go to the slot."""

    pasted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAcceptDrops(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste) and offers(QApplication.clipboard().mimeData()):
            self.pasted.emit()
        else:
            super().keyPressEvent(event)


class FileRow(Panel):
    """One file: name, facts, key passage, and buttons to open and remove it.

    ``remove_asked`` carries the attachment; ``pasted`` is emitted when something other than text is pasted into an
    input.
    """

    remove_asked = Signal(object)
    pasted = Signal()

    def __init__(self, parts: PageContext, slot: str, attachment: Attachment, parent: QWidget) -> None:
        super().__init__("file", parent)
        self._parts, self._slot, self._attachment = parts, slot, attachment
        say = parts.texts.say
        read_only = parts.bridge.read_only
        self._layout = layout = column(self, 6)
        layout.setContentsMargins(8, 6, 8, 6)
        self._name = WrapLabel(parts.texts, "", "filename", self)
        layout.addWidget(self._name)
        self._facts = WrapLabel(parts.texts, "", "hint", self)
        markable = attachment.media_type in media.MARKABLE and not read_only
        self.open = self._button("ui.file.open_mark" if markable else "ui.file.open")
        self.open.clicked.connect(self._open)
        self.remove = self._button("ui.detach")
        self.remove.clicked.connect(self._ask_to_remove)
        layout.addWidget(self._facts)
        # below the facts, and one below the other if need be: large text is too wide for more in one line
        buttons = QWidget(self)
        row = FlowLayout(buttons)
        row.addWidget(self.open)
        row.addWidget(self.remove)
        layout.addWidget(buttons)
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        layout.addLayout(grid)
        self._damage: WrapLabel | None = None
        self._issues: WrapLabel | None = None
        self.pages, self.passages = _PlaceBox(self), _PlaceBox(self)
        self.passage = PassageLine(parts.services, attachment.name, self, read_only=read_only)
        self.passage.said.connect(self._say_whole)
        layout.addWidget(self.passage)
        self._pending = parts.pending(self._write, self)
        for number, (box, words) in enumerate(((self.pages, "ui.pages"), (self.passages, "ui.passages"))):
            label = WrapLabel(parts.texts, say(words), "unit", self)
            label.setFixedWidth(110)
            grid.addWidget(label, number, 0, Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(box, number, 1)
            box.setAccessibleName(f"{say(words)} {attachment.name}")
            box.setPlaceholderText(say(f"{words}_example"))
            box.setReadOnly(read_only)
            box.textEdited.connect(self._pending.touch)
            box.left.connect(self._leave)
            box.pasted.connect(self.pasted)
        show_if(self.remove, not read_only)
        self.show_attachment(attachment)

    @property
    def sha256(self) -> str:
        """The SHA-256 of the file."""
        return self._attachment.sha256

    @property
    def has_unsaved(self) -> bool:
        """Whether text was typed that is not saved yet."""
        return self._pending.dirty or self._pending.writing

    def show_attachment(self, attachment: Attachment) -> None:
        """Show the stored attachment."""
        if attachment == self._attachment and self._pending.dirty:  # what changed is elsewhere: typed text stays
            self.show_facts()
            return
        self._attachment = attachment
        self._name.set_text(attachment.name)
        if not self._pending.writing:
            self._pending.drop()
            self.pages.show_text(attachment.pages)
            self.passages.show_text(attachment.passages)
        say = self._parts.texts.say
        drawn = "" if attachment.pages else pages_of(attachment)
        words = say("ui.pages_drawn", pages=drawn) if drawn else ""
        self.pages.setPlaceholderText(words or say("ui.pages_example"))
        self.pages.setAccessibleDescription(words)
        self.show_facts()

    def show_facts(self) -> None:
        """Show the facts about the file: kind, size, highlights, other slots that use it, damage, its key passage."""
        say, one = self._parts.texts.say, self._attachment
        self.passage.show_state(passage_state(self._parts.bridge, self._slot, one), whole=one.whole)
        kind = label_of(one.media_type) if one.media_type in ACCEPTED else say("ui.file.unknown_kind")
        facts = [kind, in_units(one.size).replace(" ", "\u00a0")]
        if one.marks:
            facts.append(say("ui.file.marks", count=sum(len(mark.rects) for mark in one.marks)))
        words = " · ".join(facts)
        if others := self._elsewhere():
            places = ", ".join(others[:_MOST_PLACES]) + (" …" if len(others) > _MOST_PLACES else "")
            words = f"{words}\n{say('ui.file.also', places=places)}"
        self._facts.set_text(words)
        damaged = one.sha256 in self._parts.bridge.damaged
        if damaged and self._damage is None:
            self._damage = WrapLabel(self._parts.texts, say("ui.file.damaged"), "error", self)
            self._layout.insertWidget(2, self._damage)
            self.updateGeometry()
        if self._damage is not None:
            show_if(self._damage, damaged)
        self._show_issues()

    def _show_issues(self) -> None:
        """Show what was found in the file when it was inspected."""
        texts = self._parts.texts
        words = "\n".join(texts.say(one.code, **one.values) for one in issues_of(self._attachment))
        if words and self._issues is None:
            self._issues = WrapLabel(texts, "", "warning", self)
            self._layout.insertWidget(self._layout.indexOf(self._facts) + 1, self._issues)
            self.updateGeometry()
        if self._issues is not None:
            self._issues.set_text(words)
            show_if(self._issues, bool(words))

    def facts(self) -> str:
        """Return the facts as plain text."""
        labels = (self._facts, self._damage, self._issues)
        return "\n".join(one.plain_text() for one in labels if one is not None and not one.isHidden())

    def leave(self) -> None:
        """Discard buffered text: the row is being removed."""
        self._pending.drop()
        self._parts.waiting.remove(self._pending)

    def _elsewhere(self) -> list[str]:
        """Return the codes of other questions that use the file: at most one more than are shown."""
        bridge = self._parts.bridge
        form = bridge.form
        found: dict[str, None] = {}
        for slot in bridge.uses(self._attachment.sha256):
            if slot != self._slot:
                one = form.slots[slot]
                found[full_code(form, form.nodes[one.node].address) or words_of(form, one)] = None
                if len(found) > _MOST_PLACES:
                    break
        return list(found)

    def _button(self, code: str) -> PageButton:
        words = self._parts.texts.say(code)
        button = PageButton(words, self)
        button.setObjectName("small")
        button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        button.setAccessibleName(f"{words} {self._attachment.name}")
        return button

    def _open(self) -> None:
        from dgdesk.ui.evidence.viewers import open_viewer

        parts = self._parts
        if parts.flush():
            try:
                open_viewer(parts.bridge, parts.services, self._slot, self._attachment.sha256, self)
            except DgdeskError as error:
                tell(parts.texts, parts.texts.error(error), self.window(), "warning")

    def _leave(self) -> None:
        self._pending.when_released(self._finish)

    def _finish(self) -> None:
        if self._pending.flush():
            self.show_attachment(self._attachment)

    def _write(self) -> bool:
        pages, passages = (" ".join(tidy(box.text()).split()) for box in (self.pages, self.passages))
        return self._parts.bridge.mark(self._slot, self._attachment.sha256, pages=pages, passages=passages)

    def _say_whole(self, on: bool) -> None:
        parts = self._parts
        if not (parts.flush() and parts.bridge.mark(self._slot, self._attachment.sha256, whole=on)):
            self.show_facts()  # not stored, so the box goes back

    def _ask_to_remove(self) -> None:
        self.remove_asked.emit(self._attachment)
