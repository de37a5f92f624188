"""The dialog that checks whether this PC suits the work, the most serious result first."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QTreeWidgetItem, QVBoxLayout, QWidget

from dgdesk.system.check.clock import CheckResult
from dgdesk.text.dates import time_text
from dgdesk.ui.support.notice import as_text, lines
from dgdesk.ui.widgets.buttons import give_keys, what_this_is
from dgdesk.ui.widgets.fitting import FittedDialog
from dgdesk.ui.widgets.icons import OF_SEVERITY
from dgdesk.ui.widgets.label import WrapLabel, copy_plain
from dgdesk.ui.widgets.latest import LatestWins
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.texts import NEW_LINE
from dgdesk.ui.widgets.theme import sheet
from dgdesk.ui.widgets.theme_file import SPACE
from dgdesk.ui.widgets.wrap_delegate import MARK, TEXT, WrapTree

MakeCheck = Callable[[], tuple[CheckResult, ...]]


class OfficeDialog(FittedDialog):
    """Shows the results of the check, which runs when it opens and on request."""

    def __init__(self, services: Services, make: Callable[[], MakeCheck], parent: QWidget | None) -> None:
        """``make`` is called in the window's thread and returns the check, which runs in another."""
        super().__init__(parent)
        self._services, self._texts, self._make = services, services.texts, make
        self.findings: tuple[CheckResult, ...] | None = None
        say = self._texts.say
        self.setWindowTitle(say("ui.office.title"))
        self.setStyleSheet(sheet())
        self.resize(760, 480)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * SPACE, 2 * SPACE, 2 * SPACE, 2 * SPACE)
        layout.setSpacing(SPACE)
        self.said = WrapLabel(self._texts, say("ui.office.looking"), "question", self)
        self.said.setMinimumWidth(440)
        layout.addWidget(self.said)
        self.tree = WrapTree(services, self)
        self.tree.setRootIsDecorated(False)
        self.tree.setIndentation(0)
        self.tree.setAccessibleName(say("ui.office.list"))
        layout.addWidget(self.tree, 1)
        row = QHBoxLayout()
        row.addWidget(what_this_is(self, self._texts, "ui.office.what"))
        row.addStretch(1)
        self.again = QPushButton(say("ui.office.again"), self)
        self.copy = QPushButton(say("ui.office.copy"), self)
        self.close_button = QPushButton(say("ui.close"), self)
        give_keys((self.again, "A"), (self.copy, "T"), (self.close_button, "C"))
        for button, act in ((self.again, self.look), (self.copy, self.copy_text), (self.close_button, self.reject)):
            button.setAutoDefault(False)
            button.clicked.connect(act)
            row.addWidget(button)
        layout.addLayout(row)
        self._checker = LatestWins("dgdesk check of this PC", self, may_hang=True)
        self.finished.connect(self._checker.cancel)
        self.tree.setFocus()

    def look(self) -> None:
        """Run the check now."""
        self.said.set_text(self._texts.say("ui.office.looking"))
        look = self._make()
        self._checker.request(lambda _: look(), self.show_findings)

    def show_findings(self, findings: tuple[CheckResult, ...]) -> None:
        """Show the results."""
        self.findings = findings
        say = self._texts.say
        self.said.set_text(say("ui.office.found", count=len(findings)) if findings else say("office.all_well"))
        self.tree.clear()
        for one in findings:
            self._add(OF_SEVERITY[one.severity], lines(one, self._texts))
        if not findings:
            self._add("complete", (say("office.all_well"),))
        if (first := self.tree.topLevelItem(0)) is not None:
            self.tree.setCurrentItem(first)

    def copy_text(self) -> None:
        """Copy all results as plain text."""
        when = time_text(self._services.clock(), self._texts.catalogue.language)
        copy_plain(as_text(self.findings or (), self._texts, when))

    def _add(self, mark: str, words: tuple[str, ...]) -> None:
        item = QTreeWidgetItem(self.tree)
        item.setData(0, TEXT, NEW_LINE.join(words))
        item.setData(0, MARK, mark)
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, " · ".join(words))
