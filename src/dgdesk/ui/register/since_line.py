"""The line in the bottom bar that says whether the draft was changed since its last export."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from dgdesk.draft.changes import Changes
from dgdesk.draft.file.model import ExportRecord
from dgdesk.draft.file.register import exports
from dgdesk.errors import DgdeskError
from dgdesk.submission.journey import Checklist, checklist
from dgdesk.submission.since_export import SinceExport, last_edit, since_export
from dgdesk.text.dates import time_text
from dgdesk.ui.form.bottom_bar import BottomBar
from dgdesk.ui.form.bridge import Bridge
from dgdesk.ui.widgets.label import Texts

PAUSE = 400
"""Milliseconds without a change before the line is updated: the draft is not read between two key presses."""


class SinceLine(QObject):
    """Keeps the line up to date. ``state`` is what it shows; None if the register cannot be read.

    ``checklist`` is what follows the last complete export; ``read_again`` is emitted when either may have changed.
    """

    read_again = Signal()

    def __init__(self, bridge: Bridge, texts: Texts, bar: BottomBar) -> None:
        super().__init__(bar)
        self._bridge, self._texts, self._bar = bridge, texts, bar
        self._exports: tuple[ExportRecord, ...] = ()
        self.state: SinceExport | None = None
        self.checklist: Checklist | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE)
        self._timer.timeout.connect(self._count)
        bridge.changed.connect(self._follow)
        bridge.registered.connect(self.read)
        bridge.jobs.ended.connect(self.read)
        self.read()

    def read(self) -> None:
        """Read the register and the last edit; while a job has the draft, when it ends."""
        if self._bridge.jobs.busy:
            return
        package = self._bridge.draft.package
        try:
            lines = package.register()
            self._exports = exports(lines)
            self.checklist = checklist(lines)
            # compaction is not an edit, but the counter alone would show a change
            self._say(since_export(self._exports, last_edit(package)) if self._exports else since_export((), 0))
        except DgdeskError:  # export and register dialog report it
            self.state = self.checklist = None
            self._bar.say_since("")
        self.read_again.emit()

    def _follow(self, changes: Changes) -> None:
        if changes and self._exports:
            self._timer.start()

    def _count(self) -> None:
        if self._bridge.jobs.busy:
            return
        try:
            # the last journal entry is this change, so the counter is its number
            self._say(since_export(self._exports, self._bridge.draft.package.state_counter))
            self.read_again.emit()
        except DgdeskError:  # the next change reports it
            return

    def _say(self, since: SinceExport) -> None:
        if since != self.state:
            self.state = since
            self._bar.say_since(since_words(self._texts, since))


def since_words(texts: Texts, since: SinceExport) -> str:
    """Return one line: was the draft changed since its last export?"""
    if since.last is None:
        return texts.say("ui.since.never")
    at = time_text(since.last.at, texts.catalogue.language)
    return texts.say(f"ui.since.{since.kind}", moment=at, count=since.changes)
