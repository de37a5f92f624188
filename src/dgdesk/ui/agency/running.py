"""Runs the window's long jobs and shows what came of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from dgdesk.bundle.report import BundleProblem
from dgdesk.errors import DgdeskError
from dgdesk.system.progress import Cancelled
from dgdesk.ui.agency import jobs
from dgdesk.ui.widgets.dialogs import tell
from dgdesk.ui.widgets.jobs import Job, run_modal
from dgdesk.ui.widgets.report_dialog import report
from dgdesk.ui.widgets.services import Services

JobResult = TypeVar("JobResult")


class JobRunner:
    """Runs jobs for the window and shows their results."""

    def __init__(self, owner: QWidget, services: Services) -> None:
        self._owner, self._services, self._texts = owner, services, services.texts

    def _tell_refused(self, said: str, outcome: jobs.AgencyOutcome, what: str, folder: Path | None) -> None:
        if outcome.stopped:
            said += "\n" + self._texts.say("ui.receiving.work_stopped")
        rows = [(name, self._word(problem)) for name, problem in outcome.refused]
        self._tell_outcome(said, rows, what, folder)

    def _tell_outcome(self, said: str, rows: Sequence[Sequence[str]], what: str, folder: Path | None) -> None:
        say = self._texts.say
        buttons = ([say("ui.folder.open")] if folder is not None else []) + [say("ui.close")]
        title = say("ui.receiving.title")
        if report(self._services, title, said, rows, buttons, what, self._owner)[0] < len(buttons) - 1:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def _run(self, title: str, job: Job[JobResult]) -> JobResult | None:
        """Run a job in a thread; None if it was stopped, or failed, which is shown."""
        try:
            return run_modal(self._texts, title, job, self._owner)
        except Cancelled:
            return None
        except DgdeskError as error:
            tell(self._texts, self._texts.error(error), self._owner, "warning")
            return None

    @property
    def _word(self) -> Callable[[BundleProblem], str]:
        say = self._texts.say
        return lambda problem: say(problem.code, **problem.values)
