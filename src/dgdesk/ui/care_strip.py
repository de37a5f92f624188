"""Window, care strip: a quiet line in the bottom bar when evidence in the draft is damaged, and the way to mend it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from dgdesk.ui.form.bridge import Bridge
from dgdesk.ui.widgets.buttons import give_keys
from dgdesk.ui.widgets.label import Texts, WrapLabel


class DamageStrip(QWidget):
    """The line; there only while something is damaged. ``wanted``: the person would see what."""

    wanted = Signal()

    def __init__(self, bridge: Bridge, texts: Texts, parent: QWidget) -> None:
        super().__init__(parent)
        self._bridge, self._texts = bridge, texts
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 6)
        row.setSpacing(10)
        self.words = WrapLabel(texts, "", "statusfailed", self)
        self.button = QPushButton(texts.say("ui.care.see_damaged"), self)
        give_keys((self.button, "D"))
        self.button.clicked.connect(self.wanted)
        row.addWidget(self.words, 1)
        row.addWidget(self.button)
        bridge.damage_changed.connect(self.follow)
        self.follow()

    def follow(self) -> None:
        """Say how many are damaged."""
        count = len(self._bridge.damaged)
        self.words.set_text(self._texts.say("ui.care.damaged_line", count=count) if count else "")
        self.setVisible(bool(count))
