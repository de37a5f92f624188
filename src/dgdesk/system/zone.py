"""Passes Windows' mark of the web on from a file to the files that are extracted from it.

Explorer, mail and browsers write the mark as a stream of the file, ``Zone.Identifier``; Office opens a marked file in
its protected view. Files extracted from a marked file must get the same mark. Other systems have no such streams.

Source: MS-FSCC 5.6.1, ``Zone.Identifier`` stream name; learn.microsoft.com, URL Security Zones (URLZONE).
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

INTERNET: Final = 3
UNTRUSTED: Final = 4
_STREAM: Final = ":Zone.Identifier"
_MOST: Final = 4096

Stamp = Callable[[Path], object]
"""Marks a new file before a person can find it."""
ReadStream = Callable[[Path], bytes | None]
Write = Callable[[Path, bytes], None]


def read_stream(path: Path) -> bytes | None:
    """Return the beginning of a file's mark; None if it has none or it cannot be read."""
    with suppress(OSError, ValueError), open(f"{path}{_STREAM}", "rb") as stream:
        return stream.read(_MOST)
    return None


def write_stream(path: Path, content: bytes) -> None:
    """Write a file's mark.

    Raises:
        OSError: the disk has no such streams, like those of many USB sticks.
    """
    with open(f"{path}{_STREAM}", "wb") as stream:
        stream.write(content)


def read_zone(content: bytes) -> int:
    """Return the zone in a mark's content: 0 this PC … 3 internet, 4 untrusted; -1 if there is none."""
    for line in content.decode("utf-8", "replace").splitlines():
        key, _, value = line.partition("=")
        if key.strip().lower() == "zoneid" and value.strip().isascii() and value.strip().isdigit():
            return int(value.strip()[:2])
    return -1


def mark_to_pass_on(content: bytes | None) -> bytes | None:
    """Return the mark for files extracted from one whose mark is ``content``; None if they need none.

    Only the zone is passed on, not the addresses that a mark may contain, for privacy.
    """
    zone = -1 if content is None else read_zone(content)
    if zone < INTERNET:
        return None
    return f"[ZoneTransfer]\r\nZoneId={min(zone, UNTRUSTED)}\r\n".encode("ascii")


def stamp_like(
    source: Path, platform: str = sys.platform, read: ReadStream = read_stream, write: Write = write_stream
) -> Stamp:
    """Return a function that marks files as ``source`` is marked now; it does nothing if there is no mark to pass on.

    On a disk without streams the mark is lost without an error.
    """
    mark = mark_to_pass_on(read(source)) if platform == "win32" else None

    def stamp(path: Path) -> None:
        if mark is not None:
            with suppress(OSError, ValueError):
                write(path, mark)

    return stamp


def no_stamp(path: Path) -> None:
    """Do nothing: the stamp of a source without a mark."""
