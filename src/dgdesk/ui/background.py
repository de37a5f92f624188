"""Window, background: a long piece of work in a thread, with progress and cancel in a dialog that bars all else."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Qt, QThread, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QProgressBar, QPushButton, QVBoxLayout, QWidget

from dgdesk.ui.buttons import give_keys
from dgdesk.ui.fitting import FittedDialog
from dgdesk.ui.looks import sheet
from dgdesk.ui.text import Texts, WrapLabel

Outcome = TypeVar("Outcome")
Job = Callable[[Callable[[int, int], None], Callable[[], bool]], Outcome]
"""Given (progress, cancelled); both may be called from the thread."""

_AT_ONCE = 200
"""Milliseconds: what is done within them shows no dialog."""


class _Worker(QThread, Generic[Outcome]):
    """Runs one job. What it raised is kept for the caller."""

    progressed = Signal(int)

    def __init__(self, job: Job[Outcome], parent: QObject | None) -> None:
        super().__init__(parent)
        self._job = job
        self._stop = threading.Event()
        self._percent = -1
        self.outcome: Outcome
        self.error: BaseException | None = None

    def run(self) -> None:
        """Do the job."""
        try:
            self.outcome = self._job(self._progress, self._stop.is_set)
        except BaseException as error:  # handed to the caller, whatever it is
            self.error = error

    def stop(self) -> None:
        """Ask the job to end."""
        self._stop.set()

    def _progress(self, done: int, total: int) -> None:
        percent = 100 * done // total if total else -1
        if percent != self._percent:
            self._percent = percent
            self.progressed.emit(percent)


class _Progress(FittedDialog):
    """Shows how far the work is; closing it asks the work to stop."""

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

    def advance(self, percent: int) -> None:
        """Show the percentage, or that it is not known."""
        self.bar.setRange(0, 100 if percent >= 0 else 0)
        self.bar.setValue(max(percent, 0))

    def reject(self) -> None:
        """Ask the work to stop; the dialog goes when it has."""
        self.cancel.setEnabled(False)
        self._stop()

    def closeEvent(self, event: QCloseEvent) -> None:
        """See `reject`."""
        self.reject()
        event.ignore()


def run_job(texts: Texts, title: str, job: Job[Outcome], parent: QWidget | None) -> Outcome:
    """Do ``job`` in a thread and return what it returns; nothing else can be done in the window meanwhile.

    Raises:
        whatever the job raises. The thread has ended when this returns or raises.
    """
    worker = _Worker(job, None)
    worker.setObjectName("dgdesk job")
    dialog = _Progress(texts, title, worker.stop, parent)
    worker.progressed.connect(dialog.advance)
    worker.finished.connect(dialog.accept)
    worker.start()
    if not worker.wait(_AT_ONCE):
        dialog.exec()
    worker.wait()
    dialog.deleteLater()
    if worker.error is not None:
        raise worker.error
    return worker.outcome
