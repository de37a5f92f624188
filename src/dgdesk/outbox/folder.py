"""Where the outbox lies in a person's profile: one folder that only its owner may read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from dgdesk.errors import FileError
from dgdesk.system.causes import why_not_written
from dgdesk.system.holding import hold, is_held, says_nothing
from dgdesk.system.private import make_private_folder
from dgdesk.system.profile import Profile
from dgdesk.text.editions import edition_versions

_LOCK: Final = "sending.lock"


class OutboxFolder(NamedTuple):
    """The names in the folder; it may not exist yet."""

    root: Path

    def make(self) -> None:
        """Make the folders. Raises FileError as `why_not_written`."""
        try:
            for one in (self.root, self.root / "agencies", self.root / "entries"):
                make_private_folder(one)
        except OSError as error:
            raise why_not_written(error, self.root, "outbox.not_written") from error

    def agency_file(self, id: str) -> Path:
        """The file of an office in the address book."""
        return self.root / "agencies" / f"{id}.json"

    def recipients_file(self, id: str) -> Path:
        """The file of an office's age recipients, for the export."""
        return self.root / "agencies" / f"{id}.recipients.txt"

    def login_file(self, id: str) -> Path:
        """The file with the name and password for an office's server."""
        return self.root / "agencies" / f"{id}.login"

    def agency_files(self) -> list[Path]:
        """The files of all offices: those imported, and those that came with an edition (checked with it)."""
        heads = (head for versions in edition_versions().values() for head in versions)
        shipped = [path for head in heads if (path := head.folder / "agency.json").is_file()]
        return sorted((self.root / "agencies").glob("*.json")) + shipped

    @property
    def exports(self) -> Path:
        """The list of what was exported on this PC."""
        return self.root / "exports.json"

    def entry_file(self, number: int) -> Path:
        """The file of an entry."""
        return self.root / "entries" / f"{number}.json"

    def wish_file(self, number: int) -> Path:
        """The file by which another process asks the one that sends to pause or drop an entry."""
        return self.root / "entries" / f"{number}.wish"

    def entry_numbers(self) -> list[int]:
        """The numbers of all entries."""
        names = [path.stem for path in (self.root / "entries").glob("*.json")]
        return sorted(int(one) for one in names if one.isascii() and one.isdigit() and len(one) < 7)

    def is_held(self) -> bool:
        """Whether a process is sending or changing entries just now."""
        if not self.root.is_dir():
            return False
        try:
            with self.held():
                return False
        except FileError:
            return True

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the outbox, so that only one process changes entries and sends.

        Raises:
            FileError: ``outbox.in_use``: another one has it; as `make`.
        """
        self.make()
        lock = self.root / _LOCK
        try:
            stream = lock.open("ab", buffering=0)
        except OSError as error:
            raise why_not_written(error, lock, "outbox.not_written") from error
        with stream:
            try:
                hold(stream.fileno())
            except OSError as error:
                if is_held(error) or says_nothing(error):
                    raise FileError("outbox.in_use") from error
                raise why_not_written(error, lock, "outbox.not_written") from error
            yield


def outbox_of(profile: Profile) -> OutboxFolder:
    """Return the outbox of a person."""
    return OutboxFolder(profile.root / "outbox")
