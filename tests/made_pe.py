"""Small files with the form of 64-bit Windows programs and libraries, made up for tests."""

from __future__ import annotations

import struct
from collections.abc import Sequence

_AT, _PLACE = 0x1000, 0x400
"""The only section: its address, and its place in the file."""


def pe(
    imports: Sequence[str] = (),
    delayed: Sequence[str] = (),
    version: tuple[int, int, int, int] | None = None,
    signed: bool = False,
    machine: int = 0x8664,
    tail: bytes = b"",
) -> bytes:
    """Return a file that asks for ``imports`` at once and for ``delayed`` later."""
    body = bytearray(b"code")
    directories = {number: (0, 0) for number in range(16)}

    def put(data: bytes) -> int:
        body.extend(bytes(-len(body) % 8))
        body.extend(data)
        return _AT + len(body) - len(data)

    for number, names, size, at in ((1, imports, 20, 12), (13, delayed, 32, 4)):
        if names:
            rows = b""
            for name in names:
                row = bytearray(size)
                struct.pack_into("<I", row, at, put(name.encode() + b"\0"))
                rows += row
            directories[number] = (put(rows + bytes(size)), len(rows) + size)
    if version is not None:
        high, low = version[0] << 16 | version[1], version[2] << 16 | version[3]
        resource = b"resources " + struct.pack("<IIII", 0xFEEF04BD, 0x10000, high, low)
        directories[2] = (put(resource), len(resource))
    head = bytearray(_PLACE)
    head[:2] = b"MZ"
    struct.pack_into("<I", head, 0x3C, 0x80)
    head[0x80:0x84] = b"PE\0\0"
    struct.pack_into("<HHIIIHH", head, 0x84, machine, 1, 0, 0, 0, 112 + 16 * 8, 0x22)
    struct.pack_into("<H", head, 0x98, 0x20B)
    struct.pack_into("<I", head, 0x98 + 108, 16)
    certificate = b"signature" if signed else b""
    if signed:
        directories[4] = (_PLACE + len(body) + len(tail), len(certificate))
    for number, (address, size) in directories.items():
        struct.pack_into("<II", head, 0x98 + 112 + 8 * number, address, size)
    struct.pack_into("<8sIIII", head, 0x98 + 112 + 128, b".all", len(body), _AT, len(body), _PLACE)
    return bytes(head) + bytes(body) + tail + certificate
