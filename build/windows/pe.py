"""Windows programs and libraries as files: what they load, their version, whether they are signed, their checksum.

Reads 64-bit PE files, and changes two things in them: the checksum, and the name of a library that is loaded. Offsets
are those of Microsoft's "PE Format".
"""

from __future__ import annotations

import re
import struct
import sys
from array import array
from collections.abc import Iterator
from typing import NamedTuple

ENDINGS = (".exe", ".dll", ".pyd")
"""Of the files that are read."""
_AMD64, _WIDE = 0x8664, 0x20B
_IMPORTS, _RESOURCES, _CERTIFICATES, _DELAYED = 1, 2, 4, 13
_FIXED_INFO = re.compile(rb"\xbd\x04\xef\xfe\x00\x00\x01\x00(.{8})", re.DOTALL)
_MOST_LIBRARIES = 1000


class Unreadable(ValueError):
    """A file is no 64-bit Windows program or library, or is cut off."""


class Pe(NamedTuple):
    """What a file says about itself; names of libraries as they stand in it."""

    imports: tuple[str, ...]
    """Loaded before anything of the file runs."""
    delayed: tuple[str, ...]
    """Loaded when they are first called."""
    signed: bool
    checksum: int
    """0 where whoever made it left it out."""
    version: tuple[int, int, int, int]
    """All 0 where it has none."""


class _Image:
    """The parts of a file that lie at addresses."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        try:
            if content[:2] != b"MZ":
                raise Unreadable("no MZ at its beginning")
            self.head = struct.unpack_from("<I", content, 0x3C)[0]
            if content[self.head : self.head + 4] != b"PE\0\0":
                raise Unreadable("no PE header")
            machine, sections, _, _, _, size = struct.unpack_from("<HHIIIH", content, self.head + 4)
            self.optional = self.head + 24
            if machine != _AMD64 or struct.unpack_from("<H", content, self.optional)[0] != _WIDE:
                raise Unreadable("not for 64-bit Windows")
            self.places = [
                struct.unpack_from("<IIII", content, self.optional + size + 40 * each + 8) for each in range(sections)
            ]
            self.directories = struct.unpack_from("<I", content, self.optional + 108)[0]
        except struct.error as error:
            raise Unreadable("cut off") from error

    def directory(self, number: int) -> tuple[int, int]:
        """Return address and size of one of the tables; zeros where it is not there."""
        if number >= self.directories:
            return 0, 0
        address, size = struct.unpack_from("<II", self.content, self.optional + 112 + 8 * number)
        return address, size

    def offset(self, address: int) -> int:
        """Return where an address lies in the file."""
        for virtual, start, raw, place in self.places:
            if start <= address < start + max(virtual, raw):
                return int(place + address - start)
        raise Unreadable(f"nothing lies at the address {address:#x}")

    def name_at(self, address: int) -> tuple[int, str]:
        """Return where a name lies in the file, and the name."""
        start = self.offset(address)
        end = self.content.find(b"\0", start, start + 260)
        if end < 0:
            raise Unreadable("a library's name has no end")
        return start, self.content[start:end].decode("ascii", "replace")

    def names(self, number: int, row: int, at: int) -> Iterator[tuple[int, str]]:
        """Yield place and name of each library in a table; a row has ``row`` bytes, at ``at`` the name's address."""
        address, _ = self.directory(number)
        if not address:
            return
        start = self.offset(address)
        for each in range(_MOST_LIBRARIES):
            (name,) = struct.unpack_from("<I", self.content, start + each * row + at)
            if not name:
                return
            yield self.name_at(name)
        raise Unreadable("its table of libraries has no end")


def read(content: bytes) -> Pe:
    """Read a program or library.

    Raises:
        Unreadable: it is none for 64-bit Windows, or is damaged.
    """
    image = _Image(content)
    try:
        imports = tuple(name for _, name in image.names(_IMPORTS, 20, 12))
        delayed = tuple(name for _, name in image.names(_DELAYED, 32, 4))
        place, size = image.directory(_CERTIFICATES)
        (checksum,) = struct.unpack_from("<I", content, _checksum_place(image))
    except struct.error as error:
        raise Unreadable("cut off") from error
    signed = bool(place and size and place + size <= len(content))
    return Pe(imports, delayed, signed, checksum, _version(image))


def right_checksum(content: bytes) -> int:
    """Return the checksum that a file should bear: the folded sum of its 16-bit words, without it, plus its length.

    Raises:
        Unreadable: it is no program or library.
    """
    place = _checksum_place(_Image(content))
    plain = bytearray(content)
    plain[place : place + 4] = bytes(4)
    words = array("H", bytes(plain) + bytes(len(plain) % 2))
    if sys.byteorder == "big":
        words.byteswap()
    total = sum(words)
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return total + len(content)


def with_checksum(content: bytes) -> bytes:
    """Return a file with the checksum that it should bear.

    Raises:
        Unreadable: it is no program or library.
    """
    place = _checksum_place(_Image(content))
    return content[:place] + struct.pack("<I", right_checksum(content)) + content[place + 4 :]


def asking_for(content: bytes, other: dict[str, str]) -> bytes:
    """Return a file that asks for other libraries: ``other`` has the new name by the old one in lower case.

    Raises:
        Unreadable: it is no program or library.
        ValueError: a new name is longer than the old one, or the file is signed.
    """
    image = _Image(content)
    changed = bytearray(content)
    for number, row, at in ((_IMPORTS, 20, 12), (_DELAYED, 32, 4)):
        for place, name in image.names(number, row, at):
            new = other.get(name.lower())
            if new is None:
                continue
            if len(new) > len(name):
                raise ValueError(f"{new} has no room in the place of {name}")
            changed[place : place + len(name)] = new.encode("ascii").ljust(len(name), b"\0")
    if bytes(changed) == content:
        return content
    if read(content).signed:
        raise ValueError("a signed file cannot be changed")
    return with_checksum(bytes(changed))


def _checksum_place(image: _Image) -> int:
    return int(image.optional) + 64


def _version(image: _Image) -> tuple[int, int, int, int]:
    address, size = image.directory(_RESOURCES)
    if not address:
        return 0, 0, 0, 0
    start = image.offset(address)
    found = _FIXED_INFO.search(image.content, start, start + size)
    if found is None:
        return 0, 0, 0, 0
    high, low = struct.unpack("<II", found[1])
    return high >> 16, high & 0xFFFF, low >> 16, low & 0xFFFF
