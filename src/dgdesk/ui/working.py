"""Window, working: long work on the draft, one piece after the other, in a thread beside the window."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from PySide6.QtCore import QEventLoop, QObject, QThread, Signal

from dgdesk.errors import DgdeskError
from dgdesk.package.model import Cancelled, CancelledError, Progress

T = TypeVar("T")

_NICE = 10
"""By how much the work stands back behind the window where both want the processor (POSIX); Windows has a priority."""
_BETWEEN_WORDS = 0.05
"""Seconds between two words about the progress: the window has more to do than to repaint a bar."""


class _Piece:
    """One piece of work, and what is done with what comes of it."""

    def __init__(
        self,
        title: str,
        job: Callable[[Progress, Cancelled], Any],
        done: Callable[[Any], None],
        failed: Callable[[DgdeskError], None],
        cancelled: Callable[[], None] | None,
    ) -> None:
        self.title, self.job, self.done, self.failed, self.cancelled = title, job, done, failed, cancelled
        self.stop = threading.Event()


class _Thread(QThread):
    """Does one piece. What it raised is kept."""

    progressed = Signal(object, object)

    def __init__(self, piece: _Piece, after: Callable[[], None]) -> None:
        super().__init__(None)
        self.setObjectName("dgdesk work")
        self._piece = piece
        self._after = after
        self._told = 0.0
        self.outcome: object = None
        self.error: BaseException | None = None

    def run(self) -> None:
        """Do it, then what is to be done after every piece."""
        _stand_back()
        try:
            self.outcome = self._piece.job(self._progress, self._piece.stop.is_set)
        except BaseException as error:  # handed to the window's thread, whatever it is
            self.error = error
        try:
            self._after()
        except BaseException as error:
            self.error = self.error or error

    def _progress(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._told >= _BETWEEN_WORDS or done >= total > 0:
            self._told = now
            self.progressed.emit(done, total)


class Working(QObject):
    """Long work on the draft. One piece at a time; others wait in order. Signals and callbacks on the window's thread.

    ``started`` carries the title in words, ``progressed`` what is done and what there is in all (0: unknown).
    ``released`` comes when a piece has let go of the draft, before anything is said of what came of it; ``ended`` after
    that. ``after`` is called in the thread at the end of every piece.
    """

    started = Signal(str)
    progressed = Signal(object, object)
    released = Signal()
    ended = Signal()

    def __init__(self, parent: QObject | None = None, after: Callable[[], None] = lambda: None) -> None:
        super().__init__(parent)
        self._after = after
        self._waiting: deque[_Piece] = deque()
        self._piece: _Piece | None = None
        self._thread: _Thread | None = None
        self._telling = False

    @property
    def busy(self) -> bool:
        """Whether a piece is at work, and the draft is not to be touched."""
        return self._piece is not None

    @property
    def title(self) -> str:
        """What is done now, in words; empty when nothing is."""
        return self._piece.title if self._piece is not None else ""

    def run(
        self,
        title: str,
        job: Callable[[Progress, Cancelled], T],
        done: Callable[[T], None],
        failed: Callable[[DgdeskError], None],
        cancelled: Callable[[], None] | None = None,
    ) -> None:
        """Do ``job`` in a thread, after what runs or waits. One of the callbacks is called when it has ended.

        ``cancelled`` is called for a job that was stopped (`CancelledError`) or was taken out of the queue. What is no
        `DgdeskError` is raised on the window's thread.
        """
        self._waiting.append(_Piece(title, job, done, failed, cancelled))
        self._next()

    def cancel(self) -> None:
        """Ask the job that runs to stop; it ends soon. What waits behind it is done all the same."""
        if self._piece is not None:
            self._piece.stop.set()

    def cancel_all(self) -> None:
        """Stop the job that runs, and forget those that wait."""
        waiting = list(self._waiting)
        self._waiting.clear()
        self.cancel()
        for piece in waiting:
            if piece.cancelled is not None:
                piece.cancelled()

    def wait(self) -> None:
        """Return when nothing runs or waits any more; the window stays alive meanwhile."""
        if not (self.busy or self._waiting):
            return
        loop = QEventLoop()
        self.ended.connect(loop.quit)
        while self.busy or self._waiting:
            loop.exec()
        self.ended.disconnect(loop.quit)

    def _next(self) -> None:
        if self._piece is not None or self._telling or not self._waiting:
            return
        self._piece = piece = self._waiting.popleft()
        self._thread = thread = _Thread(piece, self._after)
        thread.progressed.connect(self._pass_on)
        thread.finished.connect(self._finished)
        self.started.emit(piece.title)
        thread.start(QThread.Priority.LowPriority)

    def _pass_on(self, done: object, total: object) -> None:
        if self._thread is not None and self.sender() is self._thread:
            self.progressed.emit(done, total)

    def _finished(self) -> None:
        piece, thread = self._piece, self._thread
        if piece is None or thread is None:
            return
        thread.wait()
        self._piece = self._thread = None
        thread.deleteLater()
        self._telling = True  # what the callbacks begin waits behind what waits already
        try:
            self.released.emit()
            self._tell(piece, thread)
        finally:
            self._telling = False
            self.ended.emit()
            self._next()

    def _tell(self, piece: _Piece, thread: _Thread) -> None:
        error = thread.error
        if error is None:
            piece.done(thread.outcome)
        elif isinstance(error, CancelledError):
            if piece.cancelled is not None:
                piece.cancelled()
        elif isinstance(error, DgdeskError):
            piece.failed(error)
        else:
            raise error


def _stand_back() -> None:
    """Let the window go first. Linux does it for this thread and those it starts, others for all of the program."""
    if sys.platform == "linux":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
