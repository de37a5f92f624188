"""Window, exporting, ready page: is the survey ready? What is missing, and whether it goes out as a draft."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QWidget

from dgdesk.draft.drafts import PROVINCE
from dgdesk.errors import CheckFailed, UsageError
from dgdesk.submission.export import count_errors
from dgdesk.submission.receipts import SinceExport
from dgdesk.text.dates import THAILAND, time_text
from dgdesk.ui.exporting.page import Page, tell_on
from dgdesk.ui.form.bridge import Bridge
from dgdesk.ui.review.problem_list import ProblemList
from dgdesk.ui.widgets.choice import CheckRow
from dgdesk.ui.widgets.services import Services
from dgdesk.ui.widgets.text_layout import Run

_LIST_LINES = 9


class ReadyPage(Page):
    """The page. Its problem list's ``wanted`` leads to a question."""

    def __init__(self, bridge: Bridge, services: Services, since: SinceExport, parent: QWidget) -> None:
        super().__init__(services.texts, services.texts.say("ui.exporting.head.ready"), parent)
        say = self.texts.say
        self._bridge = bridge
        bridge.follow_day()
        problems = bridge.state.problems
        self.errors = count_errors(bridge.state)
        self.state = self.add_text()
        self.as_draft: QCheckBox = CheckRow(self.texts, (Run(say("ui.exporting.as_draft")),), self.body)
        self.as_draft.setVisible(self.errors > 0)
        self.column.addWidget(self.as_draft)
        self.means = self.add_text(say("ui.exporting.draft_means") if self.errors else "", "hint")
        self.since = self.add_text(since_words(since, services))
        self.list = ProblemList(bridge, services, self.body, unfolded=True)
        self.list.setVisible(bool(problems))
        self.list.setMinimumHeight(_LIST_LINES * self.fontMetrics().lineSpacing())
        self.column.addWidget(self.list, 1 if problems else 0)
        if not problems:
            self.column.addStretch(1)
        else:
            self.list.kind.setCurrentIndex(self.list.kind.findData("errors" if self.errors else "all"))
            self.list.fill()
        self.as_draft.toggled.connect(self.changed)
        if self.errors:
            tell_on(self.state, "error", say("ui.exporting.not_ready", count=self.errors))
        elif problems:
            tell_on(self.state, "status", say("ui.exporting.ready_warnings", count=len(problems)))
        else:
            tell_on(self.state, "status", say("ui.exporting.ready"))

    def first(self) -> QWidget | None:
        """Begin with the choice, where there is one."""
        return self.as_draft if self.errors else None

    def may_go_on(self) -> bool:
        """Ready, or a draft on the person's word."""
        return not self.errors or self.as_draft.isChecked()

    def settle(self) -> None:
        """See `Page.settle`.

        Raises:
            CheckFailed: ``export.not_ready``.
            UsageError: ``export.no_province``.
        """
        if not self.may_go_on():
            raise CheckFailed("export.not_ready", count=self.errors)
        if not isinstance(self._bridge.value(PROVINCE), str):
            raise UsageError("export.no_province")


def since_words(since: SinceExport, services: Services) -> str:
    """Say whether the survey was changed since its last export."""
    say, language = services.texts.say, services.texts.catalogue.language
    if since.last is None:
        return say("ui.exporting.since_never")
    values = {
        "file": str(since.last.record.get("file", "-")),
        "when": time_text(since.last.at.astimezone(THAILAND), language),
        "changes": since.changes,
    }
    return say(f"ui.exporting.since_{since.state}", **values)
