"""Window, care compact: says what giving back unused space would give, and whether undo may end for it."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from dgdesk.draft.file.model import Spare
from dgdesk.evidence.limits import in_units
from dgdesk.ui.widgets.buttons import give_keys, what_this_is
from dgdesk.ui.widgets.choice import CheckRow
from dgdesk.ui.widgets.fitting import FittedDialog
from dgdesk.ui.widgets.label import Texts, WrapLabel
from dgdesk.ui.widgets.text_layout import Run
from dgdesk.ui.widgets.theme import sheet


class CompactDialog(FittedDialog):
    """The dialog. Once it is accepted, ``forget`` says whether undo ends for what was removed."""

    def __init__(self, spare: Spare, texts: Texts, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._spare, self._texts = spare, texts
        say = texts.say
        self.setWindowTitle(say("ui.care.compact_title"))
        self.setStyleSheet(sheet())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 14)
        layout.setSpacing(12)
        self.said = WrapLabel(texts, "", "text", self)
        self.said.setMinimumWidth(480)
        layout.addWidget(self.said)
        words = say("ui.care.compact_forget", size=in_units(spare.undoable))
        self.box: QCheckBox = CheckRow(texts, (Run(words),), self)
        self.box.setVisible(bool(spare.undoable))
        layout.addWidget(self.box)
        layout.addWidget(WrapLabel(texts, say("ui.care.compact_needs"), "hint", self))
        layout.addStretch(1)
        row = QHBoxLayout()
        row.addWidget(what_this_is(self, texts, "ui.care.what_compact"))
        row.addStretch(1)
        self.go = QPushButton(say("ui.care.compact_go"), self)
        self.go.setObjectName("primary")
        self.cancel = QPushButton(say("ui.cancel"), self)
        give_keys((self.go, "G"), (self.cancel, "C"))
        self.go.setAutoDefault(False)
        self.cancel.setAutoDefault(False)
        row.addWidget(self.go)
        row.addWidget(self.cancel)
        layout.addLayout(row)
        self.go.clicked.connect(self.accept)
        self.cancel.clicked.connect(self.reject)
        self.box.toggled.connect(self._follow)
        self._follow()
        (self.go if self.go.isEnabled() else self.box if spare.undoable else self.cancel).setFocus()

    @property
    def forget(self) -> bool:
        """Whether undo is to end for removed files."""
        return self.box.isChecked()

    def _follow(self) -> None:
        gain = self._spare.unneeded + self._spare.free + (self._spare.undoable if self.forget else 0)
        code = "ui.care.compact_gain" if gain else "ui.care.compact_nothing"
        self.said.set_text(self._texts.say(code, size=in_units(gain)))
        self.go.setEnabled(bool(gain))
