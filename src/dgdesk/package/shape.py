"""Checks that a file has the program's own tables, word for word, and nothing else.

A schema is a program: SQLite runs the expressions in columns, checks, defaults and indexes whenever it reads or writes
a row. So the text of each part is compared with what this program writes, or wrote earlier, before a row is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from sqlalchemy import Connection
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from dgdesk.package.older import CHANGE_MIGRATED, EXPORT_MIGRATED, PARTS_1
from dgdesk.package.schema import TRIGGERS, VERSION, metadata

Part = tuple[str, str, str]
"""Kind, name, and table of the part."""
Words = tuple[str, ...]

_WORD = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|\w+|[^\w\s]""", re.ASCII)  # words as SQLite separates them
_NAME = re.compile(r"CREATE (TABLE|INDEX|TRIGGER) (\w+)(?:.*? ON (\w+))?", re.DOTALL)
_MOST = 40
"""Parts read at most; the program makes half as many."""
_LONGEST = 4000
"""Characters read of a part's text."""
_LIST = f"SELECT type, name, tbl_name, rootpage, substr(sql, 1, {_LONGEST}) FROM sqlite_master LIMIT {_MOST}"
_HIDDEN = "SELECT m.name FROM sqlite_master m, pragma_table_xinfo(m.name) x WHERE m.type = 'table' AND x.hidden <> 0"
_OWN_INDEXES = {("index", f"sqlite_autoindex_{table}_1", table): frozenset({("",)}) for table in ("file", "chunk")}
"""The indexes that SQLite makes itself for keys and unique columns; they have no text."""


def words_of(sql: str) -> Words:
    """Return the words of a statement, whatever separates them; comments are words, texts keep their blanks."""
    return tuple(_WORD.findall(sql))


def shape_faults(connection: Connection, version: int = VERSION) -> list[str]:
    """Return what is missing, foreign or changed in the file's schema; empty for a sound file of that version."""
    expected = _parts(version)
    found: dict[Part, str] = {}
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
def _parts(version: int) -> Mapping[Part, frozenset[Words]]:
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
    return {**texts, **_OWN_INDEXES}


def _named(statements: Iterable[str]) -> dict[Part, frozenset[Words]]:
    named: dict[Part, frozenset[Words]] = {}
    for sql in statements:
        found = _NAME.match(sql.strip())
        assert found is not None, sql
        kind, name = found[1].lower(), found[2]
        named[kind, name, name if kind == "table" else found[3]] = frozenset({words_of(sql)})
    return named
