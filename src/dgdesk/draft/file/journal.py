"""Changes, undo, redo and history, as functions inside the caller's transaction.

Nothing is ever removed from the journal. Undo and redo append entries that name the entry they undo or redo; a new
change empties the redo stack. The stacks are a chain through the entries (see `dgdesk.draft.file.schema`):
below entry n lies the undo top of entry n-1; below it on the redo stack lies the redo top of the entry before its
latest undo.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Integer, Row, Select, bindparam, delete, exists, func, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert_into

from dgdesk.draft.file.model import (
    ChangeRecord,
    Edit,
    EditKind,
    StoredJson,
    decode,
    digest_in,
    encode,
    is_alike,
    moment_or_none,
    stamp,
)
from dgdesk.draft.file.schema import CHANGE, EDIT, FILE, STATE
from dgdesk.errors import FileError, UsageError
from dgdesk.system.bounds import is_count


class Author(NamedTuple):
    """Who makes an entry, and when."""

    who: str
    at: datetime


class Top(NamedTuple):
    """The end of the journal: the last number (0 for none) and the entries that undo and redo would use."""

    number: int
    undo: int | None
    redo: int | None


class _Line(NamedTuple):
    """An edit as it is stored."""

    kind: EditKind
    target: str
    file: str
    old: str | None
    new: str | None

    def reversed(self) -> _Line:
        return _Line(self.kind, self.target, self.file, self.new, self.old)

    @property
    def key(self) -> dict[str, str]:
        return {"k": self.kind, "t": self.target, "f": self.file}


_LAST = select(CHANGE.c.number, CHANGE.c.undo_top, CHANGE.c.redo_top).order_by(CHANGE.c.number.desc()).limit(1)
_TOPS = select(CHANGE.c.undo_top, CHANGE.c.redo_top).where(CHANGE.c.number == bindparam("n"))
_ONE = select(CHANGE).where(CHANGE.c.number == bindparam("n"))
_LATEST_UNDO = select(func.max(CHANGE.c.number, type_=Integer)).where(CHANGE.c.undoes == bindparam("n"))
_LINES = (
    select(EDIT.c.kind, EDIT.c.target, EDIT.c.file, EDIT.c.old, EDIT.c.new)
    .where(EDIT.c.change == bindparam("n"))
    .order_by(EDIT.c.position)
)
_ONCE = (
    select(EDIT.c.file, EDIT.c.old)
    .where(EDIT.c.kind == "attachment", EDIT.c.old.is_not(None))
    .order_by(EDIT.c.change.desc(), EDIT.c.position.desc())
)
_AT = (STATE.c.kind == bindparam("k"), STATE.c.target == bindparam("t"), STATE.c.file == bindparam("f"))
_VALUE = select(STATE.c.value).where(*_AT)
_CLEAR = delete(STATE).where(*_AT)
_SET = upsert_into(STATE)
_SET = _SET.on_conflict_do_update(
    index_elements=[STATE.c.kind, STATE.c.target, STATE.c.file], set_={"value": _SET.excluded.value}
)
_KNOWN_FILE = select(exists().where(FILE.c.sha256 == bindparam("sha256")))


def top(connection: Connection) -> Top:
    """Return the end of the journal."""
    row = connection.execute(_LAST).first()
    return Top(0, None, None) if row is None else Top(row.number, row.undo_top, row.redo_top)


def change(connection: Connection, edits: Sequence[Edit], action: str, author: Author) -> ChangeRecord:
    """Apply ``edits`` in order and append them as one entry.

    Raises:
        UsageError: ``package.no_edits``; ``package.stale`` (an ``old`` is not the stored value);
            ``package.not_json``; ``package.unknown_file`` (the file of a new attachment is not in the draft).
    """
    if not edits:
        raise UsageError("package.no_edits")
    lines = []
    for edit in edits:
        line = _Line(edit.kind, edit.target, edit.file, _old_text(connection, edit), encode(edit.new))
        lines.append(line)
        if not _carry_out(connection, line):
            raise UsageError("package.stale", target=line.target)
        if edit.kind == "attachment" and edit.new is not None and not _has_file(connection, edit):
            raise UsageError("package.unknown_file", target=line.target)
    end = top(connection)
    number = end.number + 1
    return _append(connection, author, action, lines, Top(number, undo=number, redo=None))


def require_growing(connection: Connection) -> None:
    """Check that the journal can take another entry.

    Raises:
        FileError: ``package.journal_full``: the last number is the highest possible.
    """
    if not is_count(top(connection).number + 1):
        raise FileError("package.journal_full")


def undo(connection: Connection, author: Author) -> ChangeRecord | None:
    """Undo the top of the undo stack; None if it is empty.

    Raises:
        UsageError: ``package.file_dropped``: it would restore an attachment whose file was removed.
    """
    end = top(connection)
    if end.undo is None:
        return None
    entry = _entry(connection, end.undo)
    lines = [line.reversed() for line in reversed(_lines(connection, end.undo))]
    _carry_out_all(connection, lines)
    after = Top(end.number + 1, undo=undo_below(connection, end.undo), redo=end.undo)
    return _append(connection, author, entry.action, lines, after, undoes=end.undo)


def redo(connection: Connection, author: Author) -> ChangeRecord | None:
    """Redo the top of the redo stack; None if it is empty. Raises as `undo`."""
    end = top(connection)
    if end.redo is None:
        return None
    entry = _entry(connection, end.redo)
    lines = _lines(connection, end.redo)
    _carry_out_all(connection, lines)
    after = Top(end.number + 1, undo=end.redo, redo=redo_below(connection, end.redo))
    return _append(connection, author, entry.action, lines, after, redoes=end.redo)


def forget_undo(connection: Connection, action: str, author: Author) -> ChangeRecord:
    """Append an entry without edits that empties both stacks; history stays readable."""
    return _append(connection, author, action, [], Top(top(connection).number + 1, undo=None, redo=None))


def undo_below(connection: Connection, number: int) -> int | None:
    """Return what is below entry ``number`` on the undo stack."""
    row = connection.execute(_TOPS, {"n": number - 1}).first()
    return None if row is None else row.undo_top


def redo_below(connection: Connection, number: int) -> int | None:
    """Return what is below entry ``number`` on the redo stack."""
    latest = connection.execute(_LATEST_UNDO, {"n": number}).scalar()
    row = None if latest is None else connection.execute(_TOPS, {"n": latest - 1}).first()
    return None if row is None else row.redo_top


def reachable(connection: Connection) -> Iterator[int]:
    """Yield the numbers of all entries that undo or redo can still reach."""
    end = top(connection)
    for first, below in ((end.undo, undo_below), (end.redo, redo_below)):
        seen: set[int] = set()  # a damaged chain may be a loop
        number = first
        while number is not None and number not in seen:
            seen.add(number)
            yield number
            number = below(connection, number)


def history(
    connection: Connection, limit: int, before: int | None = None, target: str | None = None
) -> tuple[ChangeRecord, ...]:
    """Return the last ``limit`` entries, newest first; only numbers below ``before``, and only with ``target``."""
    wanted = select(CHANGE).order_by(CHANGE.c.number.desc()).limit(max(0, limit))
    if before is not None:
        wanted = wanted.where(CHANGE.c.number < before)
    if target is not None:
        wanted = wanted.where(CHANGE.c.number.in_(select(EDIT.c.change).where(EDIT.c.target == target)))
    lines: dict[int, list[_Line]] = defaultdict(list)
    for line in connection.execute(_lines_of_all(wanted)):
        lines[line.change].append(_Line(*line[1:]))
    return tuple(_record(row, lines[row.number]) for row in connection.execute(wanted).all())


def attached_once(connection: Connection, digests: Collection[str]) -> dict[str, StoredJson]:
    """Return the last known attachments of files, by SHA-256, the newest entry first."""
    missing = set(digests)
    found: dict[str, StoredJson] = {}
    for file, old in connection.execute(_ONCE):
        if file in missing:
            missing.discard(file)
            found[file] = decode(old)
        if not missing:
            break
    return found


def _has_file(connection: Connection, edit: Edit) -> bool:
    """Return whether an attachment names the file of its key, and the draft has that file.

    What was attached before may stay though its file is missing: its marks can still be changed.
    """
    if digest_in(edit.new) != edit.file:
        return False
    return edit.old is not None or _is_stored(connection, edit.file)


def _is_stored(connection: Connection, sha256: str) -> bool:
    known: bool = connection.execute(_KNOWN_FILE, {"sha256": sha256}).scalar_one()
    return known


def _old_text(connection: Connection, edit: Edit) -> str | None:
    """Return the stored text of the value that an edit replaces, if it is the value that the edit names.

    A value may be stored in another spelling than this program's, or be one that it would never write.
    """
    key = {"k": edit.kind, "t": edit.target, "f": edit.file}
    stored: str | None = connection.execute(_VALUE, key).scalar()
    if stored is not None and is_alike(decode(stored), edit.old):
        return stored
    return encode(edit.old)


def _carry_out(connection: Connection, line: _Line) -> bool:
    """Change the state from ``old`` to ``new``; return False and do nothing if ``old`` is not the stored value."""
    if connection.execute(_VALUE, line.key).scalar() != line.old:
        return False
    if line.new is None:
        connection.execute(_CLEAR, line.key)
    else:
        values = {"kind": line.kind, "target": line.target, "file": line.file, "value": line.new}
        connection.execute(_SET, values)
    return True


def _carry_out_all(connection: Connection, lines: Sequence[_Line]) -> None:
    for line in lines:
        # What was there before may stay, even if damaged; but nothing that was removed may come back.
        digest = digest_in(decode(line.new)) if line.kind == "attachment" and line.old is None else None
        if digest is not None and not _is_stored(connection, digest):
            raise UsageError("package.file_dropped", target=line.target)
        if not _carry_out(connection, line):
            raise FileError("package.journal_damaged", target=line.target)


def _append(
    connection: Connection,
    author: Author,
    action: str,
    lines: Sequence[_Line],
    after: Top,
    undoes: int | None = None,
    redoes: int | None = None,
) -> ChangeRecord:
    if not is_count(after.number):
        raise FileError("package.journal_full")
    at = stamp(author.at)
    connection.execute(
        insert(CHANGE),
        {
            "number": after.number,
            "at": at,
            "who": author.who,
            "action": action,
            "undoes": undoes,
            "redoes": redoes,
            "undo_top": after.undo,
            "redo_top": after.redo,
        },
    )
    if lines:
        connection.execute(
            insert(EDIT),
            [
                {
                    "change": after.number,
                    "position": position,
                    "kind": line.kind,
                    "target": line.target,
                    "file": line.file,
                    "old": line.old,
                    "new": line.new,
                }
                for position, line in enumerate(lines)
            ],
        )
    edits = tuple(_edit(line) for line in lines)
    return ChangeRecord(after.number, moment_or_none(at), author.who, action, edits, undoes, redoes)


def _entry(connection: Connection, number: int) -> Row[tuple[object, ...]]:
    row = connection.execute(_ONE, {"n": number}).first()
    if row is None:
        raise FileError("package.journal_damaged", target="")
    return row


def _lines(connection: Connection, number: int) -> list[_Line]:
    return [_Line(*row) for row in connection.execute(_LINES, {"n": number})]


def _lines_of_all(entries: Select[Any]) -> Select[Any]:
    """Return one query for the edits of many entries, instead of one for each entry."""
    return (
        select(EDIT.c.change, EDIT.c.kind, EDIT.c.target, EDIT.c.file, EDIT.c.old, EDIT.c.new)
        .where(EDIT.c.change.in_(entries.with_only_columns(CHANGE.c.number)))
        .order_by(EDIT.c.change, EDIT.c.position)
    )


def _edit(line: _Line) -> Edit:
    return Edit(line.kind, line.target, decode(line.old), decode(line.new), line.file)


def _record(row: Row[tuple[object, ...]], lines: Sequence[_Line]) -> ChangeRecord:
    edits = tuple(_edit(line) for line in lines)
    return ChangeRecord(row.number, moment_or_none(row.at), row.who, row.action, edits, row.undoes, row.redoes)
