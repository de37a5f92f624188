"""What a writer's session has read and saved, kept in memory: the draft is recognised by it, and can be made again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Row, select

from dgdesk.draft.file.model import (
    ChangeRecord,
    ExportRecord,
    StateKey,
    StoredFile,
    StoredJson,
    decode,
    encode,
    is_alike,
    stamp,
)
from dgdesk.draft.file.schema import CHANGE, DEFINITION, EXPORT, META, SHRINKING, STATE
from dgdesk.draft.file.splitting import RowLine

if TYPE_CHECKING:
    from dgdesk.draft.file.salvage import FoundEntry

_LAST = select(CHANGE.c.number, CHANGE.c.at, CHANGE.c.who).order_by(CHANGE.c.number.desc()).limit(1)
_ENTRIES = "SELECT number, at, who, action, undoes, redoes, undo_top, redo_top FROM change"
_MARKS = 500


@dataclass(slots=True)
class Ours:
    """What a session has read and saved, in memory: enough to recognise the draft, and to make it again."""

    definition: tuple[str, bytes]
    meta: dict[str, str]
    texts: dict[StateKey, str]
    last: tuple[int, str, str] | None
    """Number, time and author of the last change."""
    exports: dict[int, dict[str, object]]
    marks: dict[int, int] | None = None
    """What was there before of the journal, as of `marks_in`; None if it cannot be read."""
    later: dict[int, ChangeRecord] = field(default_factory=dict)
    """The changes saved since, by number."""
    sources: dict[str, Path] = field(default_factory=dict)
    """Where the files came from that were attached since, by SHA-256."""
    saved: bool = False
    """Whether anything was saved since."""

    @classmethod
    def read(cls, connection: Connection) -> Ours:
        """Read a draft's content without its history and its evidence files.

        Raises:
            FileError: it is damaged.
        """
        definition = connection.execute(select(DEFINITION.c.sha256, DEFINITION.c.content)).first()
        last = connection.execute(_LAST).first()
        return cls(
            ("", b"") if definition is None else (definition.sha256, bytes(definition.content)),
            {row.key: row.value for row in connection.execute(select(META)) if row.key != SHRINKING},
            {StateKey(*row[:3]): row.value for row in connection.execute(select(STATE))},
            None if last is None else (last.number, last.at, last.who),
            {row.number: _line(row) for row in connection.execute(select(EXPORT)).all()},
        )

    def follow(self, record: ChangeRecord) -> None:
        """Add a change that was saved."""
        self.saved = True
        self.later[record.number] = record
        if self.last is None or self.last[0] < record.number:  # threads may report their changes in another order
            self.last = (record.number, stamp(record.at), record.who)

    def follow_stored(self, source: object, stored: StoredFile) -> None:
        """Add a file that was saved."""
        if isinstance(source, Path):
            self.sources[stored.sha256] = source.absolute()

    def follow_line(self, line: ExportRecord, record: Mapping[str, StoredJson]) -> None:
        """Add a line of the register that was saved."""
        self.saved = True
        self.exports[line.number] = {
            "at": stamp(line.at),
            "who": line.who,
            "state": line.state,
            "record": encode(dict(record)) or "{}",
        }

    def state(self) -> dict[StateKey, str]:
        """Return every stored text."""
        now: dict[StateKey, str] = dict(self.texts)
        for _, record in sorted(self.later.items()):
            for edit in record.edits:
                text = encode(edit.new)
                if text is None:
                    now.pop(edit.key, None)
                else:
                    now[edit.key] = text
        return now

    def is_in(self, connection: Connection) -> bool:
        """Return whether a draft has this content, as after a program has only touched it.

        Raises:
            FileError: it is damaged.
        """
        other = Ours.read(connection)
        if (other.last, other.definition, other.meta) != (self.last, self.definition, self.meta):
            return False
        if other.exports != self.exports:
            return False
        mine = self.state()
        if mine.keys() != other.texts.keys():
            return False
        return all(text == mine[key] or is_alike(decode(text), decode(mine[key])) for key, text in other.texts.items())


def marks_in(connection: Connection) -> dict[int, int]:
    """Return a hash of journal entries by number: of the last ones, and of some before, so that this takes a moment.

    A journal only grows: drafts of one origin have the same entries up to where they part. The hashes hold in this
    process only.
    """
    last = connection.exec_driver_sql("SELECT max(number) FROM change").scalar() or 0
    some = ",".join(str(number) for number in range(0, last, max(1, last // _MARKS)))
    rows = connection.exec_driver_sql(f"{_ENTRIES} WHERE number > ? OR number IN ({some})", (last - _MARKS,))
    return {row[0]: hash(tuple(row)) for row in rows}


def last_shared(connection: Connection, marks: Mapping[int, int]) -> int:
    """Return the number of the last entry of a draft's journal that has its mark, 0 if none has."""
    rows = connection.exec_driver_sql(f"{_ENTRIES} ORDER BY number DESC")
    return next((row[0] for row in rows if marks.get(row[0]) == hash(tuple(row))), 0)


def continued(
    entries: Mapping[int, FoundEntry], later: Mapping[int, ChangeRecord]
) -> tuple[dict[int, FoundEntry], dict[tuple[int, int], RowLine]]:
    """Return a journal's later entries as rows, with what undo and redo use after each; ``entries``: all before."""
    from dgdesk.draft.file.salvage import FoundEntry  # opening a draft does without what repairs one

    known, lines = dict(entries), dict[tuple[int, int], RowLine]()
    undone = {one.undoes: number for number, one in sorted(known.items())}
    for number, record in sorted(later.items()):
        undo: int | None = number
        redo: int | None = None
        if record.undoes is not None:
            undo, redo = _tops(known, record.undoes - 1)[0], record.undoes
            undone[record.undoes] = number
        elif record.redoes is not None:
            undo, redo = record.redoes, _tops(known, undone.get(record.redoes, 0) - 1)[1]
        elif not record.edits:  # compaction without undo
            undo = None
        known[number] = FoundEntry(
            stamp(record.at), record.who, record.action, record.undoes, record.redoes, undo, redo
        )
        for position, edit in enumerate(record.edits):
            lines[number, position] = RowLine(*edit.key, encode(edit.old), encode(edit.new))
    return {number: known[number] for number in later}, lines


def _tops(entries: Mapping[int, FoundEntry], number: int) -> tuple[int | None, int | None]:
    one = entries.get(number)
    return (None, None) if one is None else (one.undo_top, one.redo_top)


def _line(row: Row[tuple[object, ...]]) -> dict[str, object]:
    return {"at": row.at, "who": row.who, "state": row.state, "record": row.record}
