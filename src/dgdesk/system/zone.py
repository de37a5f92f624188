"""System, zone: Windows' mark of files that came from elsewhere, passed on to what is taken out of them.

Explorer, mail and browsers write it as a stream of the file, ``Zone.Identifier``; Office opens a marked file in its
protected view. Who unpacks a marked file owes the same mark to what comes out. Elsewhere there are no such streams.

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
"""Marks a file that was just written, before anybody is led to it."""
Read = Callable[[Path], bytes | None]
Write = Callable[[Path, bytes], None]


def read_stream(path: Path) -> bytes | None:
    """Return the beginning of a file's mark; None where it has none, or it cannot be read."""
    with suppress(OSError, ValueError), open(f"{path}{_STREAM}", "rb") as stream:
        return stream.read(_MOST)
    return None


def write_stream(path: Path, content: bytes) -> None:
    """Write a file's mark.

    Raises:
        OSError: the disk has no such streams, as those of USB sticks often.
    """
    with open(f"{path}{_STREAM}", "wb") as stream:
        stream.write(content)


def read_zone(content: bytes) -> int:
    """Return the zone that a mark's content names: 0 this PC … 3 internet, 4 untrusted; -1 if it names none."""
    for line in content.decode("utf-8", "replace").splitlines():
        key, _, value = line.partition("=")
        if key.strip().lower() == "zoneid" and value.strip().isascii() and value.strip().isdigit():
            return int(value.strip()[:2])
    return -1


def mark_to_pass_on(content: bytes | None) -> bytes | None:
    """Return the mark for what is taken out of a file whose mark is ``content``; None where it needs none.

    Only the zone is passed on: the addresses that a mark may hold are nobody's business further on.
    """
    zone = -1 if content is None else read_zone(content)
    if zone < INTERNET:
        return None
    return f"[ZoneTransfer]\r\nZoneId={min(zone, UNTRUSTED)}\r\n".encode("ascii")


def stamp_like(
    source: Path, platform: str = sys.platform, read: Read = read_stream, write: Write = write_stream
) -> Stamp:
    """Return what marks files as ``source`` is marked now; it does nothing where there is nothing to pass on.

    A disk without streams keeps no mark, which stops nothing.
    """
    mark = mark_to_pass_on(read(source)) if platform == "win32" else None

    def stamp(path: Path) -> None:
        if mark is not None:
            with suppress(OSError, ValueError):
                write(path, mark)

    return stamp


def no_stamp(path: Path) -> None:
    """Mark nothing."""
