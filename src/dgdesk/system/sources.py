"""Files that are copied in: opened without waiting, and whole, though other programs may write to them.

A scanner or an editor may write a file while it is read, and the copy would be neither the old file nor the new one.
So what the system says of the file is compared before and after reading; where its times are too coarse to say, the
file is read twice.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final, TypeVar, cast

Done = TypeVar("Done")

TRIES: Final = 3
"""How often a file is read before it counts as still being written."""
PAUSE_SECONDS: Final = 0.25
"""Between two tries: an editor has saved by then."""
_SECOND: Final = 1_000_000_000
_FINE: Final = 20_000_000
"""Nanoseconds within which two writes may get the same time, on a disk with exact times."""
_COARSE: Final = 3600 * _SECOND
"""The same for times in whole seconds, as on FAT and many network drives, whose clock need not be this PC's."""
_PIECE: Final = 1 << 20
_OPEN: Final = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)


class SourceChanged(Exception):
    """The file was changed or replaced while it was read."""


class StillWritten(Exception):
    """The file was changed each time that it was read."""


class Source:
    """A file that is being copied."""

    def __init__(self, path: Path, stream: BinaryIO, *, now: Callable[[], int] = time.time_ns) -> None:
        """``now``: the system's time in nanoseconds."""
        self.path = path
        self.stream = stream
        self._before = os.fstat(stream.fileno())
        self._doubtful = _may_change_unseen(self._before, now())

    @property
    def size(self) -> int:
        """The size before reading."""
        return self._before.st_size

    @property
    def stamp(self) -> tuple[int, ...]:
        """Size and times of change of what is read, as of an inspection (`file_stamp`)."""
        return self._before.st_size, self._before.st_mtime_ns, self._before.st_ctime_ns

    def read(self, most: int) -> bytes:
        """Return the content up to ``most`` bytes. Raises OSError."""
        parts, left = [], most
        while left > 0 and (part := self.stream.read(min(left, _PIECE))):
            parts.append(part)
            left -= len(part)
        return b"".join(parts)

    def require_settled(self, sha256: str, size: int, pulse: Callable[[], None]) -> None:
        """Check that what was read, of this digest and size, is one state of the file. ``pulse`` may raise to stop.

        A file that was removed meanwhile is whole if nothing else happened to it.

        Raises:
            SourceChanged: it was written to, replaced, made longer or shorter.
            OSError: it can no longer be read.
        """
        if size != self._before.st_size or not self._as_before():
            raise SourceChanged
        if self._doubtful and self._digest(pulse) != sha256:
            raise SourceChanged

    def _as_before(self) -> bool:
        before, after = self._before, os.fstat(self.stream.fileno())
        if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
            return False
        try:
            there = self.path.stat()
        except OSError:
            return True
        return os.path.samestat(there, before) and after.st_ctime_ns == before.st_ctime_ns

    def _digest(self, pulse: Callable[[], None]) -> str:
        digest = hashlib.sha256()
        self.stream.seek(0)
        while piece := self.stream.read(_PIECE):
            pulse()
            digest.update(piece)
        return digest.hexdigest()


@contextmanager
def opened_source(path: Path) -> Iterator[Source]:
    """Open a regular file to copy it; a pipe or a device is refused without waiting for it.

    Raises:
        OSError: it cannot be opened, or is no regular file.
        ValueError: the path cannot be the path of a file.
    """
    with cast(BinaryIO, open(path, "rb", buffering=0, opener=lambda name, _: os.open(name, _OPEN))) as stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            raise OSError(errno.EINVAL, "no regular file")
        yield Source(path, stream)


def read_again(
    read: Callable[[], Done], pulse: Callable[[], None], pause: Callable[[float], object] = time.sleep
) -> Done:
    """Return what ``read`` gives, which is called again where it raises `SourceChanged`. ``pulse`` may raise to stop.

    Raises:
        StillWritten: the file changed each time.
    """
    for left in reversed(range(TRIES)):
        with suppress(SourceChanged):
            return read()
        if left:
            pause(PAUSE_SECONDS)
        pulse()
    raise StillWritten


def read_whole(path: Path, most: int) -> bytes:
    """Return one state of a file's content, or its first ``most`` bytes and one more.

    Raises:
        OSError, ValueError: as `opened_source`.
        StillWritten: another program is writing it.
    """

    def read() -> bytes:
        with opened_source(path) as source:
            content = source.read(most + 1)
            if len(content) <= most:
                source.require_settled(hashlib.sha256(content).hexdigest(), len(content), _on)
            return content

    return read_again(read, _on)


def _on() -> None:
    """Do not stop."""


def _may_change_unseen(status: os.stat_result, now: int) -> bool:
    """Return whether another write may leave size and times as they are."""
    age = now - status.st_mtime_ns
    if status.st_mtime_ns % _SECOND == 0:
        return age < _COARSE
    return 0 <= age < _FINE
