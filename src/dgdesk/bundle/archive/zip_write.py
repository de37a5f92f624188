"""Writes a stored zip in one pass, in one strict form (PKWARE APPNOTE 6.3.10), and hashes what goes through.

Writer and verifier share it: the verifier rebuilds every header from what it read and requires the same bytes, so that
nothing can hide in an unread field. Dates are 1980-01-01, attributes are empty, and ZIP64 fields are present exactly
if a number does not fit.

Both sums release the interpreter's lock, so other cores do the SHA-256 while this thread reads, writes and does the
CRC-32. Only a few pieces are queued; without `Hashers` everything runs in this thread.
"""

from __future__ import annotations

import hashlib
import os
import struct
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from itertools import cycle
from types import TracebackType
from typing import BinaryIO, Final, NamedTuple

from zlib_ng.zlib_ng import crc32

LOCAL = struct.Struct("<4s5H3I2H")
CENTRAL = struct.Struct("<4s6H3I5H2I")
END = struct.Struct("<4s4H2IH")
END64 = struct.Struct("<4sQ2H2I4Q")
LOCATOR64 = struct.Struct("<4sIQI")
LOCAL_MAGIC, CENTRAL_MAGIC, END_MAGIC = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
END64_MAGIC, LOCATOR64_MAGIC = b"PK\x06\x06", b"PK\x06\x07"

UTF8_NAME = 0x0800
MAX16, MAX32 = 0xFFFF, 0xFFFF_FFFF
_STORED, _TIME, _DATE = 0, 0, (1 << 5) | 1
_VERSION, _VERSION64 = 20, 45
_ZIP64 = 1
_EXTRA_LOCAL = 4 + 2 * 8  # bytes: the field's own header, two sizes


class ZipEntry(NamedTuple):
    """One stored file of a zip: its name, size in bytes, CRC-32, and the offset of its local header."""

    name: str
    size: int
    crc: int
    offset: int

    @property
    def start(self) -> int:
        """Where the content begins."""
        extra = _EXTRA_LOCAL if self.size >= MAX32 else 0
        return self.offset + LOCAL.size + len(self.name.encode()) + extra

    @property
    def end(self) -> int:
        """Where the content ends and the next header begins."""
        return self.start + self.size


def local_header(entry: ZipEntry) -> bytes:
    """Return the local header, before the content (APPNOTE 4.3.7)."""
    name, flags = _name(entry)
    extra = _extra(entry.size, entry.size) if entry.size >= MAX32 else b""
    size = min(entry.size, MAX32)
    version = _VERSION64 if extra else _VERSION
    return (
        LOCAL.pack(LOCAL_MAGIC, version, flags, _STORED, _TIME, _DATE, entry.crc, size, size, len(name), len(extra))
        + name
        + extra
    )


def central_header(entry: ZipEntry) -> bytes:
    """Return the header in the central directory (APPNOTE 4.3.12)."""
    name, flags = _name(entry)
    large = [entry.size, entry.size] if entry.size >= MAX32 else []
    if entry.offset >= MAX32:
        large.append(entry.offset)
    extra = _extra(*large) if large else b""
    version = _VERSION64 if extra else _VERSION
    size = min(entry.size, MAX32)
    return (
        CENTRAL.pack(
            CENTRAL_MAGIC,
            version,  # made by; the upper byte 0 says that the attributes below mean nothing special
            version,
            flags,
            _STORED,
            _TIME,
            _DATE,
            entry.crc,
            size,
            size,
            len(name),
            len(extra),
            0,
            0,
            0,
            0,
            min(entry.offset, MAX32),
        )
        + name
        + extra
    )


def end_records(count: int, size: int, offset: int) -> bytes:
    """Return the end records for a central directory of ``count`` entries and ``size`` bytes at ``offset``."""
    large = b""
    if count >= MAX16 or size >= MAX32 or offset >= MAX32:
        large = END64.pack(
            END64_MAGIC, END64.size - 12, _VERSION64, _VERSION64, 0, 0, count, count, size, offset
        ) + LOCATOR64.pack(LOCATOR64_MAGIC, 0, offset + size, 1)
    shown = min(count, MAX16)
    return large + END.pack(END_MAGIC, 0, 0, shown, shown, min(size, MAX32), min(offset, MAX32), 0)


def read_extra64(extra: bytes) -> list[int]:
    """Return the 64-bit numbers of a ZIP64 extra field; none for another field (APPNOTE 4.5.3)."""
    if len(extra) < 4 or struct.unpack_from("<2H", extra) != (_ZIP64, len(extra) - 4) or (len(extra) - 4) % 8:
        return []
    return list(struct.unpack_from(f"<{(len(extra) - 4) // 8}Q", extra, 4))


def _extra(*numbers: int) -> bytes:
    return struct.pack(f"<2H{len(numbers)}Q", _ZIP64, 8 * len(numbers), *numbers)


def _name(entry: ZipEntry) -> tuple[bytes, int]:
    return entry.name.encode(), 0 if entry.name.isascii() else UTF8_NAME


_AHEAD = 4  # pieces of a file queued for their digest
_HASHERS: Final = 2  # threads: one file's digest takes as long as reading and writing two
_SMALL = 64 << 10  # bytes; smaller pieces are not worth another thread
_FLUSH_EVERY = 64 << 20  # bytes


class Hashers:
    """Threads that compute digests, of neighbouring files at once: of one file it can only be done in order.

    A context: at its end all threads have ended. A thread starts with its first piece.
    """

    def __init__(self) -> None:
        self._pools = [ThreadPoolExecutor(1, "digest") for _ in range(_HASHERS)]
        self._turns = cycle(self._pools)

    def __enter__(self) -> Hashers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for pool in self._pools:
            pool.shutdown()

    def next(self) -> Executor:
        """Return one thread, for the pieces of the next file."""
        return next(self._turns)


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
        self.crc = crc32(piece, self.crc)

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

    def begin_last(self) -> None:
        """Begin to bring everything to the disk; nothing more is written. Raises OSError."""
        self._stream.flush()
        before, number = self._running, self._stream.fileno()

        def sync_all() -> None:
            if before is not None:
                before.result()
            os.fsync(number)

        self._running = self._workers.submit(sync_all)

    def finish(self) -> None:
        """Wait until everything is on the disk. Raises OSError."""
        if self._running is not None:
            self._running.result()


Digest = Callable[[], str]
"""Waits for a digest that is still computed, and returns it in hex."""


class SizeChanged(Exception):
    """A source gave more or fewer bytes than announced."""


class ZipWriter:
    """Appends stored entries to an empty, seekable stream; ``finish`` writes the directory."""

    def __init__(self, stream: BinaryIO, hashers: Hashers | None = None) -> None:
        self._stream = stream
        self._hashers = hashers
        self._entries: list[ZipEntry] = []

    def add(self, name: str, size: int, chunks: Iterable[bytes], written: Callable[[int], None]) -> Digest:
        """Store ``chunks`` as ``name``; ``written`` gets the length of every chunk.

        Returns a function that waits for their SHA-256, in hex: the next file may be stored meanwhile.

        Raises:
            SizeChanged: the chunks are not ``size`` bytes in total.
        """
        entry = ZipEntry(name, size, 0, self._entries[-1].end if self._entries else 0)
        self._stream.write(local_header(entry))
        sums, left = Sums(self._hashers.next() if self._hashers is not None else None), size
        for chunk in chunks:
            left -= len(chunk)
            if left < 0:
                break
            sums.add(chunk)
            self._stream.write(chunk)
            written(len(chunk))
        if left:
            raise SizeChanged(name)
        entry = entry._replace(crc=sums.crc)
        # The checksum is known only now; strict readers refuse a data descriptor after the content.
        self._stream.seek(entry.offset)
        self._stream.write(local_header(entry))
        self._stream.seek(entry.end)
        self._entries.append(entry)
        return sums.hexdigest

    def finish(self) -> None:
        """Write the central directory and the end records."""
        directory = b"".join(central_header(entry) for entry in self._entries)
        offset = self._entries[-1].end if self._entries else 0
        self._stream.write(directory + end_records(len(self._entries), len(directory), offset))
