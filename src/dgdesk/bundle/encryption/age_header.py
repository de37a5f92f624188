"""The header of an age file (age-encryption.org/v1), read here before a library sees it.

The library's work grows with the square of the number of recipients, and a file may name any number of them.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import NamedTuple, Protocol

LARGEST = 64 << 10
"""Bytes of a header."""
MOST_STANZAS = 40
MOST_WORK = 20
"""Work of scrypt for a passphrase, as a power of two: 20 takes 1 GiB and seconds; age and dgdesk write 18 or 19."""
_LARGEST_ARMOURED = LARGEST * 3 // 2
_VERSION = b"age-encryption.org/v1\n"
_ARMOUR = b"-----BEGIN AGE ENCRYPTED FILE-----"
_ARMOUR_END = b"-----END AGE ENCRYPTED FILE-----"
_SCRYPT = re.compile(rb"-> scrypt [A-Za-z0-9+/]{22} ([1-9][0-9]?)")
_END = re.compile(rb"\n--- [A-Za-z0-9+/]{43}\n")


class HeaderReader(Protocol):
    """What a library reads from."""

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""


class TooMuch(Exception):
    """The header asks for more work than any honest file does."""


class AgeHeader(NamedTuple):
    """The first line of each stanza of a header; ``begin`` holds all bytes that were read to find its end."""

    stanzas: tuple[bytes, ...]
    begin: bytes

    @property
    def work(self) -> int:
        """The largest work factor (a power of two) that a passphrase stanza asks for, else 0. Raises ValueError."""
        found = [0]
        for one in self.stanzas:
            if one.startswith(b"-> scrypt"):
                match = _SCRYPT.fullmatch(one)
                if not match:
                    raise ValueError("not a stanza of scrypt")
                found.append(int(match[1]))
        return max(found)


def read_header(stream: HeaderReader) -> AgeHeader:
    """Read the header at the beginning of a file, plain or armoured.

    Raises:
        TooMuch: the header is longer than `LARGEST` or has more stanzas than `MOST_STANZAS`.
        ValueError: this is no age header.
        OSError: the stream cannot be read.
    """
    begin = _read_up_to(stream, LARGEST)
    plain, most = begin, LARGEST
    if begin.startswith(_ARMOUR):
        begin += _read_up_to(stream, _LARGEST_ARMOURED - LARGEST)
        plain, most = _without_armour(begin), _LARGEST_ARMOURED
    if not plain.startswith(_VERSION):
        raise ValueError("not an age file")
    end = _END.search(plain, len(_VERSION) - 1, LARGEST)
    if not end:
        if len(begin) < most:
            raise ValueError("the header does not end")
        raise TooMuch
    stanzas = tuple(line for line in plain[: end.start()].split(b"\n") if line.startswith(b"-> "))
    if len(stanzas) > MOST_STANZAS:
        raise TooMuch
    return AgeHeader(stanzas, begin)


class Replayed:
    """A stream that gives the bytes already read from it once more, then the rest."""

    def __init__(self, begin: bytes, stream: HeaderReader) -> None:
        self._begin, self._stream = begin, stream

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        if not self._begin:
            return self._stream.read(size)
        size = len(self._begin) if size < 0 else size
        piece, self._begin = self._begin[:size], self._begin[size:]
        return piece


def _read_up_to(stream: HeaderReader, size: int) -> bytes:
    """Return ``size`` bytes, or fewer at the end of the stream."""
    found = b""
    while len(found) < size and (piece := stream.read(size - len(found))):
        found += piece
    return found


def _without_armour(content: bytes) -> bytes:
    """Return the content of the complete lines of an armoured file (RFC 7468, strict)."""
    _, *lines = content.replace(b"\r\n", b"\n").split(b"\n")
    # what follows the last line end may be half a line
    lines = lines[: lines.index(_ARMOUR_END)] if _ARMOUR_END in lines else lines[:-1]
    if any(len(line) != 64 for line in lines[:-1]):
        raise ValueError("not lines of 64 characters")
    try:
        return b"".join(base64.b64decode(line, validate=True) for line in lines)
    except binascii.Error as error:
        raise ValueError("not base64") from error
