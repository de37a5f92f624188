"""A window that stays open over midnight shows what the new day says, with nothing typed."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from dgdesk.draft.drafts import Draft
from dgdesk.system.progress import Progress
from dgdesk.ui.export.choices import Remembered
from dgdesk.ui.export.wizard import ExportWizard
from dgdesk.ui.shell.workspace import Workspace
from dgdesk.ui.widgets.label import WrapLabel
from ui.hands import part, settle

EVENING = datetime(2026, 11, 30, 16, 50, tzinfo=UTC)
"""Ten minutes before midnight in Thailand."""
MORNING = datetime(2026, 11, 30, 17, 10, tzinfo=UTC)
PAST = "ผ่านมาแล้ว โปรดตรวจสอบอีกครั้ง"


class Wall:
    """A clock that can be set."""

    def __init__(self) -> None:
        self.now = EVENING

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Wall:
    return Wall()


@pytest.fixture
def shown(workspace: Workspace) -> Callable[[], str]:
    """What the page says at a month that is to come, on the last evening of that month."""
    workspace.bridge.answer_all({"p1.4": "doing", "p1.4.1": "2026-11"})
    workspace.open_page("p1.page3")

    def words() -> str:
        labels = part(workspace, "p1.4.1").findChildren(WrapLabel)
        return "\n".join(label.plain_text() for label in labels if not label.isHidden())

    assert PAST not in words()
    return words


def come_back(workspace: Workspace) -> None:
    """Somebody comes back to the window."""
    workspace.window().activateWindow()
    QApplication.sendEvent(workspace, QEvent(QEvent.Type.ActivationChange))
    settle(QApplication.instance())


def test_coming_back_after_midnight_shows_that_the_month_is_past(
    workspace: Workspace, shown: Callable[[], str], clock: Wall, draft: Draft
) -> None:
    come_back(workspace)
    assert PAST not in shown()
    clock.now = MORNING
    changes = len(list(draft.package.history()))
    come_back(workspace)
    assert PAST in shown() and workspace.bridge.state.today == date(2026, 12, 1)
    assert len(list(draft.package.history())) == changes, "nothing is written for it"


def test_the_date_is_looked_at_again_and_again(workspace: Workspace, shown: Callable[[], str], clock: Wall) -> None:
    clock.now = MORNING
    workspace.bridge.day.timeout.emit()
    assert PAST in shown() and workspace.bridge.day.isActive() and workspace.bridge.day.interval() <= 60_000


def test_while_work_has_the_draft_the_day_waits_for_its_end(
    workspace: Workspace, shown: Callable[[], str], clock: Wall
) -> None:
    bridge = workspace.bridge

    def work(progress: Progress) -> None:
        while True:
            progress.check()
            time.sleep(0.01)

    bridge.jobs.run("…", work, lambda _: None, lambda _: None)
    clock.now = MORNING
    bridge.follow_day()
    assert PAST not in shown()
    bridge.jobs.cancel()
    bridge.jobs.wait()
    assert PAST in shown()


def test_the_export_says_what_the_new_day_says(workspace: Workspace, shown: Callable[[], str], clock: Wall) -> None:
    clock.now = MORNING
    wizard = ExportWizard(workspace.bridge, workspace.services, Remembered(), workspace.window())
    assert any(one.code == "month_year.past" for one in workspace.bridge.state.problems)
    assert PAST in shown()
    wizard.deleteLater()
