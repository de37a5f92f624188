"""Whether a file has the tables of this or an earlier version, word for word, and nothing else.

A schema is a program: SQLite runs the expressions in columns, checks, defaults and indexes whenever it reads or writes
a row. So the text of each part is compared with what this program writes, or wrote earlier, before a row is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from dgdesk.draft.file.schema import TRIGGERS, VERSION, metadata
from dgdesk.system.patterns import late

_KINDS: Final = "CHECK (kind IN ('answer', 'evidence'))"
_GROWS: Final = "BEGIN SELECT RAISE(ABORT, 'the journal only grows'); END"
_CHANGE_1: Final = """CREATE TABLE change (
    number INTEGER NOT NULL PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL,
    undoes INTEGER REFERENCES change (number), redoes INTEGER REFERENCES change (number),
    undo_top INTEGER REFERENCES change (number), redo_top INTEGER REFERENCES change (number)"""

PARTS_1: Final = (
    "CREATE TABLE meta (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    """CREATE TABLE definition (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1), sha256 TEXT NOT NULL, content BLOB NOT NULL) STRICT""",
    f"""CREATE TABLE state (
    kind TEXT NOT NULL {_KINDS}, target TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (kind, target)) STRICT, WITHOUT ROWID""",
    f"{_CHANGE_1}) STRICT",
    "CREATE INDEX change_by_undoes ON change (undoes) WHERE undoes IS NOT NULL",
    f"""CREATE TABLE change_edit (
    change INTEGER NOT NULL REFERENCES change (number), position INTEGER NOT NULL,
    kind TEXT NOT NULL {_KINDS}, target TEXT NOT NULL, old TEXT, new TEXT,
    PRIMARY KEY (change, position)) STRICT, WITHOUT ROWID""",
    "CREATE INDEX change_edit_by_target ON change_edit (target, change)",
    """CREATE TABLE file (
    id INTEGER NOT NULL PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE CHECK (length(sha256) = 64),
    size INTEGER NOT NULL CHECK (size >= 0)) STRICT""",
    """CREATE TABLE chunk (
    file INTEGER NOT NULL REFERENCES file (id) DEFERRABLE INITIALLY DEFERRED, position INTEGER NOT NULL,
    data BLOB NOT NULL, PRIMARY KEY (file, position)) STRICT""",
    f"CREATE TRIGGER change_kept BEFORE DELETE ON change\n{_GROWS}",
    f"CREATE TRIGGER change_fixed BEFORE UPDATE ON change\n{_GROWS}",
    f"CREATE TRIGGER change_edit_kept BEFORE DELETE ON change_edit\n{_GROWS}",
    f"CREATE TRIGGER change_edit_fixed BEFORE UPDATE ON change_edit\n{_GROWS}",
)
"""All tables of version 1."""

CHANGE_MIGRATED: Final = f"{_CHANGE_1}, action TEXT NOT NULL DEFAULT '') STRICT"
"""The text that SQLite stores after the step from version 1."""
EXPORT_MIGRATED: Final = """CREATE TABLE export (
    number INTEGER NOT NULL PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, state INTEGER NOT NULL,
    record TEXT NOT NULL) STRICT"""
PARTS_2: Final = (
    f"""CREATE TABLE state (
    kind TEXT NOT NULL {_KINDS}, target TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (kind, target)) WITHOUT ROWID, STRICT""",
    f"""CREATE TABLE change_edit (
    change INTEGER NOT NULL, position INTEGER NOT NULL, kind TEXT NOT NULL {_KINDS}, target TEXT NOT NULL,
    old TEXT, new TEXT, PRIMARY KEY (change, position), FOREIGN KEY(change) REFERENCES change (number))
    WITHOUT ROWID, STRICT""",
)
"""The tables of version 2 that version 3 has in another form, as version 2 made them."""

_KINDS_3: Final = "CHECK (kind IN ('answer', 'attachment'))"
SPLIT: Final = (
    f"""CREATE TABLE state (
    kind TEXT NOT NULL {_KINDS_3}, target TEXT NOT NULL, file TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (kind, target, file)) STRICT, WITHOUT ROWID""",
    f"""CREATE TABLE change_edit (
    change INTEGER NOT NULL REFERENCES change (number), position INTEGER NOT NULL,
    kind TEXT NOT NULL {_KINDS_3}, target TEXT NOT NULL, file TEXT NOT NULL, old TEXT, new TEXT,
    PRIMARY KEY (change, position)) STRICT, WITHOUT ROWID""",
)
"""The same tables as the step from version 2 makes them."""


SchemaPart = tuple[str, str, str]
"""Kind, name, and table of the part."""
SchemaWords = tuple[str, ...]

_WORD = late(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|\w+|[^\w\s]""", re.ASCII)  # words as SQLite separates them
_NAME = late(r"CREATE (TABLE|INDEX|TRIGGER) (\w+)(?:.*? ON (\w+))?", re.DOTALL)
_MOST = 40
"""Parts read at most; the program makes half as many."""
_LONGEST = 4000
"""Characters read of a part's text."""
_LIST = f"SELECT type, name, tbl_name, rootpage, substr(sql, 1, {_LONGEST}) FROM sqlite_master LIMIT {_MOST}"
_HIDDEN = "SELECT m.name FROM sqlite_master m, pragma_table_xinfo(m.name) x WHERE m.type = 'table' AND x.hidden <> 0"
_OWN_INDEXES = {("index", f"sqlite_autoindex_{table}_1", table): frozenset({("",)}) for table in ("file", "chunk")}
"""The indexes that SQLite makes itself for keys and unique columns; they have no text."""


def words_of(sql: str) -> SchemaWords:
    """Return the words of a statement, whatever separates them; comments are words, texts keep their blanks."""
    return tuple(_WORD.findall(sql))


def shape_faults(connection: Connection, version: int = VERSION) -> list[str]:
    """Return what is missing, foreign or changed in the file's schema; empty for a sound file of that version."""
    expected = _parts(version)
    found: dict[SchemaPart, str] = {}
    faults: list[str] = []
    roots: set[int] = set()
    for kind, name, table, root, sql in connection.exec_driver_sql(_LIST):
        part = (str(kind), str(name), str(table))
        if part not in expected:
            faults.append(f"foreign {part[0][:20]} {part[1][:60]}")
            continue
        if part in found or (root and root in roots) or bool(root) == (kind == "trigger"):
            faults.append(f"foreign place of {kind} {name}")
        found[part] = str(sql or "")
        roots.add(root)
    faults += [f"missing {kind} {name}" for kind, name, _ in sorted(expected.keys() - found.keys())]
    faults += [
        f"changed {part[0]} {part[1]}" for part, sql in found.items() if (words_of(sql) or ("",)) not in expected[part]
    ]
    if not faults:
        faults += [f"hidden column in {name}" for name in connection.exec_driver_sql(_HIDDEN).scalars()]
    return faults


@lru_cache
def _parts(version: int) -> Mapping[SchemaPart, frozenset[SchemaWords]]:
    """Return every part of a version with each text that it may have."""
    older = _named(PARTS_1)
    if version == 1:
        return {**older, **_OWN_INDEXES}
    dialect = sqlite.dialect()
    tables = metadata.sorted_tables
    now = _named(
        [
            *(str(CreateTable(table).compile(dialect=dialect)) for table in tables),
            *(str(CreateIndex(index).compile(dialect=dialect)) for table in tables for index in table.indexes),
            *TRIGGERS.values(),
        ]
    )
    migrated = _named([CHANGE_MIGRATED, EXPORT_MIGRATED])
    texts = {part: now[part] | older.get(part, frozenset()) | migrated.get(part, frozenset()) for part in now}
    texts["table", "change", "change"] -= older["table", "change", "change"]
    for part, text in _named(PARTS_2).items():
        # A list of attachments and a row of one are told apart by the version alone.
        texts[part] = older[part] | text if version == 2 else now[part] | _named(SPLIT)[part]
    return {**texts, **_OWN_INDEXES}


def _named(statements: Iterable[str]) -> dict[SchemaPart, frozenset[SchemaWords]]:
    named: dict[SchemaPart, frozenset[SchemaWords]] = {}
    for sql in statements:
        found = _NAME.match(sql.strip())
        assert found is not None, sql
        kind, name = found[1].lower(), found[2]
        named[kind, name, name if kind == "table" else found[3]] = frozenset({words_of(sql)})
    return named
