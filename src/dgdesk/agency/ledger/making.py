"""Opens a ledger: makes it if it is absent, brings an older one to this version, refuses what is none."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, insert, inspect, select, text, update

from dgdesk.agency.ledger.database import BUSY_SECONDS, PATIENCE, Ledger
from dgdesk.agency.ledger.faults import reading_faults
from dgdesk.agency.ledger.model import LedgerHead
from dgdesk.agency.ledger.places import LedgerPlace, ledger_place
from dgdesk.agency.ledger.rows import moment_text
from dgdesk.agency.ledger.schema import APPLICATION_ID, LEDGER, VERSION, create_first, metadata
from dgdesk.draft.file.head import names_a_file
from dgdesk.errors import FileError
from dgdesk.system.bounds import read_moment
from dgdesk.system.causes import why_not_written

Migration = Callable[[Connection], None]
MIGRATIONS: Final[tuple[Migration, ...]] = (create_first,)
"""The first one makes version 1, the second one version 2 of that, and so on; each runs in a transaction of its own."""
_MAGIC: Final = b"SQLite format 3\0"
_HEAD: Final = 100
FIRST_ANSWER: Final = 10.0
"""Seconds for which a database is waited for that has not answered yet: a wrong address is said before long."""
_LOCK: Final = 0x44474C47
"""PostgreSQL's advisory lock while a ledger is made or migrated."""


def open_ledger(
    named: str | Path | LedgerPlace,
    *,
    make: bool = False,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    patience: float = PATIENCE,
    busy: float = BUSY_SECONDS,
    pause: Callable[[float], object] = time.sleep,
    migrations: Sequence[Migration] = MIGRATIONS,
) -> Ledger:
    """Open the ledger at a path or at a server's address; with ``make`` an absent one is made.

    Raises:
        UsageError: as `ledger_place`; ``ledger.no_driver``.
        FileError: ``ledger.missing``, ``ledger.foreign`` (it is something else), ``ledger.newer``, ``ledger.damaged``,
            ``ledger.beside`` (SQLite would take files next to it for its own),
            ``ledger.busy``, ``ledger.server_gone``, ``ledger.server_refused``, ``ledger.not_writable``,
            ``ledger.not_opened``.
    """
    place = named if isinstance(named, LedgerPlace) else ledger_place(named)
    if place.path is not None:
        _look_at_file(place.path, make)
    ledger = Ledger(place, patience=patience, busy=busy, pause=pause)
    try:
        with reading_faults(ledger.shown):
            first = min(patience, FIRST_ANSWER)
            version = ledger.read(lambda connection: _version(connection, ledger), patience=first)
            if not version and not make:
                raise FileError("ledger.missing", name=ledger.shown)
            if version > len(migrations):
                raise FileError("ledger.newer", name=ledger.shown, version=version)
            for number in range(version, len(migrations)):
                step = migrations[number]

                def migrate(connection: Connection, number: int = number, step: Migration = step) -> None:
                    _migrate(connection, ledger, number, step, now())

                ledger.write(migrate)
    except BaseException:
        ledger.close()
        raise
    return ledger


def head_of(ledger: Ledger) -> LedgerHead:
    """Return which ledger it is. Raises FileError."""
    with reading_faults(ledger.shown):
        row = ledger.read(lambda connection: connection.execute(select(LEDGER)).one())
        return LedgerHead(row.id, row.version, read_moment(row.made))


def _look_at_file(path: Path, make: bool) -> None:
    """Look at the head of a file before SQLite does; make an empty one if it is absent."""
    try:
        if make and not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        if path.is_dir():
            raise FileError("ledger.foreign", name=str(path))
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
    except FileNotFoundError as error:
        raise FileError("ledger.missing", name=str(path)) from error
    except OSError as error:
        raise why_not_written(error, path, "ledger.not_opened") from error
    if head and (not head.startswith(_MAGIC) or int.from_bytes(head[68:72], "big") != APPLICATION_ID):
        raise FileError("ledger.foreign", name=str(path))
    if _is_trapped(path):
        raise FileError("ledger.beside", name=str(path))


def _is_trapped(path: Path) -> bool:
    """Return whether files beside a ledger make SQLite remove or write others: no ledger's own change leaves such.

    Raises:
        FileError: ``ledger.not_opened``.
    """
    if any(os.path.lexists(path.with_name(path.name + ending)) for ending in ("-wal", "-shm")):
        return True
    journal = path.with_name(path.name + "-journal")
    try:
        if not journal.is_file() or journal.is_symlink():
            return os.path.lexists(journal)
        with journal.open("rb") as stream:
            return names_a_file(stream, os.fstat(stream.fileno()).st_size)
    except FileNotFoundError:  # another program has finished its change
        return False
    except OSError as error:
        raise why_not_written(error, path, "ledger.not_opened") from error


def _version(connection: Connection, ledger: Ledger) -> int:
    """Return the version of the ledger; 0 if there is none yet."""
    there = frozenset(inspect(connection).get_table_names())
    if LEDGER.name not in there:
        if there & metadata.tables.keys():
            raise FileError("ledger.foreign", name=ledger.shown)
        return 0
    if not ledger.is_server:
        # A ledger has neither: they would run when it is read or written.
        odd = connection.exec_driver_sql("SELECT count(*) FROM sqlite_master WHERE type IN ('trigger', 'view')")
        if odd.scalar_one():
            raise FileError("ledger.damaged", name=ledger.shown)
    version = connection.execute(select(LEDGER.c.version)).scalar_one_or_none()
    if type(version) is not int or version < 1:
        raise FileError("ledger.damaged", name=ledger.shown)
    if version == VERSION and not there >= metadata.tables.keys():
        raise FileError("ledger.damaged", name=ledger.shown)
    return version


def _migrate(connection: Connection, ledger: Ledger, number: int, step: Migration, now: datetime) -> None:
    if ledger.is_server:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    if _version(connection, ledger) != number:
        return  # another one has done it meanwhile
    step(connection)
    if number:
        connection.execute(update(LEDGER).values(version=number + 1))
        return
    connection.execute(insert(LEDGER).values(id=str(uuid.uuid4()), version=1, made=moment_text(now)))
    if not ledger.is_server:
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
