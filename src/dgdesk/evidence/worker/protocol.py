"""Messages between the program and its worker, and the channel they go through. No pickle; sizes are bounded.

A message is 4 bytes length of the header (big-endian), the header, and the bytes that the header's ``bytes`` counts.
The header is a flat JSON object: its values are text, numbers, booleans and null.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, Protocol, TypeAlias

Plain: TypeAlias = str | int | float | bool | None
Header: TypeAlias = Mapping[str, Plain]
Fill: TypeAlias = Callable[[memoryview], int | None]
"""Fills the beginning of a buffer and returns how many bytes; 0 or None at the end (``readinto`` of a raw stream)."""

VERSION: Final = 1
MOST_HEADER: Final = 64 << 10
MOST_REQUEST: Final = 8 << 20
"""Bytes behind the header of a request: 200 marks with their notes and 500 rectangles have less than 3 MB."""
_PIECE: Final = 1 << 20


class ProtocolError(Exception):
    """The data is not a message of this protocol, or is larger than agreed."""


def pack(header: Header, content: bytes | bytearray | memoryview = b"") -> bytes:
    """Return the beginning of a message: length and header; the content follows it.

    Raises:
        ProtocolError: the header is too long.
    """
    head = json.dumps({**header, "bytes": len(content)}).encode("ascii")
    if len(head) > MOST_HEADER:
        raise ProtocolError("header")
    return len(head).to_bytes(4) + head


def read_header(fill: Fill) -> dict[str, Plain]:
    """Read a message up to its content.

    Raises:
        EOFError: the other side has closed the pipe.
        ProtocolError: it is not a valid header.
    """
    length = int.from_bytes(_exactly(fill, 4))
    if not 2 <= length <= MOST_HEADER:
        raise ProtocolError("header")
    try:
        header = json.loads(_exactly(fill, length))
    except (ValueError, RecursionError) as error:
        raise ProtocolError("header") from error
    if not isinstance(header, dict) or any(isinstance(value, dict | list) for value in header.values()):
        raise ProtocolError("header")
    count = header.get("bytes")
    if not isinstance(count, int) or isinstance(count, bool) or count < 0:
        raise ProtocolError("bytes")
    return header


def read_content(fill: Fill, count: int, most: int, take: Callable[[memoryview], None]) -> None:
    """Pass the content to ``take`` piece by piece, with only one piece in memory.

    Raises:
        EOFError: the other side has closed the pipe.
        ProtocolError: ``count`` is more than ``most``.
    """
    if count > most:
        raise ProtocolError("bytes")
    piece = memoryview(bytearray(min(count, _PIECE)))
    while count:
        got = fill(piece[: min(count, len(piece))])
        if not got:
            raise EOFError
        take(piece[:got])
        count -= got


def whole_number(header: Header, name: str, least: int, most: int) -> int:
    """Return a number of a header.

    Raises:
        ProtocolError: it is not a whole number, or out of range.
    """
    value = header.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise ProtocolError(name)
    return value


def words(header: Header, name: str) -> str:
    """Return a text of a header.

    Raises:
        ProtocolError: it is not a text.
    """
    value = header.get(name)
    if not isinstance(value, str):
        raise ProtocolError(name)
    return value


def _exactly(fill: Fill, count: int) -> bytes:
    parts = bytearray()
    read_content(fill, count, count, parts.extend)
    return bytes(parts)


LossReason: TypeAlias = Literal["died", "time", "garbled", "memory"]
Poll: TypeAlias = Callable[[], bool]
"""Whether the asker has lost interest; asked some 50 times a second in the asker's thread. What it raises passes."""


class WorkerLost(Exception):
    """The worker died, or was ended because it took too long or gave an invalid answer."""

    def __init__(self, reason: LossReason) -> None:
        super().__init__(reason)
        self.reason = reason


class WorkerMissing(Exception):
    """The worker cannot be started on this PC."""


@dataclass(frozen=True, slots=True)
class WorkerAnswer:
    """The answer. ``content`` is empty if the caller gave a buffer for it."""

    header: Header
    content: bytes


class WorkerChannel(Protocol):
    """Something that answers questions: the worker, or a replacement in tests."""

    def ask(
        self,
        request: Header,
        content: bytes = b"",
        *,
        seconds: float,
        altogether: float | None = None,
        most: int = 0,
        into: memoryview | None = None,
        poll: Poll | None = None,
    ) -> WorkerAnswer:
        """Ask, and wait for the answer: at most ``seconds``, at most ``most`` bytes, or exactly ``into``'s.

        Work page by page may take ``seconds`` for each page, and ``altogether`` for all.

        Raises:
            WorkerLost: the worker gave no answer.
            WorkerMissing: there is no worker.
            Cancelled: ``poll`` returned true.
        """

    def close(self) -> None:
        """End it."""
