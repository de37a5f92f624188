"""The export off the window's thread, and what it reports."""

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
from dgdesk.submission.encrypted import export_encrypted
from dgdesk.submission.export import export_draft
from dgdesk.system.progress import Progress
from dgdesk.ui.export.choices import TargetFolder
from dgdesk.ui.form.bridge import Bridge
from dgdesk.ui.widgets.jobs import Job

STOPPED, UNEXPECTED = "ui.exporting.cancelled", "ui.exporting.unexpected"


@dataclass(frozen=True, slots=True)
class ExportOrder:
    """What is to be exported, by whom, and where to."""

    place: TargetFolder
    identity: Identity
    claimed: datetime
    as_draft: bool


class ExportJob(QObject):
    """One export at a time. ``stepped`` names the step that begins, ``progressed`` what is done of what there is.

    ``done`` carries an `ExportReport`, ``failed`` a `DgdeskError` (``ui.exporting.cancelled``: the person stopped it).
    """

    stepped = Signal(str)
    progressed = Signal(object, object)
    done = Signal(object)
    failed = Signal(object)

    def __init__(self, bridge: Bridge, title: str, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge, self._title = bridge, title
        self.busy = False
        self._stop = threading.Event()
        bridge.jobs.progressed.connect(self._pass_on)

    def begin(self, order: ExportOrder) -> None:
        """Begin; the draft is the export's until it has ended."""
        self.busy = True
        self._stop = stop = threading.Event()
        job, stepped = job_of(self._bridge.draft, order), _once_each(self.stepped.emit)
        self._bridge.jobs.run(
            self._title,
            lambda progress: job(Progress(progress.report, lambda: stop.is_set() or progress.cancelled, stepped)),
            self._done,
            self._failed,
            lambda: self._failed(DgdeskError(STOPPED)),
            self._end,
        )

    def stop(self) -> None:
        """Ask the export to end, even while it waits for other work on the draft."""
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
        """Let the wizard go on after what nobody expected, which the window itself tells."""
        if self.busy:
            self._failed(DgdeskError(UNEXPECTED))


def job_of(draft: Draft, order: ExportOrder) -> Job[ExportReport]:
    """Return the export as a job for `bridge.jobs`."""
    place = order.place

    def export(progress: Progress) -> ExportReport:
        way = partial(export_encrypted, recipients=place.recipients) if place.recipients else export_draft
        return way(
            draft,
            place.target,
            identity=order.identity,
            claimed_time=order.claimed,
            as_draft=order.as_draft,
            replace=place.replace,
            progress=progress,
        )

    return export


def _once_each(tell: Callable[[str], None]) -> Callable[[str], None]:
    """Tell a step once, however often it is told again while it lasts."""
    told: set[str] = set()

    def step(one: str) -> None:
        if one not in told:
            told.add(one)
            tell(one)

    return step
