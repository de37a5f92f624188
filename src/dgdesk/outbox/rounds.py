"""One round over entries: send what is to be sent, ask for the replies to what arrived, enter them into the drafts."""

from __future__ import annotations

from dgdesk.errors import DgdeskError
from dgdesk.outbox.agency import Agency
from dgdesk.outbox.box import agency_of, login_of
from dgdesk.outbox.entries import OPEN, Entry
from dgdesk.outbox.folder import OutboxFolder
from dgdesk.outbox.replies import ask_reply, enter_into_draft
from dgdesk.outbox.sender import Run, end_upload, send_entry
from dgdesk.outbox.transport import Login, Transport


class Round:
    """Keeps the connection to an office from one entry to the next. Close it."""

    def __init__(self, run: Run, who: str, limit: int = 0) -> None:
        self._run, self._who, self._limit = run, who, limit
        self._transport: Transport | None = None
        self._agency = ""

    def close(self) -> None:
        """End the connection."""
        if self._transport is not None:
            self._transport.close()
            self._transport = None

    def go(self, entry: Entry) -> Entry | None:
        """Bring one entry as far as it goes now, and return it; None if it was dropped meanwhile.

        Raises:
            FileError: the outbox cannot be written.
        """
        now: Entry | None = entry
        try:
            agency = agency_of(self._run.folder, entry)
        except DgdeskError as error:
            return self._run.saved(entry.changed(hold=True).logged(self._run.clock(), error.code))
        transport = self._to(agency)
        if entry.status in OPEN:
            now = send_entry(self._run, entry, agency, transport)
        if now is not None and now.status == "arrived" and not self._run.stop.is_set():
            now = ask_reply(self._run, now, agency, transport)
        if now is not None and now.reply and not now.entered:
            now = enter_into_draft(self._run, now, agency, self._who, self._run.clock)
        return now

    def _to(self, agency: Agency) -> Transport:
        if self._transport is None or self._agency != agency.id:
            self.close()
            self._transport = transport_to(self._run.folder, agency, self._limit)
            self._agency = agency.id
        return self._transport


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
