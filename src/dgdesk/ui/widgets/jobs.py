"""Background jobs: a queue of jobs that own the draft, and jobs behind a dialog that blocks the window."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import QEventLoop, QObject, Qt, QThread, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QProgressBar, QPushButton, QVBoxLayout, QWidget
from shiboken6 import isValid

from dgdesk.errors import DgdeskError
from dgdesk.system.progress import Cancelled, Progress
from dgdesk.ui.widgets.buttons import give_keys
from dgdesk.ui.widgets.fitting import FittedDialog
from dgdesk.ui.widgets.label import Texts, WrapLabel
from dgdesk.ui.widgets.theme import sheet

T = TypeVar("T")
Job = Callable[[Progress], T]
"""A function that runs in a thread and reports to the `Progress` it is given."""

_NICE = 10
"""Nice value added to a job's thread (POSIX), so that the window gets the processor first; Windows has a priority."""
_BETWEEN_REPORTS = 0.05
"""Seconds between two progress reports, so that the window does not only repaint the bar."""
_AT_ONCE = 200
"""Milliseconds: a job that ends within them shows no dialog."""


class _Thread(QThread):
    """Runs ``before``, the job and ``after`` in a thread, and stores the result or the exception."""

    progressed = Signal(object, object)

    def __init__(self, name: str, job: Job[Any], before: Callable[[], None], after: Callable[[], None]) -> None:
        super().__init__(None)
        self.setObjectName(name)
        self._job, self._before, self._after = job, before, after
        self._stop = threading.Event()
        self._reported = 0.0
        self.outcome: Any = None
        self.error: BaseException | None = None

    def run(self) -> None:
        for work in (self._work, self._after):
            try:
                work()
            except BaseException as error:  # handed to the GUI thread, whatever it is
                self.error = self.error or error

    def cancel(self) -> None:
        """Ask the job to stop."""
        self._stop.set()

    def _work(self) -> None:
        self._before()
        self.outcome = self._job(Progress(self._report, self._stop.is_set))

    def _report(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._reported >= _BETWEEN_REPORTS or done >= total > 0:
            self._reported = now
            self.progressed.emit(done, total)


@dataclass(frozen=True)
class _Request:
    """A waiting or running job and its callbacks."""

    title: str
    job: Job[Any]
    done: Callable[[Any], None]
    failed: Callable[[DgdeskError], None]
    cancelled: Callable[[], None]
    ended: Callable[[], None]

    def end(self, thread: _Thread | None) -> None:
        """Call the callbacks; ``thread`` is None if the job was removed from the queue before it started."""
        error = thread.error if thread is not None else Cancelled()
        try:
            if error is None and thread is not None:
                self.done(thread.outcome)
            elif isinstance(error, Cancelled):
                self.cancelled()
            elif isinstance(error, DgdeskError):
                self.failed(error)
            elif error is not None:
                raise error
        finally:
            self.ended()


class JobQueue(QObject):
    """Long jobs on the draft. One runs at a time and owns the draft; the others wait in order.

    Signals and callbacks come in the GUI thread. ``started`` carries the title; ``progressed`` carries the amount done
    and the total (0: unknown). ``released`` is emitted when a job no longer uses the draft, before its callbacks;
    ``ended`` after them. The queue continues whatever a job or callback raises. ``after`` is called in the thread at
    the end of every job.
    """

    started = Signal(str)
    progressed = Signal(object, object)
    released = Signal()
    ended = Signal()

    def __init__(self, parent: QObject | None = None, after: Callable[[], None] = lambda: None) -> None:
        super().__init__(parent)
        self._after = after
        self._waiting: deque[_Request] = deque()
        self._request: _Request | None = None
        self._thread: _Thread | None = None
        self._calling_back = False

    @property
    def busy(self) -> bool:
        """Whether a job is running, so that nothing else may use the draft."""
        return self._request is not None

    @property
    def title(self) -> str:
        """The title of the running job; empty if there is none."""
        return self._request.title if self._request is not None else ""

    def run(
        self,
        title: str,
        job: Job[T],
        done: Callable[[T], None],
        failed: Callable[[DgdeskError], None],
        cancelled: Callable[[], None] = lambda: None,
        ended: Callable[[], None] = lambda: None,
    ) -> None:
        """Run ``job`` in a thread after the jobs that run or wait.

        Then one callback is called: ``done`` with the result, ``cancelled`` if the job raised `Cancelled` or was
        removed from the queue, ``failed`` for a `DgdeskError`. Any other exception is raised in the GUI thread.
        ``ended`` is always called last, even after an exception.
        """
        self._waiting.append(_Request(title, job, done, failed, cancelled, ended))
        self._next()

    def cancel(self) -> None:
        """Ask the running job to stop. Waiting jobs will still run."""
        if self._thread is not None:
            self._thread.cancel()

    def cancel_all(self) -> None:
        """Stop the running job and drop the waiting ones."""
        waiting = list(self._waiting)
        self._waiting.clear()
        self.cancel()
        for request in waiting:
            try:
                request.end(None)
            except Exception:
                sys.excepthook(*sys.exc_info())  # the others are still to be called

    def wait(self) -> None:
        """Return when no job runs or waits; the window keeps handling events meanwhile."""
        if not (self.busy or self._waiting):
            return
        loop = QEventLoop()
        self.ended.connect(loop.quit)
        while self.busy or self._waiting:
            loop.exec()
        self.ended.disconnect(loop.quit)

    def _next(self) -> None:
        if self._request is not None or self._calling_back or not self._waiting:
            return
        self._request = request = self._waiting.popleft()
        self._thread = thread = _Thread("dgdesk work", request.job, _lower_priority, self._after)
        thread.progressed.connect(self._pass_on)
        thread.finished.connect(self._finished)
        self.started.emit(request.title)
        thread.start(QThread.Priority.LowPriority)

    def _pass_on(self, done: object, total: object) -> None:
        if self._thread is not None and self.sender() is self._thread:
            self.progressed.emit(done, total)

    def _finished(self) -> None:
        request, thread = self._request, self._thread
        if request is None or thread is None:
            return
        thread.wait()
        self._request = self._thread = None
        thread.deleteLater()
        self._calling_back = True  # jobs that the callbacks add wait behind those that wait already
        try:
            self.released.emit()
            request.end(thread)
        finally:
            self._calling_back = False
            self.ended.emit()
            self._next()


class ProgressDialog(FittedDialog):
    """Shows the progress of a job; closing it asks the job to stop."""

    def __init__(self, texts: Texts, title: str, stop: Callable[[], None], parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(texts.say("ui.program"))
        self.setStyleSheet(sheet())
        self.setModal(True)
        self._stop = stop
        layout = QVBoxLayout(self)
        label = WrapLabel(texts, title, "text", self)
        label.setMinimumWidth(380)
        layout.addWidget(label)
        self.bar = QProgressBar(self)
        self.bar.setRange(0, 0)
        layout.addWidget(self.bar)
        self.cancel = QPushButton(texts.say("ui.cancel"), self)
        give_keys((self.cancel, "C"))
        self.cancel.clicked.connect(self.reject)
        layout.addWidget(self.cancel, 0, Qt.AlignmentFlag.AlignRight)

    def advance(self, done: int, total: int) -> None:
        """Show the percentage, or a moving bar if ``total`` is 0 (unknown)."""
        self.bar.setRange(0, 100 if total else 0)
        self.bar.setValue(100 * done // total if total else 0)

    def reject(self) -> None:
        """Ask the job to stop; the dialog closes when the job has ended."""
        self.cancel.setEnabled(False)
        self._stop()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.reject()
        event.ignore()


def run_modal(texts: Texts, title: str, job: Job[T], parent: QWidget | None) -> T:
    """Run ``job`` in a thread behind a modal dialog and return its result.

    Raises:
        whatever the job raises. The thread has ended when this returns or raises.
    """
    thread = _Thread("dgdesk job", job, lambda: None, lambda: None)
    dialog = ProgressDialog(texts, title, thread.cancel, parent)
    thread.progressed.connect(dialog.advance)
    thread.finished.connect(dialog.accept)
    thread.start()
    if not thread.wait(_AT_ONCE):
        dialog.exec()
    if isValid(dialog):
        dialog.deleteLater()
    else:  # the window was destroyed beneath it
        thread.cancel()
    thread.wait()
    if thread.error is not None:
        raise thread.error
    outcome: T = thread.outcome
    return outcome


def _lower_priority() -> None:
    """Lower the priority of this thread and those it starts. Only Linux sets it for a thread, not the process."""
    if sys.platform == "linux":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)


Outcome = TypeVar("Outcome")


def derive(texts: Texts, work: Callable[[], Outcome], parent: QWidget) -> Outcome:
    """Run ``work``, which takes about a second and cannot be stopped, in a thread; the window stays responsive.

    Raises:
        whatever the work raises.
    """
    return run_modal(texts, texts.say("ui.secret.deriving"), lambda _: work(), parent)
