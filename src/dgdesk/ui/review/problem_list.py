"""Lists problems and notices by page, filtered by kind and words: in the side panel, and before an export."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QTreeWidgetItem, QVBoxLayout, QWidget

from dgdesk.draft.changes import Changes
from dgdesk.draft.unsent import unsent_notices
from dgdesk.survey.rules.flags import flagged
from dgdesk.survey.rules.problems import Problem
from dgdesk.survey.rules.review import KINDS, PageProblems, ProblemKind, by_page, mark_of, wanted
from dgdesk.ui.form.bridge import Bridge
from dgdesk.ui.form.wording import problem_words, short_page_name
from dgdesk.ui.widgets.inputs import CalmCombo, FilterLine
from dgdesk.ui.widgets.keyboard import chain
from dgdesk.ui.widgets.label import WrapLabel
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.theme_file import SPACE
from dgdesk.ui.widgets.wrap_delegate import FIGURE, MARK, STRONG, TEXT, WrapTree

PROBLEM = Qt.ItemDataRole.UserRole + 21
_PAUSE = 120
_LEAST_ROWS, _BETWEEN = 3, 6


class ProblemList(QWidget):
    """The problem list. ``wanted`` carries an address and an evidence slot (or an empty string).

    ``unfolded`` shows the problems of all pages at once; otherwise those of the open page.
    """

    wanted = Signal(str, str)

    def __init__(self, bridge: Bridge, services: Services, parent: QWidget, *, unfolded: bool) -> None:
        super().__init__(parent)
        self._bridge, self._texts, self._unfolded = bridge, services.texts, unfolded
        say = self._texts.say
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(_BETWEEN)
        self.summary = WrapLabel(self._texts, "", "text", self)
        self.tree = WrapTree(services, self)
        self.tree.setObjectName("problems")
        self.tree.setAccessibleName(say("ui.problems"))
        self.kind = CalmCombo(self)
        self.kind.setMinimumHeight(max(30, self.kind.minimumSizeHint().height()))
        self.kind.setAccessibleName(say("ui.review.kind"))
        for kind in KINDS:
            self.kind.addItem(say(f"ui.review.kind.{kind}"), kind)
        self.box = FilterLine(self.tree, say("ui.review.text"), self)
        self.box.setAccessibleDescription(say("ui.about.filter"))
        for part in (self.summary, self.kind, self.box):
            layout.addWidget(part)
        self.box.setVisible(unfolded)  # the side panel is too narrow for it
        layout.addWidget(self.tree, 1)
        chain((self.kind, self.box, self.tree))
        self._page = ""
        self._listed: dict[str, PageProblems] = {}
        self._stale = True
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE)
        self._timer.timeout.connect(self.fill_if_seen)
        self.kind.currentIndexChanged.connect(lambda _: self.fill())
        self.box.textChanged.connect(lambda _: self.fill())
        self.box.taken.connect(self._take_current)
        self.tree.itemClicked.connect(self._clicked)
        self.tree.itemActivated.connect(self._clicked)
        bridge.changed.connect(self.follow)

    def follow(self, changes: Changes) -> None:
        """Update the list a moment after the last change; a hidden list waits until it is shown."""
        form = self._bridge.form
        moved = any(form.node(one).kind == "repeat" for one in changes.answers if one in form.position)
        if moved:
            self._listed.clear()  # their words name items by number
        if changes.problems or moved or changes.flags:
            self._stale = True
            self._timer.start()

    def fill_if_seen(self) -> None:
        """Update the list if it is out of date and visible."""
        if self._stale and self.isVisible():
            self.fill()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.fill_if_seen()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        size = event.size()
        spare = size.height() - self.kind.sizeHint().height() - _LEAST_ROWS * self.fontMetrics().height() - 2 * _BETWEEN
        # what is low shows the list itself first, then the box that filters it, then the sentence that sums it up
        if self._unfolded:
            spare -= self.box.sizeHint().height() + _BETWEEN
            self.box.setVisible(spare >= 0)
        self.summary.setVisible(spare >= self.summary.heightForWidth(size.width()))

    def open_page(self, page: str) -> None:
        """Unfold the problems of a page."""
        self._page = page
        for name, item in self.groups():
            if name == page:
                item.setExpanded(True)
                self.tree.scrollToItem(item)

    def fill(self) -> None:
        """List the problems that pass the filter; the rows of pages without a difference stay."""
        self._stale = False
        form, state = self._bridge.form, self._bridge.state
        problems = state.problems + unsent_notices(form, state.facts.answers, state.unsent)
        kind: ProblemKind = self.kind.currentData()
        if kind == "flagged":
            problems = flagged(form, self._bridge.state.facts.flags)
        some = wanted(problems, kind, self.box.text(), self.words)
        self._sum_up(problems, some)
        pages = {one.page: one for one in by_page(form, some)}
        unfold_all = self._unfolded or bool(self.box.text().strip())
        groups = dict(self.groups())
        self.tree.setUpdatesEnabled(False)
        for page in [page for page in groups if page not in pages]:
            self.tree.takeTopLevelItem(self.tree.indexOfTopLevelItem(groups.pop(page)))
        for place, (page, one) in enumerate(pages.items()):
            group = groups.get(page)
            new = group is None
            if group is None:
                group = self._group(page)
                self.tree.insertTopLevelItem(place, group)
            if new or self._listed.get(page) != one:
                self._fill_group(group, one)
            if unfold_all or (new and page == self._page):
                group.setExpanded(True)
        self._listed = pages
        self.tree.setUpdatesEnabled(True)

    def words(self, problem: Problem) -> str:
        """Return a problem in words, with its question."""
        return problem_words(self._bridge.form, self._texts, problem, self._bridge.state.facts.answers)

    def groups(self) -> list[tuple[str, QTreeWidgetItem]]:
        """Return the listed pages, with their items."""
        items = [self.tree.topLevelItem(number) for number in range(self.tree.topLevelItemCount())]
        return [(str(item.data(0, PROBLEM)), item) for item in items if item is not None]

    def _group(self, page: str) -> QTreeWidgetItem:
        group = QTreeWidgetItem()
        group.setData(0, TEXT, short_page_name(self._bridge.form, page, with_section=self._unfolded))
        group.setData(0, STRONG, True)
        group.setData(0, PROBLEM, page)
        return group

    def _fill_group(self, group: QTreeWidgetItem, one: PageProblems) -> None:
        group.takeChildren()
        group.setData(0, FIGURE, str(len(one.problems)))
        spoken = f"{group.data(0, TEXT)} · {len(one.problems)}"
        group.setData(0, Qt.ItemDataRole.AccessibleTextRole, spoken)
        for problem in one.problems:
            item = QTreeWidgetItem(group)
            words = self.words(problem)
            item.setData(0, TEXT, words)
            item.setData(0, Qt.ItemDataRole.AccessibleTextRole, words)
            item.setData(0, MARK, mark_of(problem))
            item.setData(0, PROBLEM, problem)

    def _sum_up(self, problems: tuple[Problem, ...], some: tuple[Problem, ...]) -> None:
        say = self._texts.say
        errors, warnings, notices = (
            sum(problem.severity == severity for problem in problems) for severity in ("error", "warning", "notice")
        )
        if self.kind.currentData() == "flagged" and len(some) == len(problems):
            words = say("ui.review.flagged", count=len(problems)) if problems else say("ui.review.no_flags")
        elif not problems:
            words = say("ui.no_problems")
        elif len(some) == len(problems):
            some_left = errors or warnings
            words = say("ui.problem_count", errors=errors, warnings=warnings) if some_left else say("ui.no_problems")
            words += f" {say('ui.notice_count', count=notices)}" if notices else ""
        elif some:
            words = say("ui.review.shown", shown=len(some), count=len(problems))
        else:
            words = say("ui.review.nothing")
        self.summary.set_text(words)
        self.tree.setAccessibleDescription(words)

    def _take_current(self) -> None:
        item = self.tree.currentItem() or self.tree.topLevelItem(0)
        self._clicked(item.child(0) if item is not None and item.childCount() else item)

    def _clicked(self, item: QTreeWidgetItem | None) -> None:
        problem = item.data(0, PROBLEM) if item is not None else None
        if isinstance(problem, Problem):
            self.wanted.emit(problem.address, problem.slot or "")


_PANEL_PAUSE = 120


class ProblemsPanel(QWidget):
    """The side panel.

    ``wanted`` carries an address and an evidence slot (or ``""``); ``counted`` the number of errors.
    """

    wanted = Signal(str, str)
    counted = Signal(int)

    def __init__(self, bridge: Bridge, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE, SPACE, SPACE, SPACE)
        self.list = ProblemList(bridge, services, self, unfolded=False)
        self.tree = self.list.tree
        self.list.wanted.connect(self.wanted)
        layout.addWidget(self.list)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PANEL_PAUSE)
        self._timer.timeout.connect(self._count)
        bridge.changed.connect(self.follow)

    def follow(self, changes: Changes) -> None:
        """Update the count a moment after the last change."""
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
        """Return a problem in words, with its question."""
        return self.list.words(problem)

    def _groups(self) -> list[tuple[str, QTreeWidgetItem]]:
        return self.list.groups()

    def _count(self) -> None:
        self.counted.emit(sum(one.severity == "error" for one in self._bridge.state.problems))
