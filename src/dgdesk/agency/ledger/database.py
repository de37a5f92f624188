"""A ledger that is open: reads and writes as short transactions, tried again while the database cannot be reached.

SQLite keeps its rollback journal, not a write-ahead log: a ledger may lie on a network share, and one file is all of
it. Long reads go page by page, so that none keeps others from writing.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, TypeVar
from urllib.parse import quote

from sqlalchemy import Connection, Engine, NullPool, Row, Select, create_engine, event
from sqlalchemy.exc import NoSuchModuleError, SQLAlchemyError

from dgdesk.agency.ledger.faults import PASSING, code_of
from dgdesk.agency.ledger.places import LedgerPlace
from dgdesk.errors import FileError, UsageError

Result = TypeVar("Result")
BUSY_SECONDS: Final = 10.0
"""How long another program's change of a SQLite ledger is waited for, each time."""
PATIENCE: Final = 60.0
"""Seconds for which a database that cannot be reached is tried again; then the work ends, and nothing is lost."""
_PAUSES: Final = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0)
_LONGEST_VALUE: Final = 64 << 20
_HEAP: Final = 512 << 20


class Ledger:
    """An open ledger. Several processes and machines may have it open. Close it; it is a context manager."""

    def __init__(
        self,
        place: LedgerPlace,
        *,
        patience: float = PATIENCE,
        busy: float = BUSY_SECONDS,
        pause: Callable[[float], object] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare the connections; `dgdesk.agency.ledger.making.open_ledger` checks what is there."""
        self.place = place
        self._patience, self._pause, self._clock = patience, pause, clock
        self.engine = _server_engine(place) if place.path is None else _file_engine(place.path, busy)

    @property
    def shown(self) -> str:
        """What the ledger is called in messages."""
        return self.place.shown

    @property
    def is_server(self) -> bool:
        """Whether it is on a PostgreSQL server."""
        return self.place.path is None

    def read(self, work: Callable[[Connection], Result], *, patience: float | None = None) -> Result:
        """Return the result of ``work`` in one short transaction that changes nothing; ``patience`` as in `write`.

        Raises:
            FileError: ``ledger.*``; what ``work`` raises.
        """
        return self._try(work, False, self._patience if patience is None else patience)

    def write(self, work: Callable[[Connection], Result], *, patience: float | None = None) -> Result:
        """Return the result of ``work`` in one transaction, which is on the disk then.

        ``work`` may be called again, also after it was committed and the answer was lost: it must change nothing the
        second time. ``patience``: seconds for which it is tried again, if not those of the ledger.

        Raises:
            FileError: as `read`.
        """
        return self._try(work, True, self._patience if patience is None else patience)

    def _try(self, work: Callable[[Connection], Result], writes: bool, patience: float) -> Result:
        since = self._clock()
        tries = 0
        while True:
            try:
                with self.engine.connect().execution_options(ledger_writes=writes) as connection, connection.begin():
                    return work(connection)
            except SQLAlchemyError as error:
                code = code_of(error)
                if code not in PASSING or self._clock() - since >= patience:
                    raise FileError(code, name=self.shown) from error
            self._pause(_PAUSES[min(tries, len(_PAUSES) - 1)])
            tries += 1

    def rows(self, query: Select[Any]) -> Sequence[Row[Any]]:
        """Return all rows of a query. Raises FileError as `read`."""
        return self.read(lambda connection: connection.execute(query).all())

    def close(self) -> None:
        """Close the connections."""
        self.engine.dispose()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _file_engine(path: Path, busy: float) -> Engine:
    uri = f"file:{quote(path.absolute().as_posix(), safe='/:', errors='surrogateescape')}?mode=rw"

    def connect() -> sqlite3.Connection:
        raw = sqlite3.connect(uri, uri=True, timeout=busy, isolation_level=None, check_same_thread=False)
        try:
            raw.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
            raw.execute(f"PRAGMA hard_heap_limit = {_HEAP}")
            raw.execute("PRAGMA trusted_schema = OFF")
            raw.execute("PRAGMA cell_size_check = ON")
            raw.execute("PRAGMA synchronous = EXTRA")
        except BaseException:
            raw.close()
            raise
        return raw

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool, hide_parameters=True)
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    # Python's driver would begin no transaction for reads and DDL; a writer takes its lock before it reads.
    writes = connection.get_execution_options().get("ledger_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _server_engine(place: LedgerPlace) -> Engine:
    settings: dict[str, Any] = {
        "connect_timeout": 10,
        "application_name": "dgdesk",
        "options": "-c lock_timeout=10s -c idle_in_transaction_session_timeout=60s",
        # A server that is gone without a word is noticed after half a minute.
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 4,
    }
    assert place.url is not None
    settings = {name: value for name, value in settings.items() if name not in place.url.query}
    try:
        engine = create_engine(
            place.url, hide_parameters=True, pool_pre_ping=True, pool_size=2, max_overflow=2, connect_args=settings
        )
    except (ImportError, NoSuchModuleError) as error:  # the frozen program has neither driver nor dialect
        raise UsageError("ledger.no_driver") from error
    return engine
