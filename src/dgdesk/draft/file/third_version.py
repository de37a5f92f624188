"""The step from version 2 to 3: attachments become rows of their own, and the journal holds differences.

Frozen like the steps in `dgdesk.draft.file.opening`. The journal is read and written entry by entry, so that memory
does not grow with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection

from dgdesk.draft.file.faults import WrongTypeError
from dgdesk.draft.file.splitting import ListLine, Repeated, RowLine, Splitter

_BEFORE: Final = (
    "ALTER TABLE state RENAME TO state_2",
    "DROP INDEX change_edit_by_target",
    "DROP TRIGGER change_edit_kept",
    "DROP TRIGGER change_edit_fixed",
    "ALTER TABLE change_edit RENAME TO change_edit_2",
    """CREATE TABLE state (
        kind TEXT NOT NULL CHECK (kind IN ('answer', 'attachment')),
        target TEXT NOT NULL,
        file TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (kind, target, file)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE change_edit (
        change INTEGER NOT NULL REFERENCES change (number),
        position INTEGER NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('answer', 'attachment')),
        target TEXT NOT NULL,
        file TEXT NOT NULL,
        old TEXT,
        new TEXT,
        PRIMARY KEY (change, position)
    ) STRICT, WITHOUT ROWID""",
)
_AFTER: Final = (
    "DROP TABLE state_2",
    "DROP TABLE change_edit_2",
    "CREATE INDEX change_edit_by_target ON change_edit (target, change)",
    """CREATE TRIGGER change_edit_kept BEFORE DELETE ON change_edit
BEGIN SELECT RAISE(ABORT, 'the journal only grows'); END""",
    """CREATE TRIGGER change_edit_fixed BEFORE UPDATE ON change_edit
BEGIN SELECT RAISE(ABORT, 'the journal only grows'); END""",
    "PRAGMA user_version = 3",
)
_LISTS: Final = "SELECT kind, target, old, new FROM change_edit_2 WHERE change = ? ORDER BY position"
_ROWS: Final = "SELECT kind, target, file, old, new FROM change_edit WHERE change = ? ORDER BY position"
_PUT: Final = "INSERT INTO change_edit (change, position, kind, target, file, old, new) VALUES (?, ?, ?, ?, ?, ?, ?)"


def attachments_as_rows(connection: Connection) -> None:
    """Bring a file of version 2 to version 3, inside the caller's transaction.

    Raises:
        FileError: ``package.value_damaged``: the attachments of a slot cannot be read.
    """
    _run(connection, _BEFORE)
    splitter = Splitter()
    entries = connection.exec_driver_sql("SELECT number, undoes, redoes FROM change ORDER BY number").all()
    for number, undoes, redoes in entries:
        lists = _lists(connection, number)
        repeats = None
        if undoes is not None:
            repeats = Repeated(_lists(connection, undoes), _rows(connection, undoes)).reversed()
        elif redoes is not None:
            repeats = Repeated(_lists(connection, redoes), _rows(connection, redoes))
        rows = [(number, position, *line) for position, line in enumerate(splitter.entry(lists, repeats))]
        if rows:
            connection.exec_driver_sql(_PUT, rows)
    for kind, target, value in connection.exec_driver_sql("SELECT kind, target, value FROM state_2").all():
        _require_texts(kind, target, value)
        if there := splitter.state(kind, target, value):
            connection.exec_driver_sql("INSERT INTO state (kind, target, file, value) VALUES (?, ?, ?, ?)", there)
    _run(connection, _AFTER)


def _lists(connection: Connection, number: int) -> list[ListLine]:
    lines = connection.exec_driver_sql(_LISTS, (number,)).all()
    for line in lines:
        _require_texts(*(text for text in line if text is not None))
    return [ListLine(*line) for line in lines]


def _rows(connection: Connection, number: int) -> list[RowLine]:
    return [RowLine(*line) for line in connection.exec_driver_sql(_ROWS, (number,))]


def _require_texts(*values: Any) -> None:
    """Refuse values of another type, which a misplaced page can give; see `dgdesk.draft.file.schema`."""
    for value in values:
        if not isinstance(value, str):
            raise WrongTypeError(type(value).__name__)


def _run(connection: Connection, statements: Sequence[str]) -> None:
    for statement in statements:
        connection.exec_driver_sql(statement)
