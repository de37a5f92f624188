"""The common base of the classes that make up an open draft file."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from dgdesk.draft.file import journal
from dgdesk.draft.file.database import Database
from dgdesk.draft.file.journal import Author
from dgdesk.draft.file.model import Clock


class Opened:
    """An open draft file: its connection, and who works on it."""

    def __init__(self, path: Path, database: Database, resources: ExitStack, clock: Clock, who: str) -> None:
        """``resources`` (connection, lock, temporary copy) is closed with the draft file."""
        self.path = path
        self.read_only = database.read_only
        self._database = database
        self._resources = resources
        self._clock = clock
        self._who = who
        self._known_top: journal.Top | None = None

    @property
    def busy(self) -> bool:
        """Whether files are being attached, or the draft is being copied or compacted; never waits."""
        return self._database.at_long_work

    def _top(self) -> journal.Top:
        # There is one writer, so the end of the journal does not change while it does long work.
        if self._known_top is None or not self._database.at_long_work:
            with self._database.reading() as connection:
                self._known_top = journal.top(connection)
        return self._known_top

    def _author(self) -> Author:
        return Author(self._who, self._clock())
