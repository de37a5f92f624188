"""Makes backups of the open draft by itself, in moments when nobody types.

Shortly after the draft was opened, every hour of work, and at closing. The work goes through `Bridge.jobs`, so that
what the person does meanwhile waits to be saved and is not lost. Nothing is ever asked; what failed is told once.
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
"""Milliseconds after a draft was opened: first it is to be seen."""
AGAIN: Final = 60_000
"""Milliseconds between two looks whether a copy is due."""
QUIET: Final = 15_000
"""Milliseconds without a change after which the person is taken to be thinking."""
SMALL: Final = 8 << 20
"""Bytes of a draft that is copied while the person waits for the window to close (a quarter of a second)."""


def policy_of(settings: Settings) -> Policy:
    """Return how many copies are kept, and for how long."""
    return Policy(most=settings.backup_most, days=settings.backup_days)


def chosen_place(settings: Settings) -> Path | None:
    """Return the folder that the person chose for copies, None for beside the draft."""
    return Path(settings.backup_folder) if settings.backup_folder else None


class BackupScheduler(QObject):
    """Keeps copies of one open draft. ``settings`` gives the settings of now, ``failed`` is told what went wrong.

    ``made`` carries `MadeBackup`, ``ended`` comes when a copy was made or not.
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
        self._listed: Path | None = None  # the folder in which they are, once it was looked into
        self._copied: datetime | None = None  # the newest change that is in a copy of this session
        self._stopped: datetime | None = None  # when the last try came to nothing
        self._told: set[str] = set()
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
        """Whether a copy is being made."""
        return self._running

    def look(self) -> None:
        """Make a copy if one is due and the person is not in the middle of something."""
        if self._timer.isActive() and self._settings().backups and self._is_calm() and self._is_time():
            self._begin()

    def give_way(self) -> None:
        """The draft is to be closed: a copy that is being made is given up; the person is not asked about it."""
        if not self._running:
            return
        loop = QEventLoop()
        self.ended.connect(loop.quit)
        self._bridge.jobs.cancel()
        while self._running:
            loop.exec()
        self.ended.disconnect(loop.quit)

    def stop(self) -> None:
        """Make no copy any more."""
        self._timer.stop()
        self._quiet.stop()

    def close(self) -> None:
        """The draft is about to be closed: make a copy that is due, if it is small. Else the next opening does."""
        wanted = self._timer.isActive() and self._settings().backups and not self._told
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
            return  # who closes a draft is not kept for it

    def _is_calm(self) -> bool:
        bridge = self._bridge
        busy = self._running or bridge.jobs.busy or bridge.has_queued or self._quiet.isActive()
        return not busy and QApplication.activeModalWidget() is None and QApplication.activePopupWidget() is None

    def _is_time(self) -> bool:
        """Whether to look for copies at all: the disk, which may be a slow one, is not asked for nothing."""
        policy, now = policy_of(self._settings()), self._clock()
        if self._stopped is not None and self._stopped <= now < self._stopped + policy.every:
            return False
        if self._listed != self._folder():
            return True
        try:
            return self._is_changed() and is_due(policy, self._copies, now, newest_change(self._bridge.draft.package))
        except DgdeskError:
            return False  # told where the draft itself is read

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
            self._told.clear()
            if made is not None:
                self.made.emit(made)

        self._running = True
        self._bridge.jobs.run(self._texts.say("ui.backups.making"), job, done, self._tell, self._give_up, self._end)

    def _give_up(self) -> None:
        """Somebody stopped it: not again before its time."""
        self._stopped = self._clock()

    def _tell(self, error: DgdeskError) -> None:
        self._give_up()
        if error.code not in self._told:
            self._told.add(error.code)
            # the errors' own sentences speak of what is not saved, which is not so here
            full = error.code == "package.disk_full"
            words = self._texts.say("ui.backups.failed_full" if full else "ui.backups.failed")
            # what the work itself says at its end ("saved") would cover it
            QTimer.singleShot(0, self, lambda: self._failed(words))

    def _end(self) -> None:
        self._running = False
        self.ended.emit()
