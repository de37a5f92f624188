"""Window, problems panel: everything that is wrong or missing, beside the page; a click leads there."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QTreeWidgetItem, QVBoxLayout, QWidget

from dgdesk.draft.changes import Changes
from dgdesk.survey.rules.problems import Problem
from dgdesk.ui.form.bridge import Bridge
from dgdesk.ui.problem_list import ProblemList
from dgdesk.ui.widgets.services import Services

_PAUSE = 120


class ProblemsPanel(QWidget):
    """The panel. ``wanted`` carries an address and a place for evidence (or ``""``); ``counted`` the errors."""

    wanted = Signal(str, str)
    counted = Signal(int)

    def __init__(self, bridge: Bridge, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        self.list = ProblemList(bridge, services, self, unfolded=False)
        self.tree = self.list.tree
        self.list.wanted.connect(self.wanted)
        layout.addWidget(self.list)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE)
        self._timer.timeout.connect(self._count)
        bridge.changed.connect(self.follow)

    def follow(self, changes: Changes) -> None:
        """Count anew, a moment after the last change."""
        if changes.problems:
            self._timer.start()

    def open_page(self, page: str) -> None:
        """Unfold the problems of a page."""
        self.list.open_page(page)

    def fill(self) -> None:
        """List every problem."""
        self.list.fill()
        self._count()

    def words(self, problem: Problem) -> str:
        """Say where and what."""
        return self.list.words(problem)

    def _groups(self) -> list[tuple[str, QTreeWidgetItem]]:
        return self.list.groups()

    def _count(self) -> None:
        self.counted.emit(sum(one.severity == "error" for one in self._bridge.state.problems))
