"""What a writer's session has read and saved, kept in memory: the draft is recognised by it, and can be made again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

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

LAST = select(CHANGE.c.number, CHANGE.c.at, CHANGE.c.who).order_by(CHANGE.c.number.desc()).limit(1)


@dataclass(slots=True)
class Ours:
    """What a session has read and saved, in memory: enough to recognise the draft, and to make it again."""

    definition: tuple[str, bytes]
    meta: dict[str, str]
    texts: dict[StateKey, str]
    last: tuple[int, str, str] | None
    """Number, time and author of the last change."""
    exports: dict[int, dict[str, object]]
    values: dict[StateKey, StoredJson] = field(default_factory=dict)
    """What was saved since."""
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
        last = connection.execute(LAST).first()
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
        self.last = (record.number, stamp(record.at), record.who)
        for edit in record.edits:
            self.values[edit.key] = edit.new

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
        for key, value in self.values.items():
            text = encode(value)
            if text is None:
                now.pop(key, None)
            else:
                now[key] = text
        return now

    def is_in(self, connection: Connection) -> bool:
        """Return whether a draft has this content, as after a program has only touched it.

        Raises:
            FileError: it is damaged.
        """
        other = Ours.read(connection)
        if (other.last, other.definition, other.exports.keys()) != (self.last, self.definition, self.exports.keys()):
            return False
        mine = self.state()
        if mine.keys() != other.texts.keys():
            return False
        return all(text == mine[key] or is_alike(decode(text), decode(mine[key])) for key, text in other.texts.items())


def _line(row: Row[tuple[object, ...]]) -> dict[str, object]:
    return {"at": row.at, "who": row.who, "state": row.state, "record": row.record}
