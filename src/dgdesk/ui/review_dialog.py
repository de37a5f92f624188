"""Window, review dialog: everything that is left to do, over the whole width; each row leads to its field."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from dgdesk.ui.form.bridge import Bridge
from dgdesk.ui.problem_list import ProblemList
from dgdesk.ui.widgets.fitting import FittedDialog
from dgdesk.ui.widgets.frames import WidgetMaker, load_frame
from dgdesk.ui.widgets.services import Services


class ReviewDialog(FittedDialog):
    """The dialog; it closes when a row is chosen. ``wanted`` carries an address and a place for evidence."""

    wanted = Signal(str, str)

    def __init__(self, bridge: Bridge, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.resize(820, 600)
        make: dict[str, WidgetMaker] = {
            "ProblemList": lambda owner: ProblemList(bridge, services, owner, unfolded=True)
        }
        self.list = load_frame("review", self, services.texts, make).get(ProblemList, "list")
        self.list.wanted.connect(self._take)
        self.list.fill()
        self.list.box.setFocus()

    def _take(self, address: str, slot: str) -> None:
        self.accept()
        self.wanted.emit(address, slot)
