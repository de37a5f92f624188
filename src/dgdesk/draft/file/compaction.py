"""Which stored files are still needed, and how the space of the others is given back."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, delete, func, insert, select

from dgdesk.draft.file import journal, register
from dgdesk.draft.file.connecting import PAGE_BYTES
from dgdesk.draft.file.database import Database, page_bytes
from dgdesk.draft.file.model import SpaceUse, Spare
from dgdesk.draft.file.schema import CHUNK, EDIT, FILE, META, SHRINKING, STATE, metadata
from dgdesk.system.progress import Cancelled, Progress

_FILES = select(FILE.c.id, FILE.c.sha256, FILE.c.size).order_by(FILE.c.id)
_STEPS_PER_ROW = 4  # of SQLite's virtual machine during VACUUM; an estimate, only for the progress
_STEPS_PER_PULSE = 20


def drop_unneeded(connection: Connection, progress: Progress) -> int:
    """Remove the files that nothing refers to and no undo or redo can restore; return their number.

    Raises:
        Cancelled: the caller's transaction must be rolled back.
    """
    needed = attached_now(connection) | undoable(connection)
    rows = connection.execute(_FILES).all()
    dropped = 0
    for row in rows:
        progress.check()
        if row.sha256 not in needed:
            connection.execute(delete(CHUNK).where(CHUNK.c.file == bindparam("f")), {"f": row.id})
            connection.execute(delete(FILE).where(FILE.c.id == bindparam("f")), {"f": row.id})
            dropped += 1
            progress.advance(row.size)
    return dropped


def shrink(database: Database, progress: Progress) -> None:
    """Rewrite the draft file without free pages and with the page size of new draft files.

    Raises:
        Cancelled: ``package.compact_cancelled``; the file has its old size.
        FileError: ``package.disk_full`` …; the file has its old size.
    """
    with database.reading() as connection:
        rows = sum(
            connection.execute(select(func.count()).select_from(table)).scalar_one() * (1 + len(table.indexes))
            for table in metadata.tables.values()
        )
        size = page_bytes(connection)[0]
    part = max(1, size * _STEPS_PER_PULSE // max(1, rows * _STEPS_PER_ROW))
    progress.begin(size)

    def pulse() -> None:
        progress.check()
        progress.within(part)

    database.outside_transaction(f"PRAGMA page_size = {PAGE_BYTES}")
    _note(database, begun=True)
    try:
        database.outside_transaction("VACUUM", pulse=pulse)
    except Cancelled as error:
        raise Cancelled("package.compact_cancelled") from error
    finally:
        _note(database, begun=False)
    progress.end()


def is_shrinking(connection: Connection) -> bool:
    """Return whether the file was being shrunk when its program ended.

    Then it may be longer than its head says, since SQLite truncates it last.
    """
    return connection.execute(select(META.c.value).where(META.c.key == SHRINKING)).first() is not None


def _note(database: Database, *, begun: bool) -> None:
    with database.writing() as connection:
        connection.execute(delete(META).where(META.c.key == SHRINKING))
        if begun:
            connection.execute(insert(META), {"key": SHRINKING, "value": ""})


def attached_now(connection: Connection) -> set[str]:
    """Return the SHA-256 of every file that a slot or a line of the register refers to."""
    attached = connection.execute(select(STATE.c.file).where(STATE.c.kind == "attachment")).scalars()
    return set(attached) | register.kept_files(connection)


def undoable(connection: Connection) -> set[str]:
    """Return the SHA-256 of every file in the entries that undo or redo can reach."""
    by_change: dict[int, set[str]] = {}
    edits = select(EDIT.c.change, EDIT.c.file).where(EDIT.c.kind == "attachment")
    for row in connection.execute(edits):
        by_change.setdefault(row.change, set()).add(row.file)
    if not by_change:
        return set()
    return {digest for number in journal.reachable(connection) for digest in by_change.get(number, ())}


def space_use(connection: Connection) -> SpaceUse:
    """Return how the space of the file is used; fast for a journal of any length."""
    sizes = {row.sha256: row.size for row in connection.execute(_FILES)}
    size, free = page_bytes(connection)
    attached = sum(sizes.get(digest, 0) for digest in attached_now(connection))
    return SpaceUse(attached, sum(sizes.values()), free, size)


def spare(connection: Connection) -> Spare:
    """Return what compaction could give back; reads the journal."""
    now, by_undo = attached_now(connection), undoable(connection)
    unneeded = kept = 0
    for row in connection.execute(_FILES):
        if row.sha256 not in now:
            if row.sha256 in by_undo:
                kept += row.size
            else:
                unneeded += row.size
    return Spare(unneeded, kept, page_bytes(connection)[1])
