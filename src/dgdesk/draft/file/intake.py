"""Copies files into the draft in one transaction that is made in steps.

Other threads read further pieces and compute their digest while a piece is written (`dgdesk.draft.file.pieces`), into
space that SQLite has reserved, so that it is not copied on the way. The rows that make a file known come last:
until then no reader sees any of it, and what was stored before stays.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import BinaryIO, NamedTuple, TypeAlias

from sqlalchemy import Connection, bindparam, delete, exists, func, insert, select

from dgdesk.draft.file.database import TransactionStep
from dgdesk.draft.file.early_sync import EarlySync
from dgdesk.draft.file.evidence import BY_DIGEST, CHUNK_BYTES, is_sound
from dgdesk.draft.file.model import StoredFile
from dgdesk.draft.file.pieces import Pieces, fill, unreadable
from dgdesk.draft.file.schema import CHUNK, FILE
from dgdesk.errors import FileError
from dgdesk.system.progress import Progress
from dgdesk.system.sources import Source, SourceChanged

_NEXT = select(func.coalesce(func.max(FILE.c.id), 0) + 1)
_SAME_SIZE = select(exists().where(FILE.c.size == bindparam("size")))
_BEGINNING = 4096
_MOST_COMPARED = 20
_FIRST_PIECE = "SELECT rowid FROM chunk WHERE file = ? AND position = 0"
_FIRST_PIECES = "SELECT rowid FROM chunk WHERE file IN (SELECT id FROM file WHERE size = ?) AND position = 0 LIMIT ?"
_RESERVE = "INSERT INTO chunk (file, position, data) VALUES (?, ?, zeroblob(?))"


Settled: TypeAlias = Callable[[str, int], None]
"""Checks that what was read, of this digest and size, is one state of its source; raises `SourceChanged`."""


class _New(NamedTuple):
    number: int
    stored: StoredFile
    instead_of: int | None


class Intake:
    """The files of one transaction. Memory use does not grow with their sizes."""

    def __init__(self, step: TransactionStep, progress: Progress, pieces: Pieces, sync: EarlySync) -> None:
        """``pieces`` read the sources."""
        self._step = step
        self._sync = sync
        self._progress = progress
        self._pieces = pieces
        self._new: dict[str, _New] = {}
        with step() as connection:
            self._next: int = connection.execute(_NEXT).scalar_one()

    def take(self, source: BinaryIO | Source) -> StoredFile:
        """Copy ``source`` from its position to its end, unless its content is stored already and sound.

        After an error of the source itself, or when it has changed, other files can be taken; after any other error the
        transaction must be rolled back.

        Raises:
            Cancelled: the person stopped it.
            SourceChanged: nothing of it is stored; it may be taken again.
            FileError: ``package.source_unreadable``.
        """
        if not isinstance(source, Source):
            return self._take(source, 0, _settled)

        def check(sha256: str, size: int) -> None:
            try:
                source.require_settled(sha256, size, self._progress.check)
            except OSError as error:
                raise unreadable(source.stream, error) from error

        return replace(self._take(source.stream, source.size, check), stamp=source.stamp)

    def _take(self, source: BinaryIO, size: int, settled: Settled) -> StoredFile:
        self._progress.begin(size)
        try:
            if not (size and source.seekable() and self._may_be_stored(source, size)):
                return self._copy(source, settled, self._progress.advance)
            # Read before writing: the same file is often attached again, and reading is cheaper.
            start = source.tell()
            read = self._digest(source)
            settled(*read)
            stored = self._sound_copy(*read, self._progress.half)
            if stored is None:
                source.seek(start)
                stored = self._copy(source, settled, self._progress.half)
            return stored
        finally:
            self._progress.end()

    def knows(self, source: BinaryIO) -> bool:
        """Return whether the content is stored, sound or damaged; the source is rewound."""
        start = source.tell()
        sha256, _ = self._digest(source)
        source.seek(start)
        with self._step() as connection:
            return connection.execute(BY_DIGEST, {"sha256": sha256}).first() is not None

    def enter(self, connection: Connection) -> None:
        """Make the copied files known, in place of their damaged copies; the last step."""
        for new in self._new.values():
            if new.instead_of is not None:
                connection.execute(delete(CHUNK).where(CHUNK.c.file == new.instead_of))
                connection.execute(delete(FILE).where(FILE.c.id == new.instead_of))
            values = {"id": new.number, "sha256": new.stored.sha256, "size": new.stored.size}
            connection.execute(insert(FILE), values)

    def _may_be_stored(self, source: BinaryIO, size: int) -> bool:
        """Return whether reading a file first may save writing it: one of this size, and beginning, is stored.

        Whatever is returned, a content is not stored twice in the end.
        """
        with self._step() as connection:
            known: bool = connection.execute(_SAME_SIZE, {"size": size}).scalar_one()
        new = [one.number for one in self._new.values() if one.stored.size == size]
        if size < CHUNK_BYTES or not (known or new):
            return known or bool(new)
        start = source.tell()
        beginning = bytearray(_BEGINNING)
        fill(source, memoryview(beginning))
        source.seek(start)
        with self._step() as connection:
            found = [*connection.exec_driver_sql(_FIRST_PIECES, (size, _MOST_COMPARED)).scalars()]
            for number in new[:_MOST_COMPARED]:
                found += connection.exec_driver_sql(_FIRST_PIECE, (number,)).scalars()
            return len(found) >= _MOST_COMPARED or any(_begins_so(connection, row, beginning) for row in found)

    def _digest(self, source: BinaryIO) -> tuple[str, int]:
        digest = hashlib.sha256()
        size = 0
        with closing(self._pieces.of(source, digest.update)) as pieces:
            for _, view in pieces:
                self._progress.half(len(view))
                size += len(view)
        return digest.hexdigest(), size

    def _copy(self, source: BinaryIO, settled: Settled, advance: Callable[[int], None]) -> StoredFile:
        number = self._next
        # No ``with``: if SQLite itself has rolled back the transaction (disk full), the savepoint no longer exists, and
        # rolling back to it would hide the reason. The transaction undoes everything.
        with self._step() as connection:
            copying = connection.begin_nested()
        digest = hashlib.sha256()
        size = 0
        try:
            with closing(self._pieces.of(source, digest.update)) as pieces:
                for position, view in pieces:
                    self._progress.check()
                    with self._step() as connection:
                        _write(connection, number, position, view)
                    size += len(view)
                    self._sync.written(len(view))
                    advance(len(view))
            settled(digest.hexdigest(), size)
        except (FileError, SourceChanged) as error:
            if isinstance(error, SourceChanged) or error.code == "package.source_unreadable":
                with self._step():
                    copying.rollback()
            raise
        self._progress.check()
        stored = StoredFile(digest.hexdigest(), size)
        there = self._sound_copy(stored.sha256, size, lambda _: self._progress.check())
        with self._step() as connection:
            if there is not None:
                copying.rollback()
                return there
            old = connection.execute(BY_DIGEST, {"sha256": stored.sha256}).first()
            copying.commit()
        self._next += 1
        stored = replace(stored, healed=old is not None)
        self._new[stored.sha256] = _New(number, stored, None if old is None else old.id)
        return stored

    def _sound_copy(self, sha256: str, size: int, advance: Callable[[int], None]) -> StoredFile | None:
        if sha256 in self._new:
            return self._new[sha256].stored
        with self._step() as connection:
            row = connection.execute(BY_DIGEST, {"sha256": sha256}).first()
        if row is None or row.size != size:
            return None
        sound = is_sound(self._step, row.id, sha256, size, self._pieces.hashing, advance)
        return StoredFile(sha256, size) if sound else None


@contextmanager
def taking(step: TransactionStep, progress: Progress, sync: EarlySync) -> Iterator[Intake]:
    """Give an `Intake` with its threads, which end with the block."""
    with ThreadPoolExecutor(1, "reading") as reading, ThreadPoolExecutor(1, "digest") as hashing:
        yield Intake(step, progress, Pieces(reading, hashing), sync)


def _settled(sha256: str, size: int) -> None:
    """Accept what a stream gave: no other program changes it."""


def _begins_so(connection: Connection, row: int, beginning: bytearray) -> bool:
    """Return whether a stored piece begins so; True if it cannot be read, and so is in doubt."""
    raw = connection.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    try:
        with raw.blobopen("chunk", "data", row, readonly=True) as blob:
            return blob.read(len(beginning)) == beginning
    except sqlite3.Error:
        return True


def _write(connection: Connection, number: int, position: int, data: memoryview) -> None:
    # A bound value would be copied twice before it reaches SQLite's pages. By the driver: of a large file, SQLAlchemy's
    # part of a thousand statements is a tenth of the time.
    raw = connection.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    row = raw.execute(_RESERVE, (number, position, len(data))).lastrowid
    assert row is not None
    with raw.blobopen("chunk", "data", row) as blob:
        blob.write(data)
