"""Checks everything in a draft file that can be checked, its undo and redo chains too."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

from sqlalchemy import Connection, bindparam, select

from dgdesk.draft.file import evidence, register
from dgdesk.draft.file.database import Database
from dgdesk.draft.file.faults import database_faults
from dgdesk.draft.file.model import Damage, decode, digest_in, moment_of, moment_or_none
from dgdesk.draft.file.schema import CHANGE, DEFINITION, EDIT, EXPORT, FILE, META, STATE, VERSION
from dgdesk.draft.file.shape import shape_faults
from dgdesk.errors import FileError
from dgdesk.system.bounds import NO_TIME
from dgdesk.system.progress import NO_PROGRESS, Progress

_MAX_REPORTED = 20
_EDITED = select(EDIT.c.position).where(EDIT.c.change == bindparam("change")).limit(1)


def check(database: Database, *, progress: Progress = NO_PROGRESS) -> tuple[Damage, ...]:
    """Read the whole file and return its damage; empty if all is sound.

    Checked are SQLite's structure and references, the schema, the definition's digest, each file's size and digest, the
    journal (numbers without gaps, valid undo and redo, and replayed from the start it gives the state), the files of
    attachments, the register and its scans.

    Raises:
        Cancelled: the person stopped it.
    """
    found: list[Damage] = []
    lost: set[str] = set()
    files = partial(_files, lost=lost, progress=progress)
    scans = partial(_scans, lost=lost)
    for look in (_structure, _references, _definition, files, _journal, _attachments, _register, scans):
        try:
            found += look(database)
        except FileError as error:
            if error.code not in ("package.damaged", "package.value_damaged", "package.not_a_package"):
                raise
            found.append(Damage("package.check_structure", "", str(error.values.get("detail", ""))))
    return tuple(dict.fromkeys(found))


BAD_TIME = "package.check_time"
"""A time in the history that cannot be read: damage, but not half of a change."""


def check_changes(database: Database, version: int = VERSION) -> tuple[Damage, ...]:
    """Return the visible damage of a half-written change: all checks of `check` except the content of files.

    Raises:
        FileError: ``package.damaged``, ``package.value_damaged``.
    """
    checks = (_structure, _references, _definition, _journal, _attachments, _register)
    if version == VERSION:
        return tuple(found for one in checks for found in one(database))
    with database.reading() as connection:  # an older shape: only SQLite itself can judge it
        lines = list(connection.exec_driver_sql("PRAGMA integrity_check(5)").scalars())
    return tuple(Damage("package.check_structure", "", str(line)) for line in lines if line != "ok")


def damaged_files(database: Database, *, progress: Progress = NO_PROGRESS) -> tuple[str, ...]:
    """Return the SHA-256 of every damaged stored file, in the order of storing.

    Each piece is read in a short view of its own; while a writer keeps others out, the views wait for it.

    Raises:
        Cancelled: the person stopped it.
    """
    reading = partial(_patient_view, database, progress)
    with reading() as connection:
        rows = connection.execute(select(FILE.c.id, FILE.c.sha256, FILE.c.size).order_by(FILE.c.id)).all()
    progress = progress.count(sum(row.size for row in rows))
    found = []
    with ThreadPoolExecutor(1, thread_name_prefix="digest") as hashing:
        for row in rows:
            progress.begin(row.size)
            if not evidence.is_sound(reading, row.id, row.sha256, row.size, hashing, progress.advance):
                found.append(row.sha256)
            progress.end()
    return tuple(found)


@contextmanager
def _patient_view(database: Database, progress: Progress) -> Iterator[Connection]:
    while True:
        progress.check()
        with ExitStack() as view:
            connection = view.enter_context(database.reading())
            try:
                with database_faults(database.path):
                    connection.exec_driver_sql("SELECT 1 FROM file LIMIT 1").all()  # this starts the view
            except FileError as error:
                if error.code != "package.busy":
                    raise
                continue
            yield connection
            return


def digests_of(connection: Connection) -> list[str]:
    """Return the SHA-256 of every stored file, in the order of storing."""
    return list(connection.execute(select(FILE.c.sha256).order_by(FILE.c.id)).scalars())


def _structure(database: Database) -> Iterator[Damage]:
    with database.reading() as connection:
        for line in connection.exec_driver_sql("PRAGMA integrity_check(20)").scalars():
            if line != "ok":
                yield Damage("package.check_structure", "", str(line))
        for fault in shape_faults(connection):
            yield Damage("package.check_structure", "", fault)


def _references(database: Database) -> Iterator[Damage]:
    with database.reading() as connection:
        for row in connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(_MAX_REPORTED):
            yield Damage("package.check_structure", "", f"{row[0]} {row[1]} refers to no {row[2]}")


def _definition(database: Database) -> Iterator[Damage]:
    with database.reading() as connection:
        connection.execute(select(META)).all()
        row = connection.execute(select(DEFINITION.c.sha256, DEFINITION.c.content)).first()
    if row is None or hashlib.sha256(row.content).hexdigest() != row.sha256:
        yield Damage("package.check_definition", "" if row is None else row.sha256, "digest")


def _files(database: Database, lost: set[str], progress: Progress) -> Iterator[Damage]:
    for sha256 in damaged_files(database, progress=progress):
        lost.add(sha256)
        yield Damage("package.check_file", sha256, "digest or size")


def _journal(database: Database) -> Iterator[Damage]:
    state: dict[tuple[str, str, str], str] = {}
    with database.reading() as connection:
        columns = (CHANGE.c.number, CHANGE.c.undoes, CHANGE.c.redoes, CHANGE.c.undo_top, CHANGE.c.redo_top)
        texts = (CHANGE.c.at, CHANGE.c.who, CHANGE.c.action)  # reading fails unless they are texts
        stacks, holds = Stacks(), True
        last: Any = None
        for expected, entry in enumerate(connection.execute(select(*columns, *texts).order_by(CHANGE.c.number)), 1):
            if entry.number != expected:
                yield Damage("package.check_journal", str(expected), "missing entry")
                return
            if moment_or_none(entry.at) == NO_TIME:
                yield Damage(BAD_TIME, str(expected), "time")
            if holds and not stacks.follow(*entry[:5]):
                yield Damage("package.check_journal", str(expected), "undo and redo do not follow")
                holds = False
            last = entry
        # Only the entry that empties the undo stack has no edits; an interrupted change is at the end.
        needed = last is not None and (last.undo_top, last.redo_top) != (None, None)
        if needed and connection.execute(_EDITED, {"change": last.number}).first() is None:
            yield Damage("package.check_journal", str(last.number), "an entry without its edits")
        edits = select(EDIT.c.change, EDIT.c.kind, EDIT.c.target, EDIT.c.file, EDIT.c.old, EDIT.c.new)
        for row in connection.execute(edits.order_by(EDIT.c.change, EDIT.c.position)):
            key = (row.kind, row.target, row.file)
            if state.get(key) != row.old:
                yield Damage("package.check_journal", str(row.change), f"{row.target}: old value does not follow")
                return
            state[key] = row.new
            if row.new is None:
                del state[key]
        stored = {(row.kind, row.target, row.file): row.value for row in connection.execute(select(STATE))}
    for key in sorted({key for key, _ in state.items() ^ stored.items()}, key=str)[:_MAX_REPORTED]:
        yield Damage("package.check_value", key[1], "differs from the journal")


def _attachments(database: Database) -> Iterator[Damage]:
    with database.reading() as connection:
        known = set(digests_of(connection))
        rows = connection.execute(select(STATE.c.target, STATE.c.kind, STATE.c.value)).all()
    for row in rows:
        value = decode(row.value)
        sha256 = digest_in(value) if row.kind == "attachment" else None
        if sha256 is not None and sha256 not in known:
            yield Damage("package.check_missing_file", row.target, sha256)


def _register(database: Database) -> Iterator[Damage]:
    with database.reading() as connection:
        for expected, row in enumerate(connection.execute(select(EXPORT).order_by(EXPORT.c.number)), start=1):
            moment_of(row.at)
            record = decode(row.record)
            if row.number != expected or not isinstance(record, dict) or register.fit_record(record) != record:
                yield Damage("package.check_structure", "", f"register line {row.number}")
                return


def _scans(database: Database, lost: set[str]) -> Iterator[Damage]:
    """Yield scans of the signed sheet whose file is missing or damaged."""
    with database.reading() as connection:
        known = set(digests_of(connection))
        scans = [line.record for line in register.lines(connection) if line.record.get(register.KIND) == register.SCAN]
    for scan in scans:
        sha256 = str(scan.get("sha256", ""))
        if sha256 not in known or sha256 in lost:
            yield Damage("package.check_scan", str(scan.get("name", "")), sha256)


class Stacks:
    """The undo and the redo stack, rebuilt from the start of the journal."""

    def __init__(self) -> None:
        self._undo: list[int] = []
        self._redo: list[int] = []

    def follow(
        self, number: int, undoes: int | None, redoes: int | None, undo_top: int | None, redo_top: int | None
    ) -> bool:
        """Apply one entry; return False if it undoes, redoes, or says of the stacks anything impossible.

        An entry that says that both stacks are empty empties them (compaction, repair), whatever else it is.
        """
        if undo_top is None and redo_top is None:
            self._undo.clear()
            self._redo.clear()
            return True
        if undoes is not None:
            if not self._undo or self._undo.pop() != undoes:
                return False
            self._redo.append(undoes)
        elif redoes is not None:
            if not self._redo or self._redo.pop() != redoes:
                return False
            self._undo.append(redoes)
        else:
            self._undo.append(number)
            self._redo.clear()
        return (undo_top, redo_top) == (_top(self._undo), _top(self._redo))


def _top(stack: list[int]) -> int | None:
    return stack[-1] if stack else None
