"""Makes backups of the open draft automatically, while nobody types.

One soon after opening, one for every hour of work, and one at closing. Each is a job of the bridge's queue, so changes
made meanwhile wait and are not lost. The user is never asked; a failure is reported once.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEventLoop, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

from dgdesk.draft.backups.copies import MadeBackup, Policy, is_due, make_copy, newest_change
from dgdesk.draft.backups.names import BackupCopy, folder_for, list_copies
from dgdesk.draft.file.disk import size_of
from dgdesk.errors import DgdeskError
from dgdesk.system.progress import Progress
from dgdesk.system.settings import Settings
from dgdesk.ui.form.bridge import Bridge
from dgdesk.ui.widgets.label import Texts

FIRST: Final = 4_000
"""Milliseconds after opening a draft; it is shown first."""
AGAIN: Final = 60_000
"""Milliseconds between two checks whether a backup is due."""
QUIET: Final = 15_000
"""Milliseconds without a change after which the user is not typing."""
SMALL: Final = 8 << 20
"""Bytes; only a smaller draft is copied at closing, which takes about a quarter of a second."""


def policy_of(settings: Settings) -> Policy:
    """Return how many backups are kept, and for how long."""
    return Policy(most=settings.backup_most, days=settings.backup_days)


def chosen_place(settings: Settings) -> Path | None:
    """Return the chosen folder for backups, None for the draft's own folder."""
    return Path(settings.backup_folder) if settings.backup_folder else None


class BackupScheduler(QObject):
    """Backs up one open draft. ``settings`` returns the current settings, ``failed`` shows an error.

    ``made`` carries a `MadeBackup`; ``ended`` comes after every try.
    """

    made = Signal(object)
    ended = Signal()

    def __init__(
        self,
        bridge: Bridge,
        texts: Texts,
        settings: Callable[[], Settings],
        clock: Callable[[], datetime],
        failed: Callable[[str], None],
        owner: QWidget,
    ) -> None:
        super().__init__(owner)
        self._bridge, self._texts, self._settings, self._clock = bridge, texts, settings, clock
        self._failed = failed
        self._copies: tuple[BackupCopy, ...] = ()
        self._listed: Path | None = None  # the folder whose backups were listed
        self._copied: datetime | None = None  # the newest change in a backup of this session
        self._stopped: datetime | None = None  # when the last try failed
        self._reported: set[str] = set()
        self._running = False
        self._quiet, self._timer = QTimer(self), QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(QUIET)
        self._timer.setInterval(AGAIN)
        self._timer.timeout.connect(self.look)
        bridge.changed.connect(lambda _: self._quiet.start())
        bridge.pending.connect(self._quiet.start)
        self._timer.start()
        QTimer.singleShot(FIRST, self, self.look)

    @property
    def running(self) -> bool:
        """Whether a backup is being made."""
        return self._running

    def look(self) -> None:
        """Make a backup if one is due and the user is not typing."""
        if self._timer.isActive() and self._settings().backups and self._is_calm() and self._is_time():
            self._begin()

    def cancel_running(self) -> None:
        """Cancel a running backup without asking, because the draft is to be closed."""
        if not self._running:
            return
        loop = QEventLoop()
        self.ended.connect(loop.quit)
        self._bridge.jobs.cancel()
        while self._running:
            loop.exec()
        self.ended.disconnect(loop.quit)

    def stop(self) -> None:
        """Make no more backups."""
        self._timer.stop()
        self._quiet.stop()

    def close(self) -> None:
        """Before the draft is closed, make a due backup if the draft is small; else the next opening does."""
        wanted = self._timer.isActive() and self._settings().backups and not self._reported
        self.stop()
        if not wanted or self._bridge.jobs.busy:
            return
        package = self._bridge.draft.package
        try:
            if size_of(package.path) <= SMALL and self._is_changed():
                folder, policy, now = self._folder(), policy_of(self._settings()), self._clock()
                if is_due(policy, list_copies(package.path, folder), now, newest_change(package)):
                    make_copy(package, folder, now, policy)
        except (DgdeskError, OSError):
            return  # closing does not wait for it

    def _is_calm(self) -> bool:
        bridge = self._bridge
        busy = self._running or bridge.jobs.busy or bridge.has_queued or self._quiet.isActive()
        return not busy and QApplication.activeModalWidget() is None and QApplication.activePopupWidget() is None

    def _is_time(self) -> bool:
        """Whether to list backups at all, since the disk may be slow."""
        policy, now = policy_of(self._settings()), self._clock()
        if self._stopped is not None and self._stopped <= now < self._stopped + policy.every:
            return False
        if self._listed != self._folder():
            return True
        try:
            return self._is_changed() and is_due(policy, self._copies, now, newest_change(self._bridge.draft.package))
        except DgdeskError:
            return False  # reported by whatever reads the draft

    def _is_changed(self) -> bool:
        changed = newest_change(self._bridge.draft.package)
        return changed is not None and changed != self._copied

    def _folder(self) -> Path:
        return folder_for(self._bridge.draft.path, chosen_place(self._settings()))

    def _begin(self) -> None:
        package, folder, now = self._bridge.draft.package, self._folder(), self._clock()
        policy = policy_of(self._settings())

        def job(progress: Progress) -> tuple[MadeBackup | None, datetime | None]:
            changed = newest_change(package)
            if not is_due(policy, list_copies(package.path, folder), now, changed):
                return None, None
            return make_copy(package, folder, now, policy, progress=progress), changed

        def done(result: tuple[MadeBackup | None, datetime | None]) -> None:
            made, self._copied = result[0], result[1] or self._copied
            self._copies, self._listed = list_copies(package.path, folder), folder
            self._stopped = None
            self._reported.clear()
            if made is not None:
                self.made.emit(made)

        self._running = True
        self._bridge.jobs.run(self._texts.say("ui.backups.making"), job, done, self._tell, self._give_up, self._end)

    def _give_up(self) -> None:
        """After a cancel, try again only after the usual time."""
        self._stopped = self._clock()

    def _tell(self, error: DgdeskError) -> None:
        self._give_up()
        if error.code not in self._reported:
            self._reported.add(error.code)
            # the errors' own sentences say that work is not saved, which is wrong here
            full = error.code == "package.disk_full"
            words = self._texts.say("ui.backups.failed_full" if full else "ui.backups.failed")
            # the "saved" at the end of the job would hide it
            QTimer.singleShot(0, self, lambda: self._failed(words))

    def _end(self) -> None:
        self._running = False
        self.ended.emit()
