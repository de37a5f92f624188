"""Records one run of the program: its log, unhandled errors, and Qt's messages."""

from __future__ import annotations

import platform
import re
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QMessageLogContext, QObject, Qt, QtMsgType, Signal, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from dgdesk import __version__
from dgdesk.support.log import FOLDER, EventLog, Repeats, kind_of, place_of
from dgdesk.support.presence import Presence, reported_a_crash
from dgdesk.system.profile import Profile
from dgdesk.ui.form.host import DraftHost
from dgdesk.ui.support import run_monitor
from dgdesk.ui.support.failures import QUIT, SUPPORT, FaultDialog

if TYPE_CHECKING:
    from dgdesk.ui.support.controller import SupportController

_GRAVE = {QtMsgType.QtCriticalMsg: "critical", QtMsgType.QtFatalMsg: "fatal"}
_NAMES = re.compile(r"\"[^\"]*\"|'[^']*'|\S*[/\\]\S*|[^\x20-\x7e]+")


def listen(log: EventLog) -> None:
    """Write Qt's messages to the log; end it with `unlisten` before Python ends."""

    def hear(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        with suppress(OSError, ValueError, AttributeError):  # a windowed program has no stderr
            sys.stderr.write(f"{text}\n")
        if kind in _GRAVE:
            log.event("qt", kind=_GRAVE[kind], category=context.category or "", text=without_names(text))

    qInstallMessageHandler(hear)


def unlisten() -> None:
    """Give Qt's messages back to Qt."""
    qInstallMessageHandler(None)


def without_names(text: str) -> str:
    """Return a Qt message without possible names or user texts: quotations, paths, non-ASCII words."""
    return " ".join(_NAMES.sub("…", text).split())


class RunMonitor:
    """Records one run: `begin` first, `serve` once there is a window, `end` last. None raises for a bad disk."""

    def __init__(self, profile: Profile, clock: Callable[[], datetime]) -> None:
        self._logs = profile.root / FOLDER
        self.log = EventLog(self._logs, clock)
        self.faults = Faults(self.log)
        self._presence = Presence(profile.root, clock())
        self._host: DraftHost | None = None
        self._office: SupportController | None = None
        self._dialog: FaultDialog | None = None
        self._others = 0
        self.broken_off = ""
        """Text code about a last run that crashed; empty if there was none."""

    def begin(self) -> None:
        """Open the log, install the error hooks, and look for other running windows."""
        self.log.open()
        around = self._presence.look()
        self._others = around.others
        if around.broken_off:
            crashed = any(reported_a_crash(self._logs, since) for since in around.broken_off)
            self.broken_off = "ui.office.crashed" if crashed else "ui.office.broken_off"
            self.log.event("not closed", count=len(around.broken_off), crashed=crashed)
        self.log.watch_crashes()
        self.faults.install()
        run_monitor.listen(self.log)
        frozen = bool(getattr(sys, "frozen", False))
        self.log.event("start", version=__version__, frozen=frozen, system=platform.system(), others=around.others)

    def serve(self, host: DraftHost, office: SupportController) -> None:
        """Show errors in the window from now on, and start the checks of this PC."""
        self._host, self._office = host, office
        self.faults.arose.connect(self._tell)
        office.begin(self._presence, self._others, self.broken_off)

    def failed(self, error: BaseException) -> None:
        """Log why the program cannot start."""
        self.log.error("start failed", error)

    def end(self, code: int) -> None:
        """Close the log; a second call does nothing."""
        if self._office is not None:
            self._office.stop()
            self._host = self._office = None
        run_monitor.unlisten()
        self.faults.remove()
        self.log.event("end", code=code)
        self.log.close()
        self._presence.leave()

    def _tell(self, kind: str) -> None:
        """Show an error, one dialog at a time."""
        host, office = self._host, self._office
        if self._dialog is not None:
            self._dialog.count_another()
            return
        if host is None or office is None:
            return
        over = QApplication.activeModalWidget() or host.window
        self._dialog = FaultDialog(host.texts, kind, over, has_draft=host.draft is not None)
        try:
            self._dialog.exec()
            chosen = self._dialog.chosen
            self._dialog.deleteLater()
        finally:
            self._dialog = None
        if chosen == SUPPORT:
            office.save_support()
        elif chosen == QUIT:
            QApplication.closeAllWindows()


class Faults(QObject):
    """Catches unhandled errors: in slots, timers and threads, and those that Python cannot raise.

    ``arose`` carries the kind of an error to show, in the window's thread, once a minute for each place in the code;
    repetitions are only counted. Errors that Python cannot raise (in finalizers) are only logged.
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
        # queued even in this thread: a dialog must not run inside the code that failed
        self._met.connect(self.arose, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Install the hooks; the previous hooks are still called."""
        self._before = sys.excepthook, threading.excepthook, sys.unraisablehook
        sys.excepthook, threading.excepthook = self._raised, self._raised_in_thread
        sys.unraisablehook = self._unraisable

    def remove(self) -> None:
        """Restore the previous hooks; a second call does nothing."""
        if self._before is not None:
            sys.excepthook, threading.excepthook, sys.unraisablehook = self._before
            self._before = None

    def take(self, name: str, error: BaseException, *, tell: bool = True) -> None:
        """Log an error under a name, and show it unless it was just shown. From any thread; never raises."""
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
