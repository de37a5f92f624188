"""The bytes of a request: read from the file piece by piece, counted, and followed by whoever watches the run."""

from __future__ import annotations

import base64
import hashlib
import time
from typing import Any, BinaryIO, Final, Protocol

from dgdesk.outbox.events import Request

TICK: Final = 0.25
"""Seconds after which a waiting connection sees that the person stopped it."""
_BUFFER: Final = 256 << 10


class Stopped(Exception):
    """The person stopped the run."""


class Watch(Protocol):
    """Follows a request while it is carried."""

    def before(self, end: int) -> None:
        """Called before the file's bytes up to ``end`` are handed over. May raise."""

    def after(self, end: int) -> None:
        """Called when they were."""

    @property
    def stopped(self) -> bool:
        """Whether the person stopped the run."""


class NoWatch:
    """Follows nothing."""

    @property
    def stopped(self) -> bool:
        """Nobody stops it."""
        return False

    def before(self, end: int) -> None:
        """Do nothing."""

    def after(self, end: int) -> None:
        """Do nothing."""


NO_WATCH: Final = NoWatch()


class OwnError(Exception):
    """The file could not be read, or the watch raised: no fault of the network."""


class Body:
    """The bytes of a request: read piece by piece into one buffer, counted, and not faster than the limit."""

    def __init__(self, request: Request, file: BinaryIO | None, watch: Watch, limit: int) -> None:
        self._request, self._file, self._watch, self._limit = request, file, watch, limit
        self._own: BaseException | None = None
        self._began = time.monotonic()
        self.sent = 0

    def views(self) -> Any:
        """Yield the pieces, each of which may be used until the next."""
        request = self._request
        if self._file is None or not request.length:
            return
        buffer = memoryview(bytearray(min(_BUFFER, max(1024, self._limit // 8) if self._limit else _BUFFER)))
        at, end = request.start, request.start + request.length
        with Own(self):
            self._file.seek(at)
        while at < end:
            with Own(self):
                count = self._file.readinto(buffer[: end - at])  # type: ignore[attr-defined]  # BinaryIO does not say it
                if not count:
                    raise EOFError("the file became shorter")
                self._watch.before(at + count)
            yield buffer[:count]
            at += count
            self._pace()

    def checksum(self) -> str:
        """Return the digest of the body as the header has it."""
        request, digest = self._request, hashlib.new(self._request.checksum)
        assert self._file is not None
        with Own(self):
            self._file.seek(request.start)
            left = request.length
            while left:
                content = self._file.read(min(left, _BUFFER))
                if not content:
                    raise EOFError("the file became shorter")
                digest.update(content)
                left -= len(content)
        return f"{request.checksum} {base64.b64encode(digest.digest()).decode()}"

    def add(self, count: int) -> None:
        """Count bytes that were handed over."""
        self.sent += count
        with Own(self):
            self._watch.after(self._request.start + self.sent)

    def check(self) -> None:
        """Raise `Stopped` if the person stopped the run."""
        if self._watch.stopped:
            raise Stopped

    def fail(self, error: BaseException) -> None:
        """Remember what is no fault of the network."""
        self._own = error

    def raise_own(self) -> None:
        """Raise it again."""
        if self._own is not None:
            raise self._own

    def _pace(self) -> None:
        while self._limit and (late := self.sent / self._limit - (time.monotonic() - self._began)) > 0:
            self.check()
            time.sleep(min(late, TICK))
        self.check()


class Own:
    """Errors inside are not the network's."""

    def __init__(self, body: Body) -> None:
        self._body = body

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if error is not None and not isinstance(error, Stopped):
            self._body.fail(error)
            raise OwnError from error
