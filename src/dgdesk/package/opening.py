"""Creates draft files, opens them for writing or only for reading, and migrates older ones."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from contextlib import ExitStack, closing
from pathlib import Path

from sqlalchemy import insert

from dgdesk.errors import FileError
from dgdesk.package.beside import journal_of, set_aside
from dgdesk.package.database import Database, require_shape, version_of
from dgdesk.package.disk import existing, free_name, new_package
from dgdesk.package.faults import file_error, sqlite_code, system_faults
from dgdesk.package.finished import require_finished
from dgdesk.package.lock import acquire, this_process
from dgdesk.package.migrations import migrate
from dgdesk.package.model import Clock
from dgdesk.package.schema import DEFINITION, META, VERSION, create_schema
from dgdesk.package.store import Package
from dgdesk.package.trying import require_sound_outcome, take_back_in_copy
from dgdesk.system.atomic import sweep_half_made
from dgdesk.system.scratch import temporary

_PAUSES = (0.05, 0.1, 0.2, 0.0)


def create_package(path: Path, *, definition: bytes, meta: Mapping[str, str], clock: Clock, who: str) -> Package:
    """Create a draft file and open it for writing. It gets its name only when it is complete, checked and on disk.

    Raises:
        FileError: ``package.exists``, ``package.is_folder``, ``package.folder_missing``, ``package.bad_name``,
            ``package.held``, ``package.read_only_place``, ``package.no_locks``, ``package.disk_full`` …
    """
    from dgdesk.package.inspection import check

    path = free_name(path)
    with ExitStack() as resources:
        resources.enter_context(acquire(path, this_process(who, clock())))
        path = free_name(path)  # again, since now no other process can create it
        with new_package(path) as part:
            with closing(Database(part, "rwc")) as database:
                database.prepare_writing()
                with database.writing() as connection:
                    create_schema(connection)
                    digest = hashlib.sha256(definition).hexdigest()
                    connection.execute(insert(DEFINITION), {"id": 1, "sha256": digest, "content": definition})
                    if meta:
                        connection.execute(insert(META), [{"key": key, "value": value} for key, value in meta.items()])
            with closing(Database(part, "ro")) as database:
                version_of(database)
                if damages := check(database):
                    raise file_error(path, "package.copy_failed", detail=str(damages[0]))
        return _open_writer(path, resources, clock, who)


def open_package(
    path: Path, *, clock: Clock, who: str, read_only: bool = False, folder_as_it_is: bool = False
) -> Package:
    """Open a draft file for writing (one writer at a time) or only for reading (any number, together with the writer).

    An older file is migrated: for a writer, the file itself, after a copy ``<name>.v<version>-backup.dgdesk`` beside
    it; for a reader, a temporary copy of the current state. If a writer was killed during a change and SQLite may not
    write there, a reader gets a repaired temporary copy too.

    Foreign files beside the draft are renamed, which is reported once as an error; with ``folder_as_it_is`` a reader
    only reports them.

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
        return _open_writer(path, resources, clock, who)


def _open_writer(path: Path, resources: ExitStack, clock: Clock, who: str) -> Package:
    tried = settle(path)
    database = Database(path, "rw")
    resources.callback(database.close)
    version = version_of(database)
    require_shape(database, version)
    require_finished(database, version, tried=tried)
    database.prepare_writing()
    if version < VERSION:
        from dgdesk.package.copying import copy_package

        copy_package(database, _backup_name(path, version))
        migrate(database, version)
        require_shape(database)
    return Package(path, database, resources.pop_all(), clock, who)


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


def _open_patiently(path: Path, clock: Clock, who: str, folder_as_it_is: bool) -> Package:
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


def _open_reader(path: Path, resources: ExitStack, clock: Clock, who: str) -> Package:
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
    return Package(path, database, resources.pop_all(), clock, who)


def _needs_mending(error: FileError) -> bool:
    """Return whether a killed writer's change must be rolled back, which a read-only connection may not do."""
    cause = error.__cause__
    number = None if cause is None else sqlite_code(cause)
    return number is not None and number & 0xFF in (8, 14)  # SQLITE_READONLY, SQLITE_CANTOPEN


def _mended_copy(path: Path, resources: ExitStack) -> Database:
    return _reopened(take_back_in_copy(path, _temporary_folder(path, resources)), resources)


def _migrated_copy(database: Database, version: int, resources: ExitStack) -> Database:
    from dgdesk.package.copying import write_copy

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
