"""One round over entries: send what is to be sent, ask for the replies to what arrived, enter them into the drafts."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from dgdesk.draft.file.store import DraftFile
from dgdesk.errors import DgdeskError
from dgdesk.outbox.agency import Agency
from dgdesk.outbox.box import again, agency_of, login_of
from dgdesk.outbox.entries import OPEN, Entry, entries, read_entry, save
from dgdesk.outbox.exports import exported
from dgdesk.outbox.folder import OutboxFolder
from dgdesk.outbox.replies import ask_reply, enter_into_draft, enter_reply
from dgdesk.outbox.sender import Run, end_upload, send_entry
from dgdesk.outbox.superseded import replaced_by
from dgdesk.outbox.transport import Login, Transport


class Round:
    """Keeps the connection to an office from one entry to the next. Close it."""

    def __init__(self, run: Run, who: str, limit: int = 0, leave: Path | None = None) -> None:
        """``leave``: a draft into which replies are not entered here, as it is open."""
        self._run, self._who, self._limit, self._leave = run, who, limit, leave
        self._transport: Transport | None = None
        self._agency = ""

    def close(self) -> None:
        """End the connection."""
        if self._transport is not None:
            self._transport.close()
            self._transport = None

    def go(self, entry: Entry, *, superseded: bool = False) -> Entry | None:
        """Bring one entry as far as it goes now, and return it; None if it was dropped meanwhile.

        A bundle with a correction in the outbox waits instead, unless a person wants ``superseded`` ones sent too.

        Raises:
            FileError: the outbox cannot be written.
        """
        now: Entry | None = entry
        try:
            agency = agency_of(self._run.folder, entry)
        except DgdeskError as error:
            return self._run.saved(entry.changed(hold=True).logged(self._run.clock(), error.code))
        if not superseded and (other := self._correction_of(entry)) is not None:
            values = {"number": other.number, "name": other.name}
            waits = entry.changed(status="waiting", hold=True)
            return self._run.saved(waits.logged(self._run.clock(), "outbox.superseded", values))
        transport = self._to(agency)
        if entry.status in OPEN:
            now = send_entry(self._run, entry, agency, transport)
        if now is not None and now.status == "arrived" and not self._run.stop.is_set():
            now = ask_reply(self._run, now, agency, transport)
        if now is not None and now.reply and not now.entered and now.draft_file != self._leave:
            now = enter_into_draft(self._run, now, agency, self._who, self._run.clock)
        return now

    def _correction_of(self, entry: Entry) -> Entry | None:
        folder = self._run.folder
        return replaced_by(entry, entries(folder), exported(folder))

    def _to(self, agency: Agency) -> Transport:
        if self._transport is None or self._agency != agency.id:
            self.close()
            self._transport = transport_to(self._run.folder, agency, self._limit)
            self._agency = agency.id
        return self._transport


def round_of(
    folder: OutboxFolder,
    clock: Callable[[], datetime],
    who: str,
    number: int | None = None,
    *,
    stop: threading.Event,
    advanced: Callable[[Entry, int], None],
    changed: Callable[[Entry], None],
    leave: Path | None = None,
    superseded: bool = False,
) -> tuple[Entry, ...]:
    """Send what is due, or one entry in any case, ask for replies, and return all entries.

    ``superseded``: also one whose correction is in the outbox.

    Raises:
        FileError: ``outbox.in_use``; the outbox cannot be written.
        CheckFailed: as `read_entry`.
    """
    with folder.held():
        run = Run(folder, clock, advanced, changed, stop)
        rounds = Round(run, who, leave=leave)
        try:
            for entry in _chosen(folder, clock(), number):
                if stop.is_set():
                    break
                rounds.go(entry, superseded=superseded)
        finally:
            rounds.close()
        return entries(folder)


def _chosen(folder: OutboxFolder, now: datetime, number: int | None) -> list[Entry]:
    if number is not None:
        entry = read_entry(folder, number)
        return [again(folder, entry) if entry.status in OPEN else entry]
    return [one for one in entries(folder) if one.is_due(now) or one.status == "arrived" or is_to_be_entered(one)]


def is_to_be_entered(entry: Entry) -> bool:
    """Whether a reply is not in the draft's register yet."""
    return bool(entry.reply) and not entry.entered and entry.draft_file.exists()


def enter_here(folder: OutboxFolder, found: Sequence[Entry], package: DraftFile, clock: Callable[[], datetime]) -> None:
    """Enter replies into the open draft that they are about.

    Raises:
        FileError: ``outbox.in_use``; the outbox or the draft cannot be written.
        CheckFailed: as `enter_reply`.
    """
    with folder.held():
        for one in found:
            entry = read_entry(folder, one.number)
            if entry.reply and not entry.entered:
                enter_reply(package, entry, agency_of(folder, entry))
                save(folder, entry.changed(entered=True))


def transport_to(folder: OutboxFolder, agency: Agency, limit: int = 0) -> Transport:
    """Return connections to an office's server, with the login that is remembered for it."""
    login = login_of(folder, agency.id)
    return Transport(None if login is None else Login(*login), limit=limit)


def end_at_server(folder: OutboxFolder, entry: Entry) -> None:
    """Tell the server that an unfinished upload is not wanted any more, as far as it can be reached."""
    try:
        agency = agency_of(folder, entry)
    except DgdeskError:
        return
    with transport_to(folder, agency) as transport:
        end_upload(entry, transport)
