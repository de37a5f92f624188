"""What comes back from an office: a receipt, or a bundle returned with its reason. Only what it signed counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from dgdesk.bundle.receipt import read_receipt
from dgdesk.bundle.returned import is_return, read_return
from dgdesk.bundle.signing.trust_list import TrustEntry, TrustList
from dgdesk.draft.file.opening import open_draft_file
from dgdesk.draft.file.store import DraftFile
from dgdesk.errors import CheckFailed, DgdeskError
from dgdesk.outbox.agency import Agency
from dgdesk.outbox.entries import Entry
from dgdesk.outbox.events import Answer
from dgdesk.outbox.protocol import receipt_address
from dgdesk.outbox.sender import Run
from dgdesk.outbox.transport import Transport
from dgdesk.submission.receipts import enter_receipt
from dgdesk.submission.returned import enter_return

_NOT_YET: Final = (404, 410)


def ask_reply(run: Run, entry: Entry, agency: Agency, transport: Transport) -> Entry:
    """Ask once for the office's reply to an entry that arrived, and return the entry as it is then.

    Whatever the server answers, the entry stays *arrived* unless a signature of the office says more.

    Raises:
        FileError: the outbox cannot be written.
    """
    event, content = transport.get(receipt_address(entry.address))
    if not isinstance(event, Answer) or event.status in _NOT_YET:
        return entry
    if event.status != 200:
        return entry
    try:
        return run.saved(take_reply(entry, content, agency, run.clock()))
    except DgdeskError as error:
        return run.saved(entry.logged(run.clock(), error.code, error.values))


def take_reply(entry: Entry, content: bytes, agency: Agency, now: datetime) -> Entry:
    """Check a reply and return the entry with it.

    Raises:
        FileError, CheckFailed: as `read_receipt` and `read_return`; ``outbox.other_reply``: it is about another bundle.
    """
    if is_return(content):
        said = read_return(content, agency.offices)
        if said.file_sha256 != entry.sha256:
            raise CheckFailed("outbox.other_reply")
        back = entry.changed(status="returned", reply=content.decode(), said=said.reason, entered=False)
        return back.logged(now, "outbox.returned", {"office": said.office, "reason": said.reason})
    receipt = read_receipt(content, agency.offices)
    if receipt.digest != entry.digest:
        raise CheckFailed("outbox.other_reply")
    accepted = entry.changed(status="accepted", reply=content.decode("utf-8", "replace"), said="", entered=False)
    return accepted.logged(now, "outbox.accepted", {"office": receipt.office})


def enter_reply(package: DraftFile, entry: Entry, agency: Agency) -> None:
    """Enter a stored reply into the register of its draft; the same reply only once.

    Raises:
        CheckFailed, FileError, UsageError: as `enter_receipt` and `enter_return`.
    """
    content = entry.reply.encode()
    if entry.status == "returned":
        enter_return(package, read_return(content, agency.offices), content, entry.digest)
    elif entry.status == "accepted":
        offices = TrustList(tuple(TrustEntry(one) for one in agency.offices))
        enter_receipt(package, content, offices)


def enter_into_draft(run: Run, entry: Entry, agency: Agency, who: str, clock: Callable[[], datetime]) -> Entry:
    """Enter a reply into the draft that the bundle was exported from, if it can be opened; else it stays to be entered.

    Raises:
        FileError: the outbox cannot be written.
    """
    if entry.entered or not entry.reply or not entry.draft:
        return entry
    try:
        with open_draft_file(entry.draft_file, clock=clock, who=who) as package:
            enter_reply(package, entry, agency)
    except DgdeskError:
        return entry
    return run.saved(entry.changed(entered=True))
