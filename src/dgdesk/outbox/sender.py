"""Sends the entries of the outbox: the loop between the state machine, the transport and what has to survive a kill.

Whoever calls this holds the outbox. Nothing here decides what follows an answer: that is `dgdesk.outbox.protocol`.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Final

from dgdesk.errors import FileError
from dgdesk.outbox.agency import Agency
from dgdesk.outbox.body import Stopped
from dgdesk.outbox.entries import Entry, remove_entry, save, take_wish
from dgdesk.outbox.events import Arrived, Begin, Event, Request, Stop, Wait
from dgdesk.outbox.exports import file_digest
from dgdesk.outbox.folder import OutboxFolder
from dgdesk.outbox.protocol import Order, State, resumed, step, termination
from dgdesk.outbox.transport import Transport
from dgdesk.system.progress import Cancelled, Progress

_MARK: Final = 64 << 20
"""Bytes between two notes of how much may have left."""


@dataclass(frozen=True, slots=True)
class Run:
    """What one run is given. ``advanced`` is called with an entry, bytes that left, and the rate in bytes a second."""

    folder: OutboxFolder
    clock: Callable[[], datetime]
    advanced: Callable[[Entry, int], None] = lambda entry, done: None
    changed: Callable[[Entry], None] = lambda entry: None
    stop: threading.Event = field(default_factory=threading.Event)

    def saved(self, entry: Entry) -> Entry:
        """Write an entry and say that it changed."""
        save(self.folder, entry)
        self.changed(entry)
        return entry


def send_entry(run: Run, entry: Entry, agency: Agency, transport: Transport) -> Entry | None:
    """Send what is left of an entry, and return it as it is then; None if it was dropped meanwhile.

    Raises:
        FileError: the outbox cannot be written.
    """
    entry = run.saved(entry.changed(status="sending", paused=False, hold=False, not_before=""))
    work: _Work | None = None
    try:
        with _opened(entry, run) as file:
            work = _Work(run, entry.changed(stamp=os.fstat(file.fileno()).st_mtime_ns), agency, transport, file)
            return work.run_all()
    except Cancelled:
        return run.saved(entry.changed(status="waiting"))
    except FileError as error:
        # What is wrong with the bundle's file; an outbox that cannot be written fails again here, and says so.
        known = (work.entry if work is not None else entry).changed(status="waiting", hold=True)
        return run.saved(known.logged(run.clock(), error.code, _plain(error.values)))


def end_upload(entry: Entry, transport: Transport) -> None:
    """Tell the server that an unfinished upload is not wanted any more; whether it hears it does not matter."""
    if entry.address and entry.status in ("waiting", "sending"):
        with suppress(Stopped):
            transport.carry(termination(entry.address))


class _Work:
    """One entry's run; also the `Watch` of its requests."""

    def __init__(self, run: Run, entry: Entry, agency: Agency, transport: Transport, file: BinaryIO) -> None:
        self._run, self.entry, self._transport, self._file = run, entry, transport, file
        said = (("filename", entry.name), ("filetype", _media_type(entry.name)), ("sha256", entry.sha256))
        order = Order(agency.url, entry.size, said)
        self._state = resumed(order, entry.address, entry.handed)

    @property
    def stopped(self) -> bool:
        """Whether the person, or another process, wants this entry to stop."""
        return self._run.stop.is_set() or self._run.folder.wish_file(self.entry.number).exists()

    def before(self, end: int) -> None:
        """Write down how much may have left, ahead of it: a server that claims more is not believed.

        The last byte has a note of its own: only once it may have left, the upload can be complete at the server.
        """
        size = self.entry.size
        if end >= size:
            self._check_unchanged()
            mark = size
        elif end > self.entry.handed:
            mark = min(size - 1, end + _MARK)
        else:
            return
        if mark > self.entry.handed:
            self.entry = self._run.saved(self.entry.changed(handed=mark))

    def after(self, end: int) -> None:
        """Say how far it is."""
        self._run.advanced(self.entry, end)

    def run_all(self) -> Entry | None:
        """Go on until it has arrived, stops, or is stopped."""
        event: Event = Begin()
        while True:
            self._state, effect = step(self._state, event)
            self._keep(self._state)
            if isinstance(effect, Arrived):
                done = self.entry.changed(status="arrived", confirmed=self.entry.size)
                return self._run.saved(done.logged(self._run.clock(), "outbox.arrived"))
            if isinstance(effect, Stop):
                return self._run.saved(self._stopped_by(effect))
            try:
                event = self._carry(effect)
            except (Stopped, Cancelled):
                return self._paused()
            except EOFError:
                raise FileError("outbox.changed", name=self.entry.name) from None
            except OSError as error:
                raise FileError("outbox.file_unreadable", name=self.entry.name) from error
            except KeyboardInterrupt:
                self._run.saved(self.entry.changed(status="waiting"))
                raise

    def _carry(self, effect: Request | Wait) -> Event:
        if isinstance(effect, Request):
            return self._transport.carry(effect, self._file, self)
        if effect.seconds:
            self.entry = self._run.saved(self.entry.logged(self._run.clock(), effect.code, effect.values))
        left = effect.seconds
        while left > 0:
            if self.stopped:
                raise Stopped
            self._run.stop.wait(min(left, 0.5))
            left -= 0.5
        return Begin()

    def _keep(self, state: State) -> None:
        """Write down an address before anything is sent there."""
        if state.address != self.entry.address:
            begun = self.entry.changed(address=state.address, expires=state.expires, handed=0, confirmed=0)
            self.entry = self._run.saved(begun)
        if state.best > self.entry.confirmed:
            self.entry = self.entry.changed(confirmed=state.best)
            self._run.advanced(self.entry, state.best)

    def _stopped_by(self, effect: Stop) -> Entry:
        now = self._run.clock()
        later = (now.astimezone(UTC) + timedelta(seconds=effect.after)).isoformat() if effect.after else ""
        waits = self.entry.changed(status="waiting", hold=not effect.again, not_before=later)
        return waits.logged(now, effect.code, effect.values)

    def _paused(self) -> Entry | None:
        number = self.entry.number
        wish = take_wish(self._run.folder, number)
        if wish == "drop":
            end_upload(self.entry, self._transport)
            remove_entry(self._run.folder, number)
            return None
        waits = self.entry.changed(status="waiting", paused=wish == "pause")
        return self._run.saved(waits.logged(self._run.clock(), "outbox.paused") if wish else waits)

    def _check_unchanged(self) -> None:
        found = os.fstat(self._file.fileno())
        if (found.st_size, found.st_mtime_ns) != (self.entry.size, self.entry.stamp):
            raise FileError("outbox.changed", name=self.entry.name)


def _opened(entry: Entry, run: Run) -> BinaryIO:
    """Open the bundle's file, which has to be the one that was put into the outbox.

    Raises:
        FileError: ``outbox.file_missing``, ``outbox.changed``; as `file_digest`.
        Cancelled: as `file_digest`.
    """
    path = Path(entry.path)
    try:
        found = path.stat()
        if found.st_size != entry.size:
            raise FileError("outbox.changed", name=entry.name)
        same = found.st_mtime_ns == entry.stamp
        if not same and file_digest(path, Progress(None, run.stop.is_set)) != entry.sha256:
            raise FileError("outbox.changed", name=entry.name)
        return path.open("rb", buffering=0)
    except FileNotFoundError as error:
        raise FileError("outbox.file_missing", name=entry.name) from error
    except OSError as error:
        raise FileError("outbox.file_unreadable", name=entry.name) from error


def _media_type(name: str) -> str:
    return "application/zip" if name.lower().endswith(".zip") else "application/age"


def _plain(values: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if isinstance(value, str | int)}
