"""THE FILE, opened: what the parts of an open package share."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from dgdesk.package import journal
from dgdesk.package.database import Database
from dgdesk.package.journal import Author
from dgdesk.package.model import Clock


class Opened:
    """An open package: its connection, and who works in it."""

    def __init__(self, path: Path, database: Database, resources: ExitStack, clock: Clock, who: str) -> None:
        """``resources`` is closed with the package: connection, lock, temporary copy."""
        self.path = path
        self.read_only = database.read_only
        self._database = database
        self._resources = resources
        self._clock = clock
        self._who = who
        self._known_top: journal.Top | None = None

    @property
    def busy(self) -> bool:
        """Whether files are being attached, or the package is being copied or compacted; waits for nobody."""
        return self._database.at_long_work

    def _top(self) -> journal.Top:
        # There is one writer, so that the end of the journal stays what it was while it is at long work.
        if self._known_top is None or not self._database.at_long_work:
            with self._database.reading() as connection:
                self._known_top = journal.top(connection)
        return self._known_top

    def _author(self) -> Author:
        return Author(self._who, self._clock())
