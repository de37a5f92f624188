"""Writes a stored zip in one pass with bounded memory, and computes the digests on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from dataclasses import replace
from typing import BinaryIO

from dgdesk.bundle.zipform import Entry, central_header, end_records, local_header
from dgdesk.bundle.zipsums import Sums


class SizeChanged(Exception):
    """A source gave more or fewer bytes than announced."""


class ZipWriter:
    """Appends stored entries to an empty, seekable stream; ``finish`` writes the directory.

    ``workers``, if any, has one thread, which computes the digests.
    """

    def __init__(self, stream: BinaryIO, workers: Executor | None = None) -> None:
        self._stream = stream
        self._workers = workers
        self._entries: list[Entry] = []

    def add(self, name: str, size: int, chunks: Iterable[bytes], written: Callable[[int], None]) -> str:
        """Store ``chunks`` as ``name`` and return their SHA-256 in hex; ``written`` gets the length of every chunk.

        Raises:
            SizeChanged: the chunks are not ``size`` bytes in total.
        """
        entry = Entry(name, size, 0, self._entries[-1].end if self._entries else 0)
        self._stream.write(local_header(entry))
        sums, left = Sums(self._workers), size
        for chunk in chunks:
            left -= len(chunk)
            if left < 0:
                break
            sums.add(chunk)
            self._stream.write(chunk)
            written(len(chunk))
        if left:
            raise SizeChanged(name)
        entry = replace(entry, crc=sums.crc)
        # The checksum is known only now; strict readers refuse a data descriptor after the content.
        self._stream.seek(entry.offset)
        self._stream.write(local_header(entry))
        self._stream.seek(entry.end)
        self._entries.append(entry)
        return sums.hexdigest()

    def finish(self) -> None:
        """Write the central directory and the end records."""
        directory = b"".join(central_header(entry) for entry in self._entries)
        offset = self._entries[-1].end if self._entries else 0
        self._stream.write(directory + end_records(len(self._entries), len(directory), offset))
