"""Window, evidence place: the files attached at one place of the form, under what asks for them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from dgdesk.answers.evidence import Attachment
from dgdesk.definition.models import EvidenceRequest
from dgdesk.errors import DgdeskError
from dgdesk.rules.numbering import number_now
from dgdesk.thai.normalise import tidy
from dgdesk.ui.background import run_job
from dgdesk.ui.buttons import PageButton
from dgdesk.ui.dialogs import tell
from dgdesk.ui.icons import put_icon
from dgdesk.ui.inputs import LineInput
from dgdesk.ui.looks import Panel
from dgdesk.ui.parts import Parts, column, show_if
from dgdesk.ui.text import WrapLabel

_WITHOUT_WORD = frozenset({"package.cancelled"})


class EvidencePlace(Panel):
    """One place: what is asked for, what is attached, a button to attach more."""

    def __init__(
        self,
        parts: Parts,
        slot: str,
        request: EvidenceRequest,
        parent: QWidget,
        *,
        printed: bool,
    ) -> None:
        """``printed`` says that the request's words stand nearby already."""
        super().__init__("evidence", parent)
        self.slot = slot
        self._parts = parts
        texts = parts.texts
        layout = column(self, 6)
        layout.setContentsMargins(10, 8, 10, 8)
        top = QHBoxLayout()
        words = texts.say(f"ui.evidence.{request.rule}") if printed else request.text
        if question := self._question():
            # "(1) การส่งเสริมและให้ความรู้ …" stands in full in the table's head: its number says which is meant
            words = f"{words} {question.partition(' ')[0]}" if question.startswith("(") else f"{words} – {question}"
        top.addWidget(WrapLabel(texts, words, "evidencehead", self), 1)
        self.button = PageButton(texts.say("ui.attach"), self)
        put_icon(self.button, parts.services.icons, "attach")
        self.button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        show_if(self.button, not parts.bridge.read_only)
        self.button.clicked.connect(self.choose_files)
        top.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(top)
        self._list = QWidget(self)
        self._list_layout: QVBoxLayout = column(self._list, 6)
        layout.addWidget(self._list)
        self._rows: dict[str, FileRow] = {}
        parts.places[slot] = self
        self.refresh()

    def refresh(self) -> None:
        """Show what is attached."""
        self.button.setAccessibleName(self._spoken())
        there = {one.sha256: one for one in self._parts.bridge.state.facts.evidence.get(self.slot, ())}
        for sha256 in [sha256 for sha256 in self._rows if sha256 not in there]:
            row = self._rows.pop(sha256)
            row.leave()
            row.setVisible(False)
            row.deleteLater()
        for sha256, attachment in there.items():
            if sha256 in self._rows:
                self._rows[sha256].show_attachment(attachment)
            else:
                self._rows[sha256] = FileRow(self._parts, self.slot, attachment, self._list)
                self._list_layout.addWidget(self._rows[sha256])
        show_if(self._list, bool(self._rows))
        for row in self._rows.values():
            show_if(row, True)

    def go_here(self) -> QWidget:
        """Take the focus."""
        rows = list(self._rows.values())
        shut = self.button.isHidden() and rows  # in a draft that is only read
        (rows[0].pages if shut else self.button).setFocus(Qt.FocusReason.OtherFocusReason)
        return self

    def choose_files(self) -> None:
        """Let the person choose files, and attach them."""
        texts = self._parts.texts
        names, _ = QFileDialog.getOpenFileNames(
            self.window(), texts.say("ui.choose_evidence"), "", texts.say("ui.all_files")
        )
        for name in names:
            if not self.attach(Path(name)):
                break

    def attach(self, source: Path) -> bool:
        """Attach a file, with progress; return whether it is attached."""
        parts = self._parts
        if not parts.flush():
            return False
        try:
            changes = run_job(
                parts.texts,
                parts.texts.say("ui.attaching", name=source.name),
                parts.bridge.attaching(self.slot, source),
                self.window(),
            )
        except DgdeskError as error:
            if error.code not in _WITHOUT_WORD:
                tell(parts.texts, parts.texts.error(error), self.window(), "warning")
            return False
        parts.bridge.deliver(changes)
        return True

    def _question(self) -> str:
        """Return which of a table row's questions the place belongs to, where there are several."""
        node = self._parts.node(self._parts.form.slots[self.slot].node)
        return next((group.label for group in node.field.groups if group.id == node.group), "")

    def _spoken(self) -> str:
        bridge, say = self._parts.bridge, self._parts.texts.say
        node = self._parts.node(self._parts.form.slots[self.slot].node)
        number = number_now(bridge.form, bridge.state.facts.answers, node)
        if number is None:
            return f"{say('ui.attach')} {self._where()}"
        return say("ui.attach_item", number=number, where=self._where())

    def _where(self) -> str:
        slot = self._parts.form.slots[self.slot]
        node = self._parts.node(slot.node)
        option = next((one for one in node.field.options if one.id == slot.option), None)
        return " ".join(part for part in (node.code, option.label if option else node.label) if part)


class FileRow(Panel):
    """One file: its name, where its key passage is, and a button to take it away."""

    def __init__(self, parts: Parts, slot: str, attachment: Attachment, parent: QWidget) -> None:
        super().__init__("file", parent)
        self._parts, self._slot, self._attachment = parts, slot, attachment
        say = parts.texts.say
        grid = QGridLayout(self)
        grid.setContentsMargins(8, 6, 8, 6)
        grid.setColumnStretch(1, 1)
        self._name = WrapLabel(parts.texts, "", "filename", self)
        self.remove = PageButton(say("ui.detach"), self)
        self.remove.setObjectName("small")
        self.remove.setAccessibleName(f"{say('ui.detach')} {attachment.name}")
        self.remove.clicked.connect(self._detach)
        top = QHBoxLayout()
        top.addWidget(self._name, 1)
        top.addWidget(self.remove, 0, Qt.AlignmentFlag.AlignTop)
        grid.addLayout(top, 0, 0, 1, 2)
        self.pages, self.passages = LineInput(self), LineInput(self)
        self._pending = parts.pending(self._write, self)
        for row, (box, words) in enumerate(((self.pages, "ui.pages"), (self.passages, "ui.passages")), start=1):
            label = WrapLabel(parts.texts, say(words), "unit", self)
            label.setFixedWidth(110)
            grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(box, row, 1)
            box.setAccessibleName(f"{say(words)} {attachment.name}")
            box.setPlaceholderText(say(f"{words}_example"))
            box.setReadOnly(parts.bridge.read_only)
            box.textEdited.connect(self._pending.touch)
            box.left.connect(self._leave)
        show_if(self.remove, not parts.bridge.read_only)
        self.show_attachment(attachment)

    def show_attachment(self, attachment: Attachment) -> None:
        """Show what is stored of the file."""
        self._attachment = attachment
        self._name.set_text(f"{attachment.name} ({_size(attachment.size)})")
        if not self._pending.writing:
            self._pending.drop()
            self.pages.show_text(attachment.pages)
            self.passages.show_text(attachment.passages)

    def leave(self) -> None:
        """Forget what waits: the row goes."""
        self._pending.drop()
        self._parts.waiting.remove(self._pending)

    def _leave(self) -> None:
        self._pending.when_released(self._finish)

    def _finish(self) -> None:
        if self._pending.flush():
            self.show_attachment(self._attachment)

    def _write(self) -> bool:
        pages, passages = (" ".join(tidy(box.text()).split()) for box in (self.pages, self.passages))
        return self._parts.bridge.mark(self._slot, self._attachment.sha256, pages=pages, passages=passages)

    def _detach(self) -> None:
        if self._parts.flush():
            self._parts.bridge.detach(self._slot, self._attachment.sha256)


def _size(size: int) -> str:
    shown = float(size)
    for unit in ("B", "KB", "MB"):
        if shown < 1024:
            return f"{shown:.0f}\u00a0{unit}"
        shown /= 1024
    return f"{shown:.1f}\u00a0GB"
