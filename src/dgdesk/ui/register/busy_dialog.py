"""Base of dialogs that run jobs on the open draft."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from dgdesk.errors import DgdeskError
from dgdesk.ui.form.bottom_bar import WorkStrip
from dgdesk.ui.form.bridge import Bridge
from dgdesk.ui.widgets.fitting import FittedDialog
from dgdesk.ui.widgets.jobs import Job
from dgdesk.ui.widgets.label import Texts, WrapLabel

T = TypeVar("T")


class BusyDialog(FittedDialog):
    """A dialog on an open draft. It uses the draft file only in jobs of the bridge's job queue.

    It does not close while its own job runs: closing cancels the job, and the result is still shown.
    Subclasses put ``strip`` (progress) and ``outcome`` (result) into their layout.
    """

    def __init__(self, bridge: Bridge, texts: Texts, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._bridge, self._texts = bridge, texts
        self._jobs = 0
        self.strip = WorkStrip(texts, bridge.jobs, self)
        self.outcome = WrapLabel(texts, "", "text", self)
        self.outcome.hide()

    @property
    def at_work(self) -> bool:
        """Whether a job of this dialog is running or queued."""
        return self._jobs > 0

    def work(
        self,
        title: str,
        job: Job[T],
        done: Callable[[T], None],
        failed: Callable[[DgdeskError], None] | None = None,
    ) -> None:
        """Run a job on the draft; a failure is shown in the dialog unless ``failed`` handles it."""
        self._jobs += 1
        self.tell("text", "")
        self.follow_work()
        tell_failure = failed or self.tell_failure

        over = False

        def end(say: Callable[[], None]) -> None:
            nonlocal over
            if not over and isValid(self):
                over = True
                self._jobs -= 1
                self.follow_work()
                say()

        self._bridge.jobs.run(
            title,
            job,
            lambda outcome: end(lambda: done(outcome)),
            lambda error: end(lambda: tell_failure(error)),
            lambda: end(lambda: self.tell("warning", self._texts.say("ui.register.stopped"))),
            lambda: end(lambda: None),  # an unexpected error, which the window reports
        )

    def follow_work(self) -> None:
        """Called when a job begins or ends; subclasses enable their buttons here."""

    def tell(self, role: str, words: str) -> None:
        """Show a result, also to screen readers; empty words hide it."""
        self.outcome.set_role(role)
        self.outcome.set_text(words)
        self.outcome.setVisible(bool(words))
        if words:
            self.fit()
            self.outcome.setFocus()

    def tell_failure(self, error: DgdeskError) -> None:
        """Show an error."""
        self.tell("error", self._texts.error(error))

    def reject(self) -> None:
        """Close, or cancel the running job."""
        if self.at_work:
            self._bridge.jobs.cancel()
        else:
            super().reject()
