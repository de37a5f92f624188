"""What version 2 wrote: lists of attachments in the state and in the journal, into the tables of ``v2.dgdesk``."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from itertools import groupby
from pathlib import Path
from typing import Any

from dgdesk.draft.file.ranks import rank_of, without_rank

FIXTURE = Path(__file__).parent / "fixtures" / "v2.dgdesk"
Key = tuple[str, str]


class ListDraft:
    """A draft file of version 2, changed as its journal changed it. Values are JSON; None, or an empty list: absent."""

    def __init__(self, path: Path, contents: list[bytes]) -> None:
        with closing(sqlite3.connect(FIXTURE)) as fixture:
            parts = [row[0] for row in fixture.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")]
        self._base = sqlite3.connect(path, isolation_level=None)
        for part in parts:
            self._base.execute(part)
        self._base.execute("PRAGMA application_id = 1145521227")
        self._base.execute("PRAGMA user_version = 2")
        definition = b'{"edition": "2"}'
        digest = hashlib.sha256(definition).hexdigest()
        self._base.execute("INSERT INTO definition VALUES (1, ?, ?)", (digest, definition))
        self.digests = [hashlib.sha256(content).hexdigest() for content in contents]
        for number, content in enumerate(contents, 1):
            self._base.execute("INSERT INTO file VALUES (?, ?, ?)", (number, self.digests[number - 1], len(content)))
            self._base.execute("INSERT INTO chunk VALUES (?, 0, ?)", (number, content))

    def evidence(self) -> dict[str, Any]:
        """The list of each slot."""
        rows = self._base.execute("SELECT target, value FROM state WHERE kind = 'evidence' ORDER BY target")
        return {target: json.loads(value) for target, value in rows}

    def apply(self, values: Mapping[Key, Any]) -> None:
        """One step."""
        edits = [(*key, self._stored(key), _text(value)) for key, value in values.items()]
        number = self._last()[0] + 1
        self._append(edits, number, None)

    def undo(self) -> bool:
        """Take the top of the stack back; False if there is none."""
        _, undo, _ = self._last()
        if undo is None:
            return False
        lines = [(kind, target, new, old) for kind, target, old, new in reversed(self._lines(undo))]
        below = self._base.execute("SELECT undo_top FROM change WHERE number = ?", (undo - 1,)).fetchone()
        self._append(lines, None if below is None else below[0], undo, undoes=undo)
        return True

    def redo(self) -> bool:
        """Do the top of the other stack again; False if there is none."""
        _, _, redo = self._last()
        if redo is None:
            return False
        (latest,) = self._base.execute("SELECT max(number) FROM change WHERE undoes = ?", (redo,)).fetchone()
        below = self._base.execute("SELECT redo_top FROM change WHERE number = ?", (latest - 1,)).fetchone()
        self._append(self._lines(redo), redo, None if below is None else below[0], redoes=redo)
        return True

    def forget(self) -> None:
        """Empty both stacks, as compaction does."""
        self._append([], None, None)

    def execute(self, statement: str, *values: Any) -> None:
        """Do what no program does; the journal may be written to."""
        triggers = self._base.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            self._base.execute(f"DROP TRIGGER {name}")
        self._base.execute(statement, values)
        for _, sql in triggers:
            self._base.execute(sql)

    def close(self) -> None:
        """Close it."""
        self._base.close()

    def _stored(self, key: Key) -> str | None:
        row = self._base.execute("SELECT value FROM state WHERE kind = ? AND target = ?", key).fetchone()
        return None if row is None else str(row[0])

    def _last(self) -> tuple[int, int | None, int | None]:
        found = self._base.execute("SELECT number, undo_top, redo_top FROM change ORDER BY number DESC LIMIT 1")
        return found.fetchone() or (0, None, None)

    def _lines(self, number: int) -> list[tuple[Any, ...]]:
        wanted = "SELECT kind, target, old, new FROM change_edit WHERE change = ? ORDER BY position"
        return self._base.execute(wanted, (number,)).fetchall()

    def _append(
        self,
        lines: list[tuple[Any, ...]],
        undo: int | None,
        redo: int | None,
        undoes: int | None = None,
        redoes: int | None = None,
    ) -> None:
        number = self._last()[0] + 1
        at = f"2026-11-20T02:30:{number % 60:02}.000000+00:00"
        row = (number, at, "สมหญิง", "x", undoes, redoes, undo, redo)
        self._base.execute("INSERT INTO change VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        for position, (kind, target, old, new) in enumerate(lines):
            edit = (number, position, kind, target, old, new)
            self._base.execute("INSERT INTO change_edit VALUES (?, ?, ?, ?, ?, ?)", edit)
            self._base.execute("DELETE FROM state WHERE kind = ? AND target = ?", (kind, target))
            if new is not None:
                self._base.execute("INSERT INTO state VALUES (?, ?, ?)", (kind, target, new))


def as_lists(base: sqlite3.Connection) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Return the rows of ``change_edit`` and ``state`` that version 2 would have for a draft of today."""
    slots: dict[str, dict[str, Any]] = {}
    edits: list[tuple[Any, ...]] = []
    rows = base.execute("SELECT change, kind, target, file, old, new FROM change_edit ORDER BY change, position")
    for number, together in groupby(rows.fetchall(), key=lambda row: row[0]):
        position = 0
        for (kind, target), lines in groupby(together, key=lambda row: row[1:3]):
            for _, _, _, file, old, new in lines:
                if kind == "attachment":
                    there = slots.setdefault(target, {})
                    old = _listed(there)
                    there.pop(file, None)
                    if new is not None:
                        there[file] = json.loads(new)
                    new = _listed(there)
                edits.append((number, position, "evidence" if kind == "attachment" else kind, target, old, new))
                position += 1
    state = base.execute("SELECT kind, target, value FROM state WHERE kind = 'answer'").fetchall()
    return edits, [*state, *(("evidence", slot, _listed(there)) for slot, there in slots.items() if there)]


def _listed(there: Mapping[str, Any]) -> str | None:
    return _text([without_rank(one) for one in sorted(there.values(), key=rank_of)])


def _text(value: Any) -> str | None:
    if value is None or value == []:
        return None
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
