"""Window, excepthook: errors of the program itself, wherever they are raised: written to the log, told once."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from dgdesk.support.log import EventLog, Repeats, kind_of, place_of


class Faults(QObject):
    """Takes errors that nobody caught: in slots and timers, in threads, and where Python itself cannot raise them.

    ``arose`` carries the kind of an error that is to be told; it comes on the window's thread, and once a minute for
    each place in the code: a repetition is only counted. What Python cannot raise (while it tidies up) is written and
    not told: nobody waits for it.
    """

    arose = Signal(str)
    _met = Signal(str)

    def __init__(
        self, log: EventLog, parent: QObject | None = None, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(parent)
        self._log, self._monotonic = log, monotonic
        self._repeats = Repeats()
        self._before: tuple[Any, Any, Any] | None = None
        # even on this thread not before the code that failed has ended: a dialog would go on inside it
        self._met.connect(self.arose, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Take every error from now on; what took them before is still called."""
        self._before = sys.excepthook, threading.excepthook, sys.unraisablehook
        sys.excepthook, threading.excepthook = self._raised, self._raised_in_thread
        sys.unraisablehook = self._unraisable

    def remove(self) -> None:
        """Give the hooks back; a second call does nothing."""
        if self._before is not None:
            sys.excepthook, threading.excepthook, sys.unraisablehook = self._before
            self._before = None

    def take(self, name: str, error: BaseException, *, tell: bool = True) -> None:
        """Write an error to the log under a name; tell it unless it was just told. From any thread; never raises."""
        with suppress(Exception):
            count = self._repeats.count(place_of(error), self._monotonic())
            if count == 1:
                self._log.error(name, error)
                if tell:
                    self._met.emit(kind_of(error))
            elif count & (count - 1) == 0:  # a timer that fails must not fill the log
                self._log.event(f"{name} again", place=place_of(error), count=count)

    def _raised(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if self._before is not None:
            with suppress(Exception):  # there may be no stderr
                self._before[0](kind, error, trace)
        if issubclass(kind, Exception):
            self.take("error", error.with_traceback(trace))

    def _raised_in_thread(self, what: threading.ExceptHookArgs) -> None:
        if self._before is not None:
            with suppress(Exception):
                self._before[1](what)
        if what.exc_value is not None and isinstance(what.exc_value, Exception):
            self.take("error in thread", what.exc_value)

    def _unraisable(self, what: Any) -> None:
        if self._before is not None:
            with suppress(Exception):
                self._before[2](what)
        if isinstance(what.exc_value, Exception):
            self.take("error that could not be raised", what.exc_value, tell=False)
