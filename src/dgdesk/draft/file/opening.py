"""Creates a draft file, opens one to write or only to read, and migrates an older one in one transaction.

A step is frozen text: it must not follow later changes of `dgdesk.draft.file.schema`. ``user_version`` is set in the
same transaction, so that a file always has exactly one version.
"""

from __future__ import annotations

import hashlib
import os
import time
import uuid
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing, suppress
from pathlib import Path

from sqlalchemy import Connection, insert, select

from dgdesk.draft.file.beside import journal_of, set_aside
from dgdesk.draft.file.database import Database, require_shape, version_of
from dgdesk.draft.file.disk import existing, free_name, new_package, new_place_faults
from dgdesk.draft.file.faults import file_error, sqlite_code, system_faults
from dgdesk.draft.file.lock import acquire, this_process
from dgdesk.draft.file.model import Clock
from dgdesk.draft.file.schema import DEFINITION, DRAFT_ID, META, VERSION, create_schema
from dgdesk.draft.file.store import DraftFile
from dgdesk.draft.file.trial import require_finished, require_sound_outcome, take_back_in_copy
from dgdesk.errors import FileError
from dgdesk.system.atomic import sweep_half_made
from dgdesk.system.scratch import temporary


def _attachments_as_rows(connection: Connection) -> None:
    from dgdesk.draft.file.third_version import attachments_as_rows  # few drafts are that old

    attachments_as_rows(connection)


STEPS: dict[int, tuple[str | Callable[[Connection], None], ...]] = {
    # Version 1 had no register of exports, and its journal did not store the action of a change.
    1: (
        "ALTER TABLE change ADD COLUMN action TEXT NOT NULL DEFAULT ''",
        """CREATE TABLE export (
            number INTEGER NOT NULL PRIMARY KEY,
            at TEXT NOT NULL,
            who TEXT NOT NULL,
            state INTEGER NOT NULL,
            record TEXT NOT NULL
        ) STRICT""",
        """CREATE TRIGGER export_kept BEFORE DELETE ON export
BEGIN SELECT RAISE(ABORT, 'the register only grows'); END""",
        """CREATE TRIGGER export_fixed BEFORE UPDATE ON export
BEGIN SELECT RAISE(ABORT, 'the register only grows'); END""",
        "PRAGMA user_version = 2",
    ),
    # Version 2 stored the attachments of a slot as one list, and the journal had the whole list before and after.
    2: (_attachments_as_rows,),
}


def migrate(database: Database, version: int) -> None:
    """Bring ``database`` from ``version`` to the current one, step by step in one transaction.

    Raises:
        FileError: a step failed; the file is as it was.
    """
    with database.writing() as connection:
        for step in range(version, VERSION):
            for statement in STEPS[step]:
                if isinstance(statement, str):
                    connection.exec_driver_sql(statement)
                else:
                    statement(connection)


_PAUSES = (0.05, 0.1, 0.2, 0.0)


Random = Callable[[int], bytes]
"""Gives so many random bytes."""


def give_id(database: Database, random: Random) -> None:
    """Give a draft that has no id one, in one transaction.

    On a full disk or in a damaged file it stays without: a person must be able to open that too.
    """
    wanted = select(META.c.value).where(META.c.key == DRAFT_ID)
    with suppress(FileError):
        with database.reading() as connection:
            if connection.execute(wanted).first() is not None:
                return
        with database.writing() as connection:
            connection.execute(insert(META), {"key": DRAFT_ID, "value": new_id(random)})


def new_id(random: Random) -> str:
    """Return the id of a new draft: a random UUID (RFC 9562, version 4)."""
    return str(uuid.UUID(bytes=random(16), version=4))


def create_draft_file(
    path: Path, *, definition: bytes, meta: Mapping[str, str], clock: Clock, who: str, random: Random = os.urandom
) -> DraftFile:
    """Create a draft file and open it for writing. It gets its name only when it is complete, checked and on disk.

    Raises:
        FileError: ``package.exists``, ``package.is_folder``, ``package.folder_missing``, ``package.bad_name``,
            ``package.held``, ``target.read_only``, ``target.forbidden``, ``package.no_locks``, ``package.disk_full`` …
    """
    from dgdesk.draft.file.inspection import check

    path = free_name(path)
    with ExitStack() as resources:
        with new_place_faults(path):
            resources.enter_context(acquire(path, this_process(who, clock())))
        path = free_name(path)  # again, since now no other process can create it
        with new_package(path) as part:
            with closing(Database(part, "rwc")) as database:
                database.prepare_writing()
                with database.writing() as connection:
                    create_schema(connection)
                    digest = hashlib.sha256(definition).hexdigest()
                    connection.execute(insert(DEFINITION), {"id": 1, "sha256": digest, "content": definition})
                    facts = {**meta, DRAFT_ID: new_id(random)}
                    connection.execute(insert(META), [{"key": key, "value": value} for key, value in facts.items()])
            with closing(Database(part, "ro")) as database:
                version_of(database)
                if damages := check(database):
                    raise file_error(path, "package.copy_failed", detail=str(damages[0]))
        return _open_writer(path, resources, clock, who)


def open_draft_file(
    path: Path,
    *,
    clock: Clock,
    who: str,
    read_only: bool = False,
    folder_as_it_is: bool = False,
    random: Random = os.urandom,
) -> DraftFile:
    """Open a draft file for writing (one writer at a time) or only for reading (any number, together with the writer).

    An older file is migrated: for a writer, the file itself, after a copy ``<name>.v<version>-backup.dgdesk`` beside
    it; for a reader, a temporary copy of the current state. If a writer was killed during a change and SQLite may not
    write there, a reader gets a repaired temporary copy too.

    Foreign files beside the draft are renamed, which is reported once as an error; with ``folder_as_it_is`` a reader
    only reports them. A draft of before there were ids gets one when it is opened for writing, from ``random``.

    Raises:
        FileError: ``package.missing``, ``package.is_folder``, ``package.not_a_package``, ``package.damaged``,
            ``package.newer`` (values version, known), ``package.held`` (values user, host, pid, since),
            ``package.beside_set_aside`` (values files, kept), ``package.beside_foreign`` (value files),
            ``package.unfinished`` (half of a change is in it), ``package.read_only_place``, ``package.no_locks``,
            ``package.busy``, ``package.disk_full`` …
    """
    path = existing(path)
    if read_only:
        return _open_patiently(path, clock, who, folder_as_it_is)
    with ExitStack() as resources:
        resources.enter_context(acquire(path, this_process(who, clock())))
        sweep_half_made(path.parent)
        return _open_writer(path, resources, clock, who, random)


def _open_writer(path: Path, resources: ExitStack, clock: Clock, who: str, random: Random = os.urandom) -> DraftFile:
    tried = settle(path)
    database = Database(path, "rw")
    resources.callback(database.close)
    version = version_of(database)
    require_shape(database, version)
    require_finished(database, version, tried=tried)
    database.prepare_writing()
    if version < VERSION:
        from dgdesk.draft.file.copying import copy_draft_file

        copy_draft_file(database, _backup_name(path, version))
        migrate(database, version)
        require_shape(database)
    give_id(database, random)
    return DraftFile(path, database, resources.pop_all(), clock, who)


def settle(path: Path) -> bool:
    """Rename foreign files beside a draft; the caller holds the writer's lock.

    Return whether there is an interrupted change that can be rolled back, as tried in a copy.

    Raises:
        FileError: ``package.beside_set_aside``, ``package.beside_foreign``, ``package.unfinished`` (nothing was done).
    """
    set_aside(path)
    if not journal_of(path).exists():
        return False
    with ExitStack() as resources:
        try:
            return require_sound_outcome(path, _temporary_folder(path, resources))
        except FileError as error:
            if error.code == "package.beside_foreign":
                set_aside(path, journal_too=True)
            raise


def _open_patiently(path: Path, clock: Clock, who: str, folder_as_it_is: bool) -> DraftFile:
    """Open for reading; if this process gets the writer's lock, it renames foreign files beside the draft."""
    for pause in _PAUSES:
        with ExitStack() as resources:
            try:
                return _open_reader(path, resources, clock, who)
            except FileError as error:
                if error.code != "package.beside_foreign" or folder_as_it_is:
                    raise
                foreign = error
        try:
            with acquire(path, this_process(who, clock())):
                set_aside(path, journal_too=bool(foreign.values.get("tried")))
        except FileError as error:
            if error.code == "package.beside_set_aside":
                raise
            if error.code != "package.held":
                raise foreign from error
        time.sleep(pause)  # a writer is at work: file and journal were read at different moments
    raise foreign


def _open_reader(path: Path, resources: ExitStack, clock: Clock, who: str) -> DraftFile:
    database = Database(path, "ro")
    resources.callback(database.close)
    try:
        version = version_of(database)
    except FileError as error:
        if not _needs_mending(error):
            raise
        database = _mended_copy(path, resources)
        version = version_of(database)
    require_shape(database, version)
    require_finished(database, version)
    if version < VERSION:
        database = _migrated_copy(database, version, resources)
        require_shape(database)
    return DraftFile(path, database, resources.pop_all(), clock, who)


def _needs_mending(error: FileError) -> bool:
    """Return whether a killed writer's change must be rolled back, which a read-only connection may not do."""
    cause = error.__cause__
    number = None if cause is None else sqlite_code(cause)
    return number is not None and number & 0xFF in (8, 14)  # SQLITE_READONLY, SQLITE_CANTOPEN


def _mended_copy(path: Path, resources: ExitStack) -> Database:
    return _reopened(take_back_in_copy(path, _temporary_folder(path, resources)), resources)


def _migrated_copy(database: Database, version: int, resources: ExitStack) -> Database:
    from dgdesk.draft.file.copying import write_copy

    copy = _temporary_folder(database.path, resources) / "migrated.dgdesk"
    write_copy(database, copy)
    with closing(Database(copy, "rw")) as old:
        migrate(old, version)
    return _reopened(copy, resources)


def _reopened(copy: Path, resources: ExitStack) -> Database:
    database = Database(copy, "ro")
    resources.callback(database.close)
    return database


def _temporary_folder(path: Path, resources: ExitStack) -> Path:
    with system_faults(path):
        return resources.enter_context(temporary()).path


def _backup_name(path: Path, version: int) -> Path:
    """Return a free name for the copy of an older draft; an earlier copy is never overwritten."""
    stem = f"{path.stem}.v{version}-backup"
    target = path.with_name(f"{stem}{path.suffix}")
    number = 2
    while target.exists():
        target = path.with_name(f"{stem}-{number}{path.suffix}")
        number += 1
    return target
