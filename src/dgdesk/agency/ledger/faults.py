"""Errors of SQLite and PostgreSQL as sentences for people, and whether another try may help. The text of an error of a
driver is never shown: it holds values, and may hold a password.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError

from dgdesk.errors import FileError
from dgdesk.system.bounds import UNFIT

_SQLITE: Final = {
    sqlite3.SQLITE_BUSY: "ledger.busy",
    sqlite3.SQLITE_LOCKED: "ledger.busy",
    sqlite3.SQLITE_FULL: "ledger.disk_full",
    sqlite3.SQLITE_READONLY: "ledger.not_writable",
    sqlite3.SQLITE_PERM: "ledger.not_writable",
    sqlite3.SQLITE_CANTOPEN: "ledger.not_opened",
    sqlite3.SQLITE_IOERR: "ledger.disk_error",
    sqlite3.SQLITE_NOTADB: "ledger.foreign",
}
_STATES: Final = {
    "53100": "ledger.disk_full",
    "53300": "ledger.server_gone",  # too many connections: another try may find one
    "55P03": "ledger.busy",
    "57014": "ledger.busy",
    "40001": "ledger.busy",
    "40P01": "ledger.busy",
    "42501": "ledger.server_refused",
    "25006": "ledger.not_writable",
    "3D000": "ledger.server_refused",
}
"""By SQLSTATE (PostgreSQL's manual, appendix A)."""
_CLASSES: Final = {"08": "ledger.server_gone", "57": "ledger.server_gone", "28": "ledger.server_refused"}
_REFUSALS: Final = (
    "authentication failed",
    "pg_hba.conf",
    "does not exist",
    "permission denied",
    "no password supplied",
)
"""What libpq says, without a state, of a connection that the server refused."""
PASSING: Final = frozenset({"ledger.busy", "ledger.server_gone"})
"""Another try may help."""


def code_of(error: SQLAlchemyError) -> str:
    """Return the message code for an error of a database."""
    origin = error.orig if isinstance(error, DBAPIError) else None
    number = getattr(origin, "sqlite_errorcode", None)
    if isinstance(number, int):
        return _SQLITE.get(number & 0xFF, "ledger.damaged")
    state = getattr(origin, "sqlstate", None)
    if isinstance(state, str):
        return _STATES.get(state) or _CLASSES.get(state[:2], "ledger.damaged")
    if isinstance(error, OperationalError | InterfaceError) and not isinstance(origin, sqlite3.Error):
        # psycopg has no state for a server that does not answer, and none for one that refuses a password.
        return "ledger.server_refused" if _is_refusal(origin) else "ledger.server_gone"
    return "ledger.damaged"


def _is_refusal(origin: BaseException | None) -> bool:
    """Whether the server answers and says no; one that starts or stops says no too, and will not for long."""
    said = str(origin)
    return any(sign in said for sign in _REFUSALS)


@contextmanager
def ledger_faults(shown: str) -> Iterator[None]:
    """Turn a database's errors, and values that no ledger holds, into `FileError` about the ledger called ``shown``."""
    try:
        yield
    except SQLAlchemyError as error:
        raise FileError(code_of(error), name=shown) from error


@contextmanager
def reading_faults(shown: str) -> Iterator[None]:
    """As `ledger_faults`, around code that reads rows: what cannot be read is a damaged ledger."""
    with ledger_faults(shown):
        try:
            yield
        except UNFIT as error:
            raise FileError("ledger.damaged", name=shown) from error
