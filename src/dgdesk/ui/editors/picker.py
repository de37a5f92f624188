"""Window, editors: one choice from a long list (the provinces): a box to search in."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QCompleter, QHBoxLayout, QWidget

from dgdesk.ui.editors.base import Editor, shown_text
from dgdesk.ui.parts import Parts
from dgdesk.ui.widgets.inputs import CalmCombo, LineInput


class SearchCombo(CalmCombo):
    """A list that is searched by typing any part of a name."""

    def __init__(self, labels: list[str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setEditable(True)
        self.box = LineInput(self)
        self.setLineEdit(self.box)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.addItems(labels)
        self.setCurrentIndex(-1)
        completer = self.searched = QCompleter(labels, self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self.setCompleter(completer)
        self.setMaxVisibleItems(15)
        self.setMinimumWidth(280)


class PickerEditor(Editor):
    """A list of names; a name that is not in it is kept as typed, as a problem."""

    def __init__(self, parts: Parts, position: int, parent: QWidget) -> None:
        super().__init__(parts, position, parent)
        options = self.node.field.options
        self._ids = {option.label: option.id for option in options}
        self._labels = {option.id: option.label for option in options}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self.combo = SearchCombo(list(self._ids), self)
        self.combo.box.setPlaceholderText(parts.texts.say("ui.search_list"))
        row.addWidget(self.combo)
        row.addStretch(1)
        self.name(self.combo)
        self.name(self.combo.box)
        if not self.editable:
            self.combo.freeze(parts.texts.say("ui.frozen"))
            self.combo.box.setReadOnly(True)
            self.combo.setCompleter(None)  # type: ignore[arg-type]  # the stubs do not know that None takes it away
        self.pending = parts.pending(self._write, self)
        self.combo.textActivated.connect(self._chosen)
        # PySide6's stubs do not know that an overloaded signal is chosen by index
        self.combo.searched.activated[str].connect(self._chosen)  # type: ignore[index]
        self.combo.box.textEdited.connect(self.pending.wait)
        self.combo.box.left.connect(self._leave)
        self.refresh()

    def refresh(self) -> None:
        """Show what is stored, unless it is this box that just said so."""
        if not self.pending.writing:
            self.pending.drop()
            stored = shown_text(self.value)
            label = self._labels.get(stored, stored)
            self.combo.setCurrentIndex(self.combo.findText(label, Qt.MatchFlag.MatchExactly))
            self.combo.box.show_text(label)

    def focus_target(self) -> QWidget:
        """See `Editor`."""
        return self.combo

    def _chosen(self, label: str) -> None:
        # Qt may put the name into the box only after it has told us
        self.combo.box.setText(label)
        self.pending.wait()
        self.pending.flush()

    def _write(self) -> bool:
        typed = self.combo.box.text().strip()
        return self.parts.bridge.set_answer_from_text(self.address, self._ids.get(typed, typed))

    def _leave(self) -> None:
        self.pending.when_released(self._finish)

    def _finish(self) -> None:
        if self.pending.flush():
            self.refresh()
