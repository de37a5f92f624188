"""Window, problems panel: everything that is wrong or missing, by page; a click leads there."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QTreeWidgetItem, QVBoxLayout, QWidget

from dgdesk.changes import Changes
from dgdesk.definition.form import option_of
from dgdesk.rules.problems import Problem
from dgdesk.rules.report import nearest_code
from dgdesk.ui.bridge import Bridge
from dgdesk.ui.outline import WrapTree
from dgdesk.ui.page_names import page_name
from dgdesk.ui.services import Services
from dgdesk.ui.text import WrapLabel
from dgdesk.ui.wrap_delegate import FIGURE, MARK, STRONG, TEXT

_PROBLEM = Qt.ItemDataRole.UserRole + 21
_PAUSE = 120


class ProblemsPanel(QWidget):
    """The list. ``wanted`` carries an address and a place for evidence (or an empty string); ``counted`` the errors."""

    wanted = Signal(str, str)
    counted = Signal(int)

    def __init__(self, bridge: Bridge, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge, self._texts = bridge, services.texts
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        self._summary = WrapLabel(self._texts, "", "text", self)
        layout.addWidget(self._summary)
        self.tree = WrapTree(services, self)
        self.tree.setObjectName("problems")
        self.tree.setAccessibleName(self._texts.say("ui.problems"))
        self.tree.itemClicked.connect(self._clicked)
        self.tree.itemActivated.connect(self._clicked)
        layout.addWidget(self.tree, 1)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE)
        self._timer.timeout.connect(self.fill)
        self._page = ""
        bridge.changed.connect(self.follow)
        self.fill()

    def follow(self, changes: Changes) -> None:
        """List anew, a moment after the last change."""
        if changes.problems:
            self._timer.start()

    def open_page(self, page: str) -> None:
        """Unfold the problems of a page."""
        self._page = page
        for number in range(self.tree.topLevelItemCount()):
            item = self.tree.topLevelItem(number)
            if item is not None and item.data(0, _PROBLEM) == page:
                item.setExpanded(True)
                self.tree.scrollToItem(item)

    def fill(self) -> None:
        """List every problem."""
        problems = self._bridge.state.problems
        errors = sum(problem.severity == "error" for problem in problems)
        say = self._texts.say
        warnings = len(problems) - errors
        self._summary.set_text(
            say("ui.problem_count", errors=errors, warnings=warnings) if problems else say("ui.no_problems")
        )
        unfolded = {page for page, item in self._groups() if item.isExpanded()} | {self._page}
        self.tree.setUpdatesEnabled(False)
        self.tree.clear()
        form = self._bridge.form
        counts = Counter(form.node(problem.address).page for problem in problems)
        groups: dict[str, QTreeWidgetItem] = {}
        order = list(form.pages)
        for problem in sorted(problems, key=lambda one: order.index(form.node(one.address).page)):
            page = form.node(problem.address).page
            if page not in groups:
                group = groups[page] = QTreeWidgetItem(self.tree)
                group.setData(0, TEXT, page_name(form, page))
                group.setData(0, STRONG, True)
                group.setData(0, FIGURE, str(counts[page]))
                group.setData(0, _PROBLEM, page)
            item = QTreeWidgetItem(groups[page])
            item.setData(0, TEXT, self.words(problem))
            item.setData(0, Qt.ItemDataRole.AccessibleTextRole, self.words(problem))
            item.setData(0, MARK, "problems" if problem.severity == "error" else "warning")
            item.setData(0, _PROBLEM, problem)
        for page, group in groups.items():
            group.setExpanded(page in unfolded)
        self.tree.setUpdatesEnabled(True)
        self.counted.emit(errors)

    def words(self, problem: Problem) -> str:
        """Say where and what."""
        form = self._bridge.form
        node = form.node(problem.address)
        code = nearest_code(form, problem.address)
        if problem.slot is not None and (option := form.slots[problem.slot].option) is not None:
            model = option_of(node, option)
            label = model.label if model is not None else node.label
        else:
            label = node.label
        where = " ".join(part for part in (code, self._texts.cut(label)) if part)
        return f"{where} – {self._texts.say(problem.code)}" if where else self._texts.say(problem.code)

    def _groups(self) -> list[tuple[str, QTreeWidgetItem]]:
        items = [self.tree.topLevelItem(number) for number in range(self.tree.topLevelItemCount())]
        return [(str(item.data(0, _PROBLEM)), item) for item in items if item is not None]

    def _clicked(self, item: QTreeWidgetItem) -> None:
        problem = item.data(0, _PROBLEM)
        if isinstance(problem, Problem):
            self.wanted.emit(problem.address, problem.slot or "")
