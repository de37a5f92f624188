"""One SQLite connection through SQLAlchemy Core, with the settings and transactions of a draft file.

Python's driver runs in autocommit mode; transactions begin by our own ``BEGIN``, which SQLAlchemy's ``begin`` event
sends, so that DDL and reads are inside transactions too (the driver's own handling would leave them out).
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from sqlalchemy import Connection, event
from sqlalchemy.exc import DBAPIError

from dgdesk.draft.file.beside import journal_of, keep_away
from dgdesk.draft.file.connecting import Budget, Mode, connect
from dgdesk.draft.file.faults import database_faults, file_error, sqlite_code
from dgdesk.draft.file.schema import APPLICATION_ID, SET_VERSION, VERSION
from dgdesk.draft.file.shape import shape_faults
from dgdesk.draft.file.underneath import Guard
from dgdesk.errors import FileError, UsageError

TransactionStep: TypeAlias = Callable[[], AbstractContextManager[Connection]]

_WAIT_SECONDS = 5.0
_PULSE_STEPS = 20  # of SQLite's virtual machine; copying a row of any size takes a few
_READ = "BEGIN"
_WRITE = "BEGIN IMMEDIATE"


class Database:
    """A connection of a draft file. Calls from several threads run one after the other.

    ``_lock`` guards the connection and is held for one statement or one short transaction; ``_writer`` is the right
    to write and is held for a whole transaction, including one in steps. Code that needs both takes ``_writer`` first.
    """

    def __init__(self, path: Path, mode: Mode, *, wait: float | None = None) -> None:
        """Connect; only the head of the file is read yet, unless a change must be rolled back. ``wait``: seconds to
        wait for other connections' locks.

        Raises:
            FileError: as `dgdesk.draft.file.connecting.connect`.
        """
        self.path = path
        self.read_only = mode == "ro"
        self._lock = threading.RLock()
        self._writer = threading.RLock()
        self._in_steps = False
        self._pulsing = False
        self._left = False  # whether a change in the file could not be rolled back
        self._begin = _READ
        with database_faults(path):
            self._link = connect(path, mode, wait=_WAIT_SECONDS if wait is None else wait)
            self.taken_back = self._link.taken_back
            self._raw = self._link.raw
            self.guard = Guard(self._link.watch_file, self.forget, self.settle)
            try:
                event.listen(self._link.engine, "begin", self._send_begin)
                self._connection: Connection | None = self._link.engine.connect()
            except BaseException:
                self._link.close()
                raise

    def prepare_writing(self) -> None:
        """Make writes durable, and check that they are possible, without changing the file.

        Not done on connecting: a file that turns out to be no draft must not change by a single byte.

        Raises:
            FileError: ``package.read_only_place``, ``package.busy`` …
        """
        for statement in ("PRAGMA journal_mode = DELETE", "PRAGMA synchronous = EXTRA", "PRAGMA secure_delete = ON"):
            self.outside_transaction(statement)
        # BEGIN IMMEDIATE alone succeeds on a write-protected file: SQLite makes it a read transaction.
        with self.writing() as connection:
            connection.exec_driver_sql(SET_VERSION)
            connection.rollback()

    @property
    def handle(self) -> int | None:
        """A handle of the file that stays open as long as any connection; a writer's."""
        return None if self._link.watch_file is None else self._link.watch_file.handle

    def require_own(self) -> None:
        """Check that no other program has changed the file, or put another one in its place; see `Guard`."""
        with self._writer, self._lock:
            self._open_connection()
            self.guard.require_own()

    def forget(self) -> None:
        """Make SQLite read the file again."""
        with self._lock:
            self._raw.execute("PRAGMA shrink_memory")

    def settle(self) -> None:
        """Let SQLite undo a failed change, which it does when the file is read next; the disk may still refuse."""
        with self._lock, suppress(sqlite3.Error):
            self._raw.execute("SELECT count(*) FROM sqlite_master").fetchone()

    def _send_begin(self, connection: Connection) -> None:
        connection.exec_driver_sql(self._begin)

    def _is_committed(self, error: DBAPIError) -> bool:
        """Return whether a failed COMMIT is complete all the same: the rollback journal is deleted, and only syncing
        the folder failed, which some network drives never support. To report that nothing was saved would be wrong,
        and the window would no longer show the content of the file.
        """
        return sqlite_code(error) == sqlite3.SQLITE_IOERR_DIR_FSYNC

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[Connection]:
        with self._lock, database_faults(self.path, opened=True):
            connection = self._open_connection()
            self._keep_away()
            if begin == _WRITE:
                self.guard.require_own()
            self._begin = begin
            ending = False
            try:
                with connection.begin():
                    yield connection
                    if begin == _WRITE:
                        self.guard.require_own_head()
                    ending = True
            except DBAPIError as error:
                if not (ending and self._is_committed(error)):
                    self._take_back(begin)
                    raise
            except BaseException:
                self._take_back(begin)
                raise
            if begin == _WRITE:
                self.guard.note()

    def _take_back(self, begin: str) -> None:
        """Make sure that a failed transaction has left nothing in the file, before the failure is reported.

        Raises:
            FileError: ``package.not_taken_back``: the disk refuses the rollback too; the journal beside the file undoes
                the half-written change when the draft is opened next.
        """
        if begin == _WRITE:
            self.guard.note_left()  # until it is known that the file is as before
        # On an interrupt SQLAlchemy has closed the connection, which rolls everything back and leaves nothing to ask.
        with suppress(sqlite3.ProgrammingError):
            # For SQLAlchemy a failed COMMIT ends the transaction; for SQLite (busy) it is still open.
            try:
                if self._raw.in_transaction:
                    self._raw.rollback()
                if begin == _WRITE:
                    # If the disk refused the rollback, SQLite tries again only when the file is read next.
                    self._raw.execute("SELECT count(*) FROM sqlite_master").fetchone()
            except sqlite3.Error as error:
                if _is_left(journal_of(self.path)):
                    self._left = True
                    raise file_error(self.path, "package.not_taken_back", detail=str(error)) from error
                return
        if begin == _WRITE:
            self.guard.note_failed()

    def _keep_away(self) -> None:
        keep_away(self.path, read_only=self.read_only, own_journal=self._left)
        self._left = self._left and _is_left(journal_of(self.path))

    def _open_connection(self) -> Connection:
        if self._connection is None:
            raise UsageError("package.closed")
        return self._connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give one consistent view during the block. Keep the block short: the writer waits for it.

        While another thread writes in steps, the view is between two of them.
        """
        with self._lock, _not_too_big():
            if self._in_steps:
                with database_faults(self.path, opened=True):
                    yield self._open_connection()
            else:
                with self._transaction(_READ) as connection:
                    yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Run one durable transaction: on disk when the block ends, or rolled back as a whole if it raises.

        Raises:
            FileError: ``package.read_only`` and errors of the disk.
        """
        if self.read_only:
            raise file_error(self.path, "package.read_only")
        with self._writer, self._transaction(_WRITE) as connection:
            yield connection

    @contextmanager
    def writing_in_steps(self) -> Iterator[TransactionStep]:
        """Run one long durable transaction in steps, each ``with step() as connection``; otherwise as `writing`.

        Other threads write after it but read between its steps, on this connection and so inside the transaction:
        until the last step, a step may write only what no reader looks for.
        """
        if self.read_only:
            raise file_error(self.path, "package.read_only")
        with self._writer:
            with self._lock, database_faults(self.path, opened=True):
                connection = self._open_connection()
                self._keep_away()
                self.guard.require_own()
                self._begin = _WRITE
                transaction = connection.begin()
                self._in_steps = True
            end = transaction.rollback
            try:
                yield self._step
                with self._lock:
                    self.guard.require_own_head()
                end = transaction.commit
            finally:
                with self._lock, database_faults(self.path, opened=True):
                    done = False
                    try:
                        end()
                        done = end == transaction.commit
                    except DBAPIError as error:
                        if not (end == transaction.commit and self._is_committed(error)):
                            raise
                        done = True
                    finally:
                        self._in_steps = False
                        try:
                            if not done:
                                self._take_back(_WRITE)
                        finally:
                            # After a failed COMMIT SQLAlchemy would refuse to begin anything.
                            with suppress(DBAPIError):
                                transaction.close()
                            if done:
                                self.guard.note()

    @contextmanager
    def _step(self) -> Iterator[Connection]:
        with self._lock, database_faults(self.path, opened=True):
            yield self._open_connection()

    @property
    def at_long_work(self) -> bool:
        """Whether a transaction in steps, or a statement with a pulse, is under way; never waits."""
        return self._in_steps or self._pulsing

    def outside_transaction(
        self,
        statement: str,
        parameters: tuple[Any, ...] = (),
        pulse: Callable[[], None] | None = None,
        *,
        copies: bool = False,
    ) -> list[tuple[Any, ...]]:
        """Run a statement that SQLite allows only outside transactions (``VACUUM``), or a pragma that needs none.

        ``pulse`` is called regularly; an error that it raises stops the statement, which then has changed nothing.
        ``copies``: it only reads the file, which is allowed even after another program has changed it.
        """
        with self._writer, self._lock, database_faults(self.path, opened=True):
            self._open_connection()
            self._keep_away()
            if not (copies and self.guard.refused):  # a refused draft may still be copied
                self.guard.require_own()
            self._link.budget.begin()
            try:
                return self._execute(statement, parameters, pulse)
            finally:
                if not copies:
                    self.guard.note()

    def _execute(
        self, statement: str, parameters: tuple[Any, ...], pulse: Callable[[], None] | None
    ) -> list[tuple[Any, ...]]:
        if pulse is None:
            return self._raw.execute(statement, parameters).fetchall()
        raised: list[BaseException] = []
        self._raw.set_progress_handler(partial(_stops, pulse, raised, self._link.budget), _PULSE_STEPS)
        self._pulsing = True
        try:
            return self._raw.execute(statement, parameters).fetchall()
        except sqlite3.OperationalError:
            if raised:  # SQLite itself reports only an interrupt
                raise raised[0] from None
            raise
        finally:
            self._pulsing = False
            self._link.watch()

    def close(self) -> None:
        """Close the connection after any transaction under way; a second call does nothing."""
        with self._writer, self._lock:
            if self._connection is not None:
                connection, self._connection = self._connection, None
                connection.close()
                self._link.close()


def _stops(pulse: Callable[[], None], raised: list[BaseException], budget: Budget) -> bool:
    try:
        pulse()
    except BaseException as error:  # interrupts too: the driver would swallow them
        raised.append(error)
    return bool(raised) or budget.spent(_PULSE_STEPS)


@contextmanager
def _not_too_big() -> Iterator[None]:
    """Turn SQLite's "too big" into damage: no legitimate value is that large."""
    try:
        yield
    except FileError as error:
        if error.code != "package.too_big":
            raise
        raise FileError("package.damaged", **error.values) from error


def _is_left(journal: Path) -> bool:
    try:
        return journal.stat().st_size > 0
    except FileNotFoundError:
        return False
    except OSError:  # unknown
        return True


def page_bytes(connection: Connection) -> tuple[int, int]:
    """Return the bytes of all pages, and of the free ones."""
    count, free, size = (
        int(connection.exec_driver_sql(f"PRAGMA {name}").scalar_one())
        for name in ("page_count", "freelist_count", "page_size")
    )
    return count * size, free * size


def version_of(database: Database) -> int:
    """Return the file's version after checking that this program can read it.

    Raises:
        FileError: ``package.not_a_package``, ``package.damaged``, ``package.newer`` (values version, known).
    """
    with database.reading() as connection:
        application = connection.exec_driver_sql("PRAGMA application_id").scalar_one()
        version = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
    if application != APPLICATION_ID:
        raise file_error(database.path, "package.not_a_package", detail="application_id")
    if version > VERSION:
        raise file_error(database.path, "package.newer", version=version, known=VERSION)
    if version < 1:
        raise file_error(database.path, "package.damaged", detail="user_version")
    return version


def require_shape(database: Database, version: int = VERSION) -> None:
    """Check that the file has exactly the tables of a version, word for word. Nothing may be read from a table or
    written before this: SQLite would run what a foreign schema says.

    Raises:
        FileError: ``package.damaged``.
    """
    with database.reading() as connection:
        faults = shape_faults(connection, version)
    if faults:
        raise file_error(database.path, "package.damaged", detail="; ".join(faults[:5]))
