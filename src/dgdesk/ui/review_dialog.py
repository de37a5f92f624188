"""Window, review dialog: everything that is left to do, over the whole width; each row leads to its field."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from dgdesk.ui.bridge import Bridge
from dgdesk.ui.looks import sheet
from dgdesk.ui.problem_list import ProblemList
from dgdesk.ui.services import Services
from dgdesk.ui.text import WrapLabel


class ReviewDialog(QDialog):
    """The dialog; it closes when a row is chosen. ``wanted`` carries an address and a place for evidence."""

    wanted = Signal(str, str)

    def __init__(self, bridge: Bridge, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(services.texts.say("ui.review.title"))
        self.setStyleSheet(sheet())
        self.resize(820, 600)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 14)
        layout.setSpacing(8)
        self.list = ProblemList(bridge, services, self, unfolded=True)
        self.list.wanted.connect(self._take)
        layout.addWidget(self.list, 1)
        layout.addWidget(WrapLabel(services.texts, services.texts.say("ui.review.hint"), "hint", self))
        self.list.fill()
        self.list.box.setFocus()

    def _take(self, address: str, slot: str) -> None:
        self.accept()
        self.wanted.emit(address, slot)
