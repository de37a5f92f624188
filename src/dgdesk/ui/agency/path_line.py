"""A box for a file or folder, with its label and a button to choose one."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from dgdesk.ui.widgets.buttons import give_keys
from dgdesk.ui.widgets.inputs import LineInput
from dgdesk.ui.widgets.label import Texts, WrapLabel


class PathLine(QWidget):
    """The line. ``changed`` comes as its text changes."""

    changed = Signal()

    def __init__(
        self,
        texts: Texts,
        code: str,
        letter: str,
        ask: Literal["folder", "open", "save"],
        parent: QWidget,
        kinds: str = "",
        suggested: str = "",
    ) -> None:
        """``kinds`` as Qt's file dialog takes them; ``suggested`` is the name that a new file has at first."""
        super().__init__(parent)
        self._title, self._ask, self._kinds, self._suggested = texts.say(code), ask, kinds, suggested
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(WrapLabel(texts, self._title, "text", self))
        row = QHBoxLayout()
        row.setSpacing(8)
        self.box = LineInput(self)
        self.box.setAccessibleName(self._title)
        self.button = QPushButton(texts.say("ui.receiving.browse"), self)
        self.button.setAccessibleName(f"{self._title}: {texts.say('ui.receiving.browse')}")
        self.button.setAutoDefault(False)
        give_keys((self.button, letter))
        row.addWidget(self.box, 1)
        row.addWidget(self.button)
        layout.addLayout(row)
        self.button.clicked.connect(self.choose)
        self.box.textChanged.connect(lambda _: self.changed.emit())

    @property
    def text(self) -> str:
        """What stands in the box."""
        return self.box.text().strip()

    def choose(self) -> None:
        """Let the person choose."""
        at = self.text or self._suggested
        if self._ask == "folder":
            name = QFileDialog.getExistingDirectory(self, self._title, self.text)
        elif self._ask == "open":
            name, _ = QFileDialog.getOpenFileName(self, self._title, at, self._kinds)
        else:
            name, _ = QFileDialog.getSaveFileName(self, self._title, at, self._kinds)
        if name:
            self.box.setText(name)
