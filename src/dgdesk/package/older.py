"""The text of the tables that earlier versions wrote. Frozen: it must not follow later changes."""

from __future__ import annotations

from typing import Final

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
