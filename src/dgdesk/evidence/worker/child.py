"""The worker's main loop: one question after the other, until the program closes the pipe.

Whatever the libraries do to this process, the program loses only an answer.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from dgdesk.evidence.worker.limits import RETIRE_AT, SUSPECT_AT, alarm, die_with, held_most, limit_self
from dgdesk.evidence.worker.protocol import (
    MOST_REQUEST,
    Plain,
    ProtocolError,
    pack,
    read_content,
    read_header,
    whole_number,
)

MOST_SECONDS = 3600
_A_WHILE = 0.5


def serve() -> int:
    """Answer questions from the standard input on the standard output; return the exit code."""
    limit_self()
    incoming, outgoing = _pipes()
    # Only after the pipes are moved away: libraries may print while they are loaded.
    from dgdesk.evidence.worker.actions import Actions, WorkerContent

    # The start folder may be removed, and libraries ask for it even if all paths are absolute.
    with suppress(OSError):
        os.chdir(Path(sys.executable).parent)
    progress = _Progress(outgoing)
    actions = Actions(progress.tell, held_most)
    while True:
        try:
            request = read_header(incoming.readinto)  # type: ignore[attr-defined]  # a raw stream
            parts = bytearray()
            read_content(incoming.readinto, whole_number(request, "bytes", 0, MOST_REQUEST), MOST_REQUEST, parts.extend)  # type: ignore[attr-defined]  # as above
        except EOFError:
            return 0
        number = request.get("id")
        header: dict[str, Plain]
        content: WorkerContent
        progress.begin(number, whole_number(request, "seconds", 0, MOST_SECONDS))
        die_with(incoming.fileno(), True)
        try:
            header, content = actions.answer(request, bytes(parts))
        except MemoryError:
            header, content = {"error": "memory"}, b""
        except ProtocolError:
            return 1
        die_with(incoming.fileno(), False)
        # After a failed allocation neither the results of a library nor its state can be trusted.
        doubtful = "error" in header or "incoming.damaged" in str(header.get("asks", ""))
        last = header.get("error") == "memory" or held_most() > (SUSPECT_AT if doubtful else RETIRE_AT)
        header |= {"id": number, "last": last}
        try:
            _write(outgoing, pack(header, content))
            _write(outgoing, content)
        except OSError:  # the program has ended
            return 0
        alarm(0)
        if last:
            # Without clean-up: there may be no memory for it.
            os._exit(0)


class _Progress:
    """Reports from time to time that long work continues; each report gives it the same time again."""

    def __init__(self, outgoing: BinaryIO) -> None:
        self._outgoing = outgoing
        self._number: Plain = None
        self._seconds = 0
        self._last = 0.0

    def begin(self, number: Plain, seconds: int) -> None:
        """Start with a question."""
        self._number, self._seconds, self._last = number, seconds, time.monotonic()
        alarm(seconds)

    def tell(self) -> None:
        """Send a report, unless the last one is recent."""
        now = time.monotonic()
        if now - self._last > _A_WHILE:
            self._last = now
            alarm(self._seconds)
            _write(self._outgoing, pack({"id": self._number, "alive": True}))


def _pipes() -> tuple[BinaryIO, BinaryIO]:
    """Move the pipes away from standard input and output, where C libraries read and print; leave nothing there."""
    if sys.platform == "win32":
        import msvcrt

        for handle in (0, 1):
            msvcrt.setmode(handle, os.O_BINARY)
    incoming, outgoing = os.dup(0), os.dup(1)
    nothing = _nowhere()
    for handle in (0, 1, 2):
        os.dup2(nothing, handle)
    os.close(nothing)
    return os.fdopen(incoming, "rb", buffering=0), os.fdopen(outgoing, "wb", buffering=0)


def _nowhere() -> int:
    try:
        return os.open(os.devnull, os.O_RDWR)
    except OSError:
        if sys.platform != "linux":
            raise
        return os.memfd_create("nowhere")  # a root without /dev


def _write(stream: BinaryIO, content: bytes | bytearray | memoryview) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[stream.write(rest) :]
