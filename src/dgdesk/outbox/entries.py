"""The entries of the outbox: one small file each, written atomically, so that a kill loses nothing that counts.

waiting → sending → arrived → accepted or returned. *Arrived*: the server says that it has every byte. *Accepted*: the
office's signed receipt is here. One is never shown as the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import Field, StringConstraints

from dgdesk.bundle.exact_json import Sha256, Strict, canonical_json, read_json
from dgdesk.bundle.signing.certificates import read_small
from dgdesk.errors import CheckFailed, DgdeskError, FileError
from dgdesk.outbox.folder import OutboxFolder
from dgdesk.system.atomic import atomic_write
from dgdesk.system.bounds import UNFIT
from dgdesk.system.causes import why_not_written
from dgdesk.system.renaming import remove_file

Status = Literal["waiting", "sending", "arrived", "accepted", "returned"]
OPEN: Final[tuple[Status, ...]] = ("waiting", "sending")
"""What is still to be sent."""
MOST_LOGGED: Final = 60
LONGEST_PATH: Final = 4096
_MOST_BYTES: Final = 2 << 20
_Text = Annotated[str, StringConstraints(max_length=LONGEST_PATH)]
_Value = str | int | bool | None


class LogLine(Strict):
    """What happened: when (ISO, UTC), the sentence's code and its values."""

    at: _Text
    code: _Text
    values: dict[str, _Value] = Field(default_factory=dict)


class Entry(Strict):
    """One bundle on its way. ``reason`` is the last log line that says why it waits.

    ``stamp`` is the file's time when it was digested last, ``hold``: not tried again before a person says so,
    ``not_before`` an ISO time. ``reply`` is what the office signed, ``said`` its reason, ``entered``: it stands in the
    draft's register.
    """

    number: int = Field(ge=1, le=999_999)
    path: _Text
    name: _Text
    size: int = Field(ge=1)
    sha256: Sha256
    stamp: int = 0
    agency: _Text
    digest: Sha256
    draft: _Text = ""
    status: Status = "waiting"
    paused: bool = False
    hold: bool = False
    not_before: _Text = ""
    address: _Text = ""
    handed: int = Field(default=0, ge=0)
    confirmed: int = Field(default=0, ge=0)
    expires: _Text = ""
    log: Annotated[tuple[LogLine, ...], Field(strict=False)] = ()
    reply: Annotated[str, StringConstraints(max_length=1 << 20)] = ""
    entered: bool = False
    said: Annotated[str, StringConstraints(max_length=4000)] = ""

    @property
    def file(self) -> Path:
        """Where the bundle lies."""
        return Path(self.path)

    @property
    def draft_file(self) -> Path:
        """The draft that it was exported from."""
        return Path(self.draft)

    @property
    def reason(self) -> LogLine | None:
        """Why it waits; None if nothing went wrong."""
        return self.log[-1] if self.log and self.status in OPEN else None

    def changed(self, **values: Any) -> Entry:
        """Return it with other values."""
        return self.model_copy(update=values)

    def logged(self, now: datetime, code: str, values: Mapping[str, object] | None = None) -> Entry:
        """Return it with one more line in its log; what repeats is not written twice."""
        plain: dict[str, _Value] = {
            name: value if isinstance(value, int) else str(value) for name, value in (values or {}).items()
        }
        line = LogLine(at=now.astimezone(UTC).isoformat(timespec="seconds"), code=code, values=plain)
        before = self.log[:-1] if self.log and self.log[-1].code == code else self.log
        return self.changed(log=(*before, line)[-MOST_LOGGED:])

    def is_due(self, now: datetime) -> bool:
        """Whether it may be tried without asking a person."""
        return (
            self.status in OPEN
            and not (self.paused or self.hold)
            and not (self.not_before and now.astimezone(UTC).isoformat() < self.not_before)
        )


def entries(folder: OutboxFolder) -> tuple[Entry, ...]:
    """Return all entries, oldest first; damaged ones are left out (`damaged_entries`)."""
    found = []
    for number in folder.entry_numbers():
        with suppress(DgdeskError):
            found.append(read_entry(folder, number))
    return tuple(found)


def damaged_entries(folder: OutboxFolder) -> tuple[int, ...]:
    """Return the numbers of entries that cannot be read."""
    known = {one.number for one in entries(folder)}
    return tuple(one for one in folder.entry_numbers() if one not in known)


def read_entry(folder: OutboxFolder, number: int) -> Entry:
    """Return an entry.

    Raises:
        CheckFailed: ``outbox.no_entry``; FileError: ``outbox.entry_damaged``.
    """
    path = folder.entry_file(number)
    if not path.exists():
        raise CheckFailed("outbox.no_entry", number=number)
    try:
        entry = Entry.model_validate(read_json(read_small(path, _MOST_BYTES)))
    except (DgdeskError, *UNFIT) as error:
        raise FileError("outbox.entry_damaged", number=number) from error
    if entry.number != number:
        raise FileError("outbox.entry_damaged", number=number)
    return entry


def save(folder: OutboxFolder, entry: Entry) -> Entry:
    """Write an entry, for whoever holds the outbox. Raises FileError as `atomic_write`."""
    content = canonical_json(entry.model_dump())
    atomic_write(folder.entry_file(entry.number), content, replace=True, private=True, explain=_not_written)
    return entry


def remove_entry(folder: OutboxFolder, number: int) -> None:
    """Remove an entry. Raises FileError as `why_not_written`."""
    for path in (folder.entry_file(number), folder.wish_file(number)):
        try:
            if path.exists():
                remove_file(path)
        except OSError as error:
            raise _not_written(error, path) from error


Wish = Literal["pause", "drop"]


def make_wish(folder: OutboxFolder, number: int, wish: Wish) -> None:
    """Ask the process that sends to pause or drop an entry. Raises FileError as `atomic_write`."""
    atomic_write(folder.wish_file(number), wish.encode(), replace=True, explain=_not_written)


def take_wish(folder: OutboxFolder, number: int) -> Wish | None:
    """Return what was asked for, and forget it."""
    path = folder.wish_file(number)
    try:
        text = path.read_bytes()[:10]
    except OSError:
        return None
    with suppress(OSError):
        remove_file(path)
    return "drop" if text == b"drop" else "pause"


def _not_written(error: OSError, path: Path) -> FileError:
    return why_not_written(error, path, "outbox.not_written")
