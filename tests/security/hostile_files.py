"""Makers of hostile drafts, and of what may lie beside one."""

from __future__ import annotations

import os
import sqlite3
import struct
import subprocess
import sys
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from dgdesk.draft.file.head import MAGIC

SECTOR = 512


def beside(draft: Path, end: str) -> Path:
    """The name of a file beside a draft."""
    return draft.with_name(draft.name + end)


def page_of(draft: Path) -> int:
    """Bytes of a page."""
    with draft.open("rb") as stream:
        size = int.from_bytes(stream.read(18)[16:], "big")
    return 65536 if size == 1 else size


def head_of_journal(
    draft: Path, *, records: int = 0, pages: int | None = None, sector: int = SECTOR, page: int = 0
) -> bytes:
    """A journal's head that fits a draft, but for what is asked for."""
    size = page_of(draft)
    count = draft.stat().st_size // size if pages is None else pages
    return (MAGIC + struct.pack(">5I", records, 0, count, sector, page or size)).ljust(SECTOR, b"\0")


def record(draft: Path, number: int, content: bytes | None = None) -> bytes:
    """A page as a journal keeps it, its sum right for a journal whose sums begin at 0; as it is in the draft."""
    size = page_of(draft)
    if content is None:
        content = draft.read_bytes()[(number - 1) * size : number * size]
    total = sum(content[at] for at in range(size - 200, 0, -200))
    return struct.pack(">I", number) + content + struct.pack(">I", total & 0xFFFFFFFF)


def end_naming(victim: Path | str, draft: Path) -> bytes:
    """The end of a journal that names a file, which SQLite removes when it has taken the change back."""
    name = os.fsencode(victim)
    number = 0x40000000 // page_of(draft) + 1
    return struct.pack(">I", number) + name + struct.pack(">2I", len(name), sum(name) & 0xFFFFFFFF) + MAGIC


def naming_journal(draft: Path, victim: Path | str, start: bytes | None = None) -> bytes:
    """A journal without a change that names a file."""
    return (head_of_journal(draft) if start is None else start) + end_naming(victim, draft)


def write_tables(draft: Path, statements: Iterable[str]) -> None:
    """Run statements on a draft as anybody can, the list of tables open to them."""
    with closing(sqlite3.connect(draft, isolation_level=None)) as base:
        base.execute("PRAGMA writable_schema = 1")
        for statement in statements:
            base.execute(statement)


def change_text(draft: Path, name: str, old: str, new: str) -> None:
    """Change the text of a table or an index, and nothing else of the file."""
    with closing(sqlite3.connect(draft, isolation_level=None)) as base:
        (sql,) = base.execute("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).fetchone()
        assert old in sql, sql
        base.execute("PRAGMA writable_schema = 1")
        base.execute("UPDATE sqlite_master SET sql = ? WHERE name = ?", (sql.replace(old, new, 1), name))
        (version,) = base.execute("PRAGMA schema_version").fetchone()
        base.execute(f"PRAGMA schema_version = {version + 1}")


_KILLED = """
import os, sqlite3, sys
base = sqlite3.connect(sys.argv[1], isolation_level=None)
base.execute("PRAGMA cache_size = 5")
base.execute("BEGIN IMMEDIATE")
for statement in sys.argv[2:]:
    base.execute(statement)
os._exit(9)
"""
HALF = (
    "INSERT INTO file VALUES (5000, lower(hex(randomblob(32))), 3000000)",
    *(f"INSERT INTO chunk VALUES (5000, {number}, randomblob(1000000))" for number in range(3)),
    "UPDATE state SET value = '\"HALF\"' WHERE kind = 'answer'",
    "INSERT INTO file VALUES (5001, lower(hex(randomblob(32))), 3000000)",
    *(f"INSERT INTO chunk VALUES (5001, {number}, randomblob(1000000))" for number in range(3)),
)
"""A change that spills its pages to the disk long before its end."""


def kill_midway(draft: Path, statements: Iterable[str] = HALF) -> None:
    """Begin a change in another process, which dies before its end; its journal stays."""
    subprocess.run([sys.executable, "-c", _KILLED, str(draft), *statements], check=False)
    assert beside(draft, "-journal").stat().st_size > 0
