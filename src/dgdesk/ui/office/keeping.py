"""Window, office, keeping: one run of the program from its first moment to its last: log, place, errors, Qt's words."""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from dgdesk import __version__
from dgdesk.support.log import FOLDER, EventLog
from dgdesk.support.presence import Presence, reported_a_crash
from dgdesk.system.profile import Profile
from dgdesk.ui.excepthook import Faults
from dgdesk.ui.form.host import DraftHost
from dgdesk.ui.office import qt_messages
from dgdesk.ui.office.fault_dialog import QUIT, SUPPORT, FaultDialog

if TYPE_CHECKING:
    from dgdesk.ui.office.way import OfficeWay


class Keeper:
    """Keeps one run: `begin` first, `serve` when the desk stands, `end` last. None of them raises for a bad disk."""

    def __init__(self, profile: Profile, clock: Callable[[], datetime]) -> None:
        self._logs = profile.root / FOLDER
        self.log = EventLog(self._logs, clock)
        self.faults = Faults(self.log)
        self._presence = Presence(profile.root, clock())
        self._host: DraftHost | None = None
        self._office: OfficeWay | None = None
        self._dialog: FaultDialog | None = None
        self._others = 0
        self.broken_off = ""
        """The code of what to say of a window before this one that was never closed; empty when there is none."""

    def begin(self) -> None:
        """Open the log, take every error from now on, and look who else is there."""
        self.log.open()
        around = self._presence.look()
        self._others = around.others
        if around.broken_off:
            crashed = any(reported_a_crash(self._logs, since) for since in around.broken_off)
            self.broken_off = "ui.office.crashed" if crashed else "ui.office.broken_off"
            self.log.event("not closed", count=len(around.broken_off), crashed=crashed)
        self.log.watch_crashes()
        self.faults.install()
        qt_messages.listen(self.log)
        frozen = bool(getattr(sys, "frozen", False))
        self.log.event("start", version=__version__, frozen=frozen, system=platform.system(), others=around.others)

    def serve(self, host: DraftHost, office: OfficeWay) -> None:
        """Tell errors in a window that stands, and begin to look after it."""
        self._host, self._office = host, office
        self.faults.arose.connect(self._tell)
        office.begin(self._presence, self._others, self.broken_off)

    def failed(self, error: BaseException) -> None:
        """Write down why the program cannot begin."""
        self.log.error("start failed", error)

    def end(self, code: int) -> None:
        """The program ends; a second call does nothing."""
        if self._office is not None:
            self._office.stop()
            self._host = self._office = None
        qt_messages.unlisten()
        self.faults.remove()
        self.log.event("end", code=code)
        self.log.close()
        self._presence.leave()

    def _tell(self, kind: str) -> None:
        """Tell an error, one dialog at a time."""
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
