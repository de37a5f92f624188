"""Computes SHA-256 and CRC-32 of a zip's files, and flushes them to the disk, while they are read or written.

Both sums release the interpreter's lock, so a second core does the SHA-256 while this thread reads, writes and does
the CRC-32. Only a few pieces are queued; without workers everything runs in this thread.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from collections import deque
from concurrent.futures import Executor, Future
from typing import BinaryIO

_AHEAD = 4  # pieces queued for their digest
_SMALL = 64 << 10  # bytes; smaller pieces are not worth another thread
_FLUSH_EVERY = 64 << 20  # bytes


class Sums:
    """The sums of one file; ``workers`` has one thread, so that pieces stay in order."""

    def __init__(self, workers: Executor | None = None) -> None:
        self.crc = 0
        self._digest = hashlib.sha256()
        self._workers = workers
        self._waiting: deque[Future[None]] = deque()

    def add(self, piece: bytes) -> None:
        """Add the next piece of the file."""
        if self._workers is None or (len(piece) < _SMALL and not self._waiting):
            self._digest.update(piece)
        else:
            self._waiting.append(self._workers.submit(self._digest.update, piece))
            if len(self._waiting) > _AHEAD:
                self._waiting.popleft().result()
        self.crc = zlib.crc32(piece, self.crc)

    def hexdigest(self) -> str:
        """Return the SHA-256 of all pieces, in hex."""
        while self._waiting:
            self._waiting.popleft().result()
        return self._digest.hexdigest()


class Flusher:
    """Flushes what was written to the disk while more is written, so that the last ``fsync`` has little to do.

    A failure is stored and raised in this thread: the system reports a failed write to only one caller.
    """

    def __init__(self, stream: BinaryIO, workers: Executor) -> None:
        self._stream = stream
        self._workers = workers
        self._since = 0
        self._running: Future[None] | None = None

    def wrote(self, count: int) -> None:
        """Count ``count`` more written bytes. Raises OSError if earlier ones did not reach the disk."""
        self._since += count
        if self._since < _FLUSH_EVERY or not hasattr(os, "fdatasync"):
            return
        if self._running is not None:
            if not self._running.done():
                return
            self._running.result()
        self._since = 0
        self._running = self._workers.submit(os.fdatasync, self._stream.fileno())

    def finish(self) -> None:
        """Wait for flushes under way, then flush everything. Raises OSError."""
        if self._running is not None:
            self._running.result()
        self._stream.flush()
        os.fsync(self._stream.fileno())
