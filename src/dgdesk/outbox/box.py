"""What a person does with the outbox, from the command line and the window: add, list, send, pause, drop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from dgdesk.bundle.exact_json import Strict, canonical_json, read_json
from dgdesk.errors import CheckFailed, DgdeskError, FileError
from dgdesk.outbox.agency import Agency, agency_for, known_agency, require_open
from dgdesk.outbox.entries import (
    LONGEST_PATH,
    OPEN,
    Entry,
    Wish,
    entries,
    make_wish,
    read_entry,
    remove_entry,
    save,
    take_wish,
)
from dgdesk.outbox.exports import Exported, file_digest, find_exported
from dgdesk.outbox.folder import OutboxFolder
from dgdesk.system.atomic import atomic_write
from dgdesk.system.bounds import UNFIT, has_surrogates
from dgdesk.system.progress import NO_PROGRESS, Progress
from dgdesk.text.dates import thai_day

MOST_ENTRIES: Final = 1000


@dataclass(frozen=True, slots=True)
class Added:
    """An entry, and whether it was in the outbox before."""

    entry: Entry
    known: bool


def add(folder: OutboxFolder, bundle: Path, clock: Callable[[], datetime], progress: Progress = NO_PROGRESS) -> Added:
    """Put a bundle into the outbox. The same file is one entry, wherever it lies and however often it is added.

    Raises:
        CheckFailed: ``outbox.not_exported_here``, ``outbox.no_agency``, ``outbox.not_encrypted``,
            ``outbox.marked_draft``, ``outbox.other_recipients``, ``outbox.full``; as `require_open`.
        FileError: ``system.bad_name``; as `file_digest` and `atomic_write`.
        Cancelled: the person stopped it.
    """
    path = bundle.absolute()
    if has_surrogates(str(path)) or len(str(path)) > LONGEST_PATH:
        raise FileError("system.bad_name", name=path.name, path=str(path))
    sha256 = file_digest(path, progress)
    found = path.stat()
    for one in entries(folder):
        if one.sha256 == sha256:
            return Added(_moved(folder, one, path, found.st_mtime_ns), known=True)
    noted = find_exported(folder, sha256)
    agency = agency_for(folder, noted.edition)
    _require_fit(noted, agency)
    require_open(agency, thai_day(clock()))
    folder.make()
    number = max(folder.entry_numbers(), default=0) + 1
    if number > MOST_ENTRIES * 10 or len(folder.entry_numbers()) >= MOST_ENTRIES:
        raise CheckFailed("outbox.full", most=MOST_ENTRIES)
    entry = Entry(
        number=number,
        path=str(path),
        name=path.name,
        size=found.st_size,
        sha256=sha256,
        stamp=found.st_mtime_ns,
        agency=agency.id,
        digest=noted.digest,
        draft=noted.draft,
    ).logged(clock(), "outbox.added", {"office": agency.name.th})
    atomic_write(folder.entry_file(number), canonical_json(entry.model_dump()), private=True)
    return Added(entry, known=False)


def _require_fit(noted: Exported, agency: Agency) -> None:
    if noted.marked_draft:
        raise CheckFailed("outbox.marked_draft")
    if not noted.recipients:
        if not agency.unencrypted:
            raise CheckFailed("outbox.not_encrypted")
    elif agency.recipients and not set(noted.recipients) & set(agency.recipients):
        raise CheckFailed("outbox.other_recipients")


def _moved(folder: OutboxFolder, entry: Entry, path: Path, stamp: int) -> Entry:
    """Return an entry with the place where its file lies now, if it may be written."""
    if entry.path == str(path) and entry.stamp == stamp:
        return entry
    try:
        with folder.held():
            now = read_entry(folder, entry.number)
            return save(folder, now.changed(path=str(path), name=entry.name, stamp=stamp, hold=False))
    except FileError:
        return entry


def pause(folder: OutboxFolder, number: int, clock: Callable[[], datetime]) -> Entry:
    """Pause an entry, also one that another process is just sending. Raises as `read_entry` and `save`."""
    entry = read_entry(folder, number)
    if entry.status not in OPEN:
        raise CheckFailed("outbox.not_to_be_sent", number=number)
    return _wished(folder, number, "pause", clock) or entry


def drop(folder: OutboxFolder, number: int, clock: Callable[[], datetime], end: Callable[[Entry], None]) -> None:
    """Take an entry out of the outbox; ``end`` tells the server. The bundle's file is not touched.

    Raises:
        CheckFailed, FileError: as `read_entry` and `remove_entry`.
    """
    try:
        with folder.held():
            end(read_entry(folder, number))
            remove_entry(folder, number)
    except FileError as error:
        if error.code != "outbox.in_use":
            if error.code == "outbox.entry_damaged":
                remove_entry(folder, number)
                return
            raise
        make_wish(folder, number, "drop")


def _wished(folder: OutboxFolder, number: int, wish: Wish, clock: Callable[[], datetime]) -> Entry | None:
    try:
        with folder.held():
            entry = read_entry(folder, number)
            return save(folder, entry.changed(status="waiting", paused=True).logged(clock(), "outbox.paused"))
    except FileError as error:
        if error.code != "outbox.in_use":
            raise
        make_wish(folder, number, wish)
        return None


def again(folder: OutboxFolder, entry: Entry) -> Entry:
    """Return an entry that a person wants to be sent now; an unconfirmed one from its first byte on."""
    fresh = entry.changed(paused=False, hold=False, not_before="")
    if entry.reason is not None and entry.reason.code == "outbox.unconfirmed":
        fresh = fresh.changed(address="", handed=0, confirmed=0)
    take_wish(folder, entry.number)
    return save(folder, fresh)


def current(folder: OutboxFolder) -> tuple[Entry, ...]:
    """Return all entries as they are to be shown: what a killed process left as *sending* waits."""
    found = entries(folder)
    if any(one.status == "sending" for one in found) and not folder.is_held():
        return tuple(one.changed(status="waiting") if one.status == "sending" else one for one in found)
    return found


def to_send(folder: OutboxFolder, now: datetime) -> tuple[Entry, ...]:
    """Return what is due, oldest first."""
    return tuple(one for one in entries(folder) if one.is_due(now))


def waiting(found: Sequence[Entry]) -> int:
    """Return how many bundles are still to be sent."""
    return sum(one.status in OPEN for one in found)


def agency_of(folder: OutboxFolder, entry: Entry) -> Agency:
    """Return the office of an entry. Raises CheckFailed as `known_agency`."""
    return known_agency(folder, entry.agency)


class _Login(Strict):
    user: str
    password: str


def store_login(folder: OutboxFolder, id: str, user: str, password: str) -> None:
    """Remember name and password for an office's server, in a file that only its owner may read.

    Raises:
        FileError: as `atomic_write`.
    """
    folder.make()
    content = canonical_json({"user": user, "password": password})
    atomic_write(folder.login_file(id), content, replace=True, private=True)


def login_of(folder: OutboxFolder, id: str) -> tuple[str, str] | None:
    """Return name and password for an office's server; None if none are remembered."""
    try:
        found = _Login.model_validate(read_json(folder.login_file(id).read_bytes()[:10_000]))
    except (OSError, DgdeskError, *UNFIT):
        return None
    return found.user, found.password
