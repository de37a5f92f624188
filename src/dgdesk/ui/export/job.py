"""Runs the export in a thread and reports its steps."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from PySide6.QtCore import QObject, Signal

from dgdesk.bundle.export import ExportReport
from dgdesk.bundle.signing.identity import Identity
from dgdesk.draft.drafts import Draft
from dgdesk.errors import DgdeskError
from dgdesk.outbox.exports import note_export
from dgdesk.outbox.folder import outbox_of
from dgdesk.submission.encrypted import export_encrypted
from dgdesk.submission.export import export_draft
from dgdesk.system.profile import Profile
from dgdesk.system.progress import Progress
from dgdesk.ui.export.choices import TargetFolder
from dgdesk.ui.form.bridge import Bridge
from dgdesk.ui.widgets.jobs import Job

STOPPED, UNEXPECTED = "ui.exporting.cancelled", "ui.exporting.unexpected"


@dataclass(frozen=True, slots=True)
class ExportOrder:
    """The input of an export: signer, target and kind."""

    place: TargetFolder
    identity: Identity
    claimed: datetime
    as_draft: bool
    reason: str = ""
    never_sent: bool = False


class ExportJob(QObject):
    """Runs one export at a time. ``stepped`` carries the step that begins, ``progressed`` done and total.

    ``done`` carries an `ExportReport`, ``failed`` a `DgdeskError` (``ui.exporting.cancelled`` after a cancel).
    """

    stepped = Signal(str)
    progressed = Signal(object, object)
    done = Signal(object)
    failed = Signal(object)

    def __init__(self, bridge: Bridge, title: str, profile: Profile, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge, self._title, self._profile = bridge, title, profile
        self.busy = False
        self._stop = threading.Event()
        bridge.jobs.progressed.connect(self._pass_on)

    def begin(self, order: ExportOrder) -> None:
        """Start the export; it owns the draft until it ends."""
        self.busy = True
        self._stop = stop = threading.Event()
        job, stepped = job_of(self._bridge.draft, order, self._profile), _once_each(self.stepped.emit)
        self._bridge.jobs.run(
            self._title,
            lambda progress: job(Progress(progress.report, lambda: stop.is_set() or progress.cancelled, stepped)),
            self._done,
            self._failed,
            lambda: self._failed(DgdeskError(STOPPED)),
            self._end,
        )

    def stop(self) -> None:
        """Cancel the export, even if it is still queued."""
        self._stop.set()

    def _pass_on(self, done: object, total: object) -> None:
        if self.busy:
            self.progressed.emit(done, total)

    def _done(self, report: ExportReport) -> None:
        self.busy = False
        self.done.emit(report)

    def _failed(self, error: DgdeskError) -> None:
        self.busy = False
        self.failed.emit(error)

    def _end(self) -> None:
        """Free the wizard after an unexpected error, which the window reports."""
        if self.busy:
            self._failed(DgdeskError(UNEXPECTED))


def job_of(draft: Draft, order: ExportOrder, profile: Profile) -> Job[ExportReport]:
    """Return the export as a job for the bridge's queue; the outbox then knows its file."""
    place = order.place

    def export(progress: Progress) -> ExportReport:
        export = partial(export_encrypted, recipients=place.recipients) if place.recipients else export_draft
        report = export(
            draft,
            place.target,
            identity=order.identity,
            claimed_time=order.claimed,
            as_draft=order.as_draft,
            replace=place.replace,
            reason=order.reason,
            never_sent=order.never_sent,
            progress=progress,
        )
        folder = outbox_of(profile)
        if place.recipients or folder.agency_files():
            note_export(folder, draft, report, place.recipients, as_draft=order.as_draft)
        return report

    return export


def _once_each(tell: Callable[[str], None]) -> Callable[[str], None]:
    """Return a function that passes each step on only once."""
    shown: set[str] = set()

    def step(one: str) -> None:
        if one not in shown:
            shown.add(one)
            tell(one)

    return step
