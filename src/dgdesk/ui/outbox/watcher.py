"""Sends the outbox and asks for receipts while the window is open, in a thread of its own; the draft is not blocked.

At the start and every quarter of an hour, and when a person says so. Nothing of the network is imported before there is
something to send.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from dgdesk.errors import DgdeskError
from dgdesk.system.progress import Progress
from dgdesk.ui.widgets.jobs import JobQueue
from dgdesk.ui.widgets.services import Services, system_name

if TYPE_CHECKING:
    from dgdesk.outbox.agency import Agency
    from dgdesk.outbox.entries import Entry
    from dgdesk.outbox.folder import OutboxFolder
    from dgdesk.ui.form.bridge import Bridge

FIRST: Final = 6_000
"""Milliseconds after the window is there; the start page or the draft comes first."""
AGAIN: Final = 15 * 60_000
"""Milliseconds between two rounds."""


class Host(Protocol):
    """What the watcher needs of the main controller."""

    services: Services


class OutboxWatcher(QObject):
    """The outbox of this person. ``changed``: `entries` are new; ``advanced`` carries a number and bytes that left.

    ``failed`` carries a `DgdeskError` of what a person asked for.
    """

    changed = Signal()
    advanced = Signal(int, object)
    failed = Signal(object)
    _saved = Signal(object)

    def __init__(self, host: Host, parent: QObject, *, first: int = FIRST, again: int = AGAIN) -> None:
        super().__init__(parent)
        self._host = host
        self.entries: tuple[Entry, ...] = ()
        self.jobs = JobQueue(self)
        self._bridge: Bridge | None = None
        self._draft: Path | None = None
        self._stop = threading.Event()
        self._saved.connect(self._take_saved)
        self._timer = QTimer(self)
        self._timer.setInterval(again)
        self._timer.timeout.connect(self.go_round)
        self._timer.start()
        QTimer.singleShot(first, self, self.go_round)

    @property
    def folder(self) -> OutboxFolder:
        """Where the outbox lies."""
        from dgdesk.outbox.folder import outbox_of

        return outbox_of(self._host.services.profile)

    @property
    def waiting(self) -> int:
        """How many bundles are still to be sent."""
        return sum(one.status in ("waiting", "sending") for one in self.entries)

    @property
    def sending(self) -> bool:
        """Whether something is being sent just now."""
        return self.jobs.busy

    def follow(self, bridge: Bridge | None, draft: Path | None) -> None:
        """Enter replies about this open draft through its bridge from now on."""
        self._bridge, self._draft = bridge, draft
        self._enter_replies()

    def end(self) -> None:
        """Stop sending; everything goes on at the next start."""
        self._timer.stop()
        self._stop.set()
        self.jobs.cancel_all()
        self.jobs.wait()

    def go_round(self) -> None:
        """Send what is due and ask for receipts, unless the outbox is empty or a round is running."""
        if self.jobs.busy or not (self._host.services.profile.root / "outbox" / "entries").is_dir():
            return
        self._round(None)

    def send(self, number: int, *, superseded: bool = False) -> None:
        """Send one entry now, also one that is paused; ``superseded``: also if its correction is in the outbox."""
        self._round(number, superseded=superseded)

    def correction_of(self, number: int) -> Entry | None:
        """Return what replaces an entry that is still to be sent; None if nothing in the outbox does."""
        from dgdesk.outbox.exports import exported
        from dgdesk.outbox.superseded import replaced_by

        asked = next((one for one in self.entries if one.number == number), None)
        return None if asked is None else replaced_by(asked, self.entries, exported(self.folder))

    def pause(self, number: int) -> None:
        """Stop sending an entry until a person sends it again."""
        from dgdesk.outbox.box import pause

        clock = self._host.services.clock
        self._quick(lambda: pause(self.folder, number, clock))

    def drop(self, number: int) -> None:
        """Take an entry out of the outbox; telling the server may take a moment."""
        folder, clock = self.folder, self._host.services.clock

        def job(progress: Progress) -> None:
            from dgdesk.outbox.box import drop
            from dgdesk.outbox.rounds import end_at_server

            drop(folder, number, clock, lambda entry: end_at_server(folder, entry))

        if self.jobs.busy:
            from dgdesk.outbox.entries import make_wish

            self._quick(lambda: make_wish(folder, number, "drop"))
        self._run(job, lambda _: self.read())

    def add(self, bundle: Path) -> None:
        """Put a bundle into the outbox and send it."""
        folder, clock = self.folder, self._host.services.clock

        def job(progress: Progress) -> int:
            from dgdesk.outbox.box import add

            return add(folder, bundle, clock, progress).entry.number

        def added(number: int) -> None:
            self.read()
            self.send(number)

        self._run(job, added)

    def take_agency(self, path: Path, signer: Path | None) -> Agency:
        """Import an agency.json; ``signer``: the certificate of who signed it. Raises as `import_agency`."""
        from dgdesk.bundle.signing.certificates import read_certificate_file
        from dgdesk.editions import shelf
        from dgdesk.outbox.agency import import_agency, read_agency_file

        profile = self._host.services.profile
        named = () if signer is None else read_certificate_file(signer, signers=True)
        agency = import_agency(read_agency_file(path), (*shelf.signers(profile), *named), self.folder)
        if named:
            shelf.enrol(profile, named)
        self.changed.emit()
        return agency

    def export_of(self, digest: str) -> Path | None:
        """Return the file of an export of this PC, if it can be sent by the network; None if not."""
        from dgdesk.outbox.agency import agencies
        from dgdesk.outbox.exports import exported

        known = agencies(self.folder)
        for one in exported(self.folder):
            if one.digest == digest and any(agency.takes(one.edition) for agency in known):
                return Path(one.path) if Path(one.path).is_file() else None
        return None

    def has_agency(self) -> bool:
        """Whether an office's address is known."""
        from dgdesk.outbox.agency import agencies

        return bool(agencies(self.folder))

    def read(self) -> None:
        """Read the entries again."""
        from dgdesk.outbox.box import current

        self._show(current(self.folder))

    def _show(self, found: Sequence[Entry]) -> None:
        self.entries = tuple(found)
        self.changed.emit()
        self._enter_replies()

    def _take_saved(self, entry: Entry) -> None:
        """Show an entry that the running round has just written."""
        self.entries = tuple(entry if one.number == entry.number else one for one in self.entries)
        self.changed.emit()

    def _quick(self, work: Callable[[], object]) -> None:
        try:
            work()
        except DgdeskError as error:
            self.failed.emit(error)
        self.read()

    def _round(self, number: int | None, *, superseded: bool = False) -> None:
        services, folder, stop = self._host.services, self.folder, self._stop
        who, open_draft = services.who or system_name(), self._draft

        def advanced(entry: Entry, done: int) -> None:
            self.advanced.emit(entry.number, done)

        def job(progress: Progress) -> tuple[Entry, ...]:
            from dgdesk.outbox.rounds import round_of

            return round_of(
                folder, services.clock, who, number, stop=stop, advanced=advanced, leave=open_draft,
                changed=self._saved.emit, superseded=superseded,
            )  # fmt: skip

        self._run(job, self._show, quiet=number is None)

    def _run(self, job: Callable[[Progress], object], done: Callable[[Any], None], *, quiet: bool = False) -> None:
        def failed(error: DgdeskError) -> None:
            if not (quiet and error.code == "outbox.in_use"):
                self.failed.emit(error)
            self.read()

        self.jobs.run("outbox", job, done, failed)

    def _enter_replies(self) -> None:
        """Enter what the office said of exports of the open draft; only its own bridge may write it."""
        bridge, draft = self._bridge, self._draft
        if bridge is None or draft is None or bridge.read_only:
            return
        here = [one for one in self.entries if one.reply and not one.entered and one.draft == str(draft)]
        if not here:
            return
        folder, clock = self.folder, self._host.services.clock

        def job(progress: Progress) -> None:
            from dgdesk.outbox.rounds import enter_here

            enter_here(folder, here, bridge.draft.package, clock)

        def done(_: object) -> None:
            bridge.registered.emit()
            self.read()

        bridge.jobs.run(self._host.services.texts.say("ui.outbox.entering"), job, done, self.failed.emit)
