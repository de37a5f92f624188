"""The one form in which dgdesk writes zip structures (PKWARE APPNOTE 6.3.10, stored entries only).

Writer and verifier share it: the verifier rebuilds every header from what it read and requires the same bytes, so that
nothing can hide in an unread field. Dates are 1980-01-01, attributes are empty, and ZIP64 fields are present exactly
if a number does not fit.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

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


@dataclass(frozen=True)
class Entry:
    """One stored file of a zip: its name, size in bytes, CRC-32, and the offset of its local header."""

    name: str
    size: int
    crc: int
    offset: int

    @property
    def start(self) -> int:
        """Where the content begins."""
        return self.offset + len(local_header(self))

    @property
    def end(self) -> int:
        """Where the content ends and the next header begins."""
        return self.start + self.size


def local_header(entry: Entry) -> bytes:
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


def central_header(entry: Entry) -> bytes:
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


def _name(entry: Entry) -> tuple[bytes, int]:
    return entry.name.encode(), 0 if entry.name.isascii() else UTF8_NAME
