"""Reads a source in pieces: one thread reads ahead, another computes the digest, while the caller writes.

Reading, hashing and writing each leave Python's lock, so that the slowest of them alone says how long a file takes.
Buffers are reused, and at most a few are filled ahead.
"""

from __future__ import annotations

import io
from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import BinaryIO, Final

from dgdesk.draft.file.evidence import CHUNK_BYTES
from dgdesk.errors import FileError

_BUFFERS: Final = 4
_UNHASHED: Final = 2
"""Buffers that may wait for their digest while the caller has the next piece."""


class Pieces:
    """The buffers and threads of one transaction; a source of less than a piece needs neither thread."""

    def __init__(self, reading: ThreadPoolExecutor, hashing: ThreadPoolExecutor) -> None:
        """Each has one thread."""
        self._reading = reading
        self.hashing = hashing
        self._buffers = [bytearray(CHUNK_BYTES)]

    def of(self, source: BinaryIO, update: Callable[[memoryview], None]) -> Generator[tuple[int, memoryview]]:
        """Yield position and content of each piece; at the end, ``update`` has got them all, in order.

        A piece is valid until the next one is asked for. Close the generator before the source: another thread may be
        reading from it.

        Raises:
            FileError: ``package.source_unreadable``.
        """
        first = memoryview(self._buffers[0])
        count = fill(source, first)
        if count < CHUNK_BYTES:  # done before a thread would have begun
            if count:
                update(first[:count])
                yield 0, first[:count]
            return
        self._buffers += [bytearray(CHUNK_BYTES) for _ in range(_BUFFERS - len(self._buffers))]
        with _reading_ahead(self._reading, source, self._buffers) as (filled, free):
            unhashed: deque[tuple[Future[None], bytearray]] = deque()
            position, buffer = 0, self._buffers[0]
            while count:
                view = memoryview(buffer)[:count]
                unhashed.append((self.hashing.submit(update, view), buffer))
                yield position, view
                while len(unhashed) > (_UNHASHED if count == CHUNK_BYTES else 0):
                    hashed, done = unhashed.popleft()
                    hashed.result()
                    free(done)
                if count < CHUNK_BYTES:
                    return
                buffer, count = filled()
                position += 1
            for hashed, _ in unhashed:
                hashed.result()


@contextmanager
def _reading_ahead(
    reading: ThreadPoolExecutor, source: BinaryIO, buffers: list[bytearray]
) -> Iterator[tuple[Callable[[], tuple[bytearray, int]], Callable[[bytearray], None]]]:
    """Fill buffers in another thread until one stays short; give a function that returns the next, and how much is in
    it, and one that takes back a buffer that may be filled again. The first is still the caller's.
    """
    empty: SimpleQueue[bytearray | None] = SimpleQueue()
    full: SimpleQueue[tuple[bytearray, int] | BaseException] = SimpleQueue()
    ended = False

    def read() -> None:
        try:
            while (buffer := empty.get()) is not None and not ended:
                count = fill(source, memoryview(buffer))
                full.put((buffer, count))
                if count < len(buffer):
                    break
        except BaseException as error:  # raised where the piece is asked for
            full.put(error)

    def filled() -> tuple[bytearray, int]:
        found = full.get()
        if isinstance(found, BaseException):
            raise found
        return found

    for buffer in buffers[1:]:
        empty.put(buffer)
    done = reading.submit(read)
    try:
        yield filled, empty.put
    finally:
        ended = True
        empty.put(None)
        wait([done])


def fill(source: BinaryIO, buffer: memoryview) -> int:
    """Fill ``buffer`` from ``source``, however little it gives at a time; return less than its size only at the end.

    Raises:
        FileError: ``package.source_unreadable``.
    """
    into: Callable[[memoryview], int | None] | None = getattr(source, "readinto", None)
    done = 0
    while done < len(buffer):
        try:
            if into is not None:
                count = into(buffer[done:]) or 0
            else:
                part = source.read(len(buffer) - done)
                count = len(part)
                buffer[done : done + count] = part
        except (OSError, io.UnsupportedOperation) as error:
            raise unreadable(source, error) from error
        if not count:
            break
        done += count
    return done


def unreadable(source: BinaryIO, error: Exception) -> FileError:
    """Return the error of a source that cannot be read."""
    detail = getattr(error, "strerror", None) or str(error)
    return FileError("package.source_unreadable", name=Path(str(getattr(source, "name", ""))).name, detail=detail)
