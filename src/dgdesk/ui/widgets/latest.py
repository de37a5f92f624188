"""Runs only the newest of several requests in a background thread; its results come in the GUI thread."""

from __future__ import annotations

import atexit
import sys
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from shiboken6 import isValid

from dgdesk.errors import DgdeskError
from dgdesk.system.progress import Cancelled, Progress, by_percent

T = TypeVar("T")

_AT_THE_END = 1.0
"""Seconds that the end of the program waits for all threads together."""
_PATIENCE = 0.2
"""Seconds that `stop` waits: work that hangs on a dead network drive must not block the window."""


class Task:
    """One request. Except for the callbacks, its methods are called in the worker's thread."""

    def __init__(
        self, owner: LatestWins, work: Callable[[Task], Any], done: Callable[[Any], None], failed: Callable[..., None]
    ) -> None:
        self._dropped = threading.Event()
        self.wake: Callable[[], None] = lambda: None
        """Called when the request is cancelled: work that sleeps sets it, and looks at `cancelled` afterwards."""
        self._owner: LatestWins | None = owner
        self._work: Callable[[Task], Any] | None = work
        self._done: Callable[[Any], None] | None = done
        self._failed: Callable[..., None] | None = failed
        self._calls: deque[tuple[Callable[..., None], tuple[Any, ...]]] = deque()
        self._outcome: Any = None
        self._error: BaseException | None = None
        # A daemon thread: work that hangs on a dead network drive must not keep the program from ending.
        self.thread = threading.Thread(target=self._run, name=owner.objectName(), daemon=True)

    @property
    def cancelled(self) -> bool:
        """Whether the result is no longer wanted."""
        return self._dropped.is_set()

    def cancel(self) -> None:
        """Cancel the request; call in the GUI thread."""
        self._dropped.set()
        self.wake()

    def post(self, call: Callable[..., None], *values: Any) -> None:
        """Call ``call`` in the GUI thread, in order, unless the request has been cancelled by then."""
        if _ended:
            return  # Qt's objects are being destroyed
        self._calls.append((call, values))
        _posted().emit(self)

    def progress(self, show: Callable[[int], None] | None = None) -> Progress:
        """Return a `Progress` for the work; ``show`` gets the percentage in the GUI thread (-1: unknown)."""
        report = by_percent(lambda percent: self.post(show, percent)) if show is not None else None
        return Progress(report, self._dropped.is_set)

    def deliver(self) -> None:
        """Make the next waiting call, if there is one; call in the GUI thread."""
        if not self._calls:
            return  # `LatestWins.wait` has made it
        call, values = self._calls.popleft()
        wanted = not self.cancelled and self._owner is not None and isValid(self._owner)
        if call == self._end or wanted:
            call(*values)

    def deliver_all(self) -> None:
        """Make all waiting calls; call in the GUI thread."""
        while self._calls:
            try:
                self.deliver()
            except Exception:
                sys.excepthook(*sys.exc_info())  # as if Qt had made the call

    def _run(self) -> None:
        # No local variables: they would hold Qt objects for a moment longer than the GUI thread does.
        try:
            self._outcome = self._work(self) if self._work is not None and not self.cancelled else None
        except BaseException as error:  # handed to the GUI thread, whatever it is
            self._error = error
        self.post(self._end)

    def _end(self) -> None:
        owner, done, failed, outcome, error = self._owner, self._done, self._failed, self._outcome, self._error
        self._owner = self._work = self._done = self._failed = self._outcome = self._error = None
        self.wake = lambda: None
        if owner is None or done is None or failed is None:
            return
        owner.forget(self)
        if self.cancelled or isinstance(error, Cancelled) or not isValid(owner):
            return
        if error is None:
            done(outcome)
        elif isinstance(error, DgdeskError):
            failed(error)
        else:
            raise error


class LatestWins(QObject):
    """A background thread that runs only the newest request. Use it in the GUI thread; callbacks are called there.

    A new request cancels the running one and replaces the waiting one; neither delivers anything more. When a request
    ends, the thread is free before its callback is called. An exception that is neither `DgdeskError` nor `Cancelled`
    is raised in the GUI thread. ``may_hang``: a new request does not wait until a cancelled one has ended.
    """

    def __init__(self, name: str, parent: QObject, *, may_hang: bool = False) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._may_hang = may_hang
        self._tasks: set[Task] = set()
        self._running: Task | None = None
        self._waiting: Task | None = None
        self._stopped = False
        self._begin: Callable[[], object] = lambda: None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(lambda: self._begin())
        _posted()
        tasks = self._tasks
        self.destroyed.connect(lambda: _cancel(tasks))

    def soon(self, milliseconds: int, begin: Callable[[], object]) -> None:
        """Call ``begin`` after some time, unless there is another request or `cancel` before."""
        self.cancel()
        if not self._stopped:
            self._begin = begin
            self._timer.start(milliseconds)

    def request(
        self,
        work: Callable[[Task], T],
        done: Callable[[T], None] = lambda _: None,
        failed: Callable[[DgdeskError], None] = lambda _: None,
    ) -> None:
        """Run ``work`` in the thread, in place of the request before; nothing happens after `stop`."""
        self.cancel()
        if self._stopped:
            return
        self._waiting = Task(self, work, done, failed)
        if self._running is None or self._may_hang:
            self._start()

    def cancel(self) -> None:
        """Cancel the running and the waiting request."""
        self._timer.stop()
        self._waiting = None
        _cancel(self._tasks)

    def stop(self, seconds: float = _PATIENCE) -> None:
        """Cancel all, refuse further requests, and wait a moment for the thread to end."""
        self._stopped = True
        self.cancel()
        self.wait(seconds)

    def wait(self, seconds: float) -> bool:
        """Wait until everything is done and delivered; return whether it is."""
        end = time.monotonic() + seconds
        while (task := self._running) is not None:
            task.thread.join(max(0.0, end - time.monotonic()))
            if task.thread.is_alive():
                return False
            task.deliver_all()
        return True

    @property
    def running(self) -> bool:
        """Whether a thread is running, including one whose request was cancelled."""
        return any(task.thread.is_alive() for task in self._tasks)

    def forget(self, task: Task) -> None:
        """Forget a task that has ended."""
        self._tasks.discard(task)
        if self._running is task:
            self._running = None
            self._start()

    def _start(self) -> None:
        task, self._waiting, self._running = self._waiting, None, None
        if task is not None:
            task.thread.start()  # nothing is kept of one that the system cannot start
            _started.add(task)
            self._tasks.add(task)
            self._running = task


def _cancel(tasks: Iterable[Task]) -> None:
    for task in tasks:
        task.cancel()


class _Post(QObject):
    """Brings calls into the GUI thread. It lives as long as the program, so no thread ever calls a deleted object."""

    posted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.posted.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def _deliver(self, task: Task) -> None:
        task.deliver()


_post: _Post | None = None
_started: weakref.WeakSet[Task] = weakref.WeakSet()
"""The tasks of all owners; those that have ended go with their owner's last reference."""
_ended = False


def end_all(seconds: float = _AT_THE_END) -> bool:
    """Cancel the requests of all owners, deliver nothing any more, and wait for the threads; return whether all ended.

    Python does this before it destroys Qt's objects: a thread that posts to them while they are destroyed ends the
    program with a crash, or holds a lock of Qt for ever.
    """
    global _ended
    _ended = True
    tasks, end = list(_started), time.monotonic() + seconds
    _cancel(tasks)
    for task in tasks:
        task.thread.join(max(0.0, end - time.monotonic()))
    return not any(task.thread.is_alive() for task in tasks)


def _posted() -> Any:
    """Return the signal; the first call must be in the GUI thread."""
    global _post
    if _post is None:
        _post = _Post()
        atexit.register(end_all)
    return _post.posted
