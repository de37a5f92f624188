"""Opens SQLite databases; the only module that does, so that every file is checked and bounded first.

Before opening: files beside the draft, its head, and an interrupted change, which is rolled back before anything of
the file is read. While it is open: bounds on memory, on lengths, and on the work of each statement.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple, TypeAlias
from urllib.parse import quote

from sqlalchemy import Engine, NullPool, create_engine, event

from dgdesk.draft.file.beside import require_draft, require_no_names, require_nothing, require_own_files, set_aside
from dgdesk.draft.file.faults import system_faults
from dgdesk.draft.file.underneath import Watch

Mode: TypeAlias = Literal["ro", "rw", "rwc"]

# Of new and of compacted files. With SQLite's own 4096 a piece of 1 MiB is 257 writes to the file, and storing a large
# file takes half as long again; from 65536 on, an answer takes noticeably longer (benchmarks/bench_package.py).
PAGE_BYTES: Final = 16384
_MAX_VALUE_BYTES: Final = 64 << 20
_MAX_HEAP_BYTES: Final = 256 << 20
"""Memory of SQLite in this process; for gigabytes of evidence it uses some megabytes."""
_LIMITS: Final = (
    (sqlite3.SQLITE_LIMIT_LENGTH, _MAX_VALUE_BYTES),
    (sqlite3.SQLITE_LIMIT_SQL_LENGTH, 1_000_000),
    (sqlite3.SQLITE_LIMIT_COLUMN, 100),
    (sqlite3.SQLITE_LIMIT_EXPR_DEPTH, 100),
    (sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH, 10),
)
_STEPS: Final = 20_000
"""Steps of SQLite's virtual machine between two checks of a statement's work; less than a millisecond."""
_FREE_STEPS: Final = 2_000_000
_STEPS_A_BYTE: Final = 4
"""Steps allowed for a statement per byte of the file; SQLite's own check of all rows takes fewer than two."""
_FREE_SECONDS: Final = 60.0
_SLOWEST: Final = 250_000
"""Bytes per second that even a slow network share provides."""

_opening = threading.Lock()
_open: Counter[tuple[int, int]] = Counter()
"""The files that are open in this process. Closing another handle of one would release SQLite's locks (POSIX)."""
_to_close: dict[tuple[int, int], list[int]] = {}
"""Our own handles of these files, which are closed after the last connection."""


class Budget:
    """Ends a statement that works longer than a sound file of this size can require: its pages form a loop."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.begin()

    def begin(self, *_: Any) -> None:
        """Reset the count when a statement begins."""
        self._done, self._allowed = 0, _FREE_STEPS
        self._since, self._seconds = time.monotonic(), _FREE_SECONDS

    def spent(self, steps: int = _STEPS) -> bool:
        """Count ``steps``; return whether the budget is exceeded."""
        self._done += steps
        if self._done <= self._allowed and time.monotonic() - self._since <= self._seconds:
            return False
        with suppress(OSError):
            size = self._path.stat().st_size
            self._allowed = _FREE_STEPS + _STEPS_A_BYTE * size
            self._seconds = _FREE_SECONDS + size / _SLOWEST
        return self._done > self._allowed or time.monotonic() - self._since > self._seconds


class DatabaseLink(NamedTuple):
    """An open connection, as the driver's and as SQLAlchemy's engine."""

    raw: sqlite3.Connection
    engine: Engine
    budget: Budget
    taken_back: bool
    """Whether an interrupted change was rolled back."""
    watch_file: Watch | None
    """A writer's."""
    release: Callable[[], None]

    def watch(self) -> None:
        """Bound the statements again after other code has used the progress handler."""
        self.raw.set_progress_handler(self.budget.spent, _STEPS)

    def close(self) -> None:
        """Close the connection."""
        self.raw.close()
        self.engine.dispose()
        self.release()


def database_uri(path: Path, mode: Mode) -> str:
    """Return SQLite's URI of an absolute path with any name (Thai, blanks, ``% # ?``, drive letters, shares).

    ``Path.as_uri`` will not do: it writes a share as the URI's host, which SQLite refuses (sqlite.org/uri.html).
    """
    name = path.as_posix()
    if not name.startswith("/"):
        name = "/" + name
    return f"file://{quote(name, safe='/:', errors='surrogateescape')}?mode={mode}"


def connect(path: Path, mode: Mode, *, wait: float) -> DatabaseLink:
    """Open a draft ("ro", "rw") or make a new file ("rwc"). To write, the caller must hold the writer's lock or use a
    folder of its own.

    A writer sets aside foreign files beside the draft and rolls an interrupted change back.

    Raises:
        FileError: ``package.beside_foreign``, ``package.beside_set_aside``, ``package.not_a_package``,
            ``package.newer``, ``package.damaged``, ``package.missing``.
        sqlite3.Error: the file cannot be opened.
    """
    with _opening:
        taken_back = False
        if mode == "rwc":
            require_nothing(path)
        elif mode == "ro" and _is_open(path):
            require_no_names(path)
        else:
            # A writer holds the right to write: nobody else changes the file while the locks of this process's readers
            # are lost to the handle that is closed here. Without this an interrupted change would stay in the file.
            if mode == "rw":
                set_aside(path)
            broken_off = require_own_files(path)
            if broken_off and mode == "rw":
                _take_back(path, wait)
                taken_back = True
            if taken_back or not broken_off:  # else SQLite reads nothing, or a writer who has checked is at work
                require_draft(path)
        budget = Budget(path)
        raw = _connected(path, mode, wait)
        try:
            # The text of an error goes to logs and would contain the values of its statement: people's answers.
            engine = create_engine("sqlite://", creator=lambda: raw, poolclass=NullPool, hide_parameters=True)
            event.listen(engine, "before_cursor_execute", budget.begin)
            with system_faults(path, denied="package.cannot_open"):
                watch = Watch(path) if mode == "rw" else None
            link = DatabaseLink(raw, engine, budget, taken_back, watch, _registered(path, watch))
            link.watch()
        except BaseException:
            raw.close()
            raise
        return link


def _connected(path: Path, mode: Mode, wait: float) -> sqlite3.Connection:
    raw = sqlite3.connect(
        database_uri(path, mode), uri=True, timeout=wait, isolation_level=None, check_same_thread=False
    )
    try:
        for limit, value in _LIMITS:
            raw.setlimit(limit, value)
        raw.execute(f"PRAGMA hard_heap_limit = {_MAX_HEAP_BYTES}")
        raw.execute("PRAGMA trusted_schema = OFF")
        raw.execute("PRAGMA cell_size_check = ON")
        raw.execute("PRAGMA foreign_keys = ON")
        if mode == "rwc":
            raw.execute(f"PRAGMA page_size = {PAGE_BYTES}")
    except BaseException:
        raw.close()
        raise
    return raw


def _take_back(path: Path, wait: float) -> None:
    """Let SQLite roll back by its journal, without reading the tables."""
    with closing(_connected(path, "rw", wait)) as raw:
        raw.execute("BEGIN IMMEDIATE")
        raw.execute("ROLLBACK")


def _key(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _is_open(path: Path) -> bool:
    return (key := _key(path)) is not None and _open[key] > 0


def _registered(path: Path, watch: Watch | None) -> Callable[[], None]:
    """Note that a file is open; return a function that removes the note, and closes the watch's handle in time."""
    key = _key(path)
    if key is None:  # a new file: SQLite creates it with the first change
        return lambda: None
    _open[key] += 1
    left = [key]

    def release() -> None:
        with _opening:
            while left:
                key = left.pop()
                _open[key] -= 1
                if watch is not None:
                    _to_close.setdefault(key, []).append(watch.handle)
                if not _open[key]:
                    for handle in _to_close.pop(key, []):
                        with suppress(OSError):
                            os.close(handle)

    return release
