"""Window, exporting, exporting: the export off the window's thread, and what it tells of itself meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from PySide6.QtCore import QObject, Signal

from dgdesk.bundle.export import ExportReport
from dgdesk.bundle.identity import Identity
from dgdesk.bundle.steps import Step
from dgdesk.drafts import Draft
from dgdesk.errors import DgdeskError
from dgdesk.filing.sealed import export_sealed
from dgdesk.package.model import Cancelled, Progress
from dgdesk.submitting import export_draft
from dgdesk.ui.bridge import Bridge
from dgdesk.ui.exporting.choices import Place

STOPPED, UNEXPECTED = "bundle.cancelled", "ui.exporting.unexpected"


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be exported, by whom, and where to."""

    place: Place
    identity: Identity
    claimed: datetime
    as_draft: bool


class Exporting(QObject):
    """One export at a time. ``stepped`` names the step that begins, ``progressed`` what is done of what there is.

    ``done`` carries an `ExportReport`, ``failed`` a `DgdeskError` (``bundle.cancelled``: the person stopped it).
    """

    stepped = Signal(str)
    progressed = Signal(object, object)
    done = Signal(object)
    failed = Signal(object)

    def __init__(self, bridge: Bridge, title: str, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge, self._title = bridge, title
        self.busy = False
        self._stop, self._over = threading.Event(), threading.Event()
        bridge.working.progressed.connect(self._pass_on)
        bridge.working.ended.connect(self._look)

    def begin(self, order: Order) -> None:
        """Begin; the draft is the export's until it has ended."""
        self.busy = True
        self._stop, self._over = threading.Event(), threading.Event()
        job = job_of(self._bridge.draft, order, _once_each(self.stepped.emit))
        self._bridge.working.run(
            self._title,
            _watched(job, self._stop, self._over),
            self._done,
            self._failed,
            lambda: self._failed(DgdeskError(STOPPED)),
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

    def _look(self) -> None:
        """Let the wizard go on after what nobody expected, which the window itself tells."""
        if self.busy and self._over.is_set():
            self._failed(DgdeskError(UNEXPECTED))


def job_of(
    draft: Draft, order: Order, stepped: Callable[[Step], None]
) -> Callable[[Progress, Cancelled], ExportReport]:
    """Return the export as a job for `bridge.working`."""
    place = order.place

    def export(progress: Progress, cancelled: Cancelled) -> ExportReport:
        way = partial(export_sealed, recipients=place.recipients) if place.recipients else export_draft
        return way(
            draft,
            place.target,
            identity=order.identity,
            claimed_time=order.claimed,
            as_draft=order.as_draft,
            replace=place.replace,
            progress=progress,
            cancelled=cancelled,
            stepped=stepped,
        )

    return export


def _watched(
    job: Callable[[Progress, Cancelled], ExportReport], stop: threading.Event, over: threading.Event
) -> Callable[[Progress, Cancelled], ExportReport]:
    """Return the job with a stop of its own; ``over`` is set once it has ended, however."""

    def watched(progress: Progress, cancelled: Cancelled) -> ExportReport:
        try:
            return job(progress, lambda: stop.is_set() or cancelled())
        finally:
            over.set()

    return watched


def _once_each(tell: Callable[[Step], None]) -> Callable[[Step], None]:
    """Tell a step once, however often it is told again while it lasts."""
    told: set[Step] = set()

    def step(one: Step) -> None:
        if one not in told:
            told.add(one)
            tell(one)

    return step
