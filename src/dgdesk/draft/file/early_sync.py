"""Brings the pages of a large file to the disk while further ones are written, so that the commit finds little left.

Nothing depends on it: SQLite syncs its journal before it touches a page that was there, and its own sync ends the
transaction and decides whether that is durable. An error of a sync here is therefore passed over; the system reports it
to SQLite's handle as well.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

_EVERY: Final = 16 << 20
"""Bytes between two syncs; for less no thread is started."""


class EarlySync:
    """Syncs a file in a thread of its own, which begins with the first sync.

    ``handle`` is not SQLite's. Closing it would release SQLite's locks of the whole process (POSIX), so it is the
    caller's, and stays open. Without one, or where the system cannot sync data alone, nothing is done.
    """

    def __init__(self, handle: int | None) -> None:
        """Nothing is synced yet."""
        self._handle = handle if hasattr(os, "fdatasync") else None
        self._unsynced = 0
        self._wanted = threading.Event()
        self._ended = False
        self._thread: threading.Thread | None = None

    def written(self, count: int) -> None:
        """Note that so many bytes were written; returns at once."""
        self._unsynced += count
        if self._handle is None or self._unsynced < _EVERY:
            return
        self._unsynced = 0
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, args=(self._handle,), name="early sync", daemon=True)
            self._thread.start()
        self._wanted.set()

    def end(self) -> None:
        """Wait for a sync under way, and end the thread."""
        self._ended = True
        self._wanted.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self, handle: int) -> None:
        while self._wanted.wait() and not self._ended:
            self._wanted.clear()
            with suppress(OSError):
                os.fdatasync(handle)


@contextmanager
def syncing_early(handle: int | None) -> Iterator[EarlySync]:
    """Give an `EarlySync`, which ends with the block."""
    sync = EarlySync(handle)
    try:
        yield sync
    finally:
        sync.end()
