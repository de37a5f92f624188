"""THE FILE, compaction: which stored files are still needed, and dropping the others."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, delete, select

from dgdesk.package import journal
from dgdesk.package.inspection import attached_digests
from dgdesk.package.schema import CHUNK, EDIT, FILE, STATE


def drop_unneeded(connection: Connection) -> int:
    """Drop the files that no slot refers to and no undo or redo can bring back; how many they were."""
    needed = needed_digests(connection)
    rows = connection.execute(select(FILE.c.id, FILE.c.sha256)).all()
    dropped = [{"f": row.id} for row in rows if row.sha256 not in needed]
    if dropped:
        connection.execute(delete(CHUNK).where(CHUNK.c.file == bindparam("f")), dropped)
        connection.execute(delete(FILE).where(FILE.c.id == bindparam("f")), dropped)
    return len(dropped)


def needed_digests(connection: Connection) -> set[str]:
    """The SHA-256 of every file that the state, or an entry that undo or redo can turn to, refers to."""
    needed: set[str] = set()
    for text in connection.execute(select(STATE.c.value).where(STATE.c.kind == "evidence")).scalars():
        needed |= attached_digests(text)
    by_change: dict[int, set[str]] = {}
    edits = select(EDIT.c.change, EDIT.c.old, EDIT.c.new).where(EDIT.c.kind == "evidence")
    for row in connection.execute(edits):
        by_change.setdefault(row.change, set()).update(attached_digests(row.old), attached_digests(row.new))
    for number in journal.reachable(connection):
        needed |= by_change.get(number, set())
    return needed
