"""The tables of a draft file of the current version.

The journal (``change``, ``change_edit``) and the register of exports only grow; triggers refuse anything else.
``undo_top`` and ``redo_top`` of a change are the tops of the undo and redo stacks right after it, so that the last row
of a journal of any length gives the stacks, and every step down is one look-up by key.

A row of the state is one answer, or one attachment: a file at a slot. ``file`` is the SHA-256 of the file, empty in an
answer. An edit of the journal is one such row before and after, so that what a change costs does not depend on how many
files the slot has.
"""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
)

from dgdesk.draft.file.faults import WrongTypeError

APPLICATION_ID = 0x4447444B  # "DGDK"
VERSION = 3
SET_APPLICATION_ID = "PRAGMA application_id = 1145521227"
SET_VERSION = "PRAGMA user_version = 3"

SHRINKING = ".shrinking"
"""A key of ``meta`` that exists while the file is shrunk; it is no fact about the draft."""

DRAFT_ID = "draft_id"
"""A key of ``meta``: which draft this is, for whoever receives its exports. No fact that a person enters."""

metadata = MetaData()

# STRICT tables refuse a value of another type when it is written; but a misplaced page or a changed byte can still give
# one when it is read.


class _Words(TypeDecorator[str]):
    impl = Text
    cache_ok = True

    def process_result_value(self, value: object, dialect: Dialect) -> str | None:
        if isinstance(value, str):
            return value
        raise WrongTypeError(type(value).__name__)


class _WordsOrNone(_Words):
    cache_ok = True

    def process_result_value(self, value: object, dialect: Dialect) -> str | None:
        return None if value is None else super().process_result_value(value, dialect)


class _Whole(TypeDecorator[int]):
    impl = Integer
    cache_ok = True

    def process_result_value(self, value: object, dialect: Dialect) -> int | None:
        if isinstance(value, int):
            return value
        raise WrongTypeError(type(value).__name__)


class _WholeOrNone(_Whole):
    cache_ok = True

    def process_result_value(self, value: object, dialect: Dialect) -> int | None:
        return None if value is None else super().process_result_value(value, dialect)


class _Bytes(TypeDecorator[bytes]):
    impl = LargeBinary
    cache_ok = True

    def process_result_value(self, value: object, dialect: Dialect) -> bytes:
        if isinstance(value, bytes):
            return value
        raise WrongTypeError(type(value).__name__)


META = Table(
    "meta",
    metadata,
    Column("key", _Words, primary_key=True, nullable=False),
    Column("value", _Words, nullable=False),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)
DEFINITION = Table(
    "definition",
    metadata,
    Column("id", _Whole, CheckConstraint("id = 1"), primary_key=True, autoincrement=False),
    Column("sha256", _Words, nullable=False),
    Column("content", _Bytes, nullable=False),
    sqlite_strict=True,
)
STATE = Table(
    "state",
    metadata,
    Column("kind", _Words, CheckConstraint("kind IN ('answer', 'attachment')"), primary_key=True, nullable=False),
    Column("target", _Words, primary_key=True, nullable=False),
    Column("file", _Words, primary_key=True, nullable=False),
    Column("value", _Words, nullable=False),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)
CHANGE = Table(
    "change",
    metadata,
    Column("number", _Whole, primary_key=True, autoincrement=False),
    Column("at", _Words, nullable=False),
    Column("who", _Words, nullable=False),
    Column("action", _Words, nullable=False, server_default=""),
    Column("undoes", _WholeOrNone, ForeignKey("change.number")),
    Column("redoes", _WholeOrNone, ForeignKey("change.number")),
    Column("undo_top", _WholeOrNone, ForeignKey("change.number")),
    Column("redo_top", _WholeOrNone, ForeignKey("change.number")),
    sqlite_strict=True,
)
Index("change_by_undoes", CHANGE.c.undoes, sqlite_where=CHANGE.c.undoes.is_not(None))
EDIT = Table(
    "change_edit",
    metadata,
    Column("change", _Whole, ForeignKey("change.number"), primary_key=True, nullable=False),
    Column("position", _Whole, primary_key=True, nullable=False),
    Column("kind", _Words, CheckConstraint("kind IN ('answer', 'attachment')"), nullable=False),
    Column("target", _Words, nullable=False),
    Column("file", _Words, nullable=False),
    Column("old", _WordsOrNone),
    Column("new", _WordsOrNone),
    sqlite_with_rowid=False,
    sqlite_strict=True,
)
Index("change_edit_by_target", EDIT.c.target, EDIT.c.change)
FILE = Table(
    "file",
    metadata,
    Column("id", _Whole, primary_key=True, autoincrement=False),
    Column("sha256", _Words, CheckConstraint("length(sha256) = 64"), nullable=False, unique=True),
    Column("size", _Whole, CheckConstraint("size >= 0"), nullable=False),
    sqlite_strict=True,
)
# The digest of a file is known only after its last chunk: the chunks come first, the file's row ends the transaction.
CHUNK = Table(
    "chunk",
    metadata,
    Column("file", _Whole, ForeignKey("file.id", deferrable=True, initially="DEFERRED"), primary_key=True),
    Column("position", _Whole, primary_key=True, nullable=False),
    Column("data", _Bytes, nullable=False),
    sqlite_strict=True,
)
EXPORT = Table(
    "export",
    metadata,
    Column("number", _Whole, primary_key=True, autoincrement=False),
    Column("at", _Words, nullable=False),
    Column("who", _Words, nullable=False),
    Column("state", _Whole, nullable=False),
    Column("record", _Words, nullable=False),
    sqlite_strict=True,
)

TRIGGERS = {
    "change_kept": """CREATE TRIGGER change_kept BEFORE DELETE ON change
BEGIN SELECT RAISE(ABORT, 'the journal only grows'); END""",
    "change_fixed": """CREATE TRIGGER change_fixed BEFORE UPDATE ON change
BEGIN SELECT RAISE(ABORT, 'the journal only grows'); END""",
    "change_edit_kept": """CREATE TRIGGER change_edit_kept BEFORE DELETE ON change_edit
BEGIN SELECT RAISE(ABORT, 'the journal only grows'); END""",
    "change_edit_fixed": """CREATE TRIGGER change_edit_fixed BEFORE UPDATE ON change_edit
BEGIN SELECT RAISE(ABORT, 'the journal only grows'); END""",
    "export_kept": """CREATE TRIGGER export_kept BEFORE DELETE ON export
BEGIN SELECT RAISE(ABORT, 'the register only grows'); END""",
    "export_fixed": """CREATE TRIGGER export_fixed BEFORE UPDATE ON export
BEGIN SELECT RAISE(ABORT, 'the register only grows'); END""",
}


def create_schema(connection: Connection) -> None:
    """Create the empty tables of the current version, inside the caller's transaction."""
    metadata.create_all(connection, checkfirst=False)
    for statement in TRIGGERS.values():
        connection.exec_driver_sql(statement)
    connection.exec_driver_sql(SET_APPLICATION_ID)
    connection.exec_driver_sql(SET_VERSION)
