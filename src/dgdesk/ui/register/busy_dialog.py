"""A dialog that lets the draft's own thread finish its job first."""

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
    """A dialog over an open draft. Nothing in it touches the package beside a job of `Bridge.jobs`.

    While its own job runs it does not close: closing asks the job to stop, and what came of it is still told.
    ``strip`` and ``outcome`` are for the layout of who derives from it.
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
        """Whether a job of this dialog runs or waits."""
        return self._jobs > 0

    def work(
        self,
        title: str,
        job: Job[T],
        done: Callable[[T], None],
        failed: Callable[[DgdeskError], None] | None = None,
    ) -> None:
        """Do a job on the draft; a failure is told in the dialog unless ``failed`` says otherwise."""
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
            lambda: end(lambda: None),  # after what nobody expected, which the window itself tells
        )

    def follow_work(self) -> None:
        """A job has begun or ended: offer what can be done now. For who derives from it."""

    def tell(self, role: str, words: str) -> None:
        """Say what came of it, where it is seen and heard; nothing where there are no words."""
        self.outcome.set_role(role)
        self.outcome.set_text(words)
        self.outcome.setVisible(bool(words))
        if words:
            self.fit()
            self.outcome.setFocus()

    def tell_failure(self, error: DgdeskError) -> None:
        """Say why something was not done."""
        self.tell("error", self._texts.error(error))

    def reject(self) -> None:
        """Close, or ask the work to stop."""
        if self.at_work:
            self._bridge.jobs.cancel()
        else:
            super().reject()
